// Stage 2 on dense rows with one output: BINARY and REGRESSION. Four rows share each load of w, and each load and store of g;
// their terms are added to g in the order of the rows, so that nothing depends on which rows come together.

import { keepLoss, resumeLoss } from './gradient-link';
import { logisticRows, squaredRows, TO_CURVATURES } from './gradient-loss';

/** Two floats as doubles. */
// @ts-ignore: decorator
@inline
function pair(x: usize): v128 {
  return f64x2.promote_low_f32x4(v128.load64_zero(x));
}

// @ts-ignore: decorator
@inline
function sumPair(a: v128): f64 {
  return f64x2.extract_lane(a, 0) + f64x2.extract_lane(a, 1);
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
    for (let k: usize = 0; k < 4; k++) {
      const weights = v128.load(w + 16 * k);
      a = f64x2.add(a, f64x2.mul(weights, pair(x0 + 8 * k)));
      b = f64x2.add(b, f64x2.mul(weights, pair(x1 + 8 * k)));
      c = f64x2.add(c, f64x2.mul(weights, pair(x2 + 8 * k)));
      d = f64x2.add(d, f64x2.mul(weights, pair(x3 + 8 * k)));
    }
    w += 64;
    x0 += 32;
    x1 += 32;
    x2 += 32;
    x3 += 32;
  } while (x0 < end);
  store<f64>(margins, sumPair(a));
  store<f64>(margins, sumPair(b), 8);
  store<f64>(margins, sumPair(c), 16);
  store<f64>(margins, sumPair(d), 24);
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
    for (let k: usize = 0; k < 4; k++) {
      let a = pair(x0 + 8 * k);
      let b = pair(x1 + 8 * k);
      let c = pair(x2 + 8 * k);
      let d = pair(x3 + 8 * k);
      if (square) {
        a = f64x2.mul(a, a);
        b = f64x2.mul(b, b);
        c = f64x2.mul(c, c);
        d = f64x2.mul(d, d);
      }
      let sum = f64x2.add(v128.load(sums + 16 * k), f64x2.mul(s0, a));
      sum = f64x2.add(sum, f64x2.mul(s1, b));
      sum = f64x2.add(sum, f64x2.mul(s2, c));
      sum = f64x2.add(sum, f64x2.mul(s3, d));
      v128.store(sums + 16 * k, sum);
    }
    sums += 64;
    x0 += 32;
    x1 += 32;
    x2 += 32;
    x3 += 32;
  } while (x0 < end);
}

/** Scales of rows that are not there. */
// @ts-ignore: decorator
@inline
function clearFrom(count: i32, scales: usize): void {
  for (let i = <usize>count; i < 4; i++) store<f64>(scales + (i << 3), 0);
}

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
  const bytes = (<usize>width) << 3;
  const last = rows + ((<usize>rowCount) << 2) - 4;
  resumeLoss(scratch);
  for (; rowCount > 0; rowCount -= 4, rows += 16) {
    const x0 = <usize>load<u32>(rows) + 16;
    const x1 = <usize>load<u32>(min(rows + 4, last)) + 16;
    const x2 = <usize>load<u32>(min(rows + 8, last)) + 16;
    const x3 = <usize>load<u32>(min(rows + 12, last)) + 16;
    const count = min(rowCount, 4);
    marginsOfFour(w, x0, x1, x2, x3, width, margins);
    if (logistic) logisticRows(arrays, 4, rows, count, margins);
    else squaredRows(arrays, 4, rows, count, margins);
    if (arrays == 1) continue;
    if (count < 4) clearFrom(count, margins);
    addFour(false, w + bytes, margins, x0, x1, x2, x3, width);
    if (arrays == 2) continue;
    if (count < 4) clearFrom(count, margins + TO_CURVATURES);
    addFour(true, w + 2 * bytes, margins + TO_CURVATURES, x0, x1, x2, x3, width);
  }
  keepLoss(scratch);
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
