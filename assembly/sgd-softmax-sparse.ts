// Stage 1 on sparse rows with several outputs: MULTICLASS. A weight record holds c and, for each class, w, S and D; four
// classes are one vector, and no two classes meet but in the softmax.

import { HEAD_FEATURES, headBytes } from './head';
import { closeLosses, openLosses, softmax } from './loss';
import { penalise } from './penalty';

/**
 * Write the addresses of the weight records of what a row contains and, where rows have a head, the values; returns the end of
 * the list.
 */
// @ts-ignore: decorator
@inline
function locate(
  headed: bool,
  row: usize,
  head: usize,
  bytes: usize,
  weights: usize,
  recordBytes: usize,
  records: usize,
  values: usize,
): usize {
  let x = row + 16;
  const tail = x + bytes;
  if (headed) {
    for (let index = head + HEAD_FEATURES; x < tail; x += 4, index += 4) {
      const value = load<f32>(x);
      store<u32>(records, weights + <usize>load<u32>(index) * recordBytes);
      store<f32>(values, value);
      const step = <usize>(value != 0) << 2;
      records += step;
      values += step;
    }
  }
  for (const end = tail + ((<usize>load<u32>(row, 4)) << 4); x < end; x += 4) {
    const index = <usize>load<u32>(x);
    if (index == 0) break;
    store<u32>(records, weights + index * recordBytes);
    records += 4;
    if (!headed) continue;
    store<f32>(values, 1);
    values += 4;
  }
  return records;
}

/** Margins of four classes, `at` bytes into the records. */
// @ts-ignore: decorator
@inline
function marginsOfFour(valued: bool, records: usize, end: usize, values: usize, at: usize): v128 {
  let sum = f32x4.splat(0);
  do {
    let w = v128.load(<usize>load<u32>(records) + at);
    if (valued) {
      w = f32x4.mul(w, v128.load32_splat(values));
      values += 4;
    }
    sum = f32x4.add(sum, w);
    records += 4;
  } while (records < end);
  return sum;
}

/** S += h x^2, r = 1 / sqrt(4 + S) for four classes; writes r, a vector per feature; returns s = sum r x^2. */
// @ts-ignore: decorator
@inline
function curveOfFour(valued: bool, h: v128, records: usize, end: usize, values: usize, at: usize, rates: usize): v128 {
  let sum = f32x4.splat(0);
  do {
    const record = <usize>load<u32>(records) + at;
    let growth = h;
    let square = f32x4.splat(1);
    if (valued) {
      const x = v128.load32_splat(values);
      square = f32x4.mul(x, x);
      growth = f32x4.mul(h, square);
      values += 4;
    }
    const S = f32x4.add(v128.load(record), growth);
    const r = f32x4.div(f32x4.splat(1), f32x4.sqrt(f32x4.add(S, f32x4.splat(4))));
    v128.store(record, S);
    v128.store(rates, r);
    sum = f32x4.add(sum, valued ? f32x4.mul(r, square) : r);
    records += 4;
    rates += 16;
  } while (records < end);
  return sum;
}

/** The step of four classes: w `at` bytes into the records, D `toD` bytes after it. */
// @ts-ignore: decorator
@inline
function updateFour(
  valued: bool,
  hasL1: bool,
  ag: v128,
  t1: v128,
  l1: v128,
  l2: v128,
  records: usize,
  end: usize,
  values: usize,
  at: usize,
  toD: usize,
  rates: usize,
): void {
  do {
    const record = <usize>load<u32>(records);
    const place = record + at;
    const w = v128.load(place);
    const r = v128.load(rates);
    let step = f32x4.mul(ag, r);
    if (valued) {
      step = f32x4.mul(step, v128.load32_splat(values));
      values += 4;
    }
    const v = penalise(hasL1, f32x4.sub(w, step), r, v128.load32_splat(record), l1, l2);
    v128.store(place, v);
    v128.store(place + toD, f32x4.add(v128.load(place + toD), f32x4.mul(t1, f32x4.sub(v, w))));
    records += 4;
    rates += 16;
  } while (records < end);
}

/**
 * Scratch: margins, then gradients f32[padded]; curvatures f32[padded]; per group of four features u32[4] addresses of
 * records, after all of those v128[4] rates and, where rows have a head, f32[4] values.
 */
// @ts-ignore: decorator
@inline
function train(
  headed: bool,
  rows: usize,
  rowCount: i32,
  head: usize,
  weights: usize,
  outputs: i32,
  firstStep: u32,
  l1: f64,
  l2: f64,
  margins: usize,
): f64 {
  const hasL1 = l1 > 0;
  const l1s = f32x4.splat(<f32>l1);
  const l2s = f32x4.splat(<f32>l2);
  const one = f32x4.splat(1);
  const bytes = ((<usize>outputs + 3) / 4) * 16;
  const curvatures = margins + bytes;
  const records = curvatures + bytes;
  const toTail = headed ? headBytes(head) : 0;
  let t1: f32 = <f32>(firstStep - 1);
  openLosses();
  for (let i = 0; i < rowCount; i++, rows += 4, t1 += 1) {
    const row = <usize>load<u32>(rows);
    const omega = load<f32>(row, 8);
    if (omega == 0) continue;
    const entryBytes = ((<usize>load<u32>(row, 4)) << 4) + toTail;
    const rates = records + entryBytes;
    const values = rates + 4 * entryBytes;
    const end = locate(headed, row, head, toTail, weights, 16 + 3 * bytes, records, values);
    for (let at: usize = 0; at < bytes; at += 16) {
      v128.store(margins + at, marginsOfFour(headed, records, end, values, 16 + at));
    }
    softmax(margins, curvatures, outputs, <i32>load<f32>(row), omega);
    const quarter = f32x4.splat(<f32>0.25 * omega);
    const t1s = f32x4.splat(t1);
    for (let at: usize = 0; at < bytes; at += 16) {
      const h = v128.load(curvatures + at);
      const s = curveOfFour(headed, h, records, end, values, 16 + bytes + at, rates);
      const ag = f32x4.div(v128.load(margins + at), f32x4.add(one, f32x4.mul(s, quarter)));
      updateFour(headed, hasL1, ag, t1s, l1s, l2s, records, end, values, 16 + at, 2 * bytes, rates);
    }
  }
  return closeLosses();
}

function softmaxOnes(
  rows: usize,
  rowCount: i32,
  weights: usize,
  outputs: i32,
  firstStep: u32,
  l1: f64,
  l2: f64,
  scratch: usize,
): f64 {
  return train(false, rows, rowCount, 0, weights, outputs, firstStep, l1, l2, scratch);
}

function softmaxHeaded(
  rows: usize,
  rowCount: i32,
  head: usize,
  weights: usize,
  outputs: i32,
  firstStep: u32,
  l1: f64,
  l2: f64,
  scratch: usize,
): f64 {
  return train(true, rows, rowCount, head, weights, outputs, firstStep, l1, l2, scratch);
}

export function trainSoftmaxSparse(
  rows: usize,
  rowCount: i32,
  head: usize,
  weights: usize,
  outputs: i32,
  firstStep: u32,
  l1: f64,
  l2: f64,
  scratch: usize,
): f64 {
  if (head) return softmaxHeaded(rows, rowCount, head, weights, outputs, firstStep, l1, l2, scratch);
  return softmaxOnes(rows, rowCount, weights, outputs, firstStep, l1, l2, scratch);
}
