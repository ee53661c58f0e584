// Blocks of the Hessian, for the preconditioner of stage 2: sums over rows of s x x', one matrix per output. Slots are the places
// of features in the blocks; only the lower triangles are written.
//
// A row that contains few of the features adds what it has, element by element. Others wait until they are four, and then share
// each load and store of an element.
//
// Scratch: u32 slot, 0, f64 x of the features present, at most 256; x of waiting rows f64[4][stride]; their scales
// f64[4][outputs].

import { HEAD_FEATURES, headBytes } from './head';

const MOST_FEATURES: usize = 256;
/** A row that contains less than one in so many features of the block is sparse. */
const SPARSE_SHARE: usize = 3;

/** x and scales of the rows that wait, and how many they are. */
let waitingX: usize = 0;
let waitingScales: usize = 0;
let waiting: usize = 0;

// @ts-ignore: decorator
@inline
function open(scratch: usize, stride: usize): void {
  waitingX = scratch + (MOST_FEATURES << 4);
  waitingScales = waitingX + (stride << 5);
  waiting = 0;
}

/** Put the feature on the list if it has a slot; returns the end of the list. */
// @ts-ignore: decorator
@inline
function list(end: usize, slots: usize, feature: usize, x: f32): usize {
  const slot = load<i32>(slots + (feature << 2));
  store<i32>(end, slot);
  store<f64>(end, <f64>x, 8);
  return slot < 0 ? end : end + 16;
}

/** Add a row of which the features in [present, end) are in the blocks. */
function addRow(present: usize, end: usize, scales: usize, outputs: usize, stride: usize, matrices: usize): void {
  if (SPARSE_SHARE * ((end - present) >> 4) >= stride) {
    wait(present, end, scales, outputs, stride);
    if (waiting == 4) addWaiting(outputs, stride, matrices);
    return;
  }
  for (const last = scales + (outputs << 3); scales < last; scales += 8) {
    const scale = load<f64>(scales);
    for (let a = present; a < end; a += 16) {
      const slot = load<u32>(a);
      const x = scale * load<f64>(a, 8);
      for (let b = present; b <= a; b += 16) {
        const other = load<u32>(b);
        const element = matrices + ((<usize>max(slot, other) * stride + <usize>min(slot, other)) << 3);
        store<f64>(element, load<f64>(element) + x * load<f64>(b, 8));
      }
    }
    matrices += (stride * stride) << 3;
  }
}

function wait(present: usize, end: usize, scales: usize, outputs: usize, stride: usize): void {
  const x = waitingX + ((waiting * stride) << 3);
  memory.fill(x, 0, stride << 3);
  for (; present < end; present += 16) store<f64>(x + ((<usize>load<u32>(present)) << 3), load<f64>(present, 8));
  memory.copy(waitingScales + ((waiting * outputs) << 3), scales, outputs << 3);
  waiting++;
}

function addWaiting(outputs: usize, stride: usize, matrices: usize): void {
  memory.fill(waitingX + ((waiting * stride) << 3), 0, ((4 - waiting) * stride) << 3);
  memory.fill(waitingScales + ((waiting * outputs) << 3), 0, ((4 - waiting) * outputs) << 3);
  waiting = 0;
  for (let k: usize = 0; k < outputs; k++) {
    addFour(waitingScales + (k << 3), outputs << 3, stride, matrices);
    matrices += (stride * stride) << 3;
  }
}

/** Rows two elements at a time; the second of an even row's last pair lies above the diagonal, and is read by nobody. */
function addFour(scales: usize, toNext: usize, stride: usize, matrix: usize): void {
  const s0 = load<f64>(scales);
  const s1 = load<f64>(scales + toNext);
  const s2 = load<f64>(scales + 2 * toNext);
  const s3 = load<f64>(scales + 3 * toNext);
  const bytes = stride << 3;
  const x0 = waitingX;
  const x1 = x0 + bytes;
  const x2 = x1 + bytes;
  const x3 = x2 + bytes;
  for (let i: usize = 0; i < bytes; i += 8, matrix += bytes) {
    const a = f64x2.splat(s0 * load<f64>(x0 + i));
    const b = f64x2.splat(s1 * load<f64>(x1 + i));
    const c = f64x2.splat(s2 * load<f64>(x2 + i));
    const d = f64x2.splat(s3 * load<f64>(x3 + i));
    let j: usize = 0;
    do {
      let sum = f64x2.add(v128.load(matrix + j), f64x2.mul(a, v128.load(x0 + j)));
      sum = f64x2.add(sum, f64x2.mul(b, v128.load(x1 + j)));
      sum = f64x2.add(sum, f64x2.mul(c, v128.load(x2 + j)));
      sum = f64x2.add(sum, f64x2.mul(d, v128.load(x3 + j)));
      v128.store(matrix + j, sum);
      j += 16;
    } while (j <= i);
  }
}

export function addBlocksSparse(
  rows: usize,
  rowCount: i32,
  head: usize,
  scales: usize,
  outputs: usize,
  slots: usize,
  stride: usize,
  matrices: usize,
  scratch: usize,
): void {
  open(scratch, stride);
  const toTail = headBytes(head);
  for (const last = rows + ((<usize>rowCount) << 2); rows < last; rows += 4, scales += outputs << 3) {
    const row = <usize>load<u32>(rows);
    let end = scratch;
    let x = row + 16;
    const tail = x + toTail;
    for (let feature = head + HEAD_FEATURES; x < tail; x += 4, feature += 4) {
      const value = load<f32>(x);
      if (value != 0) end = list(end, slots, <usize>load<u32>(feature), value);
    }
    for (const past = tail + ((<usize>load<u32>(row, 4)) << 4); x < past; x += 4) {
      end = list(end, slots, <usize>load<u32>(x), 1);
    }
    addRow(scratch, end, scales, outputs, stride, matrices);
  }
  if (waiting > 0) addWaiting(outputs, stride, matrices);
}

export function addBlocksDense(
  rows: usize,
  rowCount: i32,
  width: i32,
  scales: usize,
  outputs: usize,
  slots: usize,
  stride: usize,
  matrices: usize,
  scratch: usize,
): void {
  open(scratch, stride);
  for (const last = rows + ((<usize>rowCount) << 2); rows < last; rows += 4, scales += outputs << 3) {
    const x = <usize>load<u32>(rows) + 16;
    let end = scratch;
    for (let j: usize = 0; j < <usize>width; j++) {
      const value = load<f32>(x + (j << 2));
      if (value != 0) end = list(end, slots, j, value);
    }
    addRow(scratch, end, scales, outputs, stride, matrices);
  }
  if (waiting > 0) addWaiting(outputs, stride, matrices);
}
