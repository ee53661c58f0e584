// Margins of rows in double precision.

/** Sum of w x over a sparse row, one output: four sums side by side. */
// @ts-ignore: decorator
@inline
function sparseMargin(valued: bool, row: usize, weights: usize): f64 {
  const bytes = (<usize>load<u32>(row, 4)) << 4;
  let indices = row + 16;
  const end = indices + bytes;
  let a: f64 = 0;
  let b: f64 = 0;
  let c: f64 = 0;
  let d: f64 = 0;
  for (; indices < end; indices += 16) {
    const values = indices + bytes;
    a += load<f64>(weights + ((<usize>load<u32>(indices)) << 3)) * (valued ? <f64>load<f32>(values) : 1);
    b += load<f64>(weights + ((<usize>load<u32>(indices, 4)) << 3)) * (valued ? <f64>load<f32>(values, 4) : 1);
    c += load<f64>(weights + ((<usize>load<u32>(indices, 8)) << 3)) * (valued ? <f64>load<f32>(values, 8) : 1);
    d += load<f64>(weights + ((<usize>load<u32>(indices, 12)) << 3)) * (valued ? <f64>load<f32>(values, 12) : 1);
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
// @ts-ignore: decorator
@inline
function sparseMargins(valued: bool, row: usize, weights: usize, bytes: usize, margins: usize): void {
  memory.fill(margins, 0, bytes);
  const indexBytes = (<usize>load<u32>(row, 4)) << 4;
  let index = row + 16;
  for (const end = index + indexBytes; index < end; index += 4) {
    const x = valued ? <f64>load<f32>(index + indexBytes) : 1;
    addOutputs(x, weights + <usize>load<u32>(index) * bytes, margins, bytes);
  }
}

export function scoreSparse(
  rows: usize,
  rowCount: i32,
  valued: bool,
  weights: usize,
  outputs: i32,
  margins: usize,
): void {
  const bytes = (<usize>outputs) << 3;
  for (let i = 0; i < rowCount; i++, rows += 4, margins += bytes) {
    const row = <usize>load<u32>(rows);
    if (outputs == 1)
      store<f64>(margins, valued ? sparseMargin(true, row, weights) : sparseMargin(false, row, weights));
    else if (valued) sparseMargins(true, row, weights, bytes, margins);
    else sparseMargins(false, row, weights, bytes, margins);
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
