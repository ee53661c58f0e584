// NUMERIC fields of at most 16 characters, two at a time.

import {
  BEYOND_NINE,
  digitsBy,
  fourDigits,
  HUNDRED_MILLION,
  isSigned,
  POINTS,
  TO_EIGHTS,
  TO_FOURS,
  TO_PAIRS,
  ZEROS,
} from './csv-vectors';

/** Most characters of a field that is read here, its sign apart. */
const MOST_CHARACTERS: usize = 16;
/** Of a form, and of forms with the same number of places. */
const FORM_SHIFT: usize = 5;
const PLACES_SHIFT: usize = 9;
/** From a form to its divisors; from that of positive numbers to that of negative ones. */
const DIVISORS: usize = 16;
const SIGN_SHIFT: usize = 3;

/** Address of the forms (src/csv/decimal-forms.ts) minus those of 16 places and minus two. */
let forms: usize = 0;

export function setForms(address: usize): void {
  forms = address - (16 << PLACES_SHIFT) - (2 << FORM_SHIFT);
}

/**
 * Read NUMERIC fields of a column as long as they are [-] digits [. digits] of at most 16 characters, sign apart: as `readShort`
 * does, but for the 16 digits of each. With a point they are at most 15, so that they and the power of ten are exact.
 *
 * @param ends u32: address of the delimiter of the first field, behind that of the field before it
 * @param stride bytes from there to the same in the next record
 * @param values f64[]: where the value of the first field belongs
 * @param limit where `values` ends: at least two of them
 * @returns where the value of a field belongs that is one of two of which one is something else, or `limit`
 */
export function readDecimals(ends: usize, stride: usize, values: usize, limit: usize): usize {
  const table = forms;
  const point = v128.load(POINTS);
  const zero = v128.load(ZEROS);
  const beyondNine = v128.load(BEYOND_NINE);
  const toPairs = v128.load(TO_PAIRS);
  const toFours = v128.load(TO_FOURS);
  const toEights = v128.load(TO_EIGHTS);
  const hundredMillion = v128.load(HUNDRED_MILLION);
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
      if (((aLength - 2) | (bLength - 2)) >= MOST_CHARACTERS) return values;
      const aBytes = v128.load(aEnd - 16);
      const bBytes = v128.load(bEnd - 16);
      const aForm = table + formOf(aBytes, point, aLength);
      const bForm = table + formOf(bBytes, point, bLength);
      const aDigits = digitsBy(aForm, aBytes, zero);
      const bDigits = digitsBy(bForm, bBytes, zero);
      if (i8x16.bitmask(i8x16.add_sat_u(i8x16.max_u(aDigits, bDigits), beyondNine)) != 0) return values;
      const aFours = fourDigits(aDigits, toPairs, toFours);
      const bFours = fourDigits(bDigits, toPairs, toFours);
      const eights = i32x4.dot_i16x8_s(i16x8.narrow_i32x4_s(aFours, bFours), toEights);
      // The first and the last eight digits of both
      const upper = f64x2.convert_low_i32x4_s(i32x4.shuffle(eights, eights, 0, 2, 0, 2));
      const lower = f64x2.convert_low_i32x4_s(i32x4.shuffle(eights, eights, 1, 3, 1, 3));
      const aDivisor = v128.load64_zero(aForm + (aSign << SIGN_SHIFT), DIVISORS);
      const divisors = v128.load64_lane(bForm + (bSign << SIGN_SHIFT), aDivisor, 1, DIVISORS);
      v128.store(values, f64x2.div(f64x2.add(f64x2.mul(upper, hundredMillion), lower), divisors));
      values += 16;
      first = second + stride;
    } while (values <= lastTwo);
    if (values == limit) return limit;
    // The last two, one of which has been read
    first -= stride;
    values = lastTwo;
  }
}

/** Where the form of a field is among forms, for the 16 bytes that end with it. */
// @ts-ignore: decorator
@inline
function formOf(bytes: v128, point: v128, length: usize): usize {
  const places = <usize>clz(i8x16.bitmask(i8x16.eq(bytes, point)));
  return (places << PLACES_SHIFT) + (length << FORM_SHIFT);
}
