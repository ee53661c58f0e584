import { LEAST_POWER, powersOfFive } from './powers-of-five.js';

const LANES = 16;
/** Places up to 23, and no point at all. */
const MOST_PLACES = 23;
const NO_POINT = 32;
const NO_LANE = 0x80;
const ROW_BYTES = 128;

/**
 * How to read a field of 17 to 24 characters from the 32 bytes that end with it: rows {u8[16] mask, u8[16] lanes, f64[2][4]
 * factors} by places, 32 of them standing for no point.
 *
 *     mask       255 for the last 16 digits that are behind the point; those before it are found one byte further left
 *     lanes      of the first 16 of the bytes, to move the 8 digits before these to the second half of a vector
 *     factors    of positive and of negative numbers: 10^(8 - places) as a number of 16 bits and what it lacks, 10^-places, free
 *
 * @returns u8[33][128]
 */
export function longForms(): Uint8Array {
  const forms = new Uint8Array((NO_POINT + 1) * ROW_BYTES);
  const factors = new Float64Array(forms.buffer);
  const powers = powersOfFive();
  for (let places = 0; places <= NO_POINT; places = places === MOST_PLACES ? NO_POINT : places + 1) {
    const row = places * ROW_BYTES;
    const point = 2 * LANES - 1 - places;
    forms.fill(255, row + Math.max(point + 1 - LANES, 0), row + LANES);
    forms.fill(NO_LANE, row + LANES, row + 1.5 * LANES);
    for (let lane = LANES / 2; lane < LANES; lane++) forms[row + LANES + lane] = lane > point ? lane : lane - 1;
    const power = places === NO_POINT ? 0 : places;
    const [most, rest] = split(8 - power, powers);
    const last = Number(`1e-${power}`);
    factors.set([most, rest, last, 0, -most, -rest, -last, 0], row / 8 + 4);
  }
  return forms;
}

/** 10^q as a number of 16 bits and the double nearest to what it lacks. */
function split(q: number, powers: BigUint64Array): [most: number, rest: number] {
  const high = powers[2 * (q - LEAST_POWER)];
  const low = powers[2 * (q - LEAST_POWER) + 1];
  const scale = 2 ** (Math.floor(q * Math.log2(10)) - 63);
  const rest = high & 0xffff_ffff_ffffn;
  return [Number(high - rest) * scale, (Number(rest) + Number(low) * 2 ** -64) * scale];
}
