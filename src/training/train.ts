import { Fingerprint } from '../datasource/fingerprint.js';
import { Rejections } from '../datasource/rejections.js';
import { RowSelector } from '../datasource/select.js';
import type { DataSource } from '../datasource/source.js';
import { watched } from '../datasource/watched.js';
import { InvalidInput } from '../errors.js';
import { applyRemap, type Encoder, openEncoder } from '../features/encode.js';
import { instantiateKernel } from '../kernel/instantiate.js';
import { KernelMemory } from '../kernel/memory.js';
import type { KernelModules } from '../kernel/modules.js';
import type { ModelState } from '../model/state.js';
import { outputCount, TargetReader, type TargetScale } from '../model/target.js';
import { checkRecipe } from '../recipe/check.js';
import { defaultRecipe } from '../recipe/default.js';
import { fitRecipe } from '../recipe/fit.js';
import { parseRecipe } from '../recipe/parse.js';
import type { Schema } from '../schema/schema.js';
import { type DataStatistics, StatisticsCollector } from '../statistics/statistics.js';
import { EncodedRows } from './dataset.js';
import { fit } from './fit.js';
import { formatParameters, type TrainingOptions } from './options.js';
import { type OnProgress, reading } from './progress.js';
import { learnedRows, WeightTotals } from './row-weights.js';
import { orderRows } from './shuffle.js';
import { recordTargets, startingBias } from './target.js';
import { targetScale } from './target-scale.js';

/** Bytes of a model that one weight counts for (observed in the service's logs). */
const BYTES_PER_WEIGHT = 96;

export interface TrainInput {
  readonly source: DataSource;
  readonly schema: Schema;
  /** JSON text; undefined: the default recipe. */
  readonly recipe: string | undefined;
  readonly options: TrainingOptions;
  readonly seed: string;
  /** Which records to learn from. */
  readonly keep: (recordIndex: number, byteOffset: number) => boolean;
  readonly modules: KernelModules;
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
  const { schema, source, options, onProgress } = input;
  const target = schema.targetAttributeName!;
  const given = input.recipe === undefined ? undefined : checkRecipe(parseRecipe(input.recipe), schema);
  const { statistics, weightTotals, rejections, dataFingerprint } = await collect(input, target);
  const targetStatistics = weightTotals?.targetStatistics() ?? statistics.target()!;
  const scale = targetScale(targetStatistics, statistics.observationCount, target, source.name);
  onProgress?.({
    event: 'statistics',
    statistics,
    rejectedCount: rejections.count,
    rejectedExamples: rejections.examples,
  });
  const recipeText = input.recipe ?? JSON.stringify(defaultRecipe(schema, statistics));
  const recipe = fitRecipe(given ?? checkRecipe(parseRecipe(recipeText), schema), statistics);

  const memory = new WebAssembly.Memory({ initial: 16, maximum: 65536, shared: true });
  const kernel = instantiateKernel(input.modules.shared, memory);
  const kernelMemory = new KernelMemory(memory, kernel);
  const outputs = outputCount(scale);
  const maxFeatures = Math.max(1, Math.floor(options.maxModelSizeInBytes / (BYTES_PER_WEIGHT * outputs)));
  const encoder = openEncoder(recipe, { learn: true, maxFeatures });
  const rows = await encode(input, target, scale, weightTotals, encoder, kernelMemory);
  const { features, remap, rowsPerFeature, droppedCount } = encoder.finish({ maxFeatures });
  applyRemap(kernelMemory.u32, rows.starts, encoder.layout, remap);
  onProgress?.({
    event: 'features',
    recipe: recipeText,
    recipeOrigin: input.recipe === undefined ? 'default' : 'given',
    featureCount: features.size,
    observationCount: rows.rowCount,
  });
  const { weights, passes } = await fit({
    kernel,
    memory: kernelMemory,
    type: scale.type,
    layout: encoder.layout,
    order: rows.writeOrder((list) => orderRows(list, options.shuffleType, input.seed)),
    rowCount: rows.rowCount,
    featureCount: features.size,
    maxGroups: rows.maxGroups,
    outputs,
    rowsPerFeature,
    bias: startingBias(scale, rows.rowCount),
    options,
    signal: input.signal,
    onPass: (progress) => onProgress?.({ event: 'pass', maxPasses: options.maxPasses, ...progress }),
    onShare: (share) => onProgress?.({ event: 'share', share }),
  });
  return {
    schema,
    targetAttributeName: target,
    target: scale,
    recipeText,
    recipe,
    features,
    outputs,
    weights,
    featureShares: rowsPerFeature.map((count) => count / rows.rowCount),
    scoreThreshold: 0.5,
    training: {
      parameters: formatParameters(options),
      seed: input.seed,
      observationCount: rows.rowCount,
      rejectedCount: rejections.count,
      dataFingerprint,
      droppedFeatureCount: droppedCount,
      passes,
    },
  };
}

/** What the first reading finds; the statistics count every observation once, the weight totals by its weight. */
interface Collected {
  readonly statistics: DataStatistics;
  /** undefined when all observations count the same. */
  readonly weightTotals: WeightTotals | undefined;
  readonly rejections: Rejections;
  readonly dataFingerprint: string;
}

async function collect(input: TrainInput, target: string): Promise<Collected> {
  const { rowWeight } = input.schema;
  const rejections = new Rejections();
  const selector = new RowSelector(target, input.keep, rejections);
  const collector = new StatisticsCollector(input.schema);
  const weightTotals = new WeightTotals(target);
  const fingerprint = new Fingerprint(target);
  let unweighted = 0;
  for await (const block of watched(input.source, reading('statistics', input))) {
    const { rows, weights, zeroCount } = learnedRows(block, selector, rowWeight, rejections);
    fingerprint.add(block);
    collector.add(block, rows);
    if (weights !== undefined) weightTotals.add(block, rows, weights);
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

async function encode(
  input: TrainInput,
  target: string,
  scale: TargetScale,
  weightTotals: WeightTotals | undefined,
  encoder: Encoder,
  memory: KernelMemory,
): Promise<EncodedRows> {
  const rows = new EncodedRows(memory);
  const reader = new TargetReader(target, scale);
  const rejections = new Rejections();
  const selector = new RowSelector(target, input.keep, rejections);
  for await (const block of watched(input.source, reading('encode', input))) {
    const { rows: listed, weights } = learnedRows(block, selector, input.schema.rowWeight, rejections);
    const normalised = weights && weightTotals?.normalised(weights);
    rows.add(encoder, block, listed, recordTargets(reader.read(block, listed), scale), normalised);
  }
  return rows;
}
