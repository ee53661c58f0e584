import type { Cells } from './cells.js';
import type { ListColumn } from './list-column.js';
import { BIAS_FEATURE, PADDING_FEATURE } from './rows.js';

// weights: f64[features * outputs], feature major; margins: f64[rows * outputs], row major.

/** Set the margins of all rows to the weights of the bias. */
export function startMargins(margins: Float64Array, rowCount: number, weights: Float64Array, outputs: number): void {
  if (outputs === 1) margins.fill(weights[BIAS_FEATURE], 0, rowCount);
  const bias = weights.subarray(BIAS_FEATURE * outputs, (BIAS_FEATURE + 1) * outputs);
  if (outputs > 1) for (let row = 0; row < rowCount; row++) margins.set(bias, row * outputs);
}

/** Add what the cells of the rows encoded last contribute, from row `first` on. */
export function addCells(
  { stride, features, values }: Cells,
  rowCount: number,
  weights: Float64Array,
  outputs: number,
  margins: Float64Array,
  first: number,
): void {
  for (let row = 0, cell = 0; row < rowCount; row++) {
    const margin = (first + row) * outputs;
    for (const end = cell + stride; cell < end; cell++) {
      if (features[cell] === PADDING_FEATURE) continue;
      const weight = features[cell] * outputs;
      for (let k = 0; k < outputs; k++) margins[margin + k] += values[cell] * weights[weight + k];
    }
  }
}

/** Add what the entries of the rows encoded last contribute, from row `first` on. */
export function addEntries(
  { offsets, features }: ListColumn,
  rowCount: number,
  weights: Float64Array,
  outputs: number,
  margins: Float64Array,
  first: number,
): void {
  if (outputs === 1) {
    for (let row = 0; row < rowCount; row++) {
      margins[first + row] = plusWeights(margins[first + row], weights, features, offsets[row], offsets[row + 1]);
    }
    return;
  }
  for (let row = 0; row < rowCount; row++) {
    const margin = (first + row) * outputs;
    for (let entry = offsets[row]; entry < offsets[row + 1]; entry++) {
      const weight = features[entry] * outputs;
      for (let k = 0; k < outputs; k++) margins[margin + k] += weights[weight + k];
    }
  }
}

/** Apart, so that the compiler has little to do. */
function plusWeights(start: number, weights: Float64Array, features: Uint32Array, from: number, end: number): number {
  let sum = start;
  for (let entry = from; entry < end; entry++) sum += weights[features[entry]];
  return sum;
}
