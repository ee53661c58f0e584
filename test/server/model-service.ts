import { fileURLToPath } from 'node:url';
import { trainModel } from '../../src/node.js';
import { type Message, type Service, ServiceError } from '../../src/operations/service.js';
import type { OperationName } from '../../src/operations/shapes.js';
import { type Access, anonymousAccess } from '../../src/server/access.js';
import { type Limits, listen, type RunningServer } from '../../src/server/listen.js';
import { Log } from '../../src/server/log.js';
import { Metrics } from '../../src/server/metrics.js';

/** A service on one trained model, `ml-1`, with an operation that takes its time and one that has a bug. */
export async function modelService(): Promise<Service & { release(): void; readonly waiting: number }> {
  const data = fileURLToPath(new URL('../fixtures/iris.csv', import.meta.url));
  const model = await trainModel({ data, target: 'species', seed: 1 });
  const waiters: (() => void)[] = [];
  const operations: Partial<Record<OperationName, (input: Message) => Message | Promise<Message>>> = {
    Predict: ({ MLModelId, Record }) => {
      if (MLModelId !== 'ml-1') throw new ServiceError('ResourceNotFoundException', `no model '${MLModelId}'`);
      return { Prediction: model.predict(Record as Readonly<Record<string, unknown>>) };
    },
    GetMLModel: () => ({ CreatedAt: 1435616399.123, Name: 'mödel €😀' }),
    DescribeMLModels: () => new Promise((resolve) => waiters.push(() => resolve({ Results: [] }))),
    DeleteMLModel: () => (undefined as unknown as { gone: Message }).gone,
  };
  return {
    async call(operation, input) {
      const carryOut = operations[operation];
      if (carryOut === undefined) throw new ServiceError('InvalidInputException', `${operation} is not of this test`);
      return carryOut(input);
    },
    close: async () => {},
    release: () => {
      for (const waiter of waiters.splice(0)) waiter();
    },
    get waiting() {
      return waiters.length;
    },
  };
}

export interface TestServer extends RunningServer {
  readonly url: string;
  readonly metrics: Metrics;
  /** Lines of the log so far. */
  logged(): Record<string, unknown>[];
}

export async function startServer(
  service: Service,
  options: { access?: Access; limits?: Partial<Limits>; level?: 'debug' | 'info' } = {},
): Promise<TestServer> {
  let text = '';
  const log = new Log((lines) => {
    text += lines;
  }, options.level);
  const metrics = new Metrics();
  const server = await listen({
    host: '127.0.0.1',
    port: 0,
    access: options.access ?? anonymousAccess(),
    log,
    metrics,
    limits: options.limits,
    openService: async () => service,
  });
  return {
    ...server,
    url: `http://127.0.0.1:${server.port}`,
    metrics,
    logged: () => {
      log.flush();
      return text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line));
    },
  };
}
