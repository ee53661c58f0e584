import type { ModelType } from '../model/types.js';

const ROUND = 1.5 * 2 ** 52;
const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
/** 1 / k! */
const FACTORS = [1, 1, 1 / 2, 1 / 6, 1 / 24, 1 / 120, 1 / 720, 1 / 5040, 1 / 40320, 1 / 362880];

const float = new Float64Array(1);
const bits = new Uint32Array(float.buffer);

/** e^x, relative error below 1e-11, the same bits on every machine; for x <= 0, smaller than -700 counts as -700. */
function exp(x: number): number {
  const bounded = Math.max(x, -700);
  const n = bounded * Math.LOG2E + ROUND - ROUND;
  const r = bounded - n * LN2_HIGH - n * LN2_LOW;
  let sum = 0;
  for (let k = FACTORS.length - 1; k >= 0; k--) sum = sum * r + FACTORS[k];
  float[0] = 1;
  bits[1] += n * 2 ** 20;
  return sum * float[0];
}

/**
 * Second derivatives of the losses of rows by their margins: p (1 - p), or 1.
 *
 * @param margins f64[rows * outputs], row major, replaced by them
 */
export function secondDerivatives(type: ModelType, margins: Float64Array, outputs: number): void {
  if (type === 'REGRESSION') margins.fill(1);
  else if (type === 'BINARY') {
    for (let i = 0; i < margins.length; i++) {
      const e = exp(-Math.abs(margins[i]));
      margins[i] = e / ((1 + e) * (1 + e));
    }
  } else for (let i = 0; i < margins.length; i += outputs) softmaxDerivatives(margins, i, i + outputs);
}

function softmaxDerivatives(margins: Float64Array, begin: number, end: number): void {
  let top = margins[begin];
  for (let i = begin; i < end; i++) top = Math.max(top, margins[i]);
  let sum = 0;
  for (let i = begin; i < end; i++) {
    margins[i] = exp(margins[i] - top);
    sum += margins[i];
  }
  for (let i = begin; i < end; i++) {
    const p = margins[i] / sum;
    margins[i] = p * (1 - p);
  }
}

/**
 * u' H u, H the second derivatives of the loss of a row by its margins.
 *
 * @param margins f64, the row's from `first` on
 * @param moves u, likewise
 */
export function curvatureAlong(
  type: ModelType,
  margins: Float64Array,
  moves: Float64Array,
  first: number,
  outputs: number,
): number {
  if (type === 'REGRESSION') return moves[first] ** 2;
  if (type === 'BINARY') {
    const e = exp(-Math.abs(margins[first]));
    return (e / ((1 + e) * (1 + e))) * moves[first] ** 2;
  }
  let top = margins[first];
  for (let k = first; k < first + outputs; k++) top = Math.max(top, margins[k]);
  let sum = 0;
  let mean = 0;
  let square = 0;
  for (let k = first; k < first + outputs; k++) {
    const e = exp(margins[k] - top);
    sum += e;
    mean += e * moves[k];
    square += e * moves[k] ** 2;
  }
  return Math.max(0, square / sum - (mean / sum) ** 2);
}
