// Stage 2 on dense rows with several outputs: MULTICLASS. Four rows at a time are turned into doubles once; then each output's
// w and g are read once for the four.

import { keepLoss, resumeLoss } from './gradient-link';
import { softmaxRow } from './gradient-loss';

/** f32[width] to f64[width]. */
// @ts-ignore: decorator
@inline
function widen(x: usize, width: i32, target: usize): void {
  const end = x + ((<usize>width) << 2);
  do {
    const four = v128.load(x);
    v128.store(target, f64x2.promote_low_f32x4(four));
    v128.store(target, f64x2.promote_low_f32x4(v128.shuffle<u64>(four, four, 1, 0)), 16);
    x += 16;
    target += 32;
  } while (x < end);
}

// @ts-ignore: decorator
@inline
function sumPair(a: v128): f64 {
  return f64x2.extract_lane(a, 0) + f64x2.extract_lane(a, 1);
}

/** w . x of four rows, even and odd features summed apart; x of each row `bytes` after the last, margins `stride` bytes apart. */
// @ts-ignore: decorator
@inline
function marginsOfFour(w: usize, x0: usize, bytes: usize, margins: usize, stride: usize): void {
  let x1 = x0 + bytes;
  let x2 = x1 + bytes;
  let x3 = x2 + bytes;
  let a = f64x2.splat(0);
  let b = f64x2.splat(0);
  let c = f64x2.splat(0);
  let d = f64x2.splat(0);
  const end = w + bytes;
  do {
    for (let k: usize = 0; k < 4; k++) {
      const weights = v128.load(w + 16 * k);
      a = f64x2.add(a, f64x2.mul(weights, v128.load(x0 + 16 * k)));
      b = f64x2.add(b, f64x2.mul(weights, v128.load(x1 + 16 * k)));
      c = f64x2.add(c, f64x2.mul(weights, v128.load(x2 + 16 * k)));
      d = f64x2.add(d, f64x2.mul(weights, v128.load(x3 + 16 * k)));
    }
    w += 64;
    x0 += 64;
    x1 += 64;
    x2 += 64;
    x3 += 64;
  } while (w < end);
  store<f64>(margins, sumPair(a));
  store<f64>(margins + stride, sumPair(b));
  store<f64>(margins + 2 * stride, sumPair(c));
  store<f64>(margins + 3 * stride, sumPair(d));
}

/** sums += the scales of four rows, `stride` bytes apart, times x or x^2. */
// @ts-ignore: decorator
@inline
function addFour(square: bool, sums: usize, scales: usize, stride: usize, x0: usize, bytes: usize): void {
  const s0 = v128.load64_splat(scales);
  const s1 = v128.load64_splat(scales + stride);
  const s2 = v128.load64_splat(scales + 2 * stride);
  const s3 = v128.load64_splat(scales + 3 * stride);
  let x1 = x0 + bytes;
  let x2 = x1 + bytes;
  let x3 = x2 + bytes;
  const end = sums + bytes;
  do {
    for (let k: usize = 0; k < 4; k++) {
      let a = v128.load(x0 + 16 * k);
      let b = v128.load(x1 + 16 * k);
      let c = v128.load(x2 + 16 * k);
      let d = v128.load(x3 + 16 * k);
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
    x0 += 64;
    x1 += 64;
    x2 += 64;
    x3 += 64;
  } while (sums < end);
}

/** Scratch: running loss f64[2]; margins f64[8][P], of which 4 are used; curvatures f64[8][P]; x f64[4][width] at the end. */
export function gradientSoftmaxDense(
  rows: usize,
  rowCount: i32,
  width: i32,
  outputs: i32,
  arrays: i32,
  records: usize,
  scratch: usize,
): void {
  if (rowCount <= 0) return;
  const stride = ((<usize>outputs + 1) & ~1) << 3;
  const bytes = (<usize>width) << 3;
  const arrayBytes = bytes * <usize>outputs;
  const margins = scratch + 16;
  const toCurvatures = stride << 3;
  const x = margins + 2 * toCurvatures;
  const last = rows + ((<usize>rowCount) << 2) - 4;
  resumeLoss(scratch);
  for (; rowCount > 0; rowCount -= 4, rows += 16) {
    for (let i: usize = 0; i < 4; i++) {
      widen(<usize>load<u32>(min(rows + (i << 2), last)) + 16, width, x + i * bytes);
    }
    for (let k: usize = 0; k < <usize>outputs; k++) {
      marginsOfFour(records + k * bytes, x, bytes, margins + (k << 3), stride);
    }
    for (let i: usize = 0; i < 4; i++) {
      const row = <usize>load<u32>(min(rows + (i << 2), last));
      const omega = i < <usize>rowCount ? <f64>load<f32>(row, 4) : 0;
      softmaxRow(arrays, margins + i * stride, toCurvatures, outputs, <usize>load<f32>(row), omega);
    }
    if (arrays == 1) continue;
    const g = records + arrayBytes;
    for (let k: usize = 0; k < <usize>outputs; k++) {
      addFour(false, g + k * bytes, margins + (k << 3), stride, x, bytes);
    }
    if (arrays == 2) continue;
    const h = g + arrayBytes;
    for (let k: usize = 0; k < <usize>outputs; k++) {
      addFour(true, h + k * bytes, margins + toCurvatures + (k << 3), stride, x, bytes);
    }
  }
  keepLoss(scratch);
}
