// CATEGORICAL, TEXT and BINARY fields.

import { intern, internAll, NOT_A_CODE, setFullColumn } from './csv-dictionary';
import { escapes, fieldEnd, fieldStart, locate, stop, unescape } from './csv-field';
import {
  COMMA,
  FIELD,
  LF,
  NO_TOKENS,
  NOTE_INVALID_BINARY,
  OUTCOMES,
  TEXT_PART,
  TOKEN_CAPACITY,
  TOKENS,
  VALUES,
} from './csv-layout';
import { listEnds, mask64 } from './csv-index';
import { note } from './csv-notes';
import { trimEnd, trimStart } from './csv-number';

let scratch: usize = 0;

/**
 * @param address room for one field of any length, and 64 bytes
 * @param breakList see BREAKS
 */
export function setScratch(address: usize, breakList: usize): void {
  scratch = address;
  breaks = breakList;
}

/** Find the field at p, doubled quotes undone. A field cut by the end of the input is not one. */
// @ts-ignore: decorator
@inline
function locateText(p: usize): usize {
  const delimiter = locate(p);
  if (delimiter >= OUTCOMES && escapes != 0) {
    textEnd = unescape(fieldStart, fieldEnd, scratch);
    textStart = scratch;
  } else {
    textStart = fieldStart;
    textEnd = fieldEnd;
  }
  return delimiter;
}

let textStart: usize = 0;
let textEnd: usize = 0;

/** Store the code of the CATEGORICAL field at p; returns its delimiter or an outcome. */
export function readCategory(p: usize, column: usize, row: u32): usize {
  const delimiter = locateText(p);
  if (delimiter < OUTCOMES || delimiter >= stop) return delimiter;
  const outcome = storeCategory(textStart, textEnd, column, row);
  return outcome != 0 ? outcome : delimiter;
}

/** Store the code of the CATEGORICAL value [start, end); returns 0 or an outcome. */
export function storeCategory(start: usize, end: usize, column: usize, row: u32): usize {
  const code = intern(column, start, <u32>(end - start));
  if (code >= NOT_A_CODE) return code - NOT_A_CODE;
  store<u32>(load<u32>(column, VALUES) + (row << 2), code);
  return 0;
}

/** Store the codes of CATEGORICAL fields without quotes, as `readNumbers` reads numbers; returns 0 or an outcome. */
export function readCategories(ends: usize, stride: usize, count: u32, column: usize, row: u32): usize {
  const values = <usize>load<u32>(column, VALUES) + (row << 2);
  const outcome = internAll(column, ends, stride, ends + <usize>count * stride, values, false);
  return outcome < OUTCOMES ? outcome : 0;
}

/** Append the tokens of the TEXT field at p; returns its delimiter or an outcome. */
export function readText(p: usize, column: usize, row: u32): usize {
  const delimiter = locateText(p);
  if (delimiter < OUTCOMES || delimiter >= stop) return delimiter;
  const outcome = storeTokens(textStart, textEnd, column, row);
  return outcome != 0 ? outcome : delimiter;
}

/** Append the tokens of the TEXT value [start, end), split on white space; returns 0 or an outcome. */
export function storeTokens(start: usize, end: usize, column: usize, row: u32): usize {
  const offsets: usize = load<u32>(column, VALUES) + (row << 2);
  const tokens: usize = load<u32>(column, TOKENS);
  const full = tokens + (<usize>load<u32>(column, TOKEN_CAPACITY) << 2);
  const first = breaks + 4;
  let next = tokens + (<usize>load<u32>(offsets) << 2);
  store<u32>(breaks, <u32>start - 1);
  begunSpace = 0;
  while (true) {
    const part = min(start + TEXT_PART, end);
    let behind = listSpaces(start, part, first);
    if (part == end) {
      store<u32>(behind, <u32>end);
      behind += 4;
    }
    if (behind - first > full - next) return noTokens(column);
    if (behind != first) {
      next = internAll(column, first, 4, behind, next, true);
      if (next < OUTCOMES) return next;
    }
    if (part == end) break;
    store<u32>(breaks, load<u32>(behind - 4));
    start = part;
  }
  store<u32>(offsets, <u32>((next - tokens) >> 2), 4);
  return 0;
}

function noTokens(column: usize): usize {
  setFullColumn(column);
  return NO_TOKENS;
}

/** u32[]: address before a part of a text, then those of bytes of white space in it. */
let breaks: usize = 0;

/** List the bytes of white space in [p, end), 64 at a time; returns the end of the list, behind which it may write. */
function listSpaces(p: usize, end: usize, list: usize): usize {
  const tab = v128.load(FROM_TAB);
  const behindReturn = v128.load(BEHIND_RETURN);
  const blank = v128.load(BLANKS);
  for (; p < end; p += 64) {
    const a = v128.load(p);
    const b = v128.load(p, 16);
    const c = v128.load(p, 32);
    const d = v128.load(p, 48);
    let spaces = mask64(
      spacesIn(a, tab, behindReturn, blank),
      spacesIn(b, tab, behindReturn, blank),
      spacesIn(c, tab, behindReturn, blank),
      spacesIn(d, tab, behindReturn, blank),
    );
    if (i8x16.bitmask(v128.or(v128.or(a, b), v128.or(c, d))) != 0) spaces |= wideSpaces(p);
    if (end - p < 64) spaces &= ((<u64>1) << (end - p)) - 1;
    list = listEnds(spaces, p, list);
  }
  return list;
}

/** Vectors of 16 bytes: what makes -128 of a tab, the byte behind a carriage return then, and blanks. */
const FROM_TAB: usize = memory.data<u64>([0x7777777777777777, 0x7777777777777777]);
const BEHIND_RETURN: usize = memory.data<u64>([0x8585858585858585, 0x8585858585858585]);
const BLANKS: usize = memory.data<u64>([0x2020202020202020, 0x2020202020202020]);

/** Tab to carriage return, and blank. */
// @ts-ignore: decorator
@inline
function spacesIn(bytes: v128, tab: v128, behindReturn: v128, blank: v128): v128 {
  return v128.or(i8x16.lt_s(i8x16.add(bytes, tab), behindReturn), i8x16.eq(bytes, blank));
}

/** Bytes of white space behind the 64 that were read last. */
let begunSpace: u64 = 0;

/** Bit i: byte i of the 64 at p belongs to white space of several bytes. */
function wideSpaces(p: usize): u64 {
  let spaces = begunSpace;
  begunSpace = 0;
  let leads = mask64(
    possibleLeads(v128.load(p)),
    possibleLeads(v128.load(p, 16)),
    possibleLeads(v128.load(p, 32)),
    possibleLeads(v128.load(p, 48)),
  );
  for (; leads != 0; leads &= leads - 1) {
    const at = ctz(leads);
    const ones = ((<u64>1) << spaceWidth(p + <usize>at)) - 1;
    spaces |= ones << at;
    if (at > 61) begunSpace = ones >> (64 - at);
  }
  return spaces;
}

// @ts-ignore: decorator
@inline
function possibleLeads(bytes: v128): v128 {
  const c2 = i8x16.eq(bytes, i8x16.splat(-62));
  const ef = i8x16.eq(bytes, i8x16.splat(-17));
  // e1, e2, e3
  const e = i8x16.lt_s(i8x16.sub(bytes, i8x16.splat(97)), i8x16.splat(-125));
  return v128.or(v128.or(c2, ef), e);
}

/**
 * Bytes of the white space character at p, which is not ASCII, 0 when it is none: those of JavaScript's \s.
 *
 * ECMAScript 2023, 12.2 White Space and 12.3 Line Terminators
 */
function spaceWidth(p: usize): u64 {
  const lead = <u32>load<u8>(p);
  const second = <u32>load<u8>(p, 1);
  if (lead == 0xc2) return second == 0xa0 ? 2 : 0;
  const tail = (second << 8) | <u32>load<u8>(p, 2);
  if (lead == 0xe1) return tail == 0x9a80 ? 3 : 0; // U+1680
  if (lead == 0xe3) return tail == 0x8080 ? 3 : 0; // U+3000
  if (lead == 0xef) return tail == 0xbbbf ? 3 : 0; // U+FEFF
  // U+2000 .. U+200A, U+2028, U+2029, U+202F, U+205F
  const isSpace = tail - 0x8080 <= 10 || tail == 0x80a8 || tail == 0x80a9 || tail == 0x80af || tail == 0x819f;
  return isSpace ? 3 : 0;
}

const MISSING: u32 = 2;
const UNKNOWN: u32 = 3;

/** Store the BINARY field at p: 0, 1, or 2 when missing or invalid; returns its delimiter or an outcome. */
export function readBinary(p: usize, column: usize, row: u32): usize {
  const target = load<u32>(column, VALUES) + row;
  const next = <u32>load<u8>(p, 1);
  const digit = <u32>load<u8>(p) - 48;
  if (digit < 2 && (next == COMMA || next == LF)) {
    store<u8>(target, digit);
    return p + 1;
  }
  const delimiter = locate(p);
  if (delimiter < OUTCOMES) return delimiter;
  const start = trimStart(fieldStart, fieldEnd);
  const end = trimEnd(start, fieldEnd);
  const value = binaryValue(start, <u32>(end - start));
  store<u8>(target, value == UNKNOWN ? MISSING : value);
  if (value == UNKNOWN) note(NOTE_INVALID_BINARY, row, load<u32>(column, FIELD), fieldStart, fieldEnd, escapes);
  return delimiter;
}

/** Amazon ML: 0 n no f false, 1 y yes t true, in any case. */
function binaryValue(p: usize, length: u32): u32 {
  if (length == 0) return MISSING;
  if (length == 1 && <u32>load<u8>(p) - 48 < 2) return <u32>load<u8>(p) - 48;
  if (length > 5) return UNKNOWN;
  // Letters in lower case, the first in the lowest byte.
  const word = (load<u64>(p) | 0x2020202020202020) & (((<u64>1) << (<u64>length << 3)) - 1);
  if (word == 0x6e || word == 0x66 || word == 0x6f6e || word == 0x65736c6166) return 0;
  if (word == 0x79 || word == 0x74 || word == 0x736579 || word == 0x65757274) return 1;
  return UNKNOWN;
}
