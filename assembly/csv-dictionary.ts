// Distinct values of a column, by their UTF-8 bytes: open addressing with linear probing, at most half full.
// Codes are given in order of appearance, from 1; a rejected record takes its new codes back.

import {
  ARENA,
  ARENA_BYTES,
  CHANGED,
  CODE_CAPACITY,
  COLUMN_BYTES,
  KEYS,
  NO_ARENA,
  NO_CODES,
  OLD_SIZE,
  SIZE,
  SLOT_MASK,
  SLOTS,
  STARTS,
} from './csv-layout';

/** Codes at or above this are outcomes: code - NOT_A_CODE. */
export const NOT_A_CODE: u32 = 0xfffffff0;

/** Factors from SplitMix64; multiples of 2^64 / golden ratio put short words of the same characters into the same slots. */
const SPREADER: u64 = 0x94d049bb133111eb;
const MIXER: u64 = 0xbf58476d1ce4e5b9;

/** The key of no bytes. */
const NO_BYTES: u64 = 0xffffffffffffffff;

/** The column that has no room. */
export let fullColumn: usize = 0;

export function setFullColumn(column: usize): void {
  fullColumn = column;
}

/** u64[9]: ones in the bytes behind so many. */
const BEHIND: usize = memory.data<u64>([
  0xffffffffffffffff, 0xffffffffffffff00, 0xffffffffffff0000, 0xffffffffff000000, 0xffffffff00000000, 0xffffff0000000000,
  0xffff000000000000, 0xff00000000000000, 0,
]);

/**
 * The codes of values between delimiters, new ones for new values. Reads up to 8 bytes past the end of each.
 *
 * @param ends u32: address of the delimiter of the first value, behind that of the one before it
 * @param stride bytes from there to the same of the next value
 * @param limit what `ends` would be behind the last value: at least one more stride
 * @param target u32[]: where the codes belong
 * @param dropsEmpty whether values without bytes have no place in `target` instead of code 0
 * @returns where the codes end, or an outcome
 */
// @ts-ignore: decorator
@inline
export function internAll(
  column: usize,
  ends: usize,
  stride: usize,
  limit: usize,
  target: usize,
  dropsEmpty: bool,
): usize {
  const slots: usize = load<u32>(column, SLOTS);
  const keys: usize = load<u32>(column, KEYS);
  const shift = slotShift(column);
  while (true) {
    let start: usize;
    let length: u32;
    // Calls are left to the outer loop: what is known here can stay in registers.
    while (true) {
      start = <usize>load<u32>(ends - 4) + 1;
      length = load<u32>(ends) - <u32>start;
      if (length > 8) break;
      const key = shortKey(start, length);
      const code = load<u32>(slots + (<usize>((key * SPREADER) >> shift) << 2));
      if (load<u64>(keys + (<usize>code << 3)) != key) break;
      store<u32>(target, code);
      target += dropsEmpty ? <usize>(code != 0) << 2 : 4;
      ends += stride;
      if (ends == limit) return target;
    }
    const code = intern(column, start, length);
    if (code >= NOT_A_CODE) return code - NOT_A_CODE;
    store<u32>(target, code);
    target += 4;
    ends += stride;
    if (ends == limit) return target;
  }
}

/** The code of the `length` bytes at `text`, a new one if they are new, 0 for none. Reads up to 8 bytes past their end. */
export function intern(column: usize, text: usize, length: u32): u32 {
  if (length == 0) return 0;
  const key = keyOf(text, length);
  let slot = homeOf(column, key);
  while (true) {
    const code = load<u32>(slot);
    if (code == 0) {
      if (isFree(column, slot)) return insert(column, text, length, slot, key);
    } else if (load<u64>(keyOfCode(column, code)) == key) {
      if (length <= 8 || isText(column, code, text, length)) return code;
    }
    slot = slotBehind(column, slot);
  }
}

/** What tells texts from each other: but for those of more than 8 bytes, which may have the same. */
// @ts-ignore: decorator
@inline
function keyOf(text: usize, length: u32): u64 {
  return length <= 8 ? shortKey(text, length) : longKey(text, length);
}

/** 0 to 8 bytes and, behind them, bytes that UTF-8 does not have. */
// @ts-ignore: decorator
@inline
function shortKey(text: usize, length: u32): u64 {
  return load<u64>(text) | load<u64>(BEHIND + (<usize>length << 3));
}

/** A hash of 9 bytes or more, 8 at a time, the last ones once more if they are fewer; its first byte is none of UTF-8. */
function longKey(text: usize, length: u32): u64 {
  const last = text + length - 8;
  // Without turning it, words that differ in their last bytes only, such as two numbers, would cancel each other
  let hash = rotl((load<u64>(text) ^ length) * SPREADER, 29);
  for (let p = text + 8; p < last; p += 8) hash = rotl(hash ^ (load<u64>(p) * SPREADER), 29) * MIXER;
  hash = rotl(hash ^ (load<u64>(last) * SPREADER), 29) * MIXER;
  return (hash & ~(<u64>0xff)) | 0xfe;
}

/** The highest bits of a product, which all bytes of the key change, are the number of its slot. */
// @ts-ignore: decorator
@inline
function homeOf(column: usize, key: u64): usize {
  return <usize>load<u32>(column, SLOTS) + (<usize>((key * SPREADER) >> slotShift(column)) << 2);
}

/** Whether a slot with code 0 may be used: that of no bytes keeps it, so that they are found as others are. */
// @ts-ignore: decorator
@inline
function isFree(column: usize, slot: usize): bool {
  return load<u32>(slot) == 0 && slot != homeOf(column, NO_BYTES);
}

/** Where the key of a code is. */
// @ts-ignore: decorator
@inline
function keyOfCode(column: usize, code: u32): usize {
  return <usize>load<u32>(column, KEYS) + (<usize>code << 3);
}

// @ts-ignore: decorator
@inline
function slotShift(column: usize): u64 {
  return <u64>(clz(load<u32>(column, SLOT_MASK)) + 32);
}

/** Whether a text of more than 8 bytes is that of a code. */
// @ts-ignore: decorator
@inline
function isText(column: usize, code: u32, text: usize, length: u32): bool {
  const starts = <usize>load<u32>(column, STARTS) + (<usize>code << 2);
  const start = load<u32>(starts);
  if (load<u32>(starts, 4) - start != length) return false;
  const shift = <usize>load<u32>(column, ARENA) + start - text;
  const last = text + length - 8;
  for (let p = text; p < last; p += 8) {
    if (load<u64>(p + shift) != load<u64>(p)) return false;
  }
  return load<u64>(last + shift) == load<u64>(last);
}

function insert(column: usize, text: usize, length: u32, slot: usize, key: u64): u32 {
  setFullColumn(column);
  const code = load<u32>(column, SIZE);
  if (code == load<u32>(column, CODE_CAPACITY)) return NOT_A_CODE + <u32>NO_CODES;
  const starts = load<u32>(column, STARTS) + (code << 2);
  const start = load<u32>(starts);
  if (length > load<u32>(column, ARENA_BYTES) - start) return NOT_A_CODE + <u32>NO_ARENA;
  if (load<u32>(column, CHANGED) == 0) {
    store<u32>(column, 1, CHANGED);
    store<u32>(column, code, OLD_SIZE);
    anyChanged = 1;
  }
  memory.copy(load<u32>(column, ARENA) + start, text, length);
  store<u32>(starts, start + length, 4);
  store<u64>(keyOfCode(column, code), key);
  store<u32>(slot, code);
  store<u32>(column, code + 1, SIZE);
  return code;
}

/** Whether the present record brought new values. */
let anyChanged: u32 = 0;

/** Keep the values that the present record brought. */
// @ts-ignore: decorator
@inline
export function keepValues(columns: usize, end: usize): void {
  if (anyChanged != 0) settle(columns, end, 0);
}

/** Take back the values that the present record brought. */
export function dropValues(columns: usize, end: usize): void {
  if (anyChanged != 0) settle(columns, end, 1);
}

function settle(columns: usize, end: usize, drop: u32): void {
  for (let column = columns; column < end; column += COLUMN_BYTES) {
    if (load<u32>(column, CHANGED) == 0) continue;
    store<u32>(column, 0, CHANGED);
    if (drop != 0) truncate(column, load<u32>(column, OLD_SIZE));
  }
  anyChanged = 0;
}

/** Forget the codes from `size` on. The last one in goes first, so no probe sequence of another is broken. */
function truncate(column: usize, size: u32): void {
  for (let code = load<u32>(column, SIZE) - 1; code >= size; code--) {
    let slot = homeOf(column, load<u64>(keyOfCode(column, code)));
    while (load<u32>(slot) != code) slot = slotBehind(column, slot);
    store<u32>(slot, 0);
  }
  store<u32>(column, size, SIZE);
}

/** Fill the column's new, larger hash table. In order of codes, as `truncate` needs. */
export function fillSlots(column: usize): void {
  memory.fill(load<u32>(column, SLOTS), 0, (<usize>load<u32>(column, SLOT_MASK) + 1) << 2);
  store<u64>(load<u32>(column, KEYS), NO_BYTES);
  for (let code: u32 = 1; code < load<u32>(column, SIZE); code++) {
    let slot = homeOf(column, load<u64>(keyOfCode(column, code)));
    while (!isFree(column, slot)) slot = slotBehind(column, slot);
    store<u32>(slot, code);
  }
}

// @ts-ignore: decorator
@inline
function slotBehind(column: usize, slot: usize): usize {
  const slots: usize = load<u32>(column, SLOTS);
  return slot == slots + (<usize>load<u32>(column, SLOT_MASK) << 2) ? slots : slot + 4;
}
