// Columns that give a row one feature at most to sparse row records (src/features/rows.ts), a tile of rows at a time: the feature
// of each row of the tile stands in the column's slot, slots are turned into rows.
//
// Slots, 256 bytes each: those of the head, f32[64], whole groups of four; those of other features, u32[64], likewise; one for what
// nobody reads. Those of the bias and of padding are filled.
//
// Columns, 64 bytes each:
//
//     kind u32             0: numbers, 1: binary, 2: categories; bins: 3: by a grid, 4: by a tree; 5: codes, which are not looked up
//     values u32           address of f64[window]; binary: u8[window]: 0, 1, 2 = missing; categories and codes: u32[window]
//     feature u32          of numbers, or of the value 1; 0: none; codes: what they are added to
//     missingFeature u32   of a missing one
//     mean f64, divisor f64; grid: low end, cells per unit
//     map u32              address of features by code, 0xffffffff where not known, or by bin
//     edges u32            address of f64[]; grid: edges, NaN behind them; tree: nodes in breadth-first order, [0] is not used
//     before u32           grid: address of u16[cells], edges in the cells before each cell
//     lastCell u32         grid: cells - 1; tree: depth
//                          numbers, instead of these four: centre f64; rounded u32: not 0: numbers are first rounded to single
//                          precision as distances to the centre; kept u32: not 0: values are x - mean, NaN where x is missing, of
//                          any range; then only missing ones are counted, and of binary columns nothing is
//     missingBin u32       that of NaN; numbers that are kept: how many were missing, added to
//     crowded u32          grid: 1 where a cell holds more than one edge
//     slot u32             address of the slot of its features; of numbers: of the missing ones
//     headSlot u32         numbers: address of the slot of their values

import { finite, rounded, scaled, singles, two } from './encode-lanes';
import { writeRows } from './write-sparse';

const TILE = 64;

const COLUMN: usize = 64;
const NUMBERS: u32 = 0;
const BINARY: u32 = 1;
const CATEGORIES: u32 = 2;
const GRID: u32 = 3;
const TREE: u32 = 4;
const CODES: u32 = 5;
const VALUES: usize = 4;
const FEATURE: usize = 8;
const MISSING_FEATURE: usize = 12;
const MEAN: usize = 16;
const DIVISOR: usize = 24;
const MAP: usize = 32;
const EDGES: usize = 36;
const BEFORE: usize = 40;
const LAST_CELL: usize = 44;
const DEPTH: usize = 44;
const CENTRE: usize = 32;
const ROUNDED: usize = 40;
const KEPT: usize = 44;
const MISSING_BIN: usize = 48;
const MISSING_COUNT: usize = 48;
const CROWDED: usize = 52;
const FEATURES: usize = 56;
const HEAD: usize = 60;

const UNRESOLVED: u32 = 0xffffffff;

/**
 * Encode rows of a window of rows, whose columns are in memory. Features that a row lacks are left out of its record.
 *
 * list      u32[rowCount + 3]  rows of the window; 0: the first ones
 * begin     the first row to encode
 * head      groups of the head
 * tail      slots of other features, without padding
 * targets   f32[rowCount]
 * weights   f32[rowCount]
 * places    u32[rowCount]      addresses of the records, multiples of 16
 * counts    u32[features]      added to: rows that contain each feature; [0] is meaningless
 * totals    u32                added to: groups of all records
 * returns   rowCount, or the first row of a tile in which the feature of a category is not known; nothing of it is encoded
 */
export function encodeSparse(
  columns: usize,
  columnCount: i32,
  list: usize,
  begin: i32,
  rowCount: i32,
  slots: usize,
  head: usize,
  tail: usize,
  targets: usize,
  weights: usize,
  places: usize,
  counts: usize,
  totals: usize,
): i32 {
  const end = columns + <usize>columnCount * COLUMN;
  for (let first = begin; first < rowCount; first += TILE) {
    const count = min(TILE, rowCount - first);
    const rows = list ? list + (<usize>first << 2) : 0;
    if (!fillCategories(columns, end, rows, first, count)) return first;
    for (let column = columns; column < end; column += COLUMN) {
      fillSlot(column, rows, first, count, <usize>load<u32>(column, FEATURES));
      countColumn(column, count, counts);
    }
    const at = <usize>first << 2;
    const groups = writeRows(slots, head, tail, count, targets + at, weights + at, places + at);
    store<u32>(totals, load<u32>(totals) + groups);
  }
  return rowCount;
}

/** Returns whether the features of all are known. */
function fillCategories(columns: usize, end: usize, rows: usize, first: i32, count: i32): bool {
  let greatest: u32 = 0;
  for (let column = columns; column < end; column += COLUMN) {
    if (load<u32>(column) != CATEGORIES) continue;
    const codes = <usize>load<u32>(column, VALUES);
    const map = <usize>load<u32>(column, MAP);
    const slot = <usize>load<u32>(column, FEATURES);
    for (let i = 0; i < count; i++) {
      const feature = load<u32>(map + (<usize>load<u32>(codes + (<usize>rowOf(rows, first, i) << 2)) << 2));
      greatest = max(greatest, feature);
      store<u32>(slot + (<usize>i << 2), feature);
    }
  }
  return greatest != UNRESOLVED;
}

// @ts-ignore: decorator
@inline
function rowOf(rows: usize, first: i32, i: i32): u32 {
  return rows ? load<u32>(rows + (<usize>i << 2)) : <u32>(first + i);
}

function fillSlot(column: usize, rows: usize, first: i32, count: i32, slot: usize): void {
  const kind = load<u32>(column);
  if (kind == CATEGORIES) return;
  if (kind == CODES) {
    fillCodes(column, rows, first, count, slot);
    return;
  }
  const values = <usize>load<u32>(column, VALUES);
  const from = rows ? values : values + (<usize>first << 3);
  if (kind == BINARY) fillBinary(column, values, rows, first, count, slot);
  else if (kind == GRID) {
    if (rows) fillByGrid(column, from, rows, count, slot, true);
    else fillByGrid(column, from, rows, count, slot, false);
  } else if (kind == TREE) fillByTree(column, values, rows, first, count, slot);
  else if (rows) fillNumbers(column, from, rows, count, slot, true);
  else fillNumbers(column, from, rows, count, slot, false);
}

// @ts-ignore: decorator
@inline
function countColumn(column: usize, count: i32, counts: usize): void {
  const kind = load<u32>(column);
  if (kind == CODES) return;
  if (kind <= BINARY && load<u32>(column, KEPT)) {
    if (kind == BINARY) return;
    const missing = missingIn(<usize>load<u32>(column, HEAD), count);
    store<u32>(column, load<u32>(column, MISSING_COUNT) + missing, MISSING_COUNT);
    return;
  }
  if (kind == NUMBERS) {
    const place = counts + (<usize>load<u32>(column, FEATURE) << 2);
    store<u32>(place, load<u32>(place) + valuesIn(<usize>load<u32>(column, HEAD), count));
    if (load<u32>(column, MISSING_FEATURE) == 0) return;
  }
  countFeatures(<usize>load<u32>(column, FEATURES), count, counts);
}

/** How many values are not 0. */
// @ts-ignore: decorator
@inline
function valuesIn(slot: usize, count: i32): u32 {
  let sums = i32x4.splat(0);
  const end = slot + (<usize>count << 2);
  for (const whole = slot + (<usize>(count & ~3) << 2); slot < whole; slot += 16) {
    sums = i32x4.sub(sums, f32x4.ne(v128.load(slot), f32x4.splat(0)));
  }
  let sum = i32x4.extract_lane(sums, 0) + i32x4.extract_lane(sums, 1);
  sum += i32x4.extract_lane(sums, 2) + i32x4.extract_lane(sums, 3);
  for (; slot < end; slot += 4) sum += i32(load<f32>(slot) != 0);
  return sum;
}

/** How many values are NaN. */
// @ts-ignore: decorator
@inline
function missingIn(slot: usize, count: i32): u32 {
  let sums = i32x4.splat(0);
  const end = slot + (<usize>count << 2);
  for (const whole = slot + (<usize>(count & ~3) << 2); slot < whole; slot += 16) {
    const x = v128.load(slot);
    sums = i32x4.sub(sums, f32x4.ne(x, x));
  }
  let sum = i32x4.extract_lane(sums, 0) + i32x4.extract_lane(sums, 1);
  sum += i32x4.extract_lane(sums, 2) + i32x4.extract_lane(sums, 3);
  for (; slot < end; slot += 4) {
    const x = load<f32>(slot);
    sum += i32(x != x);
  }
  return sum;
}

// @ts-ignore: decorator
@inline
function countFeatures(slot: usize, count: i32, counts: usize): void {
  for (const end = slot + (<usize>count << 2); slot < end; slot += 4) {
    const place = counts + (<usize>load<u32>(slot) << 2);
    store<u32>(place, load<u32>(place) + 1);
  }
}

// @ts-ignore: decorator
@inline
function fillNumbers(
  column: usize,
  values: usize,
  rows: usize,
  count: i32,
  slot: usize,
  listed: bool,
): void {
  let valueSlot = <usize>load<u32>(column, HEAD);
  const mean = f64x2.splat(load<f64>(column, MEAN));
  const divisor = f64x2.splat(load<f64>(column, DIVISOR));
  const missing = i32x4.splat(load<u32>(column, MISSING_FEATURE));
  const centre = f64x2.splat(load<f64>(column, CENTRE));
  const isRounded = load<u32>(column, ROUNDED) != 0;
  const isKept = load<u32>(column, KEPT) != 0;
  for (let left = count; left > 0; left -= 4, slot += 16, valueSlot += 16) {
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
    if (isKept) {
      const x = singles(f64x2.sub(low, mean), f64x2.sub(high, mean));
      v128.store(slot, v128.andnot(missing, f32x4.eq(x, x)));
      v128.store(valueSlot, x);
      continue;
    }
    if (isRounded) {
      low = rounded(low, centre);
      high = rounded(high, centre);
    }
    const z = scaled(low, high, mean, divisor);
    const isNumber = f32x4.eq(z, z);
    v128.store(slot, v128.andnot(missing, isNumber));
    v128.store(valueSlot, v128.and(finite(z), v128.and(isNumber, f32x4.ne(z, f32x4.splat(0)))));
  }
}

function fillCodes(column: usize, rows: usize, first: i32, count: i32, slot: usize): void {
  const codes = <usize>load<u32>(column, VALUES);
  const base = load<u32>(column, FEATURE);
  if (rows) {
    for (const end = slot + (<usize>count << 2); slot < end; slot += 4, rows += 4) {
      store<u32>(slot, base + load<u32>(codes + (<usize>load<u32>(rows) << 2)));
    }
    return;
  }
  const bases = i32x4.splat(base);
  let from = codes + (<usize>first << 2);
  for (let left = count; left > 0; left -= 4, slot += 16, from += 16) v128.store(slot, i32x4.add(bases, v128.load(from)));
}

function fillBinary(column: usize, values: usize, rows: usize, first: i32, count: i32, slot: usize): void {
  const feature = load<u32>(column, FEATURE);
  const missing = load<u32>(column, MISSING_FEATURE);
  for (let i = 0; i < count; i++, slot += 4) {
    const value = load<u8>(values + <usize>rowOf(rows, first, i));
    store<u32>(slot, select<u32>(feature, select<u32>(missing, 0, value == 2), value == 1));
  }
}

/** Two rows at a time. */
// @ts-ignore: decorator
@inline
function fillByGrid(column: usize, values: usize, rows: usize, count: i32, slot: usize, listed: bool): void {
  const low = f64x2.splat(load<f64>(column, MEAN));
  const scale = f64x2.splat(load<f64>(column, DIVISOR));
  const last = f64x2.splat(<f64>load<u32>(column, LAST_CELL));
  const zero = f64x2.splat(0);
  const map = <usize>load<u32>(column, MAP);
  const edges = <usize>load<u32>(column, EDGES);
  const before = <usize>load<u32>(column, BEFORE);
  const missing = <usize>load<u32>(column, MISSING_BIN);
  const crowded = load<u32>(column, CROWDED) != 0;
  for (let left = count; left > 0; left -= 2, slot += 8) {
    let x: v128;
    if (listed) {
      x = two(values, load<u32>(rows), load<u32>(rows, 4));
      rows += 8;
    } else {
      x = v128.load(values);
      values += 16;
    }
    const t = f64x2.mul(f64x2.sub(x, low), scale);
    const cell = i32x4.trunc_sat_f64x2_s_zero(f64x2.pmax(f64x2.pmin(t, last), zero));
    const a = f64x2.extract_lane(x, 0);
    const b = f64x2.extract_lane(x, 1);
    const binA = binOf(a, before + (<usize>i32x4.extract_lane(cell, 0) << 1), edges, crowded, missing);
    const binB = binOf(b, before + (<usize>i32x4.extract_lane(cell, 1) << 1), edges, crowded, missing);
    store<u32>(slot, load<u32>(map + (binA << 2)));
    store<u32>(slot, load<u32>(map + (binB << 2)), 4);
  }
}

/** How many edges are <= x, given the address of how many lie in the cells before its own. */
// @ts-ignore: decorator
@inline
function binOf(x: f64, before: usize, edges: usize, crowded: bool, missing: usize): usize {
  const begin = <usize>load<u16>(before);
  let bin = begin + <usize>(load<f64>(edges + (begin << 3)) <= x);
  if (crowded) while (load<f64>(edges + (bin << 3)) <= x) bin++;
  return select<usize>(bin, missing, x == x);
}

function fillByTree(column: usize, values: usize, rows: usize, first: i32, count: i32, slot: usize): void {
  const depth = load<u32>(column, DEPTH);
  const nodes = <usize>load<u32>(column, EDGES);
  const map = <usize>load<u32>(column, MAP);
  const missing = <usize>load<u32>(column, MISSING_BIN);
  const mask = ((<usize>1) << depth) - 1;
  for (let i = 0; i < count; i++, slot += 4) {
    const x = load<f64>(values + (<usize>rowOf(rows, first, i) << 3));
    let node: usize = 1;
    for (let level: u32 = 0; level < depth; level++) {
      node = (node << 1) + <usize>(load<f64>(nodes + (node << 3)) <= x);
    }
    store<u32>(slot, load<u32>(map + (select<usize>(node & mask, missing, x == x) << 2)));
  }
}
