import type { Store } from '../store/store.js';
import type { LocationOptions, Place } from './locations/location.js';
import type { ModelCache } from './model-cache.js';

/** What operations work on. */
export interface OperationContext {
  readonly store: Store;
  /** Folder of objects and models. */
  readonly home: string;
  readonly places: Place;
  /** Where `s3://` leads, for the jobs of objects created here. */
  readonly placeOptions: Pick<LocationOptions, 's3Root' | 's3Endpoint'>;
  readonly models: ModelCache;
  /** ARN of the user, `arn:aws:iam::<account>:root` or `…:user/<name>`. */
  readonly user: string;
  /** URL of the server that answers `Predict`, without a path. */
  readonly endpointUrl: string;
}

/** Members of an operation's input that have passed validation. */
export type Input = Readonly<Record<string, unknown>>;
