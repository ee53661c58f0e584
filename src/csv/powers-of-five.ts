/** The power that the table begins with. */
export const LEAST_POWER = -342;
const GREATEST_POWER = 308;
const WORD = (1n << 64n) - 1n;

let table: BigUint64Array | undefined;

/**
 * The leading 128 bits of 5^q for q = -342 .. 308, high word before low: what the kernel multiplies decimal mantissas with.
 * Rounded up for -27 <= q < 0, cut off elsewhere.
 *
 * Lemire, Number Parsing at a Gigabyte per Second (2021), section 5
 */
export function powersOfFive(): BigUint64Array {
  if (table) return table;
  table = new BigUint64Array(2 * (GREATEST_POWER - LEAST_POWER + 1));
  let power = 1n;
  for (let q = 0; q <= Math.max(-LEAST_POWER, GREATEST_POWER); q++) {
    if (q <= GREATEST_POWER) put(table, q, leading128(power));
    if (q > 0 && q <= -LEAST_POWER) put(table, -q, reciprocal128(power, q <= 27));
    power *= 5n;
  }
  return table;
}

function put(words: BigUint64Array, q: number, bits: bigint): void {
  const at = 2 * (q - LEAST_POWER);
  words[at] = bits >> 64n;
  words[at + 1] = bits & WORD;
}

function leading128(value: bigint): bigint {
  const excess = bitLength(value) - 128n;
  return excess > 0n ? value >> excess : value << -excess;
}

/** The leading 128 bits of 1 / power; rounded up as long as 5^-q fits 64 bits. */
function reciprocal128(power: bigint, up: boolean): bigint {
  const bits = bitLength(power);
  // power > 2^(bits - 1), so 2^(bits + 127) / power lies between 2^127 and 2^128
  return (1n << (bits + 127n)) / power + (up ? 1n : 0n);
}

function bitLength(value: bigint): bigint {
  return BigInt(value.toString(2).length);
}
