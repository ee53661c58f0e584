// Distinct values of a column, by their UTF-8 bytes: open addressing with linear probing, at most half full.
// Codes are given in order of appearance, from 1; a rejected record takes its new codes back.

import {
  ARENA,
  ARENA_BYTES,
  CHANGED,
  CODE_CAPACITY,
  COLUMN_BYTES,
  TAGS,
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

/** 2^64 / golden ratio, and a factor from SplitMix64. */
const GOLDEN: u64 = 0x9e3779b97f4a7c15;
const MIXER: u64 = 0xbf58476d1ce4e5b9;

/** In a tag: a length of more than 8. */
const LONG: u32 = 9;

/** The column that has no room. */
export let fullColumn: usize = 0;

export function setFullColumn(column: usize): void {
  fullColumn = column;
}

/** u64[9]: ones for so many bytes. */
const BYTES: usize = memory.data<u64>([
  0, 0xff, 0xffff, 0xffffff, 0xffffffff, 0xffffffffff, 0xffffffffffff, 0xffffffffffffff, 0xffffffffffffffff,
]);

/** The code of the `length` bytes at `text`, a new one if they are new. Reads up to 8 bytes past their end. */
// @ts-ignore: decorator
@inline
export function intern(column: usize, text: usize, length: u32): u32 {
  return length <= 8 ? internShort(column, text, length) : internLong(column, text, length);
}

// @ts-ignore: decorator
@inline
function internShort(column: usize, text: usize, length: u32): u32 {
  const first = firstBytes(text, length);
  const tag = shortTag(first, length);
  const slot = homeOf(column, tag);
  const entry = load<u64>(slot, 8);
  return <u32>(entry >> 32) == tag && load<u64>(slot) == first ? <u32>entry : search(column, text, length, first, tag);
}

function internLong(column: usize, text: usize, length: u32): u32 {
  const first = load<u64>(text);
  const tag = longTag(first, text, length);
  const slot = homeOf(column, tag);
  const entry = load<u64>(slot, 8);
  return <u32>(entry >> 32) == tag && load<u64>(slot) == first && endsWith(column, <u32>entry, text, length)
    ? <u32>entry
    : search(column, text, length, first, tag);
}

/** Look in all slots from the first on. */
function search(column: usize, text: usize, length: u32, first: u64, tag: u32): u32 {
  let slot = homeOf(column, tag);
  while (true) {
    const entry = load<u64>(slot, 8);
    if (entry == 0) return insert(column, text, length, tag, slot, first);
    if (<u32>(entry >> 32) == tag && load<u64>(slot) == first) {
      if (length <= 8 || endsWith(column, <u32>entry, text, length)) return <u32>entry;
    }
    slot = slotBehind(column, slot);
  }
}

/** The next 0 to 8 bytes as a number, missing ones 0. */
// @ts-ignore: decorator
@inline
function firstBytes(text: usize, count: u32): u64 {
  return load<u64>(text) & load<u64>(BYTES + (<usize>count << 3));
}

/** 28 bits of a hash, and 4 of the length: with the first 8 bytes they tell all texts that are not longer from each other. */
// @ts-ignore: decorator
@inline
function shortTag(first: u64, length: u32): u32 {
  const hash = (first ^ length) * GOLDEN;
  return (<u32>(((hash ^ (hash >> 32)) * MIXER) >> 36) << 4) | length;
}

/** Of 9 bytes or more: 8 at a time, the last ones once more if they are fewer. */
// @ts-ignore: decorator
@inline
function longTag(first: u64, text: usize, length: u32): u32 {
  const last = text + length - 8;
  let hash = (first ^ length) * GOLDEN;
  for (let p = text + 8; p < last; p += 8) hash = rotl(hash ^ (load<u64>(p) * GOLDEN), 29) * MIXER;
  hash = rotl(hash ^ (load<u64>(last) * GOLDEN), 29) * MIXER;
  return (<u32>(hash >> 36) << 4) | LONG;
}

/** The slot where the search for a tag begins. */
// @ts-ignore: decorator
@inline
function homeOf(column: usize, tag: u32): usize {
  return <usize>load<u32>(column, SLOTS) + (<usize>((tag >> 4) & load<u32>(column, SLOT_MASK)) << 4);
}

/** Whether a text of more than 8 bytes, the first of which are known to be the same, is that of a code. */
// @ts-ignore: decorator
@inline
function endsWith(column: usize, code: u32, text: usize, length: u32): bool {
  const starts = <usize>load<u32>(column, STARTS) + (<usize>code << 2);
  const start = load<u32>(starts);
  if (load<u32>(starts, 4) - start != length) return false;
  const shift = <usize>load<u32>(column, ARENA) + start - text;
  const last = text + length - 8;
  for (let p = text + 8; p < last; p += 8) {
    if (load<u64>(p + shift) != load<u64>(p)) return false;
  }
  return load<u64>(last + shift) == load<u64>(last);
}

function insert(column: usize, text: usize, length: u32, tag: u32, slot: usize, first: u64): u32 {
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
  store<u32>(load<u32>(column, TAGS) + (code << 2), tag);
  store<u64>(slot, first);
  store<u64>(slot, (<u64>tag << 32) | code, 8);
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
  const tags: usize = load<u32>(column, TAGS);
  for (let code = load<u32>(column, SIZE) - 1; code >= size; code--) {
    let slot = homeOf(column, load<u32>(tags + (<usize>code << 2)));
    while (load<u32>(slot, 8) != code) slot = slotBehind(column, slot);
    store<u64>(slot, 0, 8);
  }
  store<u32>(column, size, SIZE);
}

/** Fill the column's new, larger hash table. In order of codes, as `truncate` needs. */
export function fillSlots(column: usize): void {
  const tags: usize = load<u32>(column, TAGS);
  const arena: usize = load<u32>(column, ARENA);
  memory.fill(load<u32>(column, SLOTS), 0, (<usize>load<u32>(column, SLOT_MASK) + 1) << 4);
  for (let code: u32 = 1; code < load<u32>(column, SIZE); code++) {
    const tag = load<u32>(tags + (<usize>code << 2));
    let slot = homeOf(column, tag);
    while (load<u64>(slot, 8) != 0) slot = slotBehind(column, slot);
    const starts = <usize>load<u32>(column, STARTS) + (<usize>code << 2);
    const start = load<u32>(starts);
    store<u64>(slot, firstBytes(arena + start, min<u32>(load<u32>(starts, 4) - start, 8)));
    store<u64>(slot, (<u64>tag << 32) | code, 8);
  }
}

// @ts-ignore: decorator
@inline
function slotBehind(column: usize, slot: usize): usize {
  const slots: usize = load<u32>(column, SLOTS);
  return slot == slots + (<usize>load<u32>(column, SLOT_MASK) << 4) ? slots : slot + 16;
}
