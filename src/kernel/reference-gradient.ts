import { PADDING_FEATURE } from '../features/rows.js';
import type { Kernel } from './kernel.js';
import { logistic, softmax, squared } from './reference-losses.js';
import { type Bytes, denseRows, type Row, sparseRows } from './reference-rows.js';

type GradientKernels = Pick<
  Kernel,
  | 'gradientLogisticSparse'
  | 'gradientSquaredSparse'
  | 'gradientSoftmaxSparse'
  | 'gradientLogisticDense'
  | 'gradientSquaredDense'
  | 'gradientSoftmaxDense'
  | 'lossSum'
>;

/** Loss of a row, its derivatives by the margins and its second derivatives. */
type Derivatives = (margins: Float64Array, target: number, gradients: Float64Array, curvatures: Float64Array) => number;

/** Where records lie, as indices into f64. */
interface Records {
  readonly outputs: number;
  /** Of w; g and h follow `toNext` and 2 `toNext` doubles later. */
  w(feature: number, output: number): number;
  readonly toNext: number;
  /** 1 the loss, 2 also g, 3 also h. */
  readonly arrays: number;
  /** Index into f64 of the running loss. */
  readonly loss: number;
}

const logisticDerivatives: Derivatives = (margins, target, gradients, curvatures) => {
  const loss = logistic.evaluate(margins, target, gradients, curvatures);
  const p = Math.abs(gradients[0]);
  curvatures[0] = p * (1 - p);
  return loss;
};

const squaredDerivatives: Derivatives = (margins, target, gradients, curvatures) => {
  const loss = squared.evaluate(margins, target, gradients, curvatures);
  curvatures[0] = 1;
  return loss;
};

const softmaxDerivatives: Derivatives = (margins, target, gradients, curvatures) => {
  const loss = softmax.evaluate(margins, target, gradients, curvatures);
  gradients.forEach((g, k) => {
    const p = g + (k === target ? 1 : 0);
    curvatures[k] = p * (1 - p);
  });
  return loss;
};

/** The kernels of stage 2 in plain TypeScript. */
export function gradientKernels(memory: Bytes): GradientKernels {
  const sparse =
    (derivatives: Derivatives): Kernel['gradientLogisticSparse'] =>
    (rows, rowCount, head, arrays, records, scratch) =>
      accumulate(
        memory,
        derivatives,
        sparseRows(memory, rows, rowCount, head),
        sparseRecords(1, arrays, records, scratch),
      );
  const dense =
    (derivatives: Derivatives): Kernel['gradientLogisticDense'] =>
    (rows, rowCount, width, arrays, records, scratch) =>
      accumulate(
        memory,
        derivatives,
        denseRows(memory, rows, rowCount, width),
        denseRecords(width, 1, arrays, records, scratch),
      );
  return {
    gradientLogisticSparse: sparse(logisticDerivatives),
    gradientSquaredSparse: sparse(squaredDerivatives),
    gradientLogisticDense: dense(logisticDerivatives),
    gradientSquaredDense: dense(squaredDerivatives),
    gradientSoftmaxSparse: (rows, rowCount, head, outputs, arrays, records, scratch) =>
      accumulate(
        memory,
        softmaxDerivatives,
        sparseRows(memory, rows, rowCount, head),
        sparseRecords(outputs, arrays, records, scratch),
      ),
    gradientSoftmaxDense: (rows, rowCount, width, outputs, arrays, records, scratch) =>
      accumulate(
        memory,
        softmaxDerivatives,
        denseRows(memory, rows, rowCount, width),
        denseRecords(width, outputs, arrays, records, scratch),
      ),
    lossSum(scratch) {
      const f64 = new Float64Array(memory.buffer);
      return f64[scratch / 8] + Math.log(f64[scratch / 8 + 1]);
    },
  };
}

function sparseRecords(outputs: number, arrays: number, records: number, scratch: number): Records {
  const padded = outputs === 1 ? 1 : Math.ceil(outputs / 2) * 2;
  const stride = outputs === 1 ? [1, 2, 4][arrays - 1] : arrays * padded;
  const w = (feature: number, k: number): number => records / 8 + feature * stride + k;
  return { outputs, w, toNext: padded, arrays, loss: scratch / 8 };
}

function denseRecords(width: number, outputs: number, arrays: number, records: number, scratch: number): Records {
  const w = (feature: number, k: number): number => records / 8 + k * width + feature;
  return { outputs, w, toNext: width * outputs, arrays, loss: scratch / 8 };
}

function accumulate({ buffer }: Bytes, derivatives: Derivatives, rows: Iterable<Row>, records: Records): void {
  const f64 = new Float64Array(buffer);
  const { outputs, arrays, toNext } = records;
  const margins = new Float64Array(outputs);
  const gradients = new Float64Array(outputs);
  const curvatures = new Float64Array(outputs);
  for (const { target, weight, features, values } of rows) {
    if (weight === 0) continue;
    for (let k = 0; k < outputs; k++) {
      margins[k] = features.reduce((sum, feature, j) => sum + f64[records.w(feature, k)] * values[j], 0);
    }
    f64[records.loss] += weight * derivatives(margins, target, gradients, curvatures);
    features.forEach((feature, j) => {
      if (feature === PADDING_FEATURE) return;
      for (let k = 0; k < outputs; k++) {
        const at = records.w(feature, k);
        if (arrays >= 2) f64[at + toNext] += weight * gradients[k] * values[j];
        if (arrays === 3) f64[at + 2 * toNext] += weight * curvatures[k] * values[j] ** 2;
      }
    });
  }
}
