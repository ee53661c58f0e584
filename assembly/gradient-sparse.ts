// Stage 2 on sparse rows with one output: BINARY and REGRESSION. Records of features: w (arrays = 1), w g (2), w g h 0 (3).
//
// Rows go in batches: first all margins, then all derivatives, then all gradients. So the cache misses of a batch overlap, and
// its records are still in the cache when they are written.

import { keepLoss, resumeLoss } from './gradient-link';
import { logisticRows, squaredRows, TO_CURVATURES } from './gradient-loss';

const BATCH_ROWS: i32 = 8;

/** log2 of the bytes of a record. */
// @ts-ignore: decorator
@inline
function recordShift(arrays: i32): usize {
  return arrays == 1 ? 3 : arrays == 2 ? 4 : 5;
}

// @ts-ignore: decorator
@inline
function recordOf(arrays: i32, records: usize, index: usize): usize {
  return records + ((<usize>load<u32>(index)) << recordShift(arrays));
}

/** w x of the feature `at` bytes into the indices. */
// @ts-ignore: decorator
@inline
function term(arrays: i32, valued: bool, records: usize, index: usize, toValues: usize): f64 {
  const w = load<f64>(recordOf(arrays, records, index));
  return valued ? w * <f64>load<f32>(index + toValues) : w;
}

/** Sum of w x over a row: four sums side by side. */
// @ts-ignore: decorator
@inline
function margin(arrays: i32, valued: bool, row: usize, records: usize): f64 {
  const bytes = (<usize>load<u32>(row, 4)) << 4;
  let a: f64 = 0;
  let b: f64 = 0;
  let c: f64 = 0;
  let d: f64 = 0;
  let index = row + 16;
  const end = index + bytes;
  do {
    a += term(arrays, valued, records, index, bytes);
    b += term(arrays, valued, records, index + 4, bytes);
    c += term(arrays, valued, records, index + 8, bytes);
    d += term(arrays, valued, records, index + 12, bytes);
    index += 16;
  } while (index < end);
  return a + b + (c + d);
}

// @ts-ignore: decorator
@inline
function addTo(arrays: i32, valued: bool, records: usize, index: usize, toValues: usize, g: f64, h: f64): void {
  const record = recordOf(arrays, records, index);
  const x = valued ? <f64>load<f32>(index + toValues) : 1;
  store<f64>(record, load<f64>(record, 8) + (valued ? g * x : g), 8);
  if (arrays == 3) store<f64>(record, load<f64>(record, 16) + (valued ? h * (x * x) : h), 16);
}

/** g += omega dl/dm x, h += omega l'' x^2 over a row. */
// @ts-ignore: decorator
@inline
function scatter(arrays: i32, valued: bool, row: usize, records: usize, g: f64, h: f64): void {
  const bytes = (<usize>load<u32>(row, 4)) << 4;
  let index = row + 16;
  const end = index + bytes;
  do {
    addTo(arrays, valued, records, index, bytes, g, h);
    addTo(arrays, valued, records, index + 4, bytes, g, h);
    addTo(arrays, valued, records, index + 8, bytes, g, h);
    addTo(arrays, valued, records, index + 12, bytes, g, h);
    index += 16;
  } while (index < end);
}

// @ts-ignore: decorator
@inline
function accumulate(
  logistic: bool,
  arrays: i32,
  valued: bool,
  rows: usize,
  rowCount: i32,
  records: usize,
  scratch: usize,
): void {
  const margins = scratch + 16;
  resumeLoss(scratch);
  while (rowCount > 0) {
    const count = min(rowCount, BATCH_ROWS);
    for (let i: usize = 0; i < <usize>count; i++) {
      store<f64>(margins + (i << 3), margin(arrays, valued, <usize>load<u32>(rows + (i << 2)), records));
    }
    if (logistic) logisticRows(arrays, 8, rows, count, margins);
    else squaredRows(arrays, 8, rows, count, margins);
    if (arrays > 1) {
      for (let i: usize = 0; i < <usize>count; i++) {
        const h = arrays == 3 ? load<f64>(margins + (i << 3), TO_CURVATURES) : 0;
        scatter(arrays, valued, <usize>load<u32>(rows + (i << 2)), records, load<f64>(margins + (i << 3)), h);
      }
    }
    rows += (<usize>count) << 2;
    rowCount -= count;
  }
  keepLoss(scratch);
}

// One function for each task and kind of rows, of which the loop over `arrays` is specialised.

function logisticOnes(arrays: i32, rows: usize, rowCount: i32, records: usize, scratch: usize): void {
  if (arrays == 1) accumulate(true, 1, false, rows, rowCount, records, scratch);
  else if (arrays == 2) accumulate(true, 2, false, rows, rowCount, records, scratch);
  else accumulate(true, 3, false, rows, rowCount, records, scratch);
}

function logisticValues(arrays: i32, rows: usize, rowCount: i32, records: usize, scratch: usize): void {
  if (arrays == 1) accumulate(true, 1, true, rows, rowCount, records, scratch);
  else if (arrays == 2) accumulate(true, 2, true, rows, rowCount, records, scratch);
  else accumulate(true, 3, true, rows, rowCount, records, scratch);
}

function squaredOnes(arrays: i32, rows: usize, rowCount: i32, records: usize, scratch: usize): void {
  if (arrays == 1) accumulate(false, 1, false, rows, rowCount, records, scratch);
  else if (arrays == 2) accumulate(false, 2, false, rows, rowCount, records, scratch);
  else accumulate(false, 3, false, rows, rowCount, records, scratch);
}

function squaredValues(arrays: i32, rows: usize, rowCount: i32, records: usize, scratch: usize): void {
  if (arrays == 1) accumulate(false, 1, true, rows, rowCount, records, scratch);
  else if (arrays == 2) accumulate(false, 2, true, rows, rowCount, records, scratch);
  else accumulate(false, 3, true, rows, rowCount, records, scratch);
}

export function gradientLogisticSparse(
  rows: usize,
  rowCount: i32,
  valued: bool,
  arrays: i32,
  records: usize,
  scratch: usize,
): void {
  if (valued) logisticValues(arrays, rows, rowCount, records, scratch);
  else logisticOnes(arrays, rows, rowCount, records, scratch);
}

export function gradientSquaredSparse(
  rows: usize,
  rowCount: i32,
  valued: bool,
  arrays: i32,
  records: usize,
  scratch: usize,
): void {
  if (valued) squaredValues(arrays, rows, rowCount, records, scratch);
  else squaredOnes(arrays, rows, rowCount, records, scratch);
}
