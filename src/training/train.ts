import { Fingerprint } from '../datasource/fingerprint.js';
import { Rejections } from '../datasource/rejections.js';
import { RowSelector } from '../datasource/select.js';
import type { DataSource } from '../datasource/source.js';
import { watched } from '../datasource/watched.js';
import { InvalidInput } from '../errors.js';
import { type LearnedFeatures, openEncoder } from '../features/encode.js';
import { freeMemories } from '../kernel/instantiate.js';
import type { ModelState } from '../model/state.js';
import { outputCount, type TargetScale } from '../model/target.js';
import { binnedAttributes } from '../recipe/binned.js';
import { type CheckedRecipe, checkRecipe } from '../recipe/check.js';
import { defaultRecipe } from '../recipe/default.js';
import { fitRecipe } from '../recipe/fit.js';
import type { FittedRecipe } from '../recipe/fitted.js';
import { parseRecipe } from '../recipe/parse.js';
import type { Schema } from '../schema/schema.js';
import { type DataStatistics, StatisticsCollector, type TargetStatistics } from '../statistics/statistics.js';
import { arrange } from './arrange.js';
import { Checkpoint } from './checkpoint.js';
import { StagedRows } from './dataset.js';
import { digestOf } from './digest.js';
import { FirstReading } from './first-reading.js';
import { type Fitted, fit } from './fit.js';
import type { HeldOutData } from './held-out-sample.js';
import { leftFeatures, numberTest, sharesOf } from './left-features.js';
import { formatParameters, type TrainingOptions } from './options.js';
import { type OnProgress, reading } from './progress.js';
import { denseThreads, encodeRows, type OtherRows, openHeldOut, readOther } from './read-rows.js';
import { identity, rowLimit, spillLimit, type TrainingResources, threadsFor, weightLimit } from './resources.js';
import type { ReducedRows } from './row-reducer.js';
import { learnedRows, WeightTotals } from './row-weights.js';
import { visitingOrder } from './shuffle.js';
import { startingBias } from './target.js';
import { onlyClass, targetScale } from './target-scale.js';

/** Features that stage 1 chooses from, in units of those that the model may have. */
const SPARE_FEATURES = 2;

export interface TrainInput {
  readonly source: DataSource;
  readonly schema: Schema;
  /** JSON text; undefined: the default recipe. */
  readonly recipe: string | undefined;
  readonly options: TrainingOptions;
  readonly seed: string;
  /** Which records to learn from. */
  readonly keep: (recordIndex: number, byteOffset: number) => boolean;
  /** What the loss of each pass is measured on beside. */
  readonly heldOut?: HeldOutData;
  /** Nobody reads the source afterwards. */
  readonly isLast?: boolean;
  readonly module: WebAssembly.Module;
  readonly resources: TrainingResources;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
}

/**
 * Train a model: statistics, recipe, features, passes.
 *
 * @throws InvalidInput for data, recipe or parameters that no model can be made of
 * @throws the signal's reason when it is aborted
 */
export async function train(input: TrainInput): Promise<ModelState> {
  freeMemories();
  const { schema, source, options, onProgress } = input;
  const target = schema.targetAttributeName!;
  const given = input.recipe === undefined ? undefined : checkRecipe(parseRecipe(input.recipe), schema);
  const first = new FirstReading(input, given);
  const { statistics, weightTotals, rejections, dataFingerprint } = await collect(input, target, given, first);
  const targetStatistics = weightTotals?.targetStatistics() ?? statistics.target()!;
  const scale = targetScale(targetStatistics, target, source.name);
  onProgress?.({
    event: 'statistics',
    statistics,
    rejectedCount: rejections.count,
    rejectedExamples: rejections.examples,
  });
  const recipeText = input.recipe ?? JSON.stringify(defaultRecipe(schema, statistics));
  const recipe = fitRecipe(given ?? checkRecipe(parseRecipe(recipeText), schema), statistics);

  const rowCount = statistics.observationCount;
  const { features, weights, rowsPerFeature, droppedCount, ...fitted } = await learn(input, {
    scale,
    recipe,
    rowCount,
    statistics,
    weightTotals,
    targetStatistics,
    first,
    isOneClass: onlyClass(targetStatistics) !== undefined,
    onFeatures: (featureCount) =>
      onProgress?.({
        event: 'features',
        recipe: recipeText,
        recipeOrigin: input.recipe === undefined ? 'default' : 'given',
        featureCount,
        observationCount: rowCount,
      }),
  });
  return {
    schema,
    targetAttributeName: target,
    target: scale,
    recipeText,
    recipe,
    features,
    outputs: outputCount(scale),
    weights,
    featureShares: sharesOf(rowsPerFeature, rowCount),
    scoreThreshold: 0.5,
    training: {
      parameters: formatParameters(options),
      seed: input.seed,
      observationCount: rowCount,
      rejectedCount: rejections.count,
      dataFingerprint,
      droppedFeatureCount: droppedCount,
      prior: fitted.prior,
      passes: fitted.passes,
      heldOutCount: fitted.heldOutCount,
      stoppedEarly: fitted.stoppedEarly,
    },
  };
}

/** What is known of the data before it is encoded. */
export interface Prepared {
  readonly scale: TargetScale;
  readonly recipe: FittedRecipe;
  readonly rowCount: number;
  readonly statistics: DataStatistics;
  readonly weightTotals: WeightTotals | undefined;
  readonly targetStatistics: TargetStatistics;
  readonly first: FirstReading;
  readonly isOneClass: boolean;
  /** Called when the features are known, bias and padding included in their number. */
  onFeatures(featureCount: number): void;
}

type Learned = Omit<LearnedFeatures, 'remap' | 'restrict'> &
  Omit<Fitted, 'survivors'> & { readonly heldOutCount?: number };

/** Encode the rows and learn the weights of their features, while held-out ones of another source are read. */
async function learn(input: TrainInput, prepared: Prepared): Promise<Learned> {
  const other = await readOther(input, prepared.recipe);
  try {
    return await learnBeside(other, input, prepared);
  } finally {
    // Whatever became of the rest: nobody may close what is still being read.
    await other?.whole().catch(() => {});
  }
}

async function learnBeside(other: OtherRows | undefined, input: TrainInput, prepared: Prepared): Promise<Learned> {
  const { options, resources, module, signal, onProgress } = input;
  const { scale, recipe, rowCount, first } = prepared;
  const outputs = outputCount(scale);
  const maxFeatures = Math.max(1, Math.floor(weightLimit(options) / outputs));
  const memoryBytes = resources.memoryBytes - (input.source.keptBytes ?? 0);
  const mode = { learn: true, maxFeatures, module } as const;
  let encoder = openEncoder(recipe, mode);
  const order = visitingOrder(rowCount, options.shuffleType, input.seed);
  const mostKept = SPARE_FEATURES * maxFeatures;
  const crew = resources.crew?.isRunning ? resources.crew : undefined;
  const known = { ...prepared, encoder, maxFeatures, mostKept, order, crew, module, signal };
  const settled = await first.settle(known);
  if (first.centres !== undefined) encoder = openEncoder(recipe, { ...mode, centres: first.centres.attributes });
  const { kernel, memory } = settled ?? first.emptyKernel();
  const limitBytes = rowLimit(memoryBytes, resources.threads, maxFeatures * outputs);
  const staged = new StagedRows({
    kernel,
    memory,
    layout: settled?.layout ?? encoder.layout,
    rowCount,
    order,
    limitBytes,
    spillBytes: spillLimit(limitBytes, resources.threads),
    openThreads: denseThreads(input, memory),
    placed: settled?.places,
    openSpill: resources.openSpill,
  });
  try {
    const sample = other?.sample ?? settled?.sample ?? openHeldOut(input);
    await encodeRows(input, prepared, encoder, staged, input.heldOut?.keep && sample);
    const learned = settled?.learned ?? encoder.finish({ maxFeatures: mostKept });
    const plan = await arrange(staged, learned.remap, resources.threads, signal);
    const spilled = staged.spill?.rows;
    prepared.onFeatures(Math.min(learned.features.size, maxFeatures + 1));
    const target = input.schema.targetAttributeName!;
    await other?.whole();
    const heldOut = sample?.encode({ module, recipe, learned, learner: encoder, scale, target });
    const store = resources.checkpoint;
    const { survivors, ...fitted } = await fit({
      kernel,
      memory,
      module,
      type: scale.type,
      plan,
      spill: staged.spill,
      featureCount: learned.features.size,
      outputs,
      rowsPerFeature: learned.rowsPerFeature,
      seed: input.seed,
      isNumber: numberTest(recipe, learned.features),
      maxFeatures,
      bias: startingBias(scale, rowCount),
      isOneClass: prepared.isOneClass,
      options,
      threads: threadsFor(plan, options, resources),
      openThreads: resources.openThreads,
      crew: resources.crew,
      heldOut,
      checkpoint:
        store &&
        new Checkpoint(store, await identity(input, recipe, learned, rowCount, await digestOf(plan, memory, spilled))),
      signal,
      onPass: (progress, rowsPerSecond) =>
        onProgress?.({ event: 'pass', maxPasses: options.maxPasses, rowsPerSecond, ...progress }),
      onShare: (share) => onProgress?.({ event: 'share', share }),
    });
    const left = survivors === undefined ? learned : leftFeatures(learned, survivors);
    return { ...left, ...fitted, heldOutCount: heldOut?.rowCount };
  } finally {
    await staged.spill?.close();
  }
}

/** What the first reading finds; the statistics count every observation once, the weight totals by its weight. */
interface Collected {
  readonly statistics: DataStatistics;
  /** undefined when all observations count the same. */
  readonly weightTotals: WeightTotals | undefined;
  readonly rejections: Rejections;
  readonly dataFingerprint: string;
}

async function collect(
  input: TrainInput,
  target: string,
  recipe: CheckedRecipe | undefined,
  first: FirstReading,
): Promise<Collected> {
  const { rowWeight } = input.schema;
  const rejections = new Rejections();
  const selector = new RowSelector(target, input.keep, rejections);
  const quantilesOf = recipe && binnedAttributes(recipe);
  const collector = new StatisticsCollector(input.schema, { quantilesOf, module: input.module });
  const weightTotals = new WeightTotals(target);
  const fingerprint = new Fingerprint(target);
  let unweighted = 0;
  const isEnough = (): boolean => input.isLast === true && first.isEncoding;
  const { measurable } = collector;
  const reduction = (): object | undefined => first.reductionFor(measurable);
  for await (const block of watched(input.source, { ...reading('statistics', input), isEnough, reduction })) {
    const { rows, weights, zeroCount } = learnedRows(block, selector, rowWeight, rejections);
    fingerprint.add(block);
    collector.add(block, rows, (block.reduced as ReducedRows | undefined)?.measured);
    if (weights !== undefined) weightTotals.add(block, rows, weights);
    first.add(block, rows, collector);
    unweighted += zeroCount;
  }
  const statistics = collector.finish();
  if (statistics.observationCount === 0) throw nothingToLearn(input, target, rejections, unweighted);
  if (weightTotals.sum === Number.POSITIVE_INFINITY) {
    throw new InvalidInput(`${input.source.name}: the weights in '${rowWeight}' are too large`, {
      hint: 'divide them by a constant; their sum must stay below 1.8e308',
    });
  }
  return {
    statistics,
    weightTotals: weightTotals.uniform ? undefined : weightTotals,
    rejections,
    dataFingerprint: fingerprint.toString(),
  };
}

/** @param zeroCount observations of weight 0 */
function nothingToLearn(
  { source, schema: { rowWeight } }: TrainInput,
  target: string,
  rejections: Rejections,
  zeroCount: number,
): InvalidInput {
  if (zeroCount > 0) {
    return new InvalidInput(`${source.name}: the weight of all ${zeroCount} observations is 0`, {
      hint: `give some of them a '${rowWeight}' above 0`,
    });
  }
  const example = rejections.examples[0];
  const weighted = rowWeight === null ? '' : ` and a valid '${rowWeight}'`;
  return new InvalidInput(
    `${source.name}: no observation to learn from${example ? `; ${rejections.count} could not be used, the first on ${example}` : ''}`,
    { hint: `each observation needs a valid value for the target '${target}'${weighted}` },
  );
}
