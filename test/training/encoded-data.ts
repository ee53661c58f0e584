import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { csvInput } from '../../src/datasource/input.js';
import { openLocation } from '../../src/datasource/location.js';
import { trainingPlan } from '../../src/datasource/plan.js';
import { Rejections } from '../../src/datasource/rejections.js';
import { RowSelector } from '../../src/datasource/select.js';
import type { DataSource } from '../../src/datasource/source.js';
import { type Evaluation, evaluateSource } from '../../src/evaluation/evaluate.js';
import { applyRemap, type LearnedFeatures, openEncoder } from '../../src/features/encode.js';
import type { RowLayout } from '../../src/features/rows.js';
import { instantiateKernel, openMemory } from '../../src/kernel/instantiate.js';
import type { Kernel } from '../../src/kernel/kernel.js';
import { kernelModule } from '../../src/kernel/load.js';
import { KernelMemory } from '../../src/kernel/memory.js';
import { Scorer } from '../../src/model/score.js';
import { outputCount, TargetReader, type TargetScale } from '../../src/model/target.js';
import type { ModelType } from '../../src/model/types.js';
import { checkRecipe } from '../../src/recipe/check.js';
import { type FittedRecipe, fitRecipe } from '../../src/recipe/fit.js';
import { parseRecipe } from '../../src/recipe/parse.js';
import { parseSchema } from '../../src/schema/parse.js';
import type { Schema } from '../../src/schema/schema.js';
import { StatisticsCollector } from '../../src/statistics/statistics.js';
import { recordTargets, startingBias } from '../../src/training/target.js';
import { targetScale } from '../../src/training/target-scale.js';
import { root } from '../helpers/cli.js';

/** Public data sets with published splits; not part of the package. */
export const shared = join(root, '..', 'shared', 'data');
export const hasShared = existsSync(shared);

/** Standardised numbers and one-hot categories; numbers in 50 bins; words and pairs of words. */
export const RECIPES = {
  z: ['ALL_NUMERIC', 'ALL_CATEGORICAL', 'ALL_BINARY'],
  q: ['quantile_bin(ALL_NUMERIC,50)', 'ALL_CATEGORICAL', 'ALL_BINARY'],
  text: ['lowercase(ALL_TEXT)', 'ngram(lowercase(ALL_TEXT),2)'],
} as const;

/** A data set encoded in kernel memory. */
export interface EncodedData {
  readonly kernel: Kernel;
  readonly memory: KernelMemory;
  readonly layout: RowLayout;
  readonly type: ModelType;
  readonly outputs: number;
  readonly featureCount: number;
  readonly rowsPerFeature: Float64Array;
  /** Starting bias per output. */
  readonly bias: Float64Array;
  /** Addresses of row records, in the order of the file. */
  readonly rows: Uint32Array;
  /** Target of each row, as records hold it. */
  readonly targets: Float32Array;
  /** Figures of a model on the rows that were not encoded. */
  evaluate(weights: Float64Array): Promise<Evaluation>;
}

/** The learned part of a public data set. */
export async function publicData(name: string, recipe: keyof typeof RECIPES): Promise<EncodedData> {
  const folder = join(shared, name);
  const { rule, train_rows } = JSON.parse(await readFile(join(folder, 'split.json'), 'utf8'));
  const keep = (i: number): boolean => (rule === 'first' ? i < train_rows : i % 10 < 7);
  const plain = join(folder, 'data.csv');
  const path = existsSync(plain) ? plain : `${plain}.gz`;
  return encodeFile(path, await readFile(join(folder, 'data.schema'), 'utf8'), recipe, keep);
}

export async function encodeFile(
  path: string,
  schemaText: string,
  recipe: keyof typeof RECIPES,
  keep: (recordIndex: number) => boolean,
): Promise<EncodedData> {
  const schema = parseSchema(schemaText, path);
  const input = csvInput(await openLocation(path), kernelModule());
  const source = input.open(trainingPlan(schema), schema.dataFileContainsHeader);
  return encodeSource(source, schema, JSON.stringify({ outputs: RECIPES[recipe] }), keep);
}

async function encodeSource(
  source: DataSource,
  schema: Schema,
  recipeText: string,
  keep: (recordIndex: number) => boolean,
): Promise<EncodedData> {
  const target = schema.targetAttributeName!;
  const collector = new StatisticsCollector(schema);
  const choose = new RowSelector(target, keep, new Rejections());
  for await (const block of source.read()) collector.add(block, choose.select(block));
  const statistics = collector.finish();
  const scale = targetScale(statistics.target()!, target, source.name);
  const recipe = fitRecipe(checkRecipe(parseRecipe(recipeText), schema), statistics);

  const wasm = openMemory(16);
  const kernel = instantiateKernel(kernelModule(), wasm);
  const memory = new KernelMemory(wasm, kernel);
  const encoder = openEncoder(recipe, { learn: true });
  const selector = new RowSelector(target, keep, new Rejections());
  const reader = new TargetReader(target, scale);
  const starts: number[] = [];
  const allTargets: number[] = [];
  for await (const block of source.read()) {
    const rows = selector.select(block);
    if (rows.length === 0) continue;
    const address = memory.allocate(encoder.prepare(block, rows) * 4);
    const blockStarts = new Uint32Array(rows.length);
    const targets = recordTargets(reader.read(block, rows), scale);
    encoder.write(memory.u32, memory.f32, address >>> 2, targets, blockStarts);
    starts.push(...blockStarts);
    allTargets.push(...targets);
  }
  const learned = encoder.finish({ maxFeatures: 1e9 });
  applyRemap(memory.u32, Uint32Array.from(starts), encoder.layout, learned.remap);
  return {
    kernel,
    memory,
    layout: encoder.layout,
    type: scale.type,
    outputs: outputCount(scale),
    featureCount: learned.features.size,
    rowsPerFeature: learned.rowsPerFeature,
    bias: startingBias(scale, starts.length),
    rows: Uint32Array.from(starts, (start) => start * 4),
    targets: Float32Array.from(allTargets),
    evaluate: (weights) => {
      const scorer = scorerOf(schema, scale, recipeText, recipe, learned, weights);
      return evaluateSource(scorer, source, {}, { keep: (i) => !keep(i), heldOut: true });
    },
  };
}

function scorerOf(
  schema: Schema,
  target: TargetScale,
  recipeText: string,
  recipe: FittedRecipe,
  { features, rowsPerFeature }: LearnedFeatures,
  weights: Float64Array,
): Scorer {
  const state = {
    schema,
    targetAttributeName: schema.targetAttributeName!,
    target,
    recipeText,
    recipe,
    features,
    outputs: outputCount(target),
    weights,
    featureShares: rowsPerFeature,
    scoreThreshold: 0.5,
    training: {
      parameters: {},
      seed: '',
      observationCount: rowsPerFeature[1],
      rejectedCount: 0,
      droppedFeatureCount: 0,
      passes: [],
    },
  };
  return new Scorer(state);
}
