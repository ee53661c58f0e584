// Stage 2 on dense rows with one output: BINARY and REGRESSION. Four rows share each load of w, and each load and store of g;
// their terms are added to g in the order of the rows, so that nothing depends on which rows come together.

import { keepLoss, resumeLoss } from './gradient-link';
import { logisticRows, squaredRows, TO_CURVATURES } from './gradient-loss';
import { highHalves, lowHalves } from './vector';

/** Two floats as doubles. */
// @ts-ignore: decorator
@inline
function pair(x: usize): v128 {
  return f64x2.promote_low_f32x4(v128.load64_zero(x));
}

/** a0 + a1, b0 + b1 */
// @ts-ignore: decorator
@inline
function sumPairs(a: v128, b: v128): v128 {
  return f64x2.add(lowHalves(a, b), highHalves(a, b));
}

/** a + w x of four features, even and odd ones apart. */
// @ts-ignore: decorator
@inline
function addProducts(a: v128, low: v128, high: v128, x: usize): v128 {
  a = f64x2.add(a, f64x2.mul(low, pair(x)));
  return f64x2.add(a, f64x2.mul(high, pair(x + 8)));
}

/** Write w . x of four rows, even and odd features summed apart. */
// @ts-ignore: decorator
@inline
function marginsOfFour(w: usize, x0: usize, x1: usize, x2: usize, x3: usize, width: i32, margins: usize): void {
  let a = f64x2.splat(0);
  let b = f64x2.splat(0);
  let c = f64x2.splat(0);
  let d = f64x2.splat(0);
  const end = x0 + ((<usize>width) << 2);
  do {
    const w0 = v128.load(w);
    const w1 = v128.load(w, 16);
    a = addProducts(a, w0, w1, x0);
    b = addProducts(b, w0, w1, x1);
    c = addProducts(c, w0, w1, x2);
    d = addProducts(d, w0, w1, x3);
    const w2 = v128.load(w, 32);
    const w3 = v128.load(w, 48);
    a = addProducts(a, w2, w3, x0 + 16);
    b = addProducts(b, w2, w3, x1 + 16);
    c = addProducts(c, w2, w3, x2 + 16);
    d = addProducts(d, w2, w3, x3 + 16);
    w += 64;
    x0 += 32;
    x1 += 32;
    x2 += 32;
    x3 += 32;
  } while (x0 < end);
  v128.store(margins, sumPairs(a, b));
  v128.store(margins, sumPairs(c, d), 16);
}

/** sum + scale x, or scale x^2, of two features. */
// @ts-ignore: decorator
@inline
function addScaled(square: bool, sum: v128, scale: v128, x: usize): v128 {
  const value = pair(x);
  return f64x2.add(sum, f64x2.mul(scale, square ? f64x2.mul(value, value) : value));
}

/** sums += the scales of four rows times x, or times x^2. */
// @ts-ignore: decorator
@inline
function addFour(
  square: bool,
  sums: usize,
  scales: usize,
  x0: usize,
  x1: usize,
  x2: usize,
  x3: usize,
  width: i32,
): void {
  const s0 = v128.load64_splat(scales);
  const s1 = v128.load64_splat(scales, 8);
  const s2 = v128.load64_splat(scales, 16);
  const s3 = v128.load64_splat(scales, 24);
  const end = x0 + ((<usize>width) << 2);
  do {
    let a = addScaled(square, v128.load(sums), s0, x0);
    let b = addScaled(square, v128.load(sums, 16), s0, x0 + 8);
    let c = addScaled(square, v128.load(sums, 32), s0, x0 + 16);
    let d = addScaled(square, v128.load(sums, 48), s0, x0 + 24);
    a = addScaled(square, a, s1, x1);
    b = addScaled(square, b, s1, x1 + 8);
    c = addScaled(square, c, s1, x1 + 16);
    d = addScaled(square, d, s1, x1 + 24);
    a = addScaled(square, a, s2, x2);
    b = addScaled(square, b, s2, x2 + 8);
    c = addScaled(square, c, s2, x2 + 16);
    d = addScaled(square, d, s2, x2 + 24);
    v128.store(sums, addScaled(square, a, s3, x3));
    v128.store(sums, addScaled(square, b, s3, x3 + 8), 16);
    v128.store(sums, addScaled(square, c, s3, x3 + 16), 32);
    v128.store(sums, addScaled(square, d, s3, x3 + 24), 48);
    sums += 64;
    x0 += 32;
    x1 += 32;
    x2 += 32;
    x3 += 32;
  } while (x0 < end);
}

/** Margins of four rows from `rows` on, none after `last`. */
// @ts-ignore: decorator
@inline
function look(rows: usize, last: usize, w: usize, width: i32, margins: usize): void {
  const x0 = <usize>load<u32>(min(rows, last)) + 16;
  const x1 = <usize>load<u32>(min(rows + 4, last)) + 16;
  const x2 = <usize>load<u32>(min(rows + 8, last)) + 16;
  const x3 = <usize>load<u32>(min(rows + 12, last)) + 16;
  marginsOfFour(w, x0, x1, x2, x3, width, margins);
}

/** Add four rows from `rows` on to g, and to h if there are three arrays; the scales of rows after `last` are 0. */
// @ts-ignore: decorator
@inline
function add(arrays: i32, rows: usize, last: usize, g: usize, width: i32, scales: usize): void {
  const x0 = <usize>load<u32>(rows) + 16;
  const x1 = <usize>load<u32>(min(rows + 4, last)) + 16;
  const x2 = <usize>load<u32>(min(rows + 8, last)) + 16;
  const x3 = <usize>load<u32>(min(rows + 12, last)) + 16;
  addFour(false, g, scales, x0, x1, x2, x3, width);
  if (arrays == 3) addFour(true, g + ((<usize>width) << 3), scales + TO_CURVATURES, x0, x1, x2, x3, width);
}

/**
 * Eight rows at a time: what comes between their margins and their gradients takes its time, and is not worth more for eight than
 * for one.
 */
// @ts-ignore: decorator
@inline
function accumulate(
  logistic: bool,
  arrays: i32,
  rows: usize,
  rowCount: i32,
  width: i32,
  w: usize,
  scratch: usize,
): void {
  if (rowCount <= 0) return;
  const margins = scratch + 16;
  const g = w + ((<usize>width) << 3);
  const last = rows + ((<usize>rowCount) << 2) - 4;
  resumeLoss(scratch);
  for (; rowCount > 0; rowCount -= 8, rows += 32) {
    const count = min(rowCount, 8);
    look(rows, last, w, width, margins);
    if (count > 4) look(rows + 16, last, w, width, margins + 32);
    if (logistic) logisticRows(arrays, 4, rows, count, margins);
    else squaredRows(arrays, 4, rows, count, margins);
    if (arrays == 1) continue;
    if (count < 8) clearFrom(count, margins);
    add(arrays, rows, last, g, width, margins);
    if (count > 4) add(arrays, rows + 16, last, g, width, margins + 32);
  }
  keepLoss(scratch);
}

/** Scales of rows that are not there. */
function clearFrom(count: i32, margins: usize): void {
  for (let at = margins + ((<usize>count) << 3); at < margins + 64; at += 8) {
    store<f64>(at, 0);
    store<f64>(at, 0, TO_CURVATURES);
  }
}

export function gradientLogisticDense(
  rows: usize,
  rowCount: i32,
  width: i32,
  arrays: i32,
  records: usize,
  scratch: usize,
): void {
  accumulate(true, arrays, rows, rowCount, width, records, scratch);
}

export function gradientSquaredDense(
  rows: usize,
  rowCount: i32,
  width: i32,
  arrays: i32,
  records: usize,
  scratch: usize,
): void {
  accumulate(false, arrays, rows, rowCount, width, records, scratch);
}
