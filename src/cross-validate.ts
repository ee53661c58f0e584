import type { ColumnBlock } from './datasource/block.js';
import { BlockCache, type DataSource } from './datasource/source.js';
import { foldSplitter } from './datasource/split.js';
import { watched } from './datasource/watched.js';
import type { Environment } from './environment.js';
import { InvalidInput } from './errors.js';
import { evaluateSource } from './evaluation/evaluate.js';
import type { Evaluation } from './evaluation/evaluation.js';
import { type FigureName, figuresOf, type Spread, spreadOf } from './evaluation/figures.js';
import type { ModelType } from './model/types.js';
import { readJson } from './read-json.js';
import { openResources } from './resources.js';
import { type OpenTraining, openTraining, type TrainModelOptions, trainOnPart } from './train-model.js';
import { parseParameters } from './training/options.js';
import { type Progress, reading } from './training/progress.js';
import { columnLimit } from './training/resources.js';

const MOST_FOLDS = 100;

export interface CrossValidateOptions
  extends Pick<
    TrainModelOptions,
    'data' | 'target' | 'schema' | 'recipe' | 'parameters' | 'modelType' | 'signal' | 'threads' | 'memory'
  > {
  /** Number of parts, 2 .. 100; default 5. */
  readonly folds?: number;
  /** `random`: by seed and position in the data; `sequential`: fold i is the i-th part of the file. Default `random`. */
  readonly strategy?: 'sequential' | 'random';
  /** Fixes the random folds and the shuffle; default ''. */
  readonly seed?: string | number;
  readonly onProgress?: (progress: CrossValidationProgress) => void;
}

/** What `trainModel` tells, for one fold after another; each fold ends with a `fold` event. */
export type CrossValidationProgress = Progress | { readonly event: 'fold'; readonly fold: FoldResult };

/** One fold: a model that learned from all other folds, measured on this one. */
export interface FoldResult {
  /** From 1. */
  readonly fold: number;
  /** Observations learned from. */
  readonly trainingCount: number;
  readonly evaluation: Evaluation;
}

export interface CrossValidation {
  readonly type: ModelType;
  readonly strategy: 'sequential' | 'random';
  readonly seed: string;
  /** Observations that were evaluated on, each once. */
  readonly observationCount: number;
  readonly folds: readonly FoldResult[];
  /** Mean and standard deviation over the folds of each figure: `auc`, `logLoss`, `rmse`, … */
  readonly figures: Readonly<Partial<Record<FigureName, Spread>>>;
}

/**
 * `crossValidate`, in a given environment. Fold i is [i * 100 / folds, (i + 1) * 100 / folds) percent of the data, as the
 * service's splitting has it; the model of fold i learns from the complement.
 */
export async function crossValidateIn(
  environment: Environment,
  options: CrossValidateOptions,
): Promise<CrossValidation> {
  const { folds = 5, strategy = 'random' } = options;
  checkFolds(folds, strategy);
  const trainingOptions = parseParameters(options.parameters);
  const seed = String(options.seed ?? '');
  const recipe = await readJson(environment, options.recipe, 'recipe');
  const resources = await openResources(environment, { threads: options.threads, memory: options.memory });
  const input = await environment.openInput(options.data, options.signal, resources.crew ?? null);
  try {
    const opened = await openTraining(environment, input, options, 0);
    const source = cached(opened.source, columnLimit(resources));
    const total = await countRecords(source, options);
    if (total < folds) throw tooFewRecords(source.name, total, folds);
    const results: FoldResult[] = [];
    for (let index = 0; index < folds; index++) {
      const part = (complement: boolean) => foldSplitter({ index, folds, strategy, seed, complement }, total);
      const settings = { ...options, trainingOptions, recipe, seed, resources };
      const result = await runFold(environment, { ...opened, source }, part, settings, index + 1).catch(
        naming(index + 1, folds),
      );
      results.push(result);
      options.onProgress?.({ event: 'fold', fold: result });
    }
    return {
      type: opened.modelType,
      strategy,
      seed,
      observationCount: results.reduce((sum, { evaluation }) => sum + evaluation.observationCount, 0),
      folds: results,
      figures: spreadOf(results.map(({ evaluation }) => figuresOf(evaluation))),
    };
  } finally {
    await input.close();
    await resources.crew?.close();
  }
}

async function runFold(
  environment: Environment,
  opened: OpenTraining,
  part: (complement: boolean) => (recordIndex: number, byteOffset: number) => boolean,
  settings: Parameters<typeof trainOnPart>[3],
  fold: number,
): Promise<FoldResult> {
  const scorer = await trainOnPart(environment, opened, part(true), settings);
  const held = { keep: part(false), heldOut: true };
  const evaluation = await evaluateSource(scorer, opened.source, reading('evaluate', settings), held);
  return { fold, trainingCount: scorer.state.training.observationCount, evaluation };
}

/** The source, kept in memory after its first reading, so that it is read once for all folds, if it takes no more bytes. */
function cached(source: DataSource, limitBytes: number): DataSource {
  const cache = new BlockCache(limitBytes);
  return {
    ...source,
    get keptBytes() {
      return cache.keptBytes;
    },
    read: (): AsyncIterable<ColumnBlock> => cache.read(source.read()),
  };
}

async function countRecords(source: DataSource, options: CrossValidateOptions): Promise<number> {
  let count = 0;
  for await (const block of watched(source, reading('count', options))) count += block.rowCount;
  return count;
}

function checkFolds(folds: number, strategy: string): void {
  if (!Number.isInteger(folds) || folds < 2 || folds > MOST_FOLDS) {
    throw new InvalidInput(`${folds} folds are not possible`, { hint: `give a whole number from 2 to ${MOST_FOLDS}` });
  }
  if (strategy !== 'sequential' && strategy !== 'random') {
    throw new InvalidInput(`fold strategy '${strategy}' is not known`, { hint: "give 'sequential' or 'random'" });
  }
}

function tooFewRecords(name: string, total: number, folds: number): InvalidInput {
  return new InvalidInput(`${name}: ${total} observations for ${folds} folds`, {
    hint: 'each fold needs at least one observation: give fewer folds',
  });
}

/** Says which fold an error that the user can repair is about. */
function naming(fold: number, folds: number): (error: unknown) => never {
  return (cause) => {
    if (!(cause instanceof InvalidInput)) throw cause;
    const hint = `${cause.hint === undefined ? '' : `${cause.hint}; `}fewer folds hold more observations each`;
    throw new InvalidInput(`fold ${fold} of ${folds}: ${cause.message}`, { hint, cause });
  };
}
