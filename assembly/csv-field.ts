// Where fields begin and end: quotes, delimiters, fields that are not wanted.
//
// The input is followed by a line feed, a quote and more line feeds (sentinels), so that every scan stops by itself.

import { AFTER_QUOTE, COMMA, CR, INCOMPLETE, LF, OUTCOMES, QUOTE } from './csv-layout';

/** End of the input, and the first address at which a line feed is not one (end, or end + 1 for the last input). */
export let inputEnd: usize = 0;
export let stop: usize = 0;
/** Line feeds inside quotes of the present record. */
export let innerLines: u32 = 0;

/** The field that `locate` found: [fieldStart, fieldEnd), quotes left out; doubled quotes in it. */
export let fieldStart: usize = 0;
export let fieldEnd: usize = 0;
export let escapes: u32 = 0;

/** Fields that `skipFields` passed, the one it stopped behind included. */
export let skippedFields: u32 = 0;

export function setInput(end: usize, final: u32): void {
  inputEnd = end;
  stop = end + final;
}

export function beginRecord(): void {
  innerLines = 0;
}

/** The first line feed at or after p; the sentinel at the end of the input when there is none. */
export function findLineFeed(p: usize): usize {
  const feed = i8x16.splat(10);
  while (true) {
    const mask = i8x16.bitmask(i8x16.eq(v128.load(p), feed));
    if (mask != 0) return p + ctz(mask);
    p += 16;
  }
}

/** The first comma or line feed at or after p. */
// @ts-ignore: decorator
@inline
export function findDelimiter(p: usize): usize {
  while (true) {
    const bytes = v128.load(p);
    const mask = i8x16.bitmask(v128.or(i8x16.eq(bytes, i8x16.splat(44)), i8x16.eq(bytes, i8x16.splat(10))));
    if (mask != 0) return p + ctz(mask);
    p += 16;
  }
}

/** The end of an unquoted field whose delimiter is known: a carriage return belongs to the line end. */
// @ts-ignore: decorator
@inline
export function contentEnd(start: usize, delimiter: usize): usize {
  const ends = load<u8>(delimiter) == LF && delimiter > start && delimiter < inputEnd && load<u8>(delimiter - 1) == CR;
  return delimiter - <usize>ends;
}

/**
 * Find the field that begins at p.
 *
 * @returns address of the comma or line feed that ends it, or an outcome
 */
export function locate(p: usize): usize {
  escapes = 0;
  if (load<u8>(p) == QUOTE) return locateQuoted(p);
  const delimiter = findDelimiter(p);
  fieldStart = p;
  fieldEnd = contentEnd(p, delimiter);
  return delimiter;
}

function locateQuoted(p: usize): usize {
  const closing = closingQuote(p + 1);
  if (closing >= inputEnd) return INCOMPLETE;
  fieldStart = p + 1;
  fieldEnd = closing;
  const next = <u32>load<u8>(closing, 1);
  if (next == COMMA || next == LF) return closing + 1;
  if (next != CR || load<u8>(closing, 2) != LF) return AFTER_QUOTE;
  if (closing + 2 < inputEnd) return closing + 2;
  // That line feed is the sentinel: what follows is unknown, or nothing, and then the carriage return is text.
  return stop > inputEnd ? AFTER_QUOTE : INCOMPLETE;
}

/** The quote that closes a field, from inside it; at or past the end of the input when there is none. */
function closingQuote(p: usize): usize {
  while (true) {
    const bytes = v128.load(p);
    const quotes = i8x16.bitmask(i8x16.eq(bytes, i8x16.splat(34)));
    const feeds = i8x16.bitmask(i8x16.eq(bytes, i8x16.splat(10)));
    if (quotes == 0) {
      innerLines += popcnt(feeds);
      p += 16;
      continue;
    }
    const at = ctz(quotes);
    innerLines += popcnt(feeds & ((1 << at) - 1));
    p += at;
    if (p >= inputEnd || load<u8>(p, 1) != QUOTE) return p;
    escapes++;
    p += 2;
  }
}

/** Copy [start, end) with each doubled quote as one; returns the end of the copy. Writes up to 16 bytes behind it. */
export function unescape(start: usize, end: usize, target: usize): usize {
  while (true) {
    const bytes = v128.load(start);
    v128.store(target, bytes);
    const quotes = i8x16.bitmask(i8x16.eq(bytes, i8x16.splat(34)));
    const plain: usize = quotes == 0 ? 16 : ctz(quotes);
    if (plain >= end - start) return target + (end - start);
    if (quotes == 0) {
      // Where the next bytes are does not depend on these
      start += 16;
      target += 16;
    } else {
      start += plain + 2;
      target += plain + 1;
    }
  }
}

/**
 * Pass over `count` fields from the beginning of one.
 *
 * @returns address of the delimiter behind the last one, or of the line feed that came before; or an outcome
 */
export function skipFields(p: usize, count: u32): usize {
  let remaining = count;
  let begins: u32 = 1; // the lane before which a field begins, carried from the bytes before
  while (true) {
    const bytes = v128.load(p);
    const commas = <u32>i8x16.bitmask(i8x16.eq(bytes, i8x16.splat(44)));
    const quotes = <u32>i8x16.bitmask(i8x16.eq(bytes, i8x16.splat(34)));
    const feeds = <u32>i8x16.bitmask(i8x16.eq(bytes, i8x16.splat(10)));
    const events = feeds | (quotes & ((commas << 1) | begins));
    const passed = popcnt(commas);
    if (events == 0 && passed < remaining) {
      remaining -= passed;
      begins = commas >> 15;
      p += 16;
      continue;
    }
    const before = events == 0 ? commas : commas & ((events & -events) - 1);
    const passedBefore = popcnt(before);
    if (passedBefore >= remaining) {
      skippedFields = count;
      return p + nthBit(before, remaining);
    }
    remaining -= passedBefore;
    p += ctz(events);
    if (load<u8>(p) != QUOTE) {
      skippedFields = count - remaining + 1;
      return p;
    }
    escapes = 0;
    p = locateQuoted(p);
    if (p < OUTCOMES) return p;
    remaining--;
    if (remaining == 0 || load<u8>(p) == LF) {
      skippedFields = count - remaining;
      return p;
    }
    p++;
    begins = 1;
  }
}

/** Position of the n-th set bit, n from 1. */
function nthBit(mask: u32, n: u32): u32 {
  for (; n > 1; n--) mask &= mask - 1;
  return ctz(mask);
}
