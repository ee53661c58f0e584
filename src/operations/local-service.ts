import { resolve } from 'node:path';
import { needsRunner } from '../store/runner.js';
import { openStore } from '../store/store.js';
import type { OperationContext } from './context.js';
import { asServiceError } from './errors.js';
import type { LocationOptions } from './locations/location.js';
import { openLocations } from './locations/locations.js';
import { ModelCache } from './model-cache.js';
import { HANDLERS } from './operations.js';
import { predictAtOnce } from './predict.js';
import { type Message, type Service, ServiceError } from './service.js';
import type { OperationName } from './shapes.js';
import { validate } from './validate.js';

/** Everything that changes nothing. */
const READ_ONLY = /^(Get|Describe|Predict)/;
/** Time between two looks for jobs whose runner is gone, milliseconds. */
const LOOK_MS = 1000;
const MODEL_CACHE_BYTES = 512 * 2 ** 20;

export interface LocalServiceOptions extends LocationOptions {
  /** ARN that objects are created by; default: `arn:aws:iam::000000000000:root`. */
  readonly user?: string;
  /** URL of the server that answers `Predict`, without a path; default: `http://localhost`. */
  readonly endpointUrl?: string;
  /**
   * See to it that somebody does the jobs that are waiting; called when there are some and no runner is alive. A create call
   * waits for what it returns.
   */
  startRunner(): void | Promise<void>;
  /**
   * Take `file:///path` wherever `s3://bucket/key` is taken: for callers who may read and write this machine's files anyway.
   * Default: false.
   */
  readonly fileUris?: boolean;
  /** Memory for models that have been loaded to predict, bytes; default 512 MiB. */
  readonly modelCacheBytes?: number;
}

/** The service on a store of this machine. */
export async function openLocalService(options: LocalServiceOptions): Promise<Service> {
  const { home } = options;
  const store = await openStore(home);
  return new LocalService(options, {
    store,
    home,
    places: openLocations(options),
    placeOptions: { s3Root: options.s3Root && resolve(options.s3Root), s3Endpoint: options.s3Endpoint },
    models: new ModelCache(store, home, options.modelCacheBytes ?? MODEL_CACHE_BYTES),
    user: options.user ?? 'arn:aws:iam::000000000000:root',
    endpointUrl: options.endpointUrl ?? 'http://localhost',
  });
}

class LocalService implements Service {
  #lookedAt = Number.NEGATIVE_INFINITY;

  constructor(
    readonly options: LocalServiceOptions,
    readonly context: OperationContext,
  ) {}

  async call(operation: OperationName, input: Message): Promise<Message> {
    if (!Object.hasOwn(HANDLERS, operation)) {
      throw new ServiceError('UnknownOperationException', `There is no operation '${operation}'`, 404);
    }
    this.#lookAfterJobs();
    try {
      if (operation === 'Predict') {
        const answer = predictAtOnce(this.context, input);
        if (answer !== undefined) return answer;
      }
      return await this.#run(operation, validate(operation, input, this.options));
    } catch (error) {
      throw asServiceError(error);
    }
  }

  async close(): Promise<void> {
    this.context.store.close();
  }

  async #run(operation: OperationName, input: Message): Promise<Message> {
    let answer: Message;
    try {
      answer = await HANDLERS[operation](this.context, input);
    } finally {
      if (!READ_ONLY.test(operation)) this.context.models.changed();
    }
    if (operation.startsWith('Create')) await this.#startRunner();
    return answer;
  }

  /** Jobs whose runner is gone are put back, and somebody is found to do them. */
  #lookAfterJobs(): void {
    const now = Date.now();
    if (Math.abs(now - this.#lookedAt) < LOOK_MS) return;
    this.#lookedAt = now;
    // The answer does not depend on it, and reading goes on where nothing can be written; the next look tries again.
    try {
      this.context.store.recover();
    } catch {}
    this.#startRunner().catch(() => {});
  }

  async #startRunner(): Promise<void> {
    if (needsRunner(this.context.store)) await this.options.startRunner();
  }
}
