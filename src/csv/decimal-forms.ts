const LANES = 16;
const MOST_DIGITS = 8;
/** Places up to 15, and no point at all. */
const PLACES = 17;
/** The kernel's shuffle puts 0 where a lane is out of range. */
const NO_LANE = 0x80;
const ROW_BYTES = 32;

/**
 * How to read a field of at most eight digits from a vector that ends with it: rows {u8[16] lanes, f64 divisor, 8 bytes free} by
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
export function decimalForms(): Uint8Array {
  const forms = new Uint8Array(PLACES * 2 * LANES * ROW_BYTES).fill(NO_LANE);
  const divisors = new Float64Array(forms.buffer);
  for (let i = 0; i < forms.length / ROW_BYTES; i++) {
    const length = i % LANES;
    const sign = Math.floor(i / LANES) % 2;
    const places = Math.floor(i / LANES / 2);
    const first = LANES + 1 + sign - length;
    const point = LANES - 1 - places;
    const hasPoint = point >= first;
    const digitCount = LANES - first - (hasPoint ? 1 : 0);
    const divisor = hasPoint ? 10 ** places : 1;
    const row = i * ROW_BYTES;
    divisors[row / 8 + 2] = length === 1 ? Number.NaN : sign ? -divisor : divisor;
    if (digitCount > 0 && digitCount <= MOST_DIGITS) {
      for (let lane = first, to = row + LANES - digitCount; lane < LANES; lane++)
        if (lane !== point) forms[to++] = lane;
    } else if (length > 1) {
      forms[row + LANES - 1] = first - 1;
    }
  }
  return forms;
}
