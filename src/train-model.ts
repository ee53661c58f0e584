import type { Input } from './datasource/input.js';
import { trainingPlan } from './datasource/plan.js';
import { rearrangedRecords } from './datasource/rearrangement.js';
import type { DataSource } from './datasource/source.js';
import { type Split, splitter } from './datasource/split.js';
import type { Data, Environment } from './environment.js';
import { InvalidInput } from './errors.js';
import { type Evaluation, evaluateSource } from './evaluation/evaluate.js';
import { Scorer } from './model/score.js';
import type { ModelType } from './model/types.js';
import { evaluateOpened, Model } from './model.js';
import { type OpenForModel, openForModel } from './prediction/plan.js';
import { readJson } from './read-json.js';
import { resolveSchema } from './resolve-schema.js';
import { openResources } from './resources.js';
import type { Schema } from './schema/schema.js';
import { suggest } from './suggest.js';
import type { HeldOutData, KnownModel } from './training/held-out-sample.js';
import { type Parameters, parseParameters, type TrainingOptions } from './training/options.js';
import { type OnProgress, reading } from './training/progress.js';
import { columnLimit, type TrainingResources } from './training/resources.js';
import { train } from './training/train.js';

export interface TrainModelOptions {
  readonly data: Data;
  /**
   * The service's DataRearrangement, an object or its JSON text: which part of the data to use. Default: all of it. Not
   * together with a split.
   */
  readonly rearrangement?: object | string;
  /** Attribute to predict; default: the schema's target. */
  readonly target?: string;
  /** A schema, its JSON text, or the path of its file. Default: `<file>.schema` or `<folder>/.schema`, else inferred. */
  readonly schema?: object | string;
  /** A recipe, its JSON text, or the path of its file. Default: made from the statistics of the data. */
  readonly recipe?: object | string;
  /** The service's training parameters, such as `{ 'sgd.maxPasses': '10' }`. */
  readonly parameters?: Parameters;
  /** Default: by the target's attribute type. */
  readonly modelType?: ModelType;
  /** Keep part of the data for evaluation. Default: learn from all of it. */
  readonly split?: {
    /** `sequential`: the first part of the file is learned from; `random`: by seed and position. */
    readonly strategy?: 'sequential' | 'random';
    /** Share of the observations to learn from, percent, whole number 1 .. 99; default 70. */
    readonly trainPercent?: number;
  };
  /** Data to evaluate on instead of a split. */
  readonly evaluationData?: Data;
  /** Fixes the random split and the shuffle; default ''. */
  readonly seed?: string | number;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
  /** Threads to read, parse, encode and train with, the calling one included; default: one per core. The model does not depend on it. */
  readonly threads?: number;
  /**
   * Memory for encoded observations, and for columns until they are encoded; a third of it at most for columns. Bytes or a text
   * such as `'256M'` and `'4G'`; observations that do not fit go to a temporary file. Default: half of what is free. The model
   * does not depend on it.
   */
  readonly memory?: number | string;
  /**
   * Folder to keep the state of the training in: a run that was killed goes on when it is started again with the same data and
   * options, and ends with the identical model. The state is removed in the end.
   */
  readonly checkpoint?: string;
}

/** `trainModel`, in a given environment. */
export async function trainModelIn(environment: Environment, options: TrainModelOptions): Promise<Model> {
  checkOptions(options, OPTIONS, 'trainModel');
  const trainingOptions = parseParameters(options.parameters);
  const seed = String(options.seed ?? '');
  const split = options.split && checkSplit(options.split, seed);
  if (split && options.evaluationData !== undefined) {
    throw new InvalidInput('both a split and evaluation data are given', { hint: 'leave one of them out' });
  }
  const { signal, rearrangement } = options;
  if (split && rearrangement !== undefined) {
    throw new InvalidInput('both a split and a rearrangement are given', { hint: 'leave one of them out' });
  }
  const recipe = await readJson(environment, options.recipe, 'recipe');
  const resources = await openResources(environment, options);
  const input = await environment.openInput(options.data, signal, resources.crew ?? null);
  let evaluationInput: Input | undefined;
  try {
    if (options.evaluationData !== undefined) {
      evaluationInput = await environment.openInput(options.evaluationData, signal, resources.crew ?? null);
    }
    const opened = await openTraining(environment, input, options, columnLimit(resources));
    const { source } = opened;
    const total = split?.strategy === 'sequential' ? await source.countRecords(reading('count', options)) : undefined;
    const keep = split
      ? splitter(split, total)
      : await rearrangedRecords(rearrangement, source, reading('count', options));
    const held = split && splitter({ ...split, complement: true }, total);
    let evaluated: OpenForModel | undefined;
    const openEvaluated = async (known: KnownModel): Promise<DataSource> => {
      evaluated = await openForModel({ schema: opened.schema, ...known }, evaluationInput!, 'typed');
      return evaluated.source;
    };
    const scorer = await trainOnPart(environment, opened, keep, {
      ...options,
      heldOut: held ? { keep: held } : evaluationInput && { open: openEvaluated },
      trainingOptions,
      recipe,
      seed,
      resources,
      isLast: split === undefined,
    });
    const follow = reading('evaluate', options);
    let evaluation: Evaluation | undefined;
    if (held) evaluation = await evaluateSource(scorer, source, follow, { keep: held, heldOut: true, isLast: true });
    if (evaluated) evaluation = await evaluateOpened(scorer, evaluated, follow);
    await resources.checkpoint?.remove();
    return new Model(scorer.state, environment, evaluation);
  } finally {
    await input.close();
    await evaluationInput?.close();
    await resources.crew?.close();
  }
}

/** Training data that has been opened with its schema. */
export interface OpenTraining {
  readonly schema: Schema;
  readonly modelType: ModelType;
  readonly source: DataSource;
}

/**
 * Open data to learn from; tells its schema.
 *
 * @param keptBytes columns that take no more are kept after the first reading
 */
export async function openTraining(
  environment: Environment,
  input: Input,
  options: Pick<TrainModelOptions, 'schema' | 'target' | 'modelType' | 'onProgress'>,
  keptBytes: number,
): Promise<OpenTraining> {
  const { schema, origin, modelType, targetReason } = await resolveSchema(environment, input, options);
  options.onProgress?.({ event: 'schema', schema, origin, modelType, targetReason });
  return { schema, modelType, source: input.open(trainingPlan(schema), schema.dataFileContainsHeader, keptBytes) };
}

/** How to learn from an open source. */
export interface PartOptions {
  readonly trainingOptions: TrainingOptions;
  /** JSON text; undefined: the default recipe. */
  readonly recipe: string | undefined;
  readonly seed: string;
  readonly resources: TrainingResources;
  /** What the loss of each pass is measured on beside. */
  readonly heldOut?: HeldOutData;
  /** Nobody reads the source afterwards. */
  readonly isLast?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
}

/**
 * Train on the records of an open source that a test keeps.
 *
 * @returns a scorer with the model's state
 */
export async function trainOnPart(
  environment: Environment,
  { schema, source }: OpenTraining,
  keep: (recordIndex: number, byteOffset: number) => boolean,
  { trainingOptions, recipe, seed, resources, heldOut, isLast, signal, onProgress }: PartOptions,
): Promise<Scorer> {
  const { module } = environment;
  const input = {
    source,
    schema,
    recipe,
    options: trainingOptions,
    seed,
    keep,
    heldOut,
    isLast,
    module,
    resources,
    signal,
    onProgress,
  };
  return new Scorer(await train(input), environment.module);
}

const OPTIONS: readonly (keyof TrainModelOptions)[] = [
  'data',
  'rearrangement',
  'target',
  'schema',
  'recipe',
  'parameters',
  'modelType',
  'split',
  'evaluationData',
  'seed',
  'onProgress',
  'signal',
  'threads',
  'memory',
  'checkpoint',
];

/** A misspelt option would go unnoticed. */
function checkOptions(options: object, known: readonly string[], where: string): void {
  if (typeof options !== 'object' || options === null) {
    throw new InvalidInput(`${where}: '${String(options)}' is not an object`, { hint: `options: ${known.join(', ')}` });
  }
  const unknown = Object.keys(options).find((key) => !known.includes(key));
  if (unknown === undefined) return;
  const close = suggest(unknown, known);
  throw new InvalidInput(`${where}: unknown option '${unknown}'`, {
    hint: `${close ? `did you mean '${close}'? ` : ''}Options: ${known.join(', ')}`,
  });
}

function checkSplit(split: NonNullable<TrainModelOptions['split']>, seed: string): Split {
  checkOptions(split, ['strategy', 'trainPercent'], 'split');
  const { strategy = 'sequential', trainPercent = 70 } = split;
  if (strategy !== 'sequential' && strategy !== 'random') {
    throw new InvalidInput(`split strategy '${strategy}' is not known`, { hint: "give 'sequential' or 'random'" });
  }
  if (!Number.isInteger(trainPercent) || trainPercent < 1 || trainPercent > 99) {
    throw new InvalidInput(`a split of ${trainPercent} percent is not possible`, {
      hint: 'give a whole number from 1 to 99',
    });
  }
  return { strategy, percentBegin: 0, percentEnd: trainPercent, complement: false, seed };
}
