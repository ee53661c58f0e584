// NUMERIC fields of at most eight digits, four at a time.

import {
  BEYOND_NINE,
  digitsBy,
  fourDigits,
  POINTS,
  TO_EIGHTS,
  TO_FOURS,
  TO_PAIRS,
  unitIfSigned,
  ZEROS,
} from './csv-vectors';

/** Of the form of a field, of forms with the same length and without a sign, of those with the same number of places. */
const FORM_SHIFT: usize = 5;
const SIGNED: u32 = 1 << 9;
const PLACES_SHIFT: usize = 10;
/** `length` of all forms is less. */
const LENGTHS: usize = 16;
/** From a form to its divisor. */
const DIVISOR: usize = 16;

/** Address of the forms (src/csv/decimal-forms.ts) minus 16 times the bytes of those with the same number of places. */
let forms: usize = 0;

export function setShortForms(address: usize): void {
  forms = address - (16 << PLACES_SHIFT);
}

/**
 * Read NUMERIC fields of a column as long as they are [-] digits [. digits] of at most eight digits, or empty. The 16 bytes that
 * end with a field hold it; its length, its sign and the last point among these bytes say which of them are its digits.
 *
 *     3 . 2 5 , 1 7 , - 1 2 . 3 4 , . 5    the 16 bytes before the delimiter of a field of 2 characters
 *                                 0 0 0 0 0 0 0 5 | the same of three others: one shuffle each
 *
 * @param ends u32: address of the delimiter of the first field, behind that of the field before it
 * @param stride bytes from there to the same in the next record
 * @param values f64[]: where the value of the first field belongs
 * @param limit where `values` ends: at least four of them
 * @returns where the value of a field belongs that is among four of which one is something else, or `limit`
 */
export function readShort(ends: usize, stride: usize, values: usize, limit: usize): usize {
  const table = forms;
  const point = v128.load(POINTS);
  const zero = v128.load(ZEROS);
  const beyondNine = v128.load(BEYOND_NINE);
  const toPairs = v128.load(TO_PAIRS);
  const toFours = v128.load(TO_FOURS);
  const toEights = v128.load(TO_EIGHTS);
  const lastFour = limit - 32;
  let first = ends - 4;
  while (true) {
    do {
      const second = first + stride;
      const third = second + stride;
      const fourth = third + stride;
      const a = <usize>load<u32>(first);
      const b = <usize>load<u32>(second);
      const c = <usize>load<u32>(third);
      const d = <usize>load<u32>(fourth);
      const aEnd = <usize>load<u32>(first, 4);
      const bEnd = <usize>load<u32>(second, 4);
      const cEnd = <usize>load<u32>(third, 4);
      const dEnd = <usize>load<u32>(fourth, 4);
      if (((aEnd - a) | (bEnd - b) | (cEnd - c) | (dEnd - d)) >= LENGTHS) return values;
      const aBytes = v128.load(aEnd - 16);
      const bBytes = v128.load(bEnd - 16);
      const cBytes = v128.load(cEnd - 16);
      const dBytes = v128.load(dEnd - 16);
      const aForm = table + formOf(aBytes, point, a, aEnd);
      const bForm = table + formOf(bBytes, point, b, bEnd);
      const cForm = table + formOf(cBytes, point, c, cEnd);
      const dForm = table + formOf(dBytes, point, d, dEnd);
      const ab = i64x2.shuffle(digitsBy(aForm, aBytes, zero), digitsBy(bForm, bBytes, zero), 1, 3);
      const cd = i64x2.shuffle(digitsBy(cForm, cBytes, zero), digitsBy(dForm, dBytes, zero), 1, 3);
      if (i8x16.bitmask(i8x16.add_sat_u(i8x16.max_u(ab, cd), beyondNine)) != 0) return values;
      const abFours = fourDigits(ab, toPairs, toFours);
      const cdFours = fourDigits(cd, toPairs, toFours);
      const eights = i32x4.dot_i16x8_s(i16x8.narrow_i32x4_s(abFours, cdFours), toEights);
      const abDivisors = v128.load64_lane(bForm, v128.load64_zero(aForm, DIVISOR), 1, DIVISOR);
      const cdDivisors = v128.load64_lane(dForm, v128.load64_zero(cForm, DIVISOR), 1, DIVISOR);
      v128.store(values, f64x2.div(f64x2.convert_low_i32x4_s(eights), abDivisors));
      const behind = f64x2.convert_low_i32x4_s(i32x4.shuffle(eights, eights, 2, 3, 2, 3));
      v128.store(values, f64x2.div(behind, cdDivisors), 16);
      values += 32;
      first = fourth + stride;
    } while (values <= lastFour);
    if (values == limit) return limit;
    // One to three are left: the last four, then, some of which have been read
    first -= ((values - lastFour) >> 3) * stride;
    values = lastFour;
  }
}

/** Which form the field between two delimiters has, for the 16 bytes that end with it. */
// @ts-ignore: decorator
@inline
function formOf(bytes: v128, point: v128, before: usize, end: usize): usize {
  const places = <usize>clz(i8x16.bitmask(i8x16.eq(bytes, point)));
  return (places << PLACES_SHIFT) + (unitIfSigned(before, SIGNED) + ((end - before) << FORM_SHIFT));
}
