import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import { executeJob, removeResults } from '../../src/operations/jobs/execute.js';
import { type LocalServiceOptions, openLocalService } from '../../src/operations/local-service.js';
import type { Message, Service } from '../../src/operations/service.js';
import type { OperationName } from '../../src/operations/shapes.js';
import { openStore, type Store } from '../../src/store/store.js';
import { work } from '../../src/store/work.js';
import { fixture } from '../helpers/cli.js';

/** A service on a home folder of its own, and a second connection to its store that does the jobs. */
export interface Bench {
  readonly home: string;
  readonly service: Service;
  readonly store: Store;
  /** `<home>/s3` */
  readonly s3: string;
  call(operation: OperationName, input?: Message): Promise<Message>;
  /** Put a file where `s3://…` leads. */
  put(key: string, content: string | Uint8Array): Promise<void>;
  putFixture(key: string, name: string): Promise<void>;
  /** Do all jobs there are, in this process. */
  work(): Promise<void>;
  close(): Promise<void>;
}

export async function openBench(options: Partial<LocalServiceOptions> = {}): Promise<Bench> {
  const home = await mkdtemp(join(tmpdir(), 'create-ml-model-operations-'));
  const s3 = options.s3Root ?? join(home, 's3');
  const service = await openLocalService({ home, startRunner() {}, ...options });
  const store = await openStore(home);
  let runs = 0;
  const path = async (key: string): Promise<string> => {
    await mkdir(dirname(join(s3, key)), { recursive: true });
    return join(s3, key);
  };
  return {
    home,
    service,
    store,
    s3,
    call: (operation, input = {}) => service.call(operation, input),
    put: async (key, content) => writeFile(await path(key), content),
    putFixture: async (key, name) => copyFile(fixture(name), await path(key)),
    work: () => {
      const runner = `bench-${runs++}`;
      const { signal } = new AbortController();
      return work({ store, home, runner, execute: executeJob, onLost: removeResults, idleMs: 0, signal });
    },
    close: async () => {
      await service.close();
      store.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** A schema as JSON text. */
export function schemaText(
  attributes: Readonly<Record<string, string>>,
  rest: Readonly<Record<string, unknown>> = {},
): string {
  const list = Object.entries(attributes).map(([attributeName, attributeType]) => ({ attributeName, attributeType }));
  return JSON.stringify({ version: '1.0', dataFormat: 'CSV', dataFileContainsHeader: true, attributes: list, ...rest });
}

export const IRIS_SCHEMA = schemaText(
  {
    sepal_length: 'NUMERIC',
    sepal_width: 'NUMERIC',
    petal_length: 'NUMERIC',
    petal_width: 'NUMERIC',
    species: 'CATEGORICAL',
  },
  { targetAttributeName: 'species' },
);

/** What tests of objects share: the iris data, ids of their own, and how errors look. */
export interface Objects extends Bench {
  /** An id that no other object has. */
  fresh(): string;
  /** Create a data source of the iris data, or of other data. */
  source(options?: SourceOptions): Promise<string>;
  model(TrainingDataSourceId: string, rest?: Readonly<Record<string, unknown>>): Promise<string>;
  /** The object once its job is done. */
  outcome(operation: OperationName, input: Message): Promise<Record<string, unknown>>;
}

export interface SourceOptions {
  readonly location?: string;
  readonly schema?: string;
  readonly rearrangement?: string;
  readonly statistics?: boolean;
}

export async function openObjects(): Promise<Objects> {
  const bench = await openBench();
  await bench.putFixture('b/iris.csv', 'iris.csv');
  let count = 0;
  const fresh = (): string => `id-${count++}`;
  return {
    ...bench,
    fresh,
    async source({ location = 's3://b/iris.csv', schema = IRIS_SCHEMA, rearrangement, statistics = true } = {}) {
      const DataSourceId = fresh();
      const DataSpec = { DataLocationS3: location, DataSchema: schema, DataRearrangement: rearrangement };
      await bench.call('CreateDataSourceFromS3', { DataSourceId, DataSpec, ComputeStatistics: statistics });
      return DataSourceId;
    },
    async model(TrainingDataSourceId, rest = {}) {
      const MLModelId = fresh();
      await bench.call('CreateMLModel', { MLModelId, MLModelType: 'MULTICLASS', TrainingDataSourceId, ...rest });
      return MLModelId;
    },
    async outcome(operation, input) {
      await bench.work();
      return bench.call(operation, input);
    },
  };
}

export async function refused(call: Promise<unknown>, code: string, text: string): Promise<void> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toMatchObject({ code });
  expect((error as Error).message).toContain(text);
}

export const invalid = (call: Promise<unknown>, text: string): Promise<void> =>
  refused(call, 'InvalidInputException', text);
