// Stage 2 on sparse rows with several outputs: MULTICLASS. A record holds w, g and h of P outputs, P even; the outputs of a
// feature are vectors, and no two outputs meet but in the softmax.

import { keepLoss, resumeLoss } from './gradient-link';
import { softmaxRows } from './gradient-loss';
import { HEAD_FEATURES, headBytes } from './head';

/** Margins of 2 * `vectors` outputs, `at` bytes into the records. */
// @ts-ignore: decorator
@inline
function margins(
  vectors: i32,
  headed: bool,
  row: usize,
  head: usize,
  toTail: usize,
  records: usize,
  recordBytes: usize,
  at: usize,
  target: usize,
): void {
  let a = f64x2.splat(0);
  let b = f64x2.splat(0);
  let c = f64x2.splat(0);
  let d = f64x2.splat(0);
  const tail = row + 16 + toTail;
  if (headed) {
    let feature = head + HEAD_FEATURES;
    for (let x = row + 16; x < tail; x += 4, feature += 4) {
      const w = records + <usize>load<u32>(feature) * recordBytes + at;
      const value = f64x2.splat(<f64>load<f32>(x));
      a = f64x2.add(a, f64x2.mul(value, v128.load(w)));
      if (vectors == 4) {
        b = f64x2.add(b, f64x2.mul(value, v128.load(w, 16)));
        c = f64x2.add(c, f64x2.mul(value, v128.load(w, 32)));
        d = f64x2.add(d, f64x2.mul(value, v128.load(w, 48)));
      }
    }
  }
  const end = tail + ((<usize>load<u32>(row, 4)) << 4);
  for (let index = tail; index < end; index += 4) {
    const w = records + <usize>load<u32>(index) * recordBytes + at;
    a = f64x2.add(a, v128.load(w));
    if (vectors == 4) {
      b = f64x2.add(b, v128.load(w, 16));
      c = f64x2.add(c, v128.load(w, 32));
      d = f64x2.add(d, v128.load(w, 48));
    }
  }
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
  headed: bool,
  row: usize,
  head: usize,
  toTail: usize,
  records: usize,
  recordBytes: usize,
  toSums: usize,
  scales: usize,
  bytes: usize,
): void {
  const tail = row + 16 + toTail;
  if (headed) {
    let feature = head + HEAD_FEATURES;
    for (let x = row + 16; x < tail; x += 4, feature += 4) {
      const sums = records + <usize>load<u32>(feature) * recordBytes + toSums;
      const value = <f64>load<f32>(x);
      const factor = f64x2.splat(square ? value * value : value);
      let at: usize = 0;
      do {
        v128.store(sums + at, f64x2.add(v128.load(sums + at), f64x2.mul(factor, v128.load(scales + at))));
        at += 16;
      } while (at < bytes);
    }
  }
  const end = tail + ((<usize>load<u32>(row, 4)) << 4);
  for (let index = tail; index < end; index += 4) {
    const sums = records + <usize>load<u32>(index) * recordBytes + toSums;
    let at: usize = 0;
    do {
      v128.store(sums + at, f64x2.add(v128.load(sums + at), v128.load(scales + at)));
      at += 16;
    } while (at < bytes);
  }
}

// @ts-ignore: decorator
@inline
function accumulate(
  headed: bool,
  rows: usize,
  rowCount: i32,
  head: usize,
  outputs: i32,
  arrays: i32,
  records: usize,
  scratch: usize,
): void {
  const bytes = ((<usize>outputs + 1) & ~1) << 3;
  const recordBytes = bytes * <usize>arrays;
  const whole = bytes & ~63;
  const m = scratch + 16;
  const toTail = headed ? headBytes(head) : 0;
  resumeLoss(scratch);
  for (; rowCount > 0; rowCount--, rows += 4) {
    const row = <usize>load<u32>(rows);
    for (let at: usize = 0; at < whole; at += 64) margins(4, headed, row, head, toTail, records, recordBytes, at, m);
    for (let at = whole; at < bytes; at += 16) margins(1, headed, row, head, toTail, records, recordBytes, at, m);
    softmaxRows(arrays, 8, rows, 1, m, bytes, outputs);
    if (arrays > 1) scatter(false, headed, row, head, toTail, records, recordBytes, bytes, m, bytes);
    if (arrays > 2) scatter(true, headed, row, head, toTail, records, recordBytes, 2 * bytes, m + bytes, bytes);
  }
  keepLoss(scratch);
}

export function gradientSoftmaxSparse(
  rows: usize,
  rowCount: i32,
  head: usize,
  outputs: i32,
  arrays: i32,
  records: usize,
  scratch: usize,
): void {
  if (head) accumulate(true, rows, rowCount, head, outputs, arrays, records, scratch);
  else accumulate(false, rows, rowCount, 0, outputs, arrays, records, scratch);
}
