// Is it UTF-8? Unicode 15, table 3-7: well-formed byte sequences.

/** 1 when the sequence at which `findInvalid` stopped may become valid with the bytes that follow the end. */
export let cutSequence: u32 = 0;

/** The first byte that does not begin a well-formed sequence inside [p, end), or `end`. Reads up to 64 bytes past the end. */
export function findInvalid(p: usize, end: usize): usize {
  cutSequence = 0;
  while (p < end) {
    const ascii = v128.or(v128.or(v128.load(p), v128.load(p, 16)), v128.or(v128.load(p, 32), v128.load(p, 48)));
    if (p + 64 <= end && i8x16.bitmask(ascii) == 0) {
      p += 64;
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
