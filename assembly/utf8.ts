// Is it UTF-8? Unicode 15, table 3-7: well-formed byte sequences.

/** 1 when the sequence at which `findInvalid` stopped may become valid with the bytes that follow the end. */
export let cutSequence: u32 = 0;

/** The first byte that does not begin a well-formed sequence inside [p, end), or `end`. Reads up to 64 bytes past the end. */
export function findInvalid(p: usize, end: usize): usize {
  const known = p + 3;
  cutSequence = 0;
  while (p < end) {
    const isBlock = p + 64 <= end;
    if (isBlock && isAscii(p)) {
      p += 64;
      continue;
    }
    if (isBlock && p >= known && isValid(p)) {
      p += 64 - begunBefore(p + 64);
      continue;
    }
    const stop = p + 64 < end ? p + 64 : end;
    while (p < stop) {
      const lead = <u32>load<u8>(p);
      if (lead < 0x80) {
        p++;
        continue;
      }
      const length = sequenceLength(lead);
      if (length == 0) return p;
      if (!wellFormed(p, lead, length, end)) return p;
      p += length;
    }
  }
  return end;
}

// @ts-ignore: decorator
@inline
function isAscii(p: usize): bool {
  const all = v128.or(v128.or(v128.load(p), v128.load(p, 16)), v128.or(v128.load(p, 32), v128.load(p, 48)));
  return i8x16.bitmask(all) == 0;
}

/**
 * What may be wrong with two bytes, one bit each, by the high and the low half of the first and the high half of the second;
 * it is wrong if all three say so. Keiser and Lemire, Validating UTF-8 in Less Than One Instruction per Byte (2021), table 8
 *
 *     01 too short   02 too long   04 overlong, 3 bytes   08 too large   10 surrogate   20 overlong, 2 bytes
 *     40 overlong, 4 bytes, or far too large   80 two continuations: right behind a lead of 3 or 4 bytes
 */
const FIRST_HIGH: usize = memory.data<u8>([2, 2, 2, 2, 2, 2, 2, 2, 0x80, 0x80, 0x80, 0x80, 0x21, 1, 0x15, 0x49]);
const FIRST_LOW: usize = memory.data<u8>([
  0xe7, 0xa3, 0x83, 0x83, 0x8b, 0xcb, 0xcb, 0xcb, 0xcb, 0xcb, 0xcb, 0xcb, 0xcb, 0xdb, 0xcb, 0xcb,
]);
const SECOND_HIGH: usize = memory.data<u8>([1, 1, 1, 1, 1, 1, 1, 1, 0xe6, 0xae, 0xba, 0xba, 1, 1, 1, 1]);

/** Whether nothing is wrong with the 64 bytes at p, 3 bytes before which are known, but for a sequence cut by their end. */
function isValid(p: usize): bool {
  const wrong = v128.or(v128.or(wrongIn(p), wrongIn(p + 16)), v128.or(wrongIn(p + 32), wrongIn(p + 48)));
  return !v128.any_true(wrong);
}

// @ts-ignore: decorator
@inline
function wrongIn(p: usize): v128 {
  const before = v128.load(p - 1);
  const firstHigh = i8x16.swizzle(v128.load(FIRST_HIGH), i8x16.shr_u(before, 4));
  const firstLow = i8x16.swizzle(v128.load(FIRST_LOW), v128.and(before, i8x16.splat(15)));
  const secondHigh = i8x16.swizzle(v128.load(SECOND_HIGH), i8x16.shr_u(v128.load(p), 4));
  const pairs = v128.and(v128.and(firstHigh, firstLow), secondHigh);
  // The highest bit says: two bytes before there is a lead of 3 or 4 bytes, or three bytes before one of 4: e0 - 60 and f0 - 70 are 80.
  const third = i8x16.sub_sat_u(v128.load(p - 2), i8x16.splat(0x60));
  const fourth = i8x16.sub_sat_u(v128.load(p - 3), i8x16.splat(0x70));
  return v128.xor(v128.and(v128.or(third, fourth), i8x16.splat(-128)), pairs);
}

/** Bytes before p of a sequence that ends behind it; what is before p is valid. */
function begunBefore(p: usize): usize {
  if (load<u8>(p - 1) >= 0xc0) return 1;
  if (load<u8>(p - 2) >= 0xe0) return 2;
  return load<u8>(p - 3) >= 0xf0 ? 3 : 0;
}

function sequenceLength(lead: u32): u32 {
  if (lead < 0xc2) return 0;
  if (lead < 0xe0) return 2;
  if (lead < 0xf0) return 3;
  return lead < 0xf5 ? 4 : 0;
}

function wellFormed(p: usize, lead: u32, length: u32, end: usize): bool {
  // The second byte is restricted after some leads: no overlong forms, surrogates, or more than U+10FFFF.
  const least: u32 = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
  const most: u32 = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
  for (let i: u32 = 1; i < length; i++) {
    if (p + i >= end) {
      cutSequence = 1;
      return false;
    }
    const byte = <u32>load<u8>(p + i);
    if (i == 1 ? byte < least || byte > most : (byte & 0xc0) != 0x80) return false;
  }
  return true;
}
