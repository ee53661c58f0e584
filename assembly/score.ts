// Margins of rows in double precision.

import { HEAD_FEATURES, headBytes } from './head';

// @ts-ignore: decorator
@inline
function weightAt(index: usize, weights: usize): f64 {
  return load<f64>(weights + ((<usize>load<u32>(index)) << 3));
}

/** Sum of w x over a sparse row, one output: four sums side by side. */
// @ts-ignore: decorator
@inline
function sparseMargin(row: usize, head: usize, toTail: usize, weights: usize): f64 {
  let a: f64 = 0;
  let b: f64 = 0;
  let c: f64 = 0;
  let d: f64 = 0;
  let x = row + 16;
  const tail = x + toTail;
  for (let feature = head + HEAD_FEATURES; x < tail; x += 16, feature += 16) {
    a += weightAt(feature, weights) * <f64>load<f32>(x);
    b += weightAt(feature + 4, weights) * <f64>load<f32>(x, 4);
    c += weightAt(feature + 8, weights) * <f64>load<f32>(x, 8);
    d += weightAt(feature + 12, weights) * <f64>load<f32>(x, 12);
  }
  const end = tail + ((<usize>load<u32>(row, 4)) << 4);
  for (let index = tail; index < end; index += 16) {
    a += weightAt(index, weights);
    b += weightAt(index + 4, weights);
    c += weightAt(index + 8, weights);
    d += weightAt(index + 12, weights);
  }
  return a + b + (c + d);
}

/** margins[k] += w[k] x for all outputs of a feature. */
// @ts-ignore: decorator
@inline
function addOutputs(x: f64, w: usize, margins: usize, bytes: usize): void {
  const xs = f64x2.splat(x);
  const end = margins + bytes;
  for (; margins + 8 < end; margins += 16, w += 16) {
    v128.store(margins, f64x2.add(v128.load(margins), f64x2.mul(xs, v128.load(w))));
  }
  if (margins < end) store<f64>(margins, load<f64>(margins) + x * load<f64>(w));
}

/** margins[k] = sum over a sparse row, several outputs. */
function sparseMargins(row: usize, head: usize, toTail: usize, weights: usize, bytes: usize, margins: usize): void {
  memory.fill(margins, 0, bytes);
  let x = row + 16;
  const tail = x + toTail;
  for (let feature = head + HEAD_FEATURES; x < tail; x += 4, feature += 4) {
    addOutputs(<f64>load<f32>(x), weights + <usize>load<u32>(feature) * bytes, margins, bytes);
  }
  for (const end = tail + ((<usize>load<u32>(row, 4)) << 4); x < end; x += 4) {
    addOutputs(1, weights + <usize>load<u32>(x) * bytes, margins, bytes);
  }
}

export function scoreSparse(
  rows: usize,
  rowCount: i32,
  head: usize,
  weights: usize,
  outputs: i32,
  margins: usize,
): void {
  const bytes = (<usize>outputs) << 3;
  const toTail = headBytes(head);
  for (let i = 0; i < rowCount; i++, rows += 4, margins += bytes) {
    const row = <usize>load<u32>(rows);
    if (outputs == 1) store<f64>(margins, sparseMargin(row, head, toTail, weights));
    else sparseMargins(row, head, toTail, weights, bytes, margins);
  }
}

/** w . x, w in double precision: eight products at a time in four sums. */
// @ts-ignore: decorator
@inline
function denseMargin(x: usize, w: usize, width: i32): f64 {
  let a = f64x2.splat(0);
  let b = f64x2.splat(0);
  let c = f64x2.splat(0);
  let d = f64x2.splat(0);
  const end = x + ((<usize>width) << 2);
  do {
    const low = v128.load(x);
    const high = v128.load(x, 16);
    a = f64x2.add(a, f64x2.mul(v128.load(w), f64x2.promote_low_f32x4(low)));
    b = f64x2.add(b, f64x2.mul(v128.load(w, 16), f64x2.promote_low_f32x4(v128.shuffle<u64>(low, low, 1, 0))));
    c = f64x2.add(c, f64x2.mul(v128.load(w, 32), f64x2.promote_low_f32x4(high)));
    d = f64x2.add(d, f64x2.mul(v128.load(w, 48), f64x2.promote_low_f32x4(v128.shuffle<u64>(high, high, 1, 0))));
    x += 32;
    w += 64;
  } while (x < end);
  const sum = f64x2.add(f64x2.add(a, b), f64x2.add(c, d));
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

export function scoreDense(rows: usize, rowCount: i32, width: i32, weights: usize, outputs: i32, margins: usize): void {
  for (let i = 0; i < rowCount; i++, rows += 4) {
    const x = <usize>load<u32>(rows) + 16;
    let w = weights;
    for (let k = 0; k < outputs; k++, w += (<usize>width) << 3, margins += 8)
      store<f64>(margins, denseMargin(x, w, width));
  }
}
