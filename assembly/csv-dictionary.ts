// Distinct values of a column, by their UTF-8 bytes: open addressing with linear probing, at most half full.
// Codes are given in order of appearance, from 1; a rejected record takes its new codes back.

import {
  ARENA,
  ARENA_BYTES,
  CHANGED,
  CODE_CAPACITY,
  COLUMN_BYTES,
  HASHES,
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

/** The column that has no room. */
export let fullColumn: usize = 0;

export function setFullColumn(column: usize): void {
  fullColumn = column;
}

/** The code of the `length` bytes at `text`, a new one if they are new. Reads up to 8 bytes past their end. */
export function intern(column: usize, text: usize, length: u32): u32 {
  const hash = hashOf(text, length);
  const slots = load<u32>(column, SLOTS);
  const mask = load<u32>(column, SLOT_MASK);
  let i = hash & mask;
  while (true) {
    const entry = load<u64>(slots + (i << 3));
    if (entry == 0) return insert(column, text, length, hash, slots + (i << 3));
    if (<u32>(entry >> 32) == hash && isText(column, <u32>entry, text, length)) return <u32>entry;
    i = (i + 1) & mask;
  }
}

function hashOf(text: usize, length: u32): u32 {
  let hash = (<u64>length + 1) * GOLDEN;
  let rest = length;
  for (; rest > 8; rest -= 8) {
    hash = rotl(hash ^ (load<u64>(text) * GOLDEN), 29) * MIXER;
    text += 8;
  }
  hash = rotl(hash ^ (lastBytes(text, rest) * GOLDEN), 29) * MIXER;
  return <u32>(hash >> 32);
}

/** The next 1 to 8 bytes as a number, the missing ones 0. */
// @ts-ignore: decorator
@inline
function lastBytes(text: usize, count: u32): u64 {
  return load<u64>(text) & (u64.MAX_VALUE >> (<u64>(8 - count) << 3));
}

function isText(column: usize, code: u32, text: usize, length: u32): bool {
  const starts = load<u32>(column, STARTS) + (code << 2);
  const start = load<u32>(starts);
  if (load<u32>(starts, 4) - start != length) return false;
  let stored: usize = load<u32>(column, ARENA) + start;
  for (; length > 8; length -= 8) {
    if (load<u64>(stored) != load<u64>(text)) return false;
    stored += 8;
    text += 8;
  }
  return lastBytes(stored, length) == lastBytes(text, length);
}

function insert(column: usize, text: usize, length: u32, hash: u32, slot: usize): u32 {
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
  store<u32>(load<u32>(column, HASHES) + (code << 2), hash);
  store<u64>(slot, (<u64>hash << 32) | code);
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
  const slots = load<u32>(column, SLOTS);
  const mask = load<u32>(column, SLOT_MASK);
  for (let code = load<u32>(column, SIZE) - 1; code >= size; code--) {
    let i = load<u32>(load<u32>(column, HASHES) + (code << 2)) & mask;
    while (<u32>load<u64>(slots + (i << 3)) != code) i = (i + 1) & mask;
    store<u64>(slots + (i << 3), 0);
  }
  store<u32>(column, size, SIZE);
}

/** Fill the column's new, larger hash table. In order of codes, as `truncate` needs. */
export function fillSlots(column: usize): void {
  const slots = load<u32>(column, SLOTS);
  const mask = load<u32>(column, SLOT_MASK);
  const hashes = load<u32>(column, HASHES);
  memory.fill(slots, 0, (mask + 1) << 3);
  for (let code: u32 = 1; code < load<u32>(column, SIZE); code++) {
    const hash = load<u32>(hashes + (code << 2));
    let i = hash & mask;
    while (load<u64>(slots + (i << 3)) != 0) i = (i + 1) & mask;
    store<u64>(slots + (i << 3), (<u64>hash << 32) | code);
  }
}
