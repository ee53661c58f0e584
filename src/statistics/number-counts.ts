const FEWEST_PLACES = 64;
/** A table is at most so full, that most numbers are found, or known to be new, at the first look. */
const SLOTS_PER_PLACE = 2;

/** How often each of some finite numbers occurs: a hash table with linear probing. */
export class NumberCounts {
  #values = new Float64Array(FEWEST_PLACES);
  #counts = new Float64Array(FEWEST_PLACES);
  #size = 0;
  /** Place of a number, from 1; 0 = free. A power of two of them. */
  #slots = new Uint32Array(0);

  constructor() {
    this.#rebuild();
  }

  /** Distinct numbers. */
  get size(): number {
    return this.#size;
  }

  /** The distinct numbers, in no order that matters. */
  get values(): Float64Array {
    return this.#values.subarray(0, this.#size);
  }

  /** How often each of `values` occurs. */
  get counts(): Float64Array {
    return this.#counts.subarray(0, this.#size);
  }

  /**
   * Count numbers from a place on, until there are more distinct ones than a limit.
   *
   * @param values finite, no -0
   * @param weights how often each occurs; default: once
   * @returns where counting ended
   */
  add(values: Float64Array, from: number, limit: number, weights?: Float64Array): number {
    const words = new Uint32Array(values.buffer, values.byteOffset, 2 * values.length);
    for (let i = from; i < values.length; i++) {
      const slots = this.#slots;
      const value = values[i];
      let slot = hash(words[2 * i], words[2 * i + 1]) & (slots.length - 1);
      while (slots[slot] !== 0 && this.#values[slots[slot] - 1] !== value) slot = (slot + 1) & (slots.length - 1);
      const place = slots[slot];
      const weight = weights === undefined ? 1 : weights[i];
      if (place !== 0) this.#counts[place - 1] += weight;
      else {
        this.#insert(value, weight, slot);
        if (this.#size > limit) return i + 1;
      }
    }
    return values.length;
  }

  #insert(value: number, count: number, slot: number): void {
    this.#values[this.#size] = value;
    this.#counts[this.#size] = count;
    this.#slots[slot] = ++this.#size;
    if (this.#size < this.#values.length) return;
    this.#values = doubled(this.#values);
    this.#counts = doubled(this.#counts);
    this.#rebuild();
  }

  /** Take `loss` from every count; numbers with no count left are forgotten. */
  reduce(loss: number): void {
    const [values, counts] = [this.#values, this.#counts];
    let kept = 0;
    for (let place = 0; place < this.#size; place++) {
      if (counts[place] <= loss) continue;
      values[kept] = values[place];
      counts[kept++] = counts[place] - loss;
    }
    this.#size = kept;
    this.#rebuild();
  }

  #rebuild(): void {
    const slotCount = 2 ** Math.ceil(Math.log2(SLOTS_PER_PLACE * this.#values.length));
    if (slotCount === this.#slots.length) this.#slots.fill(0);
    else this.#slots = new Uint32Array(slotCount);
    const slots = this.#slots;
    const words = new Uint32Array(this.#values.buffer);
    for (let place = 0; place < this.#size; place++) {
      let slot = hash(words[2 * place], words[2 * place + 1]) & (slots.length - 1);
      while (slots[slot] !== 0) slot = (slot + 1) & (slots.length - 1);
      slots[slot] = place + 1;
    }
  }
}

/** Of the two words of a double, one of which is 0 in whole numbers. */
function hash(low: number, high: number): number {
  const product = Math.imul(low ^ Math.imul(high, 0x85ebca6b), 0xc2b2ae35);
  return product ^ (product >>> 16);
}

function doubled(values: Float64Array): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(2 * values.length);
  larger.set(values);
  return larger;
}
