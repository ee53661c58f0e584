// Slots of encode-sparse.ts into sparse row records.

import { writeFour } from './encode-lanes';

/** Bytes of a slot. */
const SLOT: usize = 256;
const HEADER_BYTES: usize = 16;

/** Slots into records; returns their groups. */
export function writeRows(
  slots: usize,
  columnCount: i32,
  width: usize,
  toValues: usize,
  count: i32,
  targets: usize,
  weights: usize,
  places: usize,
): u32 {
  const present = slots + (<usize>columnCount + 1) * SLOT;
  const end = slots + width * SLOT + toValues;
  const groups = <u32>(width >> 2);
  let total: u32 = 0;
  for (let row = 0; row < count; ) {
    const slot = slots + (<usize>row << 2);
    const past = present + (<usize>row << 2);
    if (row + 4 <= count && haveAll(slot, past)) {
      const a = <usize>load<u32>(places);
      const b = <usize>load<u32>(places, 4);
      const c = <usize>load<u32>(places, 8);
      const d = <usize>load<u32>(places, 12);
      writeHead(a, load<f32>(targets), groups, load<f32>(weights));
      writeHead(b, load<f32>(targets, 4), groups, load<f32>(weights, 4));
      writeHead(c, load<f32>(targets, 8), groups, load<f32>(weights, 8));
      writeHead(d, load<f32>(targets, 12), groups, load<f32>(weights, 12));
      const begin = HEADER_BYTES;
      writeFour(slot, end, a + begin, b + begin, c + begin, d + begin);
      total += groups << 2;
      row += 4;
      targets += 16;
      weights += 16;
      places += 16;
      continue;
    }
    const place = <usize>load<u32>(places);
    const left = writeOne(slot, past, toValues, place + HEADER_BYTES);
    writeHead(place, load<f32>(targets), left, load<f32>(weights));
    total += left;
    row++;
    targets += 4;
    weights += 4;
    places += 4;
  }
  return total;
}

/** Have four rows a feature of each column? */
// @ts-ignore: decorator
@inline
function haveAll(slot: usize, end: usize): bool {
  let least = v128.load(slot);
  for (; slot < end; slot += SLOT) least = i32x4.min_u(least, v128.load(slot));
  return i32x4.all_true(least);
}

/** The features of a row that it has, and their values; returns their groups. */
function writeOne(slots: usize, end: usize, toValues: usize, first: usize): u32 {
  let place = first;
  for (let slot = slots; slot < end; slot += SLOT) {
    const feature = load<u32>(slot);
    store<u32>(place, feature);
    place += <usize>(feature != 0) << 2;
  }
  const past = (place + 15) & ~15;
  for (; place < past; place += 4) store<u32>(place, 0);
  if (toValues) {
    for (let slot = slots; slot < end; slot += SLOT) {
      store<u32>(place, load<u32>(slot + toValues));
      place += <usize>(load<u32>(slot) != 0) << 2;
    }
    for (const last = past + (past - first); place < last; place += 4) store<u32>(place, 0);
  }
  return <u32>((past - first) >> 4);
}

// @ts-ignore: decorator
@inline
function writeHead(place: usize, target: f32, groups: u32, weight: f32): void {
  v128.store(place, i32x4.replace_lane(f32x4(target, 0, weight, 0), 1, groups));
}
