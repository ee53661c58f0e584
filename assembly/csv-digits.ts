// NUMERIC fields whose ends are known: all digits of one at once.

import { normalDouble, UNKNOWN } from './csv-eisel-lemire';

const MINUS: u32 = 45;
const EXACT_INTEGERS: u64 = <u64>1 << 53;
/** Most characters that are read as one double. */
const MOST_EXACT: usize = 15;
/** Most digits of a mantissa. */
const MOST_DIGITS: usize = 19;
/** Most characters of a field that is read here, its sign apart. */
const MOST_CHARACTERS: usize = 24;

/** f64[2][32]: divisors by characters from the point on, 10^0, 10^0, 10^1 .. 10^22; and their negatives. */
const DIVISORS: usize = memory.data<f64>([
  1, 1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
  1e21, 1e22, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, -1e1, -1e2, -1e3, -1e4, -1e5, -1e6, -1e7, -1e8, -1e9, -1e10, -1e11, -1e12,
  -1e13, -1e14, -1e15, -1e16, -1e17, -1e18, -1e19, -1e20, -1e21, -1e22,
]);

/** u64[20]: 10^0 .. 10^19 */
const POWERS: usize = memory.data<u64>([
  1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000, 10000000000, 100000000000, 1000000000000,
  10000000000000, 100000000000000, 1000000000000000, 10000000000000000, 100000000000000000, 1000000000000000000,
  10000000000000000000,
]);

/** Vectors of 16 bytes: reading them once is cheaper than making them for each field. */
const POINTS: usize = memory.data<u64>([0x2e2e2e2e2e2e2e2e, 0x2e2e2e2e2e2e2e2e]);
const ZEROS: usize = memory.data<u64>([0x3030303030303030, 0x3030303030303030]);
/** 127 - 9: added to more than 9 it sets the highest bit. */
const BEYOND_NINE: usize = memory.data<u64>([0x7676767676767676, 0x7676767676767676]);
/** i16 10 * 256 + 1; i16 100, 1; i16 10,000, 1; f64 10^8, 1 */
const TO_PAIRS: usize = memory.data<u64>([0x0a010a010a010a01, 0x0a010a010a010a01]);
const TO_FOURS: usize = memory.data<u64>([0x0001006400010064, 0x0001006400010064]);
const TO_EIGHTS: usize = memory.data<u64>([0x0001271000012710, 0x0001271000012710]);
const TO_SIXTEEN: usize = memory.data<u64>([0x4197d78400000000, 0x3ff0000000000000]);

/** Address of u8[17][32][16]: see src/csv/digit-shuffles.ts. */
let shuffles: usize = 0;

export function setShuffles(address: usize): void {
  shuffles = address;
}

/**
 * Read NUMERIC fields of a column as long as they are [-] digits [. digits] of at most 15 characters, sign apart. The digits are
 * moved to the end, the point taken out, by one shuffle, then joined to pairs, fours, eights (Lemire, 2022):
 *
 *     1 2 . 3 4 , 5 6 7 , - 8 , 9 . 0    the 16 bytes behind the sign
 *     0 0 0 0 0 0 0 0 0 0 0 0 1 2 3 4    5 characters, 2 before the point: shuffles[5][2]
 *
 * Two neighbours are read at once. No field waits for another.
 *
 * @param ends u32: address of the delimiter of the first field, behind that of the field before it
 * @param stride bytes from there to the same in the next record
 * @param values f64[]: where the value of the first field belongs
 * @param limit where `values` ends
 * @returns where the value of the first field belongs that is something else, or `limit`
 */
export function readDecimals(ends: usize, stride: usize, values: usize, limit: usize): usize {
  const point = v128.load(POINTS);
  const zero = v128.load(ZEROS);
  const beyondNine = v128.load(BEYOND_NINE);
  const toPairs = v128.load(TO_PAIRS);
  const toFours = v128.load(TO_FOURS);
  const toEights = v128.load(TO_EIGHTS);
  const table = shuffles;
  while (values < limit) {
    const end: usize = load<u32>(ends);
    let p = <usize>load<u32>(ends - 4) + 1;
    const negative = <usize>(<u32>load<u8>(p) == MINUS);
    p += negative;
    const count = end - p;
    if (count - 1 >= MOST_EXACT) break;
    if (values + 8 < limit) {
      const otherEnd: usize = load<u32>(ends + stride);
      let q = <usize>load<u32>(ends + stride - 4) + 1;
      const otherNegative = <usize>(<u32>load<u8>(q) == MINUS);
      q += otherNegative;
      const otherCount = otherEnd - q;
      if (otherCount - 1 < MOST_EXACT) {
        const bytes = v128.load(p);
        const otherBytes = v128.load(q);
        const whole = <usize>ctz(i8x16.bitmask(i8x16.eq(bytes, point)) | (1 << <i32>count));
        const otherWhole = <usize>ctz(i8x16.bitmask(i8x16.eq(otherBytes, point)) | (1 << <i32>otherCount));
        const digits = i8x16.swizzle(i8x16.sub(bytes, zero), v128.load(shuffle(table, count, whole)));
        const lanes = v128.load(shuffle(table, otherCount, otherWhole));
        const otherDigits = i8x16.swizzle(i8x16.sub(otherBytes, zero), lanes);
        if (i8x16.bitmask(i8x16.add_sat_u(i8x16.max_u(digits, otherDigits), beyondNine)) == 0) {
          const fours = i16x8.narrow_i32x4_s(fourDigits(digits, toPairs, toFours), fourDigits(otherDigits, toPairs, toFours));
          // The first and the last eight digits of both
          const eights = i32x4.dot_i16x8_s(fours, toEights);
          const first = f64x2.convert_low_i32x4_s(i32x4.shuffle(eights, eights, 0, 2, 0, 2));
          const last = f64x2.convert_low_i32x4_s(i32x4.shuffle(eights, eights, 1, 3, 1, 3));
          const divisors = v128.load64_lane(
            divisorAt(otherCount - otherWhole, otherNegative),
            v128.load64_zero(divisorAt(count - whole, negative)),
            1,
          );
          v128.store(values, f64x2.div(f64x2.add(f64x2.mul(first, f64x2.splat(1e8)), last), divisors));
          ends += 2 * stride;
          values += 16;
          continue;
        }
      }
    }
    const bytes = v128.load(p);
    const whole = <usize>ctz(i8x16.bitmask(i8x16.eq(bytes, point)) | (1 << <i32>count));
    const digits = i8x16.swizzle(i8x16.sub(bytes, zero), v128.load(shuffle(table, count, whole)));
    if (i8x16.bitmask(i8x16.add_sat_u(digits, beyondNine)) != 0) break;
    const eights = f64x2.convert_low_i32x4_s(eightDigits(digits, toPairs, toFours, toEights));
    const parts = f64x2.mul(eights, v128.load(TO_SIXTEEN));
    const mantissa = f64x2.extract_lane(parts, 0) + f64x2.extract_lane(parts, 1);
    store<f64>(values, mantissa / load<f64>(divisorAt(count - whole, negative)));
    ends += stride;
    values += 8;
  }
  return values;
}

/** The same for fields of 16 to 24 characters with at most 19 significant digits. */
export function readLongDecimals(ends: usize, stride: usize, values: usize, limit: usize): usize {
  const point = v128.load(POINTS);
  const zero = v128.load(ZEROS);
  const table = shuffles;
  for (; values < limit; values += 8, ends += stride) {
    const end: usize = load<u32>(ends);
    let p = <usize>load<u32>(ends - 4) + 1;
    const negative = <usize>(<u32>load<u8>(p) == MINUS);
    p += negative;
    const count = end - p;
    if (count - 16 > MOST_CHARACTERS - 16) break;
    const head = v128.load(p);
    const tail = v128.load(p, 16);
    const headPoints = i8x16.bitmask(i8x16.eq(head, point));
    const whole = <usize>ctz(headPoints | (i8x16.bitmask(i8x16.eq(tail, point)) << 16) | (1 << <i32>count));
    const rest = count - 16;
    const first = i8x16.swizzle(i8x16.sub(head, zero), v128.load(shuffle(table, 16, whole < 16 ? whole : 16)));
    const last = i8x16.swizzle(i8x16.sub(tail, zero), v128.load(shuffle(table, rest, whole < 16 ? rest : whole - 16)));
    const beyondNine = v128.load(BEYOND_NINE);
    if (i8x16.bitmask(v128.or(i8x16.add_sat_u(first, beyondNine), i8x16.add_sat_u(last, beyondNine))) != 0) break;
    const lastCount = rest - <usize>(whole - 16 < rest);
    const mantissa = sixteenDigits(first);
    if (mantissa >= load<u64>(POWERS + ((MOST_DIGITS - lastCount) << 3))) break;
    const bits = decimal(mantissa * load<u64>(POWERS + (lastCount << 3)) + sixteenDigits(last), count - whole, negative);
    if (bits == UNKNOWN) break;
    store<u64>(values, bits);
  }
  return values;
}

/** The bits of a decimal with so many characters from the point on; or UNKNOWN, as for a 0 with more places than there are divisors. */
// @ts-ignore: decorator
@inline
function decimal(mantissa: u64, places: usize, negative: usize): u64 {
  if (mantissa < EXACT_INTEGERS && places < MOST_CHARACTERS) {
    return reinterpret<u64>(<f64>(<i64>mantissa) / load<f64>(divisorAt(places, negative)));
  }
  if (mantissa == 0) return UNKNOWN;
  const bits = normalDouble(mantissa, places == 0 ? 0 : 1 - <i32>places);
  return bits == UNKNOWN ? UNKNOWN : bits | (<u64>negative << 63);
}

// @ts-ignore: decorator
@inline
function shuffle(table: usize, count: usize, whole: usize): usize {
  return table + (count << 9) + (whole << 4);
}

// @ts-ignore: decorator
@inline
function divisorAt(places: usize, negative: usize): usize {
  return DIVISORS + (negative << 8) + (places << 3);
}

/** Lanes 0 and 1: the values of the first and the last eight of 16 digits 0 .. 9, one per byte. */
// @ts-ignore: decorator
@inline
function eightDigits(digits: v128, toPairs: v128, toFours: v128, toEights: v128): v128 {
  const fours = fourDigits(digits, toPairs, toFours);
  return i32x4.dot_i16x8_s(i16x8.narrow_i32x4_s(fours, fours), toEights);
}

/** The values of four digits each. */
// @ts-ignore: decorator
@inline
function fourDigits(digits: v128, toPairs: v128, toFours: v128): v128 {
  // In a lane of 16 bits a + 256 b becomes (10 a + b) 256 + a
  const pairs = i16x8.shr_u(i16x8.mul(digits, toPairs), 8);
  return i32x4.dot_i16x8_s(pairs, toFours);
}

// @ts-ignore: decorator
@inline
function sixteenDigits(digits: v128): u64 {
  const eights = eightDigits(digits, v128.load(TO_PAIRS), v128.load(TO_FOURS), v128.load(TO_EIGHTS));
  const both = <u64>i64x2.extract_lane(eights, 0);
  return (both & 0xffffffff) * 100000000 + (both >> 32);
}
