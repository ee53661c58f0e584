// NUMERIC fields of 17 to 24 characters, two at a time.

import {
  BEYOND_NINE,
  fourDigits,
  HUNDRED_MILLION,
  isSigned,
  POINTS,
  TO_EIGHTS,
  TO_FOURS,
  TO_PAIRS,
  ZEROS,
} from './csv-vectors';

/** Of a field, its sign apart, and 1 more. */
export const LEAST_LENGTH: usize = 18;
/** Lengths that are read here. */
const LENGTHS: usize = 8;
/** Of a form. */
const FORM_SHIFT: usize = 7;
/** From a form to its parts; to those of negative numbers it is 32 bytes further. */
const LANES: usize = 16;
const SCALES: usize = 32;
const LAST_SCALE: usize = 48;
const SIGN_SHIFT: usize = 5;

/** '.' - '0' */
const POINT_DIGITS: usize = memory.data<u64>([0xfefefefefefefefe, 0xfefefefefefefefe]);
/** BEYOND_NINE, and for the first five of eight digits 127 - 0. */
const BEYOND_THREE_DIGITS: usize = memory.data<u64>([0x7676767f7f7f7f7f, 0x7676767f7f7f7f7f]);
/** 16 bytes from i + 7 on: 255 in the last i - 17 lanes. */
const LAST_BYTES: usize = memory.data<u64>([0, 0, 0, 0, 0, 0xffffffffffffffff, 0xffffffffffffffff]);

/** f64[2] 1 - 2^-50, and 1 + 2^-50 */
const SLIGHTLY_LESS: usize = memory.data<u64>([0x3feffffffffffff8, 0x3feffffffffffff8]);
const SLIGHTLY_MORE: usize = memory.data<u64>([0x3ff0000000000004, 0x3ff0000000000004]);

/** Which of the two fields at which `readLong` ended it has not read: bits 0 and 1; or BOTH_UNREAD for their length. */
export let odd: u32 = 0;
export const BOTH_UNREAD: u32 = 4;

/** Address of the forms: see src/csv/long-forms.ts. */
let forms: usize = 0;

export function setLongForms(address: usize): void {
  forms = address;
}

/**
 * Read NUMERIC fields of a column as long as they are [-] digits [. digits] of 17 to 24 characters, sign apart, with at most 19
 * significant digits. With u of up to 11 digits before the last eight, l,
 *
 *     value = u 10^(8 - places) + l 10^-places    10^(8 - places) = most + rest, most of 16 bits
 *
 * u most is exact: 37 and 16 bits. u rest + l 10^-places has the errors of two factors, two products and a sum, together less than
 * 2^-51 of it. Where the value comes to the same double with 2^-50 more and less of it, that double is the nearest.
 *
 * @param ends u32: address of the delimiter of the first field, behind that of the field before it
 * @param stride bytes from there to the same in the next record
 * @param values f64[]: where the value of the first field belongs
 * @param limit where `values` ends: at least two of them
 * @returns where the value of the first of two fields belongs of which `odd` says what is left to be read; or `limit`
 */
export function readLong(ends: usize, stride: usize, values: usize, limit: usize): usize {
  const table = forms;
  const zero = v128.load(ZEROS);
  const point = v128.load(POINTS);
  const pointDigit = v128.load(POINT_DIGITS);
  const toPairs = v128.load(TO_PAIRS);
  const toFours = v128.load(TO_FOURS);
  const toEights = v128.load(TO_EIGHTS);
  const lastTwo = limit - 16;
  let first = ends - 4;
  while (true) {
    do {
      const second = first + stride;
      const a = <usize>load<u32>(first);
      const b = <usize>load<u32>(second);
      const aEnd = <usize>load<u32>(first, 4);
      const bEnd = <usize>load<u32>(second, 4);
      const aSign = isSigned(a);
      const bSign = isSigned(b);
      const aLength = aEnd - a - aSign;
      const bLength = bEnd - b - bSign;
      if (((aLength - LEAST_LENGTH) | (bLength - LEAST_LENGTH)) >= LENGTHS) {
        odd = BOTH_UNREAD;
        return values;
      }
      const aHead = v128.and(i8x16.sub(v128.load(aEnd - 32), zero), v128.load(aLength, LAST_BYTES + 7));
      const bHead = v128.and(i8x16.sub(v128.load(bEnd - 32), zero), v128.load(bLength, LAST_BYTES + 7));
      const aTail = v128.load(aEnd - 32, 16);
      const bTail = v128.load(bEnd - 32, 16);
      const aForm = table + (placesOf(aHead, aTail, point, pointDigit) << FORM_SHIFT);
      const bForm = table + (placesOf(bHead, bTail, point, pointDigit) << FORM_SHIFT);
      const aDigits = i8x16.sub(v128.bitselect(aTail, v128.load(aEnd - 32, 15), v128.load(aForm)), zero);
      const bDigits = i8x16.sub(v128.bitselect(bTail, v128.load(bEnd - 32, 15), v128.load(bForm)), zero);
      const heads = i64x2.shuffle(
        i8x16.swizzle(aHead, v128.load(aForm, LANES)),
        i8x16.swizzle(bHead, v128.load(bForm, LANES)),
        1,
        3,
      );
      const beyond = v128.or(
        i8x16.add_sat_u(i8x16.max_u(aDigits, bDigits), v128.load(BEYOND_NINE)),
        i8x16.add_sat_u(heads, v128.load(BEYOND_THREE_DIGITS)),
      );
      const aFours = fourDigits(aDigits, toPairs, toFours);
      const bFours = fourDigits(bDigits, toPairs, toFours);
      const eights = i32x4.dot_i16x8_s(i16x8.narrow_i32x4_s(aFours, bFours), toEights);
      const tops = fourDigits(heads, toPairs, toFours);
      const top = f64x2.convert_low_i32x4_s(i32x4.shuffle(tops, tops, 1, 3, 1, 3));
      const middle = f64x2.convert_low_i32x4_s(i32x4.shuffle(eights, eights, 0, 2, 0, 2));
      const last = f64x2.convert_low_i32x4_s(i32x4.shuffle(eights, eights, 1, 3, 1, 3));
      const upper = f64x2.add(f64x2.mul(top, v128.load(HUNDRED_MILLION)), middle);
      const aFactors = aForm + (aSign << SIGN_SHIFT);
      const bFactors = bForm + (bSign << SIGN_SHIFT);
      // 10^(8 - places) in two parts
      const aScale = v128.load(aFactors, SCALES);
      const bScale = v128.load(bFactors, SCALES);
      const lastScale = v128.load64_lane(bFactors, v128.load64_zero(aFactors, LAST_SCALE), 1, LAST_SCALE);
      const most = f64x2.mul(upper, i64x2.shuffle(aScale, bScale, 0, 2));
      const rest = f64x2.add(f64x2.mul(upper, i64x2.shuffle(aScale, bScale, 1, 3)), f64x2.mul(last, lastScale));
      const least = f64x2.add(most, f64x2.mul(rest, v128.load(SLIGHTLY_LESS)));
      const greatest = f64x2.add(most, f64x2.mul(rest, v128.load(SLIGHTLY_MORE)));
      v128.store(values, least);
      const unsure = i64x2.bitmask(f64x2.ne(least, greatest));
      if ((i8x16.bitmask(beyond) | unsure) != 0) {
        odd = unsure | oddOf(aDigits, bDigits, heads);
        return values;
      }
      values += 16;
      first = second + stride;
    } while (values <= lastTwo);
    if (values == limit) return limit;
    first -= stride;
    values = lastTwo;
  }
}

/** Bytes behind the last point among 32, of which those before the field are 0; 32 where there is none. */
// @ts-ignore: decorator
@inline
function placesOf(head: v128, tail: v128, point: v128, pointDigit: v128): usize {
  return <usize>clz(i8x16.bitmask(i8x16.eq(head, pointDigit)) | (i8x16.bitmask(i8x16.eq(tail, point)) << 16));
}

/** Bit 0: not all of the first field's digits are digits; bit 1: of the second's. */
// @ts-ignore: decorator
@inline
function oddOf(aDigits: v128, bDigits: v128, heads: v128): u32 {
  const beyondNine = v128.load(BEYOND_NINE);
  const head = <u32>i8x16.bitmask(i8x16.add_sat_u(heads, v128.load(BEYOND_THREE_DIGITS)));
  const a = <u32>i8x16.bitmask(i8x16.add_sat_u(aDigits, beyondNine)) | (head & 0xff);
  const b = <u32>i8x16.bitmask(i8x16.add_sat_u(bDigits, beyondNine)) | (head >> 8);
  return <u32>(a != 0) | (<u32>(b != 0) << 1);
}
