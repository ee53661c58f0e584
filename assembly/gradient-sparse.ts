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

// @ts-ignore: decorator
@inline
function weightOf(arrays: i32, records: usize, index: usize): f64 {
  return load<f64>(recordOf(arrays, records, index));
}

/** w of the features at two indices that follow each other. */
// @ts-ignore: decorator
@inline
function weightPair(arrays: i32, records: usize, index: usize): v128 {
  const first = v128.load64_zero(recordOf(arrays, records, index));
  return v128.load64_lane(recordOf(arrays, records, index + 4), first, 1);
}

/** The second pair of four values, in double precision. */
// @ts-ignore: decorator
@inline
function highPair(values: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<u64>(values, values, 1, 0));
}

/** Sum of w x over a row: four sums side by side. */
// @ts-ignore: decorator
@inline
function marginOfValues(arrays: i32, row: usize, records: usize): f64 {
  const bytes = (<usize>load<u32>(row, 4)) << 4;
  let low = f64x2.splat(0);
  let high = f64x2.splat(0);
  let index = row + 16;
  const end = index + bytes;
  do {
    const values = v128.load(index + bytes);
    low = f64x2.add(low, f64x2.mul(weightPair(arrays, records, index), f64x2.promote_low_f32x4(values)));
    high = f64x2.add(high, f64x2.mul(weightPair(arrays, records, index + 8), highPair(values)));
    index += 16;
  } while (index < end);
  const sums = f64x2.add(low, v128.shuffle<u64>(low, low, 1, 0));
  const others = f64x2.add(high, v128.shuffle<u64>(high, high, 1, 0));
  return f64x2.extract_lane(f64x2.add(sums, others), 0);
}

/** Sum of w over a row: four sums side by side. */
// @ts-ignore: decorator
@inline
function marginOfOnes(arrays: i32, row: usize, records: usize): f64 {
  const bytes = (<usize>load<u32>(row, 4)) << 4;
  let a: f64 = 0;
  let b: f64 = 0;
  let c: f64 = 0;
  let d: f64 = 0;
  let index = row + 16;
  const end = index + bytes;
  do {
    a += weightOf(arrays, records, index);
    b += weightOf(arrays, records, index + 4);
    c += weightOf(arrays, records, index + 8);
    d += weightOf(arrays, records, index + 12);
    index += 16;
  } while (index < end);
  return a + b + (c + d);
}

/** Add to a number of a record. */
// @ts-ignore: decorator
@inline
function addTo(record: usize, offset: usize, x: f64): void {
  store<f64>(record + offset, load<f64>(record + offset) + x);
}

/** g += omega dl/dm x, h += omega l'' x^2 over a row. */
// @ts-ignore: decorator
@inline
function scatterValues(arrays: i32, row: usize, records: usize, g: f64, h: f64): void {
  const bytes = (<usize>load<u32>(row, 4)) << 4;
  let index = row + 16;
  const end = index + bytes;
  do {
    const values = v128.load(index + bytes);
    scatterPair(arrays, records, index, f64x2.promote_low_f32x4(values), g, h);
    scatterPair(arrays, records, index + 8, highPair(values), g, h);
    index += 16;
  } while (index < end);
}

/** The features at two indices that follow each other. */
// @ts-ignore: decorator
@inline
function scatterPair(arrays: i32, records: usize, index: usize, x: v128, g: f64, h: f64): void {
  const first = recordOf(arrays, records, index);
  const second = recordOf(arrays, records, index + 4);
  const gx = f64x2.mul(f64x2.splat(g), x);
  addTo(first, 8, f64x2.extract_lane(gx, 0));
  addTo(second, 8, f64x2.extract_lane(gx, 1));
  if (arrays < 3) return;
  const hxx = f64x2.mul(f64x2.splat(h), f64x2.mul(x, x));
  addTo(first, 16, f64x2.extract_lane(hxx, 0));
  addTo(second, 16, f64x2.extract_lane(hxx, 1));
}

// @ts-ignore: decorator
@inline
function addOnes(arrays: i32, record: usize, g: f64, h: f64): void {
  addTo(record, 8, g);
  if (arrays == 3) addTo(record, 16, h);
}

/** g += omega dl/dm, h += omega l'' over a row. */
// @ts-ignore: decorator
@inline
function scatterOnes(arrays: i32, row: usize, records: usize, g: f64, h: f64): void {
  let index = row + 16;
  const end = index + ((<usize>load<u32>(row, 4)) << 4);
  do {
    addOnes(arrays, recordOf(arrays, records, index), g, h);
    addOnes(arrays, recordOf(arrays, records, index + 4), g, h);
    addOnes(arrays, recordOf(arrays, records, index + 8), g, h);
    addOnes(arrays, recordOf(arrays, records, index + 12), g, h);
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
      const row = <usize>load<u32>(rows + (i << 2));
      const m = valued ? marginOfValues(arrays, row, records) : marginOfOnes(arrays, row, records);
      store<f64>(margins + (i << 3), m);
    }
    if (logistic) logisticRows(arrays, 8, rows, count, margins);
    else squaredRows(arrays, 8, rows, count, margins);
    if (arrays > 1) {
      for (let i: usize = 0; i < <usize>count; i++) {
        const h = arrays == 3 ? load<f64>(margins + (i << 3), TO_CURVATURES) : 0;
        const g = load<f64>(margins + (i << 3));
        const row = <usize>load<u32>(rows + (i << 2));
        if (valued) scatterValues(arrays, row, records, g, h);
        else scatterOnes(arrays, row, records, g, h);
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
