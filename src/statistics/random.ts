/** Random bits from a 32-bit seed; the same seed gives the same bits everywhere. Marsaglia, Xorshift RNGs (2003). */
export class RandomBits {
  #state: number;

  constructor(seed: number) {
    this.#state = mix(seed) || 0x9e3779b9;
  }

  /** @param count 1 .. 31 bits; @returns 0 .. 2^count - 1 */
  next(count: number): number {
    let x = this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x;
    return Math.imul(x, 0x9e3779b1) >>> (32 - count);
  }
}

/** The finalizer of MurmurHash3 (Appleby, 2011): spreads every bit of a 32-bit number over all bits. */
export function mix(x: number): number {
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return x ^ (x >>> 16);
}
