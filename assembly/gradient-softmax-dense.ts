// Stage 2 on dense rows with several outputs: MULTICLASS. Four rows at a time are turned into doubles once; then each output's
// w and g are read once for the four. Features that are 0 in all four rows are left out, four at a time: of one-hot features few
// are left.

import { keepLoss, resumeLoss } from './gradient-link';
import { softmaxRows } from './gradient-loss';

/** f32[4] to f64[4]. */
// @ts-ignore: decorator
@inline
function widen(four: v128, target: usize): void {
  v128.store(target, f64x2.promote_low_f32x4(four));
  v128.store(target, f64x2.promote_low_f32x4(v128.shuffle<u64>(four, four, 1, 0)), 16);
}

/**
 * Four rows as doubles, in blocks of four features f64[4 rows][4]; u32 list of where the blocks' features stand in f64[width],
 * bytes. The last block written may be none.
 *
 * @returns end of the list
 */
function gather(x0: usize, x1: usize, x2: usize, x3: usize, width: i32, blocks: usize, list: usize): usize {
  const bytes = (<usize>width) << 2;
  for (let at: usize = 0; at < bytes; at += 16) {
    const a = v128.load(x0 + at);
    const b = v128.load(x1 + at);
    const c = v128.load(x2 + at);
    const d = v128.load(x3 + at);
    widen(a, blocks);
    widen(b, blocks + 32);
    widen(c, blocks + 64);
    widen(d, blocks + 96);
    store<u32>(list, <u32>at << 1);
    const present = <usize>v128.any_true(v128.or(v128.or(a, b), v128.or(c, d)));
    blocks += present << 7;
    list += present << 2;
  }
  return list;
}

// @ts-ignore: decorator
@inline
function sumPair(a: v128): f64 {
  return f64x2.extract_lane(a, 0) + f64x2.extract_lane(a, 1);
}

/** a + w x of four features, even and odd ones apart. */
// @ts-ignore: decorator
@inline
function addProducts(a: v128, low: v128, high: v128, x: usize): v128 {
  a = f64x2.add(a, f64x2.mul(low, v128.load(x)));
  return f64x2.add(a, f64x2.mul(high, v128.load(x, 16)));
}

/** w . x of four rows, even and odd features summed apart; margins `stride` bytes apart. */
// @ts-ignore: decorator
@inline
function marginsOfFour(w: usize, blocks: usize, list: usize, end: usize, margins: usize, stride: usize): void {
  let a = f64x2.splat(0);
  let b = f64x2.splat(0);
  let c = f64x2.splat(0);
  let d = f64x2.splat(0);
  do {
    const at = w + <usize>load<u32>(list);
    const low = v128.load(at);
    const high = v128.load(at, 16);
    a = addProducts(a, low, high, blocks);
    b = addProducts(b, low, high, blocks + 32);
    c = addProducts(c, low, high, blocks + 64);
    d = addProducts(d, low, high, blocks + 96);
    list += 4;
    blocks += 128;
  } while (list < end);
  store<f64>(margins, sumPair(a));
  store<f64>(margins + stride, sumPair(b));
  store<f64>(margins + 2 * stride, sumPair(c));
  store<f64>(margins + 3 * stride, sumPair(d));
}

/** sum + scale x, or scale x^2. */
// @ts-ignore: decorator
@inline
function addScaled(square: bool, sum: v128, scale: v128, x: usize): v128 {
  const value = v128.load(x);
  return f64x2.add(sum, f64x2.mul(scale, square ? f64x2.mul(value, value) : value));
}

/** sums += the scales of four rows, `stride` bytes apart, times x or x^2. */
// @ts-ignore: decorator
@inline
function addFour(
  square: bool,
  sums: usize,
  scales: usize,
  stride: usize,
  blocks: usize,
  list: usize,
  end: usize,
): void {
  const s0 = v128.load64_splat(scales);
  const s1 = v128.load64_splat(scales + stride);
  const s2 = v128.load64_splat(scales + 2 * stride);
  const s3 = v128.load64_splat(scales + 3 * stride);
  do {
    const at = sums + <usize>load<u32>(list);
    let low = addScaled(square, v128.load(at), s0, blocks);
    let high = addScaled(square, v128.load(at, 16), s0, blocks + 16);
    low = addScaled(square, low, s1, blocks + 32);
    high = addScaled(square, high, s1, blocks + 48);
    low = addScaled(square, low, s2, blocks + 64);
    high = addScaled(square, high, s2, blocks + 80);
    v128.store(at, addScaled(square, low, s3, blocks + 96));
    v128.store(at, addScaled(square, high, s3, blocks + 112), 16);
    list += 4;
    blocks += 128;
  } while (list < end);
}

/** Scales of rows that are not there. */
function clearFrom(count: i32, margins: usize, stride: usize, toCurvatures: usize): void {
  const from = margins + <usize>count * stride;
  memory.fill(from, 0, (4 - <usize>count) * stride);
  memory.fill(from + toCurvatures, 0, (4 - <usize>count) * stride);
}

/**
 * Scratch: running loss f64[2]; margins f64[8][P], of which 4 are used; curvatures f64[8][P]; blocks of x f64[4 width], and a list
 * of them u32[width / 4].
 */
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
  const list = x + 4 * bytes;
  const last = rows + ((<usize>rowCount) << 2) - 4;
  resumeLoss(scratch);
  for (; rowCount > 0; rowCount -= 4, rows += 16) {
    const x0 = <usize>load<u32>(rows) + 16;
    const x1 = <usize>load<u32>(min(rows + 4, last)) + 16;
    const x2 = <usize>load<u32>(min(rows + 8, last)) + 16;
    const x3 = <usize>load<u32>(min(rows + 12, last)) + 16;
    const end = gather(x0, x1, x2, x3, width, x, list);
    for (let k: usize = 0; k < <usize>outputs; k++) {
      marginsOfFour(records + k * bytes, x, list, end, margins + (k << 3), stride);
    }
    const count = min(rowCount, 4);
    softmaxRows(arrays, 4, rows, count, margins, toCurvatures, outputs);
    if (arrays == 1) continue;
    if (count < 4) clearFrom(count, margins, stride, toCurvatures);
    const g = records + arrayBytes;
    for (let k: usize = 0; k < <usize>outputs; k++) {
      addFour(false, g + k * bytes, margins + (k << 3), stride, x, list, end);
    }
    if (arrays == 2) continue;
    const h = g + arrayBytes;
    for (let k: usize = 0; k < <usize>outputs; k++) {
      addFour(true, h + k * bytes, margins + toCurvatures + (k << 3), stride, x, list, end);
    }
  }
  keepLoss(scratch);
}
