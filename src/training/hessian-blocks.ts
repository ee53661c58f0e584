import { BIAS_FEATURE, PADDING_FEATURE } from '../features/rows.js';
import type { ModelType } from '../model/types.js';
import { greatest } from './greatest.js';
import type { RowBatch, SampledRows } from './sampled-rows.js';

/** Features in a block, unless told otherwise, and elements of all blocks, at most. */
const BLOCK_FEATURES = 256;
const BLOCK_ELEMENTS = 4e6;
/** Products of two features that a call of the kernel may take, so that others get their turn: some 50 ms. */
const CALL_PRODUCTS = 1e8;

/** Part of the Hessian of the objective. */
export interface Blocks {
  /** The features of the blocks, ascending. */
  readonly features: Uint32Array;
  /** Whether these are all that the sampled rows contain. */
  readonly holdSample: boolean;
  /** Per output f64[features.length^2], row major; the lower triangle holds. */
  readonly matrices: readonly Float64Array[];
}

/**
 * Blocks of the Hessian of the most frequent features, one per output: means over the sampled rows of weight * l'' x x', with
 * L2 on the diagonal, which is a little enlarged.
 *
 * @param weights where the second derivatives are taken, f64[featureCount * outputs], feature major
 * @param l2 added to the diagonal, but for the bias
 * @param mostFeatures in a block; default 256
 * @throws the signal's reason when it is aborted
 */
export async function hessianBlocks(
  rows: SampledRows,
  type: ModelType,
  weights: Float64Array,
  l2: number,
  mostFeatures = BLOCK_FEATURES,
): Promise<Blocks> {
  const { kernel, memory, layout, outputs, toWeight } = rows;
  const featureCount = weights.length / outputs;
  const { features, holdSample } = frequentFeatures(rows, featureCount, mostFeatures);
  const size = features.length;
  const stride = (size + 1) & ~1;
  const width = layout.form === 'dense' ? layout.width : featureCount;
  const mark = memory.mark();
  const matrices = memory.allocate(8 * outputs * stride * stride);
  const slots = memory.allocate(4 * width);
  const scratch = memory.allocate(4096 + 32 * stride + 32 * outputs);
  memory.f64.fill(0, matrices / 8, matrices / 8 + outputs * stride * stride);
  memory.i32.fill(-1, slots / 4, slots / 4 + width);
  for (let slot = 0; slot < size; slot++) memory.i32[slots / 4 + features[slot]] = slot;

  const add = layout.form === 'dense' ? kernel.addBlocksDense : kernel.addBlocksSparse;
  const rowsPerCall = Math.min(512, Math.max(1, Math.floor(CALL_PRODUCTS / (outputs * size * size))));
  const logistic = Number(type === 'BINARY');
  const addRows = ({ rows: list, head, count, margins: [scales] }: RowBatch): void => {
    const headOrWidth = layout.form === 'dense' ? layout.width : head;
    kernel.secondDerivatives(logistic, list, count, toWeight, outputs, scales);
    add(list, count, headOrWidth, scales, outputs, slots, stride, matrices, scratch);
  };
  await rows.visit([weights], addRows, rowsPerCall);
  const result = Array.from({ length: outputs }, (_, k) => {
    const from = matrices / 8 + k * stride * stride;
    return mean(memory.f64.subarray(from, from + stride * stride), stride, features, rows.count, l2);
  });
  memory.release(mark);
  return { features, holdSample, matrices: result };
}

/** The mean of a sum over rows, as a compact matrix with a diagonal fit for factorising. */
function mean(sums: Float64Array, stride: number, features: Uint32Array, rowCount: number, l2: number): Float64Array {
  const size = features.length;
  const matrix = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) matrix[i * size + j] = sums[i * stride + j] / rowCount;
    if (features[i] !== BIAS_FEATURE) matrix[i * size + i] += l2;
    matrix[i * size + i] = matrix[i * size + i] * (1 + 1e-8) + 1e-9;
  }
  return matrix;
}

/** The bias and the features in the most sampled rows, ascending; among equals the lower number. */
function frequentFeatures(
  rows: SampledRows,
  featureCount: number,
  mostFeatures: number,
): Pick<Blocks, 'features' | 'holdSample'> {
  const counts = rows.counts(featureCount);
  counts[PADDING_FEATURE] = 0;
  counts[BIAS_FEATURE] = rows.count;
  let present = 0;
  for (let feature = 0; feature < counts.length; feature++) present += Number(counts[feature] > 0) | 0;
  let size = Math.min(present, mostFeatures);
  while (size * size * rows.outputs > BLOCK_ELEMENTS) size >>= 1;
  return { features: greatest(counts, size), holdSample: size === present };
}
