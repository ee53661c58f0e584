import type { PassProgress } from '../model/state.js';
import type { ModelType } from '../model/types.js';
import type { Schema } from '../schema/schema.js';
import type { DataStatistics } from '../statistics/statistics.js';

/** What training tells while it runs, in this order; `read` and `share` events repeat. */
export type Progress =
  | {
      /** The schema is known; reading begins. */
      readonly event: 'schema';
      readonly schema: Schema;
      /** Where the schema comes from: a file, the caller, or inference. */
      readonly origin: string;
      readonly modelType: ModelType;
      /** Why the target has its type, when the schema was inferred. */
      readonly targetReason?: string;
    }
  | {
      /** Observations read so far in the current reading of the data. */
      readonly event: 'read';
      readonly purpose: 'count' | 'statistics' | 'encode' | 'evaluate';
      readonly observationCount: number;
    }
  | {
      /** The training data is known. */
      readonly event: 'statistics';
      readonly statistics: DataStatistics;
      readonly rejectedCount: number;
      readonly rejectedExamples: readonly string[];
    }
  | {
      /** The recipe is fitted and the training data encoded. */
      readonly event: 'features';
      readonly recipe: string;
      readonly recipeOrigin: 'default' | 'given';
      readonly featureCount: number;
      readonly observationCount: number;
    }
  | { /** Share of all passes that is done, 0 .. 1. */ readonly event: 'share'; readonly share: number }
  | ({
      /** A pass has ended. */
      readonly event: 'pass';
      readonly maxPasses: number;
      /** Observations that were visited per second of this pass. */
      readonly rowsPerSecond: number;
    } & PassProgress);

export type OnProgress = (progress: Progress) => void;

/** What a reading of the data for a purpose looks at and tells. */
export function reading(
  purpose: (Progress & { event: 'read' })['purpose'],
  { signal, onProgress }: { readonly signal?: AbortSignal; readonly onProgress?: OnProgress },
): { signal?: AbortSignal; onRead(observationCount: number): void } {
  return { signal, onRead: (observationCount) => onProgress?.({ event: 'read', purpose, observationCount }) };
}
