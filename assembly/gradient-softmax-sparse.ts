// Stage 2 on sparse rows with several outputs: MULTICLASS. A record holds w, g and h of P outputs, P even; the outputs of a
// feature are vectors, and no two outputs meet but in the softmax.

import { keepLoss, resumeLoss } from './gradient-link';
import { softmaxRows } from './gradient-loss';

/** Margins of 2 * `vectors` outputs, `at` bytes into the records. */
// @ts-ignore: decorator
@inline
function margins(
  vectors: i32,
  valued: bool,
  row: usize,
  records: usize,
  recordBytes: usize,
  at: usize,
  target: usize,
): void {
  const bytes = (<usize>load<u32>(row, 4)) << 4;
  let a = f64x2.splat(0);
  let b = f64x2.splat(0);
  let c = f64x2.splat(0);
  let d = f64x2.splat(0);
  let index = row + 16;
  const end = index + bytes;
  do {
    const w = records + <usize>load<u32>(index) * recordBytes + at;
    const x = f64x2.splat(valued ? <f64>load<f32>(index + bytes) : 1);
    a = f64x2.add(a, valued ? f64x2.mul(x, v128.load(w)) : v128.load(w));
    if (vectors == 4) {
      b = f64x2.add(b, valued ? f64x2.mul(x, v128.load(w, 16)) : v128.load(w, 16));
      c = f64x2.add(c, valued ? f64x2.mul(x, v128.load(w, 32)) : v128.load(w, 32));
      d = f64x2.add(d, valued ? f64x2.mul(x, v128.load(w, 48)) : v128.load(w, 48));
    }
    index += 4;
  } while (index < end);
  v128.store(target + at, a);
  if (vectors == 4) {
    v128.store(target + at, b, 16);
    v128.store(target + at, c, 32);
    v128.store(target + at, d, 48);
  }
}

/** The `toSums` part of the records += scales * x, or * x^2. */
// @ts-ignore: decorator
@inline
function scatter(
  square: bool,
  valued: bool,
  row: usize,
  records: usize,
  recordBytes: usize,
  toSums: usize,
  scales: usize,
  bytes: usize,
): void {
  const indexBytes = (<usize>load<u32>(row, 4)) << 4;
  let index = row + 16;
  const end = index + indexBytes;
  do {
    const sums = records + <usize>load<u32>(index) * recordBytes + toSums;
    let value = valued ? <f64>load<f32>(index + indexBytes) : 1;
    if (square) value *= value;
    const x = f64x2.splat(value);
    let at: usize = 0;
    do {
      const scale = v128.load(scales + at);
      v128.store(sums + at, f64x2.add(v128.load(sums + at), valued ? f64x2.mul(x, scale) : scale));
      at += 16;
    } while (at < bytes);
    index += 4;
  } while (index < end);
}

// @ts-ignore: decorator
@inline
function accumulate(
  valued: bool,
  rows: usize,
  rowCount: i32,
  outputs: i32,
  arrays: i32,
  records: usize,
  scratch: usize,
): void {
  const bytes = ((<usize>outputs + 1) & ~1) << 3;
  const recordBytes = bytes * <usize>arrays;
  const whole = bytes & ~63;
  const m = scratch + 16;
  resumeLoss(scratch);
  for (; rowCount > 0; rowCount--, rows += 4) {
    const row = <usize>load<u32>(rows);
    for (let at: usize = 0; at < whole; at += 64) margins(4, valued, row, records, recordBytes, at, m);
    for (let at = whole; at < bytes; at += 16) margins(1, valued, row, records, recordBytes, at, m);
    softmaxRows(arrays, 8, rows, 1, m, bytes, outputs);
    if (arrays > 1) scatter(false, valued, row, records, recordBytes, bytes, m, bytes);
    if (arrays > 2) scatter(true, valued, row, records, recordBytes, 2 * bytes, m + bytes, bytes);
  }
  keepLoss(scratch);
}

export function gradientSoftmaxSparse(
  rows: usize,
  rowCount: i32,
  valued: bool,
  outputs: i32,
  arrays: i32,
  records: usize,
  scratch: usize,
): void {
  if (valued) accumulate(true, rows, rowCount, outputs, arrays, records, scratch);
  else accumulate(false, rows, rowCount, outputs, arrays, records, scratch);
}
