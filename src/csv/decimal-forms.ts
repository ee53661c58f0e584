const LANES = 16;
/** Places up to 15, and no point at all. */
const PLACES = 17;
/** The kernel's shuffle puts 0 where a lane is out of range. */
const NO_LANE = 0x80;
const FORM_BYTES = 32;
const MOST_SHORT_DIGITS = 8;

/**
 * How to read a field of at most eight digits from a vector that ends with it: forms {u8[16] lanes, f64 divisor, 8 bytes free} by
 * [places][signed][length].
 *
 *     places    bytes behind the last point of the vector, which may be before the field; 16 where there is none
 *     signed    1: the field begins with a minus sign
 *     length    of the field, sign and point included, and 1 more
 *
 * The lanes move the digits to the end, without sign and point. Where there are none or too many, they move a byte there that is
 * no digit. The divisor bears the sign; that of an empty field makes it NaN.
 *
 * @returns u8[17][2][16][32]
 */
export function shortForms(): Uint8Array {
  const forms = new Uint8Array(PLACES * 2 * LANES * FORM_BYTES).fill(NO_LANE);
  const divisors = new Float64Array(forms.buffer);
  for (let i = 0; i < forms.length / FORM_BYTES; i++) {
    const length = i % LANES;
    const sign = (i >> 4) & 1;
    const form = i * FORM_BYTES;
    const count = length - 1 - sign;
    const divisor = length === 1 ? Number.NaN : putForm(forms, form, count, i >> 5, MOST_SHORT_DIGITS);
    divisors[form / 8 + 2] = sign ? -divisor : divisor;
  }
  return forms;
}

/**
 * The same for 1 to 16 characters, sign apart: forms {u8[16] lanes, f64 divisor of positive numbers, of negative ones} by
 * [places][characters - 1].
 *
 * @returns u8[17][16][32]
 */
export function middleForms(): Uint8Array {
  const forms = new Uint8Array(PLACES * LANES * FORM_BYTES).fill(NO_LANE);
  const divisors = new Float64Array(forms.buffer);
  for (let i = 0; i < forms.length / FORM_BYTES; i++) {
    const form = i * FORM_BYTES;
    const divisor = putForm(forms, form, (i % LANES) + 1, i >> 4, LANES);
    divisors[form / 8 + 2] = divisor;
    divisors[form / 8 + 3] = -divisor;
  }
  return forms;
}

/** Put the lanes of the digits among the last `count` of 16 bytes, or that of the byte before these; returns the divisor. */
function putForm(forms: Uint8Array, form: number, count: number, places: number, mostDigits: number): number {
  const first = LANES - count;
  const point = LANES - 1 - places;
  const hasPoint = point >= first;
  const digitCount = count - (hasPoint ? 1 : 0);
  if (digitCount > 0 && digitCount <= mostDigits) {
    let to = form + LANES - digitCount;
    for (let lane = first; lane < LANES; lane++) if (lane !== point) forms[to++] = lane;
  } else {
    forms[form + LANES - 1] = first - 1;
  }
  return hasPoint ? 10 ** places : 1;
}
