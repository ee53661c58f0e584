// Decimal text to f64, equal to JavaScript's Number bit for bit, or left to the host.

import { readDecimals } from './csv-digits';
import { normalDouble, UNKNOWN } from './csv-eisel-lemire';
import { contentEnd, escapes, fieldEnd, fieldStart, findDelimiter, locate } from './csv-field';
import { FIELD, LONG, NOTE_INVALID_NUMBER, NOTE_NUMBER, OUTCOMES, QUOTE, VALUES } from './csv-layout';
import { BOTH_UNREAD, LEAST_LENGTH, odd, readLong } from './csv-long';
import { note } from './csv-notes';
import { readShort } from './csv-short';

const PLUS: u32 = 43;
const MINUS: u32 = 45;
const POINT: u32 = 46;
const ZERO: u32 = 48;

/** 10^0 .. 10^22: the powers of ten that f64 holds exactly. */
const POWERS_OF_TEN: usize = memory.data<f64>([
  1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21,
  1e22,
]);

const EXACT_INTEGERS: u64 = <u64>1 << 53;

/** More significant digits than this may not fit 64 bits. */
const MOST_DIGITS: u32 = 19;
/** Beyond any exponent that matters, whatever the number of digits in a record. */
const EXPONENT_LIMIT: i32 = 1000000;

/**
 * Read NUMERIC fields without quotes, one of each of several records.
 *
 * @param ends u32: address of the delimiter of the first field, behind that of the field before it
 * @param stride bytes from there to the same in the next record
 * @param row of the first record
 */
export function readNumbers(ends: usize, stride: usize, count: usize, column: usize, row: u32): void {
  const all: usize = load<u32>(column, VALUES);
  const first = all + (<usize>row << 3);
  const limit = first + (count << 3);
  const wasLong = load<u32>(column, LONG) != 0;
  let values = first;
  let fours = !wasLong;
  let long = wasLong;
  while (values < limit) {
    if (fours && limit - values >= 32) {
      const next = readShort(endsOf(ends, stride, values - first), stride, values, limit);
      fours = next != values;
      values = next;
      if (next == limit) return;
    }
    const part = fours ? min(limit, values + 32) : limit;
    if (part - values >= 16) {
      const at = endsOf(ends, stride, values - first);
      values = long ? readLong(at, stride, values, part) : readDecimals(at, stride, values, part);
      if (values == part) continue;
    }
    const stop = min(part, values + 16);
    if (long && odd < BOTH_UNREAD && part - values >= 16) {
      // One of two is in another notation, or between two doubles
      for (let left = odd; left != 0; left &= left - 1) {
        const other = values + (<usize>ctz(left) << 3);
        storeOther(endsOf(ends, stride, other - first), column, all, other);
      }
      values = stop;
      continue;
    }
    // Two of different length, or the last one: each by itself, as if it were two
    for (; values < stop; values += 8) {
      const end = endsOf(ends, stride, values - first);
      const mayBeLong = <usize>(load<u32>(end) - load<u32>(end - 4)) >= LEAST_LENGTH;
      if (mayBeLong && readLong(end, 0, values, values + 16) != values) long = true;
      else if (readDecimals(end, 0, values, values + 16) != values) long = false;
      else storeOther(end, column, all, values);
    }
  }
  if (long != wasLong) store<u32>(column, <u32>long, LONG);
}

/** The delimiter of the field whose value is so many bytes behind the first. */
// @ts-ignore: decorator
@inline
function endsOf(ends: usize, stride: usize, offset: usize): usize {
  return ends + (offset >> 3) * stride;
}

/**
 * Read the NUMERIC field that begins at p and store its value.
 *
 * @returns address of the comma or line feed that ends it, or an outcome
 */
export function readNumber(p: usize, column: usize, row: u32): usize {
  if (load<u8>(p) == QUOTE) return readOddNumber(p, column, row);
  const delimiter = findDelimiter(p);
  readNumberIn(p, contentEnd(p, delimiter), column, row);
  return delimiter;
}

/** Read the NUMERIC field [start, end), without quotes. */
export function readNumberIn(start: usize, end: usize, column: usize, row: u32): void {
  store<u32>(oneField, <u32>start - 1);
  store<u32>(oneField, <u32>end, 4);
  readNumbers(oneField + 4, 0, 1, column, row);
}

/** Bit i: the byte i is not a digit. Bit 16 is set. */
// @ts-ignore: decorator
@inline
function nonDigits(p: usize): u32 {
  // '0' .. '9' become -128 .. -119, everything else is more
  return i8x16.bitmask(i8x16.gt_s(i8x16.sub(v128.load(p), i8x16.splat(-80)), i8x16.splat(-119))) | 0x10000;
}

/** The value of eight digits, the first in the lowest byte; bytes 0 count as the digit 0. */
// @ts-ignore: decorator
@inline
function eightDigits(text: u64): u64 {
  text = (text & 0x0f0f0f0f0f0f0f0f) * 2561 >> 8;
  text = (text & 0x00ff00ff00ff00ff) * 6553601 >> 16;
  return (text & 0x0000ffff0000ffff) * 42949672960001 >> 32;
}

// @ts-ignore: decorator
@inline
function power(exponent: u32): f64 {
  return load<f64>(POWERS_OF_TEN + (<usize>exponent << 3));
}

/** Store the value of a NUMERIC field without quotes, before the delimiter that `ends` points to. */
function storeOther(ends: usize, column: usize, all: usize, value: usize): void {
  const start = <usize>load<u32>(ends - 4) + 1;
  const end: usize = load<u32>(ends);
  const row = <u32>((value - all) >> 3);
  if (start == end) store<f64>(target(column, row), NaN);
  else if (readDecimal(start) == end) storeDecimal(start, end, column, row);
  else readOddNumber(start, column, row);
}

// @ts-ignore: decorator
@inline
function target(column: usize, row: u32): usize {
  return <usize>load<u32>(column, VALUES) + (<usize>row << 3);
}

/** A field with quotes, white space, nothing in it, or no number. */
function readOddNumber(p: usize, column: usize, row: u32): usize {
  const delimiter = locate(p);
  if (delimiter < OUTCOMES) return delimiter;
  const start = trimStart(fieldStart, fieldEnd);
  const end = trimEnd(start, fieldEnd);
  store<f64>(target(column, row), NaN);
  if (start == end) return delimiter;
  if (readDecimal(start) == end) storeDecimal(start, end, column, row);
  else note(NOTE_INVALID_NUMBER, row, load<u32>(column, FIELD), fieldStart, fieldEnd, escapes);
  return delimiter;
}

// @ts-ignore: decorator
@inline
function isSpace(byte: u32): bool {
  return byte == 32 || byte - 9 < 5;
}

export function trimStart(start: usize, end: usize): usize {
  while (start < end && isSpace(load<u8>(start))) start++;
  return start;
}

export function trimEnd(start: usize, end: usize): usize {
  while (end > start && isSpace(load<u8>(end - 1))) end--;
  return end;
}

/** Address of u32[2]: what is before and behind a field that is read alone. */
let oneField: usize = 0;

export function setOneField(address: usize): void {
  oneField = address;
}

// What readDecimal found: value = (-1)^negative * mantissa * 10^exponent, mantissa valid for up to 19 significant digits.
let negative: u64 = 0;
let mantissa: u64 = 0;
let exponent: i32 = 0;
let significantDigits: u32 = 0;

/**
 * decimal = [ "+" | "-" ] ( digits [ "." [ digits ] ] | "." digits ) [ ( "e" | "E" ) [ "+" | "-" ] digits ]
 *
 * @returns the end of the decimal at p, or p when there is none
 */
function readDecimal(p: usize): usize {
  const begin = p;
  const sign = <u32>load<u8>(p);
  negative = <u64>(sign == MINUS);
  if (sign == MINUS || sign == PLUS) p++;
  const first = p;
  mantissa = 0;
  p = addDigits(p);
  let digitCount = <u32>(p - first);
  let fraction: u32 = 0;
  if (load<u8>(p) == POINT) {
    const behind = p + 1;
    p = addDigits(behind);
    fraction = <u32>(p - behind);
    digitCount += fraction;
  }
  if (digitCount == 0) return begin;
  significantDigits = digitCount <= MOST_DIGITS ? digitCount : digitCount - leadingZeros(first);
  exponent = -(<i32>fraction);
  if ((load<u8>(p) | 32) == 101) p = readExponent(p);
  return p;
}

/** Append the digits at p to the mantissa (modulo 2^64); returns their end. */
// @ts-ignore: decorator
@inline
function addDigits(p: usize): usize {
  while (true) {
    const count = ctz(nonDigits(p));
    if (count < 8) {
      for (let i: u32 = 0; i < count; i++) mantissa = mantissa * 10 + (<u64>load<u8>(p + i) - ZERO);
      return p + count;
    }
    mantissa = mantissa * 100000000 + eightDigits(load<u64>(p));
    p += 8;
  }
}

function leadingZeros(p: usize): u32 {
  let zeros: u32 = 0;
  for (; load<u8>(p) == ZERO || load<u8>(p) == POINT; p++) zeros += <u32>(load<u8>(p) == ZERO);
  return zeros;
}

/** Add the exponent at p, which is an e; returns its end, or p when no digits follow. */
function readExponent(p: usize): usize {
  let at = p + 1;
  const sign = <u32>load<u8>(at);
  if (sign == MINUS || sign == PLUS) at++;
  const first = at;
  let value: i32 = 0;
  for (; <u32>load<u8>(at) - ZERO < 10; at++) {
    if (value < EXPONENT_LIMIT) value = value * 10 + <i32>(<u32>load<u8>(at) - ZERO);
  }
  if (at == first) return p;
  exponent += sign == MINUS ? -value : value;
  return at;
}

/** Store the decimal that was read last, or have the host do it: [start, end) is its text. */
function storeDecimal(start: usize, end: usize, column: usize, row: u32): void {
  let bits: u64 = UNKNOWN;
  if (significantDigits <= MOST_DIGITS) {
    if (mantissa < EXACT_INTEGERS && <u32>(exponent + 22) <= 44) {
      const whole = <f64>(<i64>mantissa);
      bits = reinterpret<u64>(exponent < 0 ? whole / power(-exponent) : whole * power(exponent));
    } else if (mantissa != 0) {
      bits = normalDouble(mantissa, exponent);
    } else {
      bits = 0;
    }
  }
  if (bits == UNKNOWN) note(NOTE_NUMBER, row, load<u32>(column, FIELD), start, end, 0);
  else store<u64>(target(column, row), bits | (negative << 63));
}
