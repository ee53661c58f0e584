import type { Input } from './datasource/input.js';
import { trainingPlan } from './datasource/plan.js';
import type { DataSource } from './datasource/source.js';
import { type Split, splitter } from './datasource/split.js';
import type { Data, Environment } from './environment.js';
import { InvalidInput } from './errors.js';
import { type Evaluation, evaluateSource } from './evaluation/evaluate.js';
import { Scorer } from './model/score.js';
import type { ModelType } from './model/types.js';
import { Model } from './model.js';
import { openForModel } from './prediction/plan.js';
import { resolveSchema } from './resolve-schema.js';
import { type Parameters, parseParameters } from './training/options.js';
import { type OnProgress, reading } from './training/progress.js';
import { train } from './training/train.js';

export interface TrainModelOptions {
  readonly data: Data;
  /** Attribute to predict; default: the schema's target. */
  readonly target?: string;
  /** A schema, its JSON text, or the path of its file. Default: `<data>.schema` beside the file, else inferred. */
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
}

/** `trainModel`, in a given environment. */
export async function trainModelIn(environment: Environment, options: TrainModelOptions): Promise<Model> {
  const trainingOptions = parseParameters(options.parameters);
  const seed = String(options.seed ?? '');
  const split = options.split && checkSplit(options.split, seed);
  if (split && options.evaluationData !== undefined) {
    throw new InvalidInput('both a split and evaluation data are given', { hint: 'leave one of them out' });
  }
  const recipe = await readJson(environment, options.recipe, 'recipe');
  const input = await environment.openInput(options.data);
  try {
    const { schema, origin, modelType } = await resolveSchema(environment, input, options);
    options.onProgress?.({ event: 'schema', schema, origin, modelType });
    const source = input.open(trainingPlan(schema), schema.dataFileContainsHeader);
    const total = split?.strategy === 'sequential' ? await source.countRecords() : undefined;
    const result = await train({
      source,
      schema,
      recipe,
      options: trainingOptions,
      seed,
      keep: split ? splitter(split, total) : () => true,
      modules: environment.modules,
      signal: options.signal,
      onProgress: options.onProgress,
    });
    const scorer = new Scorer(result.state, environment.modules);
    const held = split && splitter({ ...split, complement: true }, total);
    const evaluation = await evaluateHeldOut(environment, scorer, source, held, options);
    return new Model(result.state, environment, evaluation);
  } finally {
    await input.close();
  }
}

async function evaluateHeldOut(
  environment: Environment,
  scorer: Scorer,
  source: DataSource,
  keep: ((recordIndex: number, byteOffset: number) => boolean) | undefined,
  { evaluationData, signal, onProgress }: TrainModelOptions,
): Promise<Evaluation | undefined> {
  const options = reading('evaluate', { signal, onProgress });
  if (keep) return evaluateSource(scorer, source, options, keep);
  if (evaluationData === undefined) return undefined;
  const input: Input = await environment.openInput(evaluationData);
  try {
    const opened = await openForModel(scorer.state, input, 'typed');
    return await evaluateSource(scorer, opened.source, options);
  } finally {
    await input.close();
  }
}

function checkSplit(split: NonNullable<TrainModelOptions['split']>, seed: string): Split {
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

/** JSON text of an object, of a text that begins with `{`, or of the file at a path. */
export async function readJson(
  environment: Environment,
  given: object | string | undefined,
  what: string,
): Promise<string | undefined> {
  if (given === undefined) return undefined;
  if (typeof given === 'object') return JSON.stringify(given);
  if (given.trimStart().startsWith('{')) return given;
  const text = await environment.readText(given);
  if (text === undefined) throw new InvalidInput(`${what}: no file '${given}'`, { hint: 'check the path' });
  return text;
}
