// Slots of encode-sparse.ts into sparse row records.

import { writeFour } from './encode-lanes';

/** Bytes of a slot, and of those of four features. */
const SLOT: usize = 256;
const GROUP: usize = 1024;
const HEADER_BYTES: usize = 16;

/** Slots into records; returns the groups of their features but for the head. */
export function writeRows(
  slots: usize,
  headGroups: usize,
  tailSlots: usize,
  count: i32,
  targets: usize,
  weights: usize,
  places: usize,
): u32 {
  const tails = slots + headGroups * GROUP;
  const present = tails + tailSlots * SLOT;
  const groups = (tailSlots + 3) >> 2;
  const end = tails + groups * GROUP;
  const toTail = HEADER_BYTES + (headGroups << 4);
  let total: u32 = 0;
  for (let row: usize = 0; row < <usize>count; ) {
    const at = row << 2;
    if (row + 4 <= <usize>count && haveAll(tails + at, present + at)) {
      const a = <usize>load<u32>(places + at);
      const b = <usize>load<u32>(places + at, 4);
      const c = <usize>load<u32>(places + at, 8);
      const d = <usize>load<u32>(places + at, 12);
      writeHeader(a, targets + at, <u32>groups, weights + at);
      writeHeader(b, targets + at + 4, <u32>groups, weights + at + 4);
      writeHeader(c, targets + at + 8, <u32>groups, weights + at + 8);
      writeHeader(d, targets + at + 12, <u32>groups, weights + at + 12);
      writeFour(slots + at, end, a + HEADER_BYTES, b + HEADER_BYTES, c + HEADER_BYTES, d + HEADER_BYTES);
      total += <u32>groups << 2;
      row += 4;
      continue;
    }
    const place = <usize>load<u32>(places + at);
    writeHead(slots + at, tails, place + HEADER_BYTES);
    const left = writeTail(tails + at, present + at, place + toTail);
    writeHeader(place, targets + at, left, weights + at);
    total += left;
    row++;
  }
  return total;
}

/** Have four rows a feature in each slot? */
// @ts-ignore: decorator
@inline
function haveAll(slot: usize, end: usize): bool {
  let least = i32x4.splat(-1);
  for (; slot < end; slot += SLOT) least = i32x4.min_u(least, v128.load(slot));
  return i32x4.all_true(least);
}

/** The values of the head of a row. */
// @ts-ignore: decorator
@inline
function writeHead(slot: usize, end: usize, place: usize): void {
  for (; slot < end; slot += SLOT, place += 4) store<u32>(place, load<u32>(slot));
}

/** The features of a row that it has; returns their groups. */
function writeTail(slot: usize, end: usize, first: usize): u32 {
  let place = first;
  for (; slot < end; slot += SLOT) {
    const feature = load<u32>(slot);
    store<u32>(place, feature);
    place += <usize>(feature != 0) << 2;
  }
  const past = (place + 15) & ~15;
  for (; place < past; place += 4) store<u32>(place, 0);
  return <u32>((past - first) >> 4);
}

// @ts-ignore: decorator
@inline
function writeHeader(place: usize, target: usize, groups: u32, weight: usize): void {
  v128.store(place, i32x4.replace_lane(f32x4(load<f32>(target), 0, load<f32>(weight), 0), 1, groups));
}
