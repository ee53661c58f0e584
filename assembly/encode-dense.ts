// Columns of numbers and binary values to dense row records (src/features/rows.ts), a tile of rows at a time: what a feature is in
// each row of the tile stands in its slot, slots are turned into rows.
//
// Slots, f32[width + 1][64]: the host sets that of the bias to 1 and the others to 0. The last takes what has no feature.
//
// Columns, 64 bytes each:
//
//     kind u32          0: numbers, 1: binary
//     values u32        address of f64[window] or, binary, u8[window]: 0, 1, 2 = missing
//     slot u32          address of the slot of numbers, or of the value 1
//     missingSlot u32   address of the slot of missing values; 0: none
//     mean f64, divisor f64
//     count u32         rows in which the feature is not 0, added to
//     missingCount u32  rows without a value, added to
//     kept u32          all bits set: the slot of a missing value is NaN; 0: it is 0
//     rounded u32       not 0: numbers are first rounded to single precision as distances to the centre
//     centre f64

import { finite, rounded, singles, two, writeFour } from './encode-lanes';

const TILE = 64;
/** Bytes of a slot. */
const SLOT: usize = 256;

const COLUMN: usize = 64;
const BINARY: u32 = 1;
const VALUES: usize = 4;
const SLOT_AT: usize = 8;
const MISSING_SLOT: usize = 12;
const MEAN: usize = 16;
const DIVISOR: usize = 24;
const COUNT: usize = 32;
const MISSING_COUNT: usize = 36;
const KEPT: usize = 40;
const ROUNDED: usize = 44;
const CENTRE: usize = 48;

/**
 * Encode rows of a window of rows, whose columns are in memory.
 *
 *   z = (x - mean) / divisor, in double precision, rounded to single precision and kept in its range; 0, or NaN, where x is missing
 *
 * list      u32[rowCount + 3]  rows of the window; 0: the first ones
 * targets   f32[rowCount]
 * weights   f32[rowCount]
 * places    u32[rowCount]      addresses of the records, multiples of 16; of the first one where there is a stride
 * stride    bytes from one record to the next; 0: places are listed
 * width     a multiple of 4
 */
export function encodeDense(
  columns: usize,
  columnCount: i32,
  list: usize,
  rowCount: i32,
  slots: usize,
  width: i32,
  targets: usize,
  weights: usize,
  places: usize,
  stride: usize,
): void {
  for (let first = 0; first < rowCount; first += TILE) {
    const count = min(TILE, rowCount - first);
    fillSlots(columns, columnCount, list, first, count);
    const at = <usize>first << 2;
    writeRows(slots, width, count, targets + at, weights + at, places + (stride ? <usize>first * stride : at), stride);
  }
}

/**
 * Add what slots contribute to margins, in double precision, slot after slot.
 *
 * list        as in `encodeDense`, of a multiple of 4 rows
 * slots       f32[slotCount][64], filled from the columns
 * weights     f64[slotCount][outputs]
 * margins     f64[rows][outputs], rows rounded up to a multiple of 4
 */
export function addMargins(
  columns: usize,
  columnCount: i32,
  list: usize,
  rowCount: i32,
  slots: usize,
  slotCount: i32,
  weights: usize,
  outputs: i32,
  margins: usize,
): void {
  const stride = <usize>outputs << 3;
  const end = slots + <usize>slotCount * SLOT;
  for (let first = 0; first < rowCount; first += TILE) {
    const count = min(TILE, rowCount - first);
    fillSlots(columns, columnCount, list, first, count);
    for (let row = 0; row < count; row += 4, margins += stride << 2) {
      const slot = slots + (<usize>row << 2);
      for (let k: usize = 0; k < stride; k += 8) addSlots(slot, end, weights + k, margins + k, stride);
    }
  }
}

/** Of four rows, for one output. */
// @ts-ignore: decorator
@inline
function addSlots(slot: usize, end: usize, weights: usize, margin: usize, stride: usize): void {
  const second = margin + stride;
  const third = second + stride;
  const fourth = third + stride;
  let low = v128.load64_lane(second, v128.load64_zero(margin), 1);
  let high = v128.load64_lane(fourth, v128.load64_zero(third), 1);
  for (; slot < end; slot += SLOT, weights += stride) {
    const weight = v128.load64_splat(weights);
    const x = v128.load(slot);
    low = f64x2.add(low, f64x2.mul(weight, f64x2.promote_low_f32x4(x)));
    high = f64x2.add(high, f64x2.mul(weight, f64x2.promote_low_f32x4(v128.shuffle<i64>(x, x, 1, 0))));
  }
  v128.store64_lane(margin, low, 0);
  v128.store64_lane(second, low, 1);
  v128.store64_lane(third, high, 0);
  v128.store64_lane(fourth, high, 1);
}

/** Slots of rows first .. first + count - 1. */
function fillSlots(columns: usize, columnCount: i32, list: usize, first: i32, count: i32): void {
  const end = columns + <usize>columnCount * COLUMN;
  const rows = list + (<usize>first << 2);
  for (let column = columns; column < end; column += COLUMN) {
    const values = <usize>load<u32>(column, VALUES);
    if (load<u32>(column) == BINARY) fillBinary(column, values, list ? rows : 0, first, count);
    else if (list) fillNumbers(column, values, rows, count, true);
    else fillNumbers(column, values + (<usize>first << 3), 0, count, false);
  }
}

// @ts-ignore: decorator
@inline
function fillNumbers(column: usize, values: usize, rows: usize, count: i32, listed: bool): void {
  const mean = f64x2.splat(load<f64>(column, MEAN));
  const divisor = f64x2.splat(load<f64>(column, DIVISOR));
  const zero = f32x4.splat(0);
  const one = f32x4.splat(1);
  const isDivided = load<f64>(column, DIVISOR) != 1;
  const isRounded = load<u32>(column, ROUNDED) != 0;
  const centre = f64x2.splat(load<f64>(column, CENTRE));
  const kept = i32x4.splat(load<u32>(column, KEPT));
  let slot = <usize>load<u32>(column, SLOT_AT);
  let missingSlot = <usize>load<u32>(column, MISSING_SLOT);
  let present = i32x4.splat(0);
  let missing = i32x4.splat(0);
  for (let left = count; left > 0; left -= 4) {
    let low: v128;
    let high: v128;
    if (listed) {
      low = two(values, load<u32>(rows), load<u32>(rows, 4));
      high = two(values, load<u32>(rows, 8), load<u32>(rows, 12));
      rows += 16;
    } else {
      low = v128.load(values);
      high = v128.load(values, 16);
      values += 32;
    }
    if (isRounded) {
      low = rounded(low, centre);
      high = rounded(high, centre);
    }
    low = f64x2.sub(low, mean);
    high = f64x2.sub(high, mean);
    if (isDivided) {
      low = f64x2.div(low, divisor);
      high = f64x2.div(high, divisor);
    }
    let z = singles(low, high);
    if (left < 4) z = v128.and(z, firstLanes(left));
    const isNumber = f32x4.eq(z, z);
    present = i32x4.sub(present, f32x4.ne(z, zero));
    missing = i32x4.sub(missing, v128.not(isNumber));
    v128.store(slot, v128.and(finite(z), v128.or(isNumber, kept)));
    slot += 16;
    if (missingSlot) {
      v128.store(missingSlot, v128.andnot(one, isNumber));
      missingSlot += 16;
    }
  }
  const missingCount = sum(missing);
  store<u32>(column, load<u32>(column, COUNT) + sum(present) - missingCount, COUNT);
  store<u32>(column, load<u32>(column, MISSING_COUNT) + missingCount, MISSING_COUNT);
}

// @ts-ignore: decorator
@inline
function firstLanes(count: i32): v128 {
  return i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(count));
}

// @ts-ignore: decorator
@inline
function sum(counts: v128): u32 {
  const halves = i32x4.add(counts, v128.shuffle<i64>(counts, counts, 1, 0));
  return i32x4.extract_lane(halves, 0) + i32x4.extract_lane(halves, 1);
}

function fillBinary(column: usize, values: usize, rows: usize, first: i32, count: i32): void {
  const slot = <usize>load<u32>(column, SLOT_AT);
  const missingSlot = <usize>load<u32>(column, MISSING_SLOT);
  const unknown: f32 = load<u32>(column, KEPT) ? NaN : 0;
  let present: u32 = 0;
  let missing: u32 = 0;
  for (let i = 0; i < count; i++) {
    const at = <usize>i << 2;
    const row = rows ? <usize>load<u32>(rows + at) : <usize>(first + i);
    const value = load<u8>(values + row);
    present += <u32>(value == 1);
    missing += <u32>(value == 2);
    store<f32>(slot + at, value == 2 ? unknown : <f32>(value == 1));
    if (missingSlot) store<f32>(missingSlot + at, <f32>(value == 2));
  }
  store<u32>(column, load<u32>(column, COUNT) + present, COUNT);
  store<u32>(column, load<u32>(column, MISSING_COUNT) + missing, MISSING_COUNT);
}

/** Slots into records. */
function writeRows(
  slots: usize,
  width: i32,
  count: i32,
  targets: usize,
  weights: usize,
  places: usize,
  stride: usize,
): void {
  const end = slots + <usize>width * SLOT;
  const step = stride ? stride : 4;
  let row = 0;
  for (; row + 4 <= count; row += 4, targets += 16, weights += 16) {
    const a = placeAt(places, stride);
    const b = placeAt(places + step, stride);
    const c = placeAt(places + 2 * step, stride);
    const d = placeAt(places + 3 * step, stride);
    places += 4 * step;
    writeHead(a, load<f32>(targets), load<f32>(weights));
    writeHead(b, load<f32>(targets, 4), load<f32>(weights, 4));
    writeHead(c, load<f32>(targets, 8), load<f32>(weights, 8));
    writeHead(d, load<f32>(targets, 12), load<f32>(weights, 12));
    writeFour(slots + (<usize>row << 2), end, a + 16, b + 16, c + 16, d + 16);
  }
  for (; row < count; row++, targets += 4, weights += 4, places += step) {
    let place = placeAt(places, stride);
    writeHead(place, load<f32>(targets), load<f32>(weights));
    place += 16;
    for (let slot = slots + (<usize>row << 2); slot < end; slot += SLOT, place += 4) {
      store<f32>(place, load<f32>(slot));
    }
  }
}

// @ts-ignore: decorator
@inline
function placeAt(places: usize, stride: usize): usize {
  return stride ? places : <usize>load<u32>(places);
}

// @ts-ignore: decorator
@inline
function writeHead(place: usize, target: f32, weight: f32): void {
  v128.store(place, f32x4(target, weight, 0, 0));
}
