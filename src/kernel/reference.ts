import { plainDenseKernel } from '../features/plain-dense-kernel.js';
import { plainSparseKernel } from '../features/plain-sparse-kernel.js';
import type { Kernel } from './kernel.js';
import { blockKernels } from './reference-block.js';
import { choleskyKernels } from './reference-cholesky.js';
import { curvatureKernels } from './reference-curvature.js';
import { gradientKernels } from './reference-gradient.js';
import { type Loss, logistic, softmax, squared } from './reference-losses.js';
import { mergeKernel } from './reference-merge.js';
import { recordKernels } from './reference-records.js';
import { type Bytes, denseRows, type Row, sparseRows } from './reference-rows.js';
import { settleKernel } from './reference-settle.js';
import { vectorKernels } from './reference-vectors.js';

/** Where the training weights lie, as indices into f32. */
interface Weights {
  readonly outputs: number;
  /** Of w; S and D follow `stride` and 2 `stride` floats later. */
  w(feature: number, output: number): number;
  readonly stride: number;
  c(feature: number): number;
}

interface Penalties {
  readonly l1: number;
  readonly l2: number;
}

/**
 * The kernels in plain TypeScript, over the same memory and layout as the WebAssembly ones. They compute in double
 * precision and round what they store, so the two agree to single precision. The scratch memory is not used.
 *
 * @param heapBase what to report as `__heap_base`
 */
export function referenceKernel(memory: Bytes, heapBase = 1024): Kernel {
  const sparseOutput =
    (loss: Loss): Kernel['trainLogisticSparse'] =>
    (rows, rowCount, head, weights, firstStep, l1, l2) =>
      train(memory, loss, sparseRows(memory, rows, rowCount, head), sparseWeights(weights, 1), firstStep, { l1, l2 });
  const denseOutput =
    (loss: Loss): Kernel['trainLogisticDense'] =>
    (rows, rowCount, width, weights, firstStep, l1, l2) =>
      train(memory, loss, denseRows(memory, rows, rowCount, width), denseWeights(weights, width, 1), firstStep, {
        l1,
        l2,
      });
  return {
    __heap_base: { value: heapBase },
    trainLogisticSparse: sparseOutput(logistic),
    trainSquaredSparse: sparseOutput(squared),
    trainLogisticDense: denseOutput(logistic),
    trainSquaredDense: denseOutput(squared),
    trainSoftmaxSparse: (rows, rowCount, head, weights, outputs, firstStep, l1, l2) =>
      train(memory, softmax, sparseRows(memory, rows, rowCount, head), sparseWeights(weights, outputs), firstStep, {
        l1,
        l2,
      }),
    trainSoftmaxDense: (rows, rowCount, width, weights, outputs, firstStep, l1, l2) =>
      train(
        memory,
        softmax,
        denseRows(memory, rows, rowCount, width),
        denseWeights(weights, width, outputs),
        firstStep,
        {
          l1,
          l2,
        },
      ),
    foldAveragesSparse: (weights, featureCount, outputs, steps, sums) =>
      foldAverages(
        memory,
        sparseWeights(weights, outputs),
        featureCount,
        steps,
        sums,
        (feature, k) => feature * outputs + k,
      ),
    foldAveragesDense: (weights, width, outputs, steps, sums) =>
      foldAverages(
        memory,
        denseWeights(weights, width, outputs),
        width,
        steps,
        sums,
        (feature, k) => k * width + feature,
      ),
    scoreSparse: (rows, rowCount, head, weights, outputs, margins) =>
      score(
        memory,
        sparseRows(memory, rows, rowCount, head),
        weights,
        outputs,
        margins,
        (feature, k) => feature * outputs + k,
      ),
    scoreDense: (rows, rowCount, width, weights, outputs, margins) =>
      score(
        memory,
        denseRows(memory, rows, rowCount, width),
        weights,
        outputs,
        margins,
        (feature, k) => k * width + feature,
      ),
    ...gradientKernels(memory),
    ...mergeKernel(memory),
    ...recordKernels(memory),
    ...plainDenseKernel(memory),
    ...plainSparseKernel(memory),
    ...settleKernel(memory),
    ...vectorKernels(memory),
    ...blockKernels(memory),
    ...choleskyKernels(memory),
    ...curvatureKernels(memory),
  };
}

function sparseWeights(address: number, outputs: number): Weights {
  const base = address / 4;
  if (outputs === 1) {
    return { outputs, stride: 1, w: (feature) => base + 4 * feature, c: (feature) => base + 4 * feature + 3 };
  }
  const stride = Math.ceil(outputs / 4) * 4;
  const record = (feature: number) => base + feature * (4 + 3 * stride);
  return { outputs, stride, w: (feature, k) => record(feature) + 4 + k, c: record };
}

function denseWeights(address: number, width: number, outputs: number): Weights {
  const base = address / 4;
  return {
    outputs,
    stride: width,
    w: (feature, k) => base + width * (1 + 3 * k) + feature,
    c: (feature) => base + feature,
  };
}

/** Stage 1: one step per row. Returns the sum of the losses before each update, each times the weight of its row. */
function train(
  { buffer }: Bytes,
  loss: Loss,
  rows: Iterable<Row>,
  weights: Weights,
  firstStep: number,
  penalties: Penalties,
): number {
  const f32 = new Float32Array(buffer);
  const { outputs } = weights;
  const margins = new Float64Array(outputs);
  const gradients = new Float64Array(outputs);
  const curvatures = new Float64Array(outputs);
  let step = firstStep - 1;
  let sum = 0;
  for (const row of rows) {
    step++;
    if (row.weight === 0) continue;
    for (let k = 0; k < outputs; k++) margins[k] = margin(f32, row, weights, k);
    sum += row.weight * loss.evaluate(margins, row.target, gradients, curvatures);
    for (let k = 0; k < outputs; k++) {
      const s = curve(f32, row, weights, k, row.weight * curvatures[k]);
      const ag = row.weight * loss.implicit(margins[k], row.target, gradients[k], row.weight * s);
      update(f32, row, weights, k, ag, step, penalties);
    }
  }
  return sum;
}

/** sum w x, rounded to single precision. */
function margin(f32: Float32Array, { features, values }: Row, weights: Weights, k: number): number {
  let sum = 0;
  for (let j = 0; j < features.length; j++) sum += f32[weights.w(features[j], k)] * values[j];
  return Math.fround(sum);
}

/** r = 1 / sqrt(4 + S) */
function rate(f32: Float32Array, S: number): number {
  return 1 / Math.sqrt(4 + f32[S]);
}

/** S += h x^2; returns s = sum r x^2. */
function curve(f32: Float32Array, { features, values }: Row, weights: Weights, k: number, h: number): number {
  let s = 0;
  for (let j = 0; j < features.length; j++) {
    const S = weights.w(features[j], k) + weights.stride;
    f32[S] += h * values[j] ** 2;
    s += rate(f32, S) * values[j] ** 2;
  }
  return s;
}

/** w = soft((w - a g r x) / (1 + r l2 c), r l1 c); D += (step - 1) (change of w). */
function update(
  f32: Float32Array,
  { features, values }: Row,
  weights: Weights,
  k: number,
  ag: number,
  step: number,
  { l1, l2 }: Penalties,
): void {
  for (let j = 0; j < features.length; j++) {
    const w = weights.w(features[j], k);
    const r = rate(f32, w + weights.stride);
    const c = f32[weights.c(features[j])];
    const old = f32[w];
    f32[w] = soften((old - ag * r * values[j]) / (1 + r * l2 * c), r * l1 * c);
    f32[w + 2 * weights.stride] += (step - 1) * (f32[w] - old);
  }
}

/** sign(v) max(|v| - limit, 0), never -0. */
function soften(v: number, limit: number): number {
  if (Math.abs(v) <= limit) return 0;
  return v - Math.sign(v) * limit;
}

function foldAverages(
  { buffer }: Bytes,
  weights: Weights,
  featureCount: number,
  steps: number,
  sums: number,
  place: (feature: number, output: number) => number,
): void {
  const f32 = new Float32Array(buffer);
  const f64 = new Float64Array(buffer);
  for (let feature = 0; feature < featureCount; feature++) {
    for (let k = 0; k < weights.outputs; k++) {
      const w = weights.w(feature, k);
      const D = w + 2 * weights.stride;
      f64[sums / 8 + place(feature, k)] += steps * f32[w] - f32[D];
      f32[D] = 0;
    }
  }
}

function score(
  { buffer }: Bytes,
  rows: Iterable<Row>,
  weights: number,
  outputs: number,
  margins: number,
  place: (feature: number, output: number) => number,
): void {
  const f64 = new Float64Array(buffer);
  let at = margins / 8;
  for (const { features, values } of rows) {
    for (let k = 0; k < outputs; k++) {
      let sum = 0;
      for (let j = 0; j < features.length; j++) sum += f64[weights / 8 + place(features[j], k)] * values[j];
      f64[at++] = sum;
    }
  }
}
