// Stage 1 on sparse rows with several outputs: MULTICLASS. A weight record holds c and, for each class, w, S and D; four
// classes are one vector, and no two classes meet but in the softmax.

import { closeLosses, openLosses, softmax } from './loss';
import { penalise } from './penalty';

/** Write the addresses of the weight records of a row, without padding; returns the end of the list. */
// @ts-ignore: decorator
@inline
function locate(row: usize, weights: usize, recordBytes: usize, records: usize): usize {
  let indices = row + 16;
  const end = indices + ((<usize>load<u32>(row, 4)) << 4);
  do {
    const index = <usize>load<u32>(indices);
    if (index == 0) break;
    store<u32>(records, weights + index * recordBytes);
    indices += 4;
    records += 4;
  } while (indices < end);
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
 * records, and after all of those v128[4] rates.
 */
// @ts-ignore: decorator
@inline
function train(
  valued: bool,
  rows: usize,
  rowCount: i32,
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
  let t1: f32 = <f32>(firstStep - 1);
  openLosses();
  for (let i = 0; i < rowCount; i++, rows += 4, t1 += 1) {
    const row = <usize>load<u32>(rows);
    const omega = load<f32>(row, 8);
    if (omega == 0) continue;
    const groupBytes = (<usize>load<u32>(row, 4)) << 4;
    const values = row + 16 + groupBytes;
    const rates = records + groupBytes;
    const end = locate(row, weights, 16 + 3 * bytes, records);
    for (let at: usize = 0; at < bytes; at += 16) {
      v128.store(margins + at, marginsOfFour(valued, records, end, values, 16 + at));
    }
    softmax(margins, curvatures, outputs, <i32>load<f32>(row), omega);
    const quarter = f32x4.splat(<f32>0.25 * omega);
    const t1s = f32x4.splat(t1);
    for (let at: usize = 0; at < bytes; at += 16) {
      const h = v128.load(curvatures + at);
      const s = curveOfFour(valued, h, records, end, values, 16 + bytes + at, rates);
      const ag = f32x4.div(v128.load(margins + at), f32x4.add(one, f32x4.mul(s, quarter)));
      updateFour(valued, hasL1, ag, t1s, l1s, l2s, records, end, values, 16 + at, 2 * bytes, rates);
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
  return train(false, rows, rowCount, weights, outputs, firstStep, l1, l2, scratch);
}

function softmaxValues(
  rows: usize,
  rowCount: i32,
  weights: usize,
  outputs: i32,
  firstStep: u32,
  l1: f64,
  l2: f64,
  scratch: usize,
): f64 {
  return train(true, rows, rowCount, weights, outputs, firstStep, l1, l2, scratch);
}

export function trainSoftmaxSparse(
  rows: usize,
  rowCount: i32,
  valued: bool,
  weights: usize,
  outputs: i32,
  firstStep: u32,
  l1: f64,
  l2: f64,
  scratch: usize,
): f64 {
  if (valued) return softmaxValues(rows, rowCount, weights, outputs, firstStep, l1, l2, scratch);
  return softmaxOnes(rows, rowCount, weights, outputs, firstStep, l1, l2, scratch);
}
