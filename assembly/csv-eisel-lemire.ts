// Decimal mantissa and exponent to the nearest f64, by one or two 64 x 64 bit products.
// Lemire, Number Parsing at a Gigabyte per Second (2021); Mushtak and Lemire, Fast Number Parsing Without Fallback (2023)

const LEAST_POWER: i32 = -342;
const GREATEST_POWER: i32 = 308;
/** The leading bit of a normal mantissa, which is not stored. */
const HIDDEN_BIT: u64 = <u64>1 << 52;
/** Not the bits of a finite double. */
export const UNKNOWN: u64 = u64.MAX_VALUE;

/** Address of u64[2][651]: for q = -342 .. 308 the leading 128 bits of 5^q, high word first; rounded up where q < 0. */
let powers: usize = 0;

export function setPowers(address: usize): void {
  powers = address;
}

let productHigh: u64 = 0;
let productLow: u64 = 0;

/** a * b, 128 bits. */
// @ts-ignore: decorator
@inline
function multiply(a: u64, b: u64): void {
  const aLow = a & 0xffffffff;
  const aHigh = a >> 32;
  const bLow = b & 0xffffffff;
  const bHigh = b >> 32;
  const low = aLow * bLow;
  const middle = aHigh * bLow + (low >> 32);
  const other = aLow * bHigh + (middle & 0xffffffff);
  productHigh = aHigh * bHigh + (middle >> 32) + (other >> 32);
  productLow = (other << 32) | (low & 0xffffffff);
}

/**
 * The bits of the f64 nearest to w 10^q, ties to even.
 *
 * @param w not 0
 * @returns UNKNOWN unless the result is normal and sure
 */
export function normalDouble(w: u64, q: i32): u64 {
  if (q < LEAST_POWER || q > GREATEST_POWER) return UNKNOWN;
  const zeros = clz(w);
  w <<= zeros;
  const entry = powers + (<usize>(q - LEAST_POWER) << 4);
  multiply(w, load<u64>(entry));
  let high = productHigh;
  let low = productLow;
  // 55 bits are wanted; if the 9 below them are all ones, the low half of the power may carry into them.
  if ((high & 0x1ff) == 0x1ff) {
    multiply(w, load<u64>(entry, 8));
    low += productHigh;
    if (productHigh > low) high++;
  }
  if (low == u64.MAX_VALUE && (q < -27 || q > 55)) return UNKNOWN;

  const top = high >> 63;
  let mantissa = high >> (top + 9);
  let exponent = (((152170 + 65536) * q) >> 16) + 63 + <i32>top - <i32>zeros + 1023;
  if (exponent <= 0) return UNKNOWN;
  // Halfway between two doubles exactly: only where 5^q fits 64 bits.
  if (low <= 1 && q >= -4 && q <= 23 && (mantissa & 3) == 1 && mantissa << (top + 9) == high) mantissa--;
  mantissa = (mantissa + (mantissa & 1)) >> 1;
  if (mantissa >= HIDDEN_BIT << 1) {
    mantissa = HIDDEN_BIT;
    exponent++;
  }
  if (exponent >= 2047) return UNKNOWN;
  return (mantissa & ~HIDDEN_BIT) | (<u64>exponent << 52);
}
