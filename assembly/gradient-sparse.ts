// Stage 2 on sparse rows with one output: BINARY and REGRESSION. Records of features: w (arrays = 1), w g (2), w g h 0 (3).
//
// Rows go in batches: first all margins, then all derivatives, then all gradients. So the cache misses of a batch overlap, and
// its records are still in the cache when they are written.

import { keepLoss, resumeLoss } from './gradient-link';
import { logisticRows, squaredRows, TO_CURVATURES } from './gradient-loss';
import { HEAD_FEATURES, headBytes } from './head';

const BATCH_ROWS: i32 = 8;
/** From the margins of a batch to the records of a head: behind the curvatures and a batch more. */
const TO_HEAD: usize = 192;

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

/** The second pair of four values, in double precision. */
// @ts-ignore: decorator
@inline
function highPair(values: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<u64>(values, values, 1, 0));
}

/** Copy the records of a head to where they stay for a call: all w, then all g, then all h, `step` bytes each; returns their end. */
function openHead(arrays: i32, head: usize, records: usize, to: usize, step: usize): usize {
  const end = to + step;
  for (let index = head + HEAD_FEATURES; to < end; to += 8, index += 4) {
    const record = recordOf(arrays, records, index);
    store<f64>(to, load<f64>(record));
    if (arrays > 1) store<f64>(to + step, load<f64>(record, 8));
    if (arrays == 3) store<f64>(to + 2 * step, load<f64>(record, 16));
  }
  return end;
}

/** Copy the sums of a head back. */
function closeHead(arrays: i32, head: usize, records: usize, from: usize, step: usize): void {
  let index = head + HEAD_FEATURES;
  for (const end = from + step; from < end; from += 8, index += 4) {
    const record = recordOf(arrays, records, index);
    if (arrays > 1) store<f64>(record, load<f64>(from + step), 8);
    if (arrays == 3) store<f64>(record, load<f64>(from + 2 * step), 16);
  }
}

/** Sum of w x over a head: four sums side by side. */
// @ts-ignore: decorator
@inline
function marginOfHead(x: usize, w: usize, end: usize): f64 {
  let low = f64x2.splat(0);
  let high = f64x2.splat(0);
  do {
    const values = v128.load(x);
    low = f64x2.add(low, f64x2.mul(v128.load(w), f64x2.promote_low_f32x4(values)));
    high = f64x2.add(high, f64x2.mul(v128.load(w, 16), highPair(values)));
    x += 16;
    w += 32;
  } while (w < end);
  const sums = f64x2.add(low, high);
  return f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1);
}

/** g += omega dl/dm x, h += omega l'' x^2 over the heads of a batch, four features at a time. */
// @ts-ignore: decorator
@inline
function scatterHeads(arrays: i32, rows: usize, count: i32, bytes: usize, margins: usize, gradients: usize): void {
  const past = rows + ((<usize>count) << 2);
  for (let at: usize = 16; at < 16 + bytes; at += 16, gradients += 32) {
    const curvatures = gradients + (bytes << 1);
    let low = v128.load(gradients);
    let high = v128.load(gradients, 16);
    let lowCurvature = arrays == 3 ? v128.load(curvatures) : f64x2.splat(0);
    let highCurvature = arrays == 3 ? v128.load(curvatures, 16) : f64x2.splat(0);
    let m = margins;
    for (let row = rows; row < past; row += 4, m += 8) {
      const values = v128.load(<usize>load<u32>(row) + at);
      const a = f64x2.promote_low_f32x4(values);
      const b = highPair(values);
      const g = v128.load64_splat(m);
      low = f64x2.add(low, f64x2.mul(g, a));
      high = f64x2.add(high, f64x2.mul(g, b));
      if (arrays < 3) continue;
      const h = v128.load64_splat(m, TO_CURVATURES);
      lowCurvature = f64x2.add(lowCurvature, f64x2.mul(h, f64x2.mul(a, a)));
      highCurvature = f64x2.add(highCurvature, f64x2.mul(h, f64x2.mul(b, b)));
    }
    v128.store(gradients, low);
    v128.store(gradients, high, 16);
    if (arrays < 3) continue;
    v128.store(curvatures, lowCurvature);
    v128.store(curvatures, highCurvature, 16);
  }
}

/** Sum of w over a row: four sums side by side. */
// @ts-ignore: decorator
@inline
function marginOfOnes(headed: bool, arrays: i32, row: usize, toTail: usize, records: usize): f64 {
  let a: f64 = 0;
  let b: f64 = 0;
  let c: f64 = 0;
  let d: f64 = 0;
  let index = row + toTail;
  const end = index + ((<usize>load<u32>(row, 4)) << 4);
  if (headed && index == end) return 0;
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

// @ts-ignore: decorator
@inline
function addOnes(arrays: i32, record: usize, g: f64, h: f64): void {
  addTo(record, 8, g);
  if (arrays == 3) addTo(record, 16, h);
}

/** g += omega dl/dm, h += omega l'' over a row. */
// @ts-ignore: decorator
@inline
function scatterOnes(
  headed: bool,
  arrays: i32,
  row: usize,
  toTail: usize,
  records: usize,
  g: f64,
  h: f64,
): void {
  let index = row + toTail;
  const end = index + ((<usize>load<u32>(row, 4)) << 4);
  if (headed && index == end) return;
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
  headed: bool,
  rows: usize,
  rowCount: i32,
  head: usize,
  records: usize,
  scratch: usize,
): void {
  const margins = scratch + 16;
  const bytes: usize = headed ? headBytes(head) : 0;
  const toTail: usize = 16 + bytes;
  const w = margins + TO_HEAD;
  const wEnd = headed ? openHead(arrays, head, records, w, bytes << 1) : w;
  resumeLoss(scratch);
  while (rowCount > 0) {
    const count = min(rowCount, BATCH_ROWS);
    for (let i: usize = 0; i < <usize>count; i++) {
      const row = <usize>load<u32>(rows + (i << 2));
      const m = marginOfOnes(headed, arrays, row, toTail, records);
      store<f64>(margins + (i << 3), headed ? m + marginOfHead(row + 16, w, wEnd) : m);
    }
    if (logistic) logisticRows(arrays, 8, rows, count, margins);
    else squaredRows(arrays, 8, rows, count, margins);
    if (arrays > 1) {
      for (let i: usize = 0; i < <usize>count; i++) {
        const h = arrays == 3 ? load<f64>(margins + (i << 3), TO_CURVATURES) : 0;
        const g = load<f64>(margins + (i << 3));
        scatterOnes(headed, arrays, <usize>load<u32>(rows + (i << 2)), toTail, records, g, h);
      }
      if (headed) scatterHeads(arrays, rows, count, bytes, margins, wEnd);
    }
    rows += (<usize>count) << 2;
    rowCount -= count;
  }
  keepLoss(scratch);
  if (headed && arrays > 1) closeHead(arrays, head, records, w, bytes << 1);
}

// One function for each task and kind of rows, of which the loop over `arrays` is specialised.

function logisticOnes(arrays: i32, rows: usize, rowCount: i32, records: usize, scratch: usize): void {
  if (arrays == 1) accumulate(true, 1, false, rows, rowCount, 0, records, scratch);
  else if (arrays == 2) accumulate(true, 2, false, rows, rowCount, 0, records, scratch);
  else accumulate(true, 3, false, rows, rowCount, 0, records, scratch);
}

function logisticHeaded(arrays: i32, rows: usize, rowCount: i32, head: usize, records: usize, scratch: usize): void {
  if (arrays == 1) accumulate(true, 1, true, rows, rowCount, head, records, scratch);
  else if (arrays == 2) accumulate(true, 2, true, rows, rowCount, head, records, scratch);
  else accumulate(true, 3, true, rows, rowCount, head, records, scratch);
}

function squaredOnes(arrays: i32, rows: usize, rowCount: i32, records: usize, scratch: usize): void {
  if (arrays == 1) accumulate(false, 1, false, rows, rowCount, 0, records, scratch);
  else if (arrays == 2) accumulate(false, 2, false, rows, rowCount, 0, records, scratch);
  else accumulate(false, 3, false, rows, rowCount, 0, records, scratch);
}

function squaredHeaded(arrays: i32, rows: usize, rowCount: i32, head: usize, records: usize, scratch: usize): void {
  if (arrays == 1) accumulate(false, 1, true, rows, rowCount, head, records, scratch);
  else if (arrays == 2) accumulate(false, 2, true, rows, rowCount, head, records, scratch);
  else accumulate(false, 3, true, rows, rowCount, head, records, scratch);
}

export function gradientLogisticSparse(
  rows: usize,
  rowCount: i32,
  head: usize,
  arrays: i32,
  records: usize,
  scratch: usize,
): void {
  if (head) logisticHeaded(arrays, rows, rowCount, head, records, scratch);
  else logisticOnes(arrays, rows, rowCount, records, scratch);
}

export function gradientSquaredSparse(
  rows: usize,
  rowCount: i32,
  head: usize,
  arrays: i32,
  records: usize,
  scratch: usize,
): void {
  if (head) squaredHeaded(arrays, rows, rowCount, head, records, scratch);
  else squaredOnes(arrays, rows, rowCount, records, scratch);
}
