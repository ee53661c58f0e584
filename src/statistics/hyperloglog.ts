import { mix } from './random.js';

const PRECISION = 14;
const REGISTERS = 2 ** PRECISION;
/** Bits of a hash that the rank is taken from. */
const RANK_BITS = 64 - PRECISION;
/** α for infinitely many registers. */
const ALPHA = 0.5 / Math.LN2;

/**
 * The number of distinct numbers of a stream, from 16,384 one-byte registers: standard error 1.04 / sqrt(16,384) = 0.81 %.
 * A number's 64-bit hash chooses a register (14 bits), which keeps the longest run of leading zeros of the rest, plus one.
 *
 * Flajolet, Fusy, Gandouet, Meunier, HyperLogLog (2007); the estimate is that of Ertl, New cardinality estimation algorithms
 * for HyperLogLog sketches (2017), section 4, which is unbiased from 0 on and so needs no table of corrections.
 */
export class HyperLogLog {
  readonly #registers = new Uint8Array(REGISTERS);

  /** @param values finite, no -0 */
  add(values: Float64Array): void {
    const registers = this.#registers;
    const words = new Uint32Array(values.buffer, values.byteOffset, 2 * values.length);
    for (let i = 0; i < words.length; i += 2) {
      const high = mix(words[i] ^ mix(words[i + 1] ^ 0x5bd1e995));
      const low = mix(words[i + 1] ^ mix(words[i] ^ 0x27d4eb2f));
      const register = high >>> (32 - PRECISION);
      const rest = (high << PRECISION) >>> 0;
      const zeros = rest === 0 ? 32 - PRECISION + Math.clz32(low) : Math.clz32(rest);
      const rank = Math.min(zeros, RANK_BITS) + 1;
      if (rank > registers[register]) registers[register] = rank;
    }
  }

  /** The registers are then those of one pass over both streams. */
  merge(other: HyperLogLog): void {
    const theirs = other.#registers;
    for (let i = 0; i < REGISTERS; i++) if (theirs[i] > this.#registers[i]) this.#registers[i] = theirs[i];
  }

  /** Not rounded. */
  estimate(): number {
    const counts = new Float64Array(RANK_BITS + 2);
    for (const rank of this.#registers) counts[rank]++;
    let z = REGISTERS * tau(1 - counts[RANK_BITS + 1] / REGISTERS);
    for (let rank = RANK_BITS; rank >= 1; rank--) z = 0.5 * (z + counts[rank]);
    z += REGISTERS * sigma(counts[0] / REGISTERS);
    return (ALPHA * REGISTERS * REGISTERS) / z;
  }
}

/** σ(x) = x + Σ x^(2^k) 2^(k-1) over k >= 1, for registers that are still 0. */
function sigma(x: number): number {
  if (x === 1) return Number.POSITIVE_INFINITY;
  let sum = x;
  for (let weight = 1, before = Number.NaN; sum !== before; weight += weight) {
    x *= x;
    before = sum;
    sum += x * weight;
  }
  return sum;
}

/** τ(x) = (1 - x - Σ (1 - x^(2^-k))^2 2^-k over k >= 1) / 3, for registers that are full. */
function tau(x: number): number {
  if (x === 0 || x === 1) return 0;
  let sum = 1 - x;
  for (let weight = 1, before = Number.NaN; sum !== before; ) {
    x = Math.sqrt(x);
    before = sum;
    weight *= 0.5;
    sum -= (1 - x) ** 2 * weight;
  }
  return sum / 3;
}
