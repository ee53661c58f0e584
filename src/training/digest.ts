import type { KernelMemory } from '../kernel/memory.js';
import { recordWords, type ShardPlan } from './shards.js';
import type { SpilledRows } from './spill.js';

/** Tells rows apart: `Digest` over all records in their order, wherever they are. */
export async function digestOf(plan: ShardPlan, memory: KernelMemory, spilled?: SpilledRows): Promise<string> {
  const digest = new Digest();
  let first = 0;
  for (const { address, rowCount, offset, stride, bytes } of plan.shards.flatMap(({ segments }) => segments)) {
    const inFile = address < 0;
    const words = inFile ? new Uint32Array(bytes / 4) : memory.u32;
    if (inFile) await spilled!.read(new Uint8Array(words.buffer), offset);
    let start = inFile ? 0 : address / 4;
    for (let row = 0; row < rowCount; row++) {
      if (plan.starts !== undefined) start = words[plan.starts / 4 + first + row] / 4;
      const length = recordWords(words, start, plan.layout);
      digest.add(words, start, length);
      start += stride > 0 ? stride / 4 : length;
    }
    first += rowCount;
  }
  return digest.toString();
}

/**
 * A digest of words in their order, 64 bits: two runs of multiply and exclusive-or, as in MurmurHash3's body. Tells data apart;
 * no protection against forgery.
 */
class Digest {
  #even = 0x9e3779b9 | 0;
  #odd = 0x85ebca6b | 0;

  add(words: Uint32Array, start: number, length: number): void {
    let even = this.#even;
    let odd = this.#odd ^ length;
    for (let i = start; i < start + length; i += 2) {
      even = Math.imul(even ^ words[i], 0xcc9e2d51);
      even ^= even >>> 15;
      odd = Math.imul(odd ^ words[i + 1], 0x1b873593);
      odd ^= odd >>> 13;
    }
    this.#even = even ^ (odd >>> 16);
    this.#odd = odd;
  }

  /** 16 hexadecimal digits. */
  toString(): string {
    return [this.#even, this.#odd].map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
  }
}
