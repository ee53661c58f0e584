// What readers of NUMERIC fields share: vectors of 16 bytes, and steps from bytes to digits and values.

const MINUS: u32 = 45;

/** Addresses: reading a vector once is cheaper than making it for each field. */
export const POINTS: usize = memory.data<u64>([0x2e2e2e2e2e2e2e2e, 0x2e2e2e2e2e2e2e2e]);
export const ZEROS: usize = memory.data<u64>([0x3030303030303030, 0x3030303030303030]);
/** 127 - 9: added to more than 9 it sets the highest bit. */
export const BEYOND_NINE: usize = memory.data<u64>([0x7676767676767676, 0x7676767676767676]);
/** i16 10 * 256 + 1; i16 100, 1; i16 10,000, 1 */
export const TO_PAIRS: usize = memory.data<u64>([0x0a010a010a010a01, 0x0a010a010a010a01]);
export const TO_FOURS: usize = memory.data<u64>([0x0001006400010064, 0x0001006400010064]);
export const TO_EIGHTS: usize = memory.data<u64>([0x0001271000012710, 0x0001271000012710]);
/** f64[2] 10^8 */
export const HUNDRED_MILLION: usize = memory.data<u64>([0x4197d78400000000, 0x4197d78400000000]);

/** `unit`, a power of two of at least 256, where the field behind a delimiter begins with a minus sign; else 0. */
// @ts-ignore: decorator
@inline
export function unitIfSigned(delimiter: usize, unit: u32): usize {
  // 0 - 1 has all bits, what other bytes give at most the lowest eight
  return <usize>(((<u32>load<u8>(delimiter, 1) ^ MINUS) - 1) & unit);
}

/** 1 where the field behind a delimiter begins with a minus sign, else 0. */
// @ts-ignore: decorator
@inline
export function isSigned(delimiter: usize): usize {
  return <usize>(((<u32>load<u8>(delimiter, 1) ^ MINUS) - 1) >>> 31);
}

/** The digits that a form moves to the end of a vector, one per byte. */
// @ts-ignore: decorator
@inline
export function digitsBy(form: usize, bytes: v128, zero: v128): v128 {
  return i8x16.swizzle(i8x16.sub(bytes, zero), v128.load(form));
}

/** The values of four digits each (Lemire, 2022). */
// @ts-ignore: decorator
@inline
export function fourDigits(digits: v128, toPairs: v128, toFours: v128): v128 {
  // In a lane of 16 bits a + 256 b becomes (10 a + b) 256 + a
  return i32x4.dot_i16x8_s(i16x8.shr_u(i16x8.mul(digits, toPairs), 8), toFours);
}
