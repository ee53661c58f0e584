/** Words per entry. */
const ENTRY = 4;
/** Word of an entry that holds the node. */
export const NODE = 2;
/** Word of an entry that is free for the user's mark, 0 at first. */
export const MARK = 3;

/**
 * (run, token) → node, all numbers from 1: the edges of the tree in which every run of tokens is a node.
 * Open addressing with linear probing, at most half full.
 */
export class PairTable {
  /** Entries of 4 words: run, token, node, mark; node 0 marks a free entry. Replaced when it grows. */
  entries = new Uint32Array(ENTRY << 10);
  private shift = 32 - 10;
  private count = 0;

  /** First word of the pair's entry, or of the free entry where it would stand. */
  locate(run: number, token: number): number {
    const { entries } = this;
    const mask = entries.length - 1;
    let place = this.home(run, token);
    while (entries[place + NODE] !== 0 && (entries[place] !== run || entries[place + 1] !== token)) {
      place = (place + ENTRY) & mask;
    }
    return place;
  }

  /** The entry at which the search for a pair begins. */
  home(run: number, token: number): number {
    return (hash(run, token) >>> this.shift) * ENTRY;
  }

  /** Add a pair that is not in the table. */
  add(run: number, token: number, node: number, mark = 0): void {
    if (++this.count * 2 * ENTRY > this.entries.length) this.grow();
    this.insert(run, token, node, mark);
  }

  private insert(run: number, token: number, node: number, mark: number): void {
    const { entries } = this;
    const mask = entries.length - 1;
    let place = this.home(run, token);
    while (entries[place + NODE] !== 0) place = (place + ENTRY) & mask;
    entries[place] = run;
    entries[place + 1] = token;
    entries[place + NODE] = node;
    entries[place + MARK] = mark;
  }

  private grow(): void {
    const old = this.entries;
    this.entries = new Uint32Array(old.length * 2);
    this.shift--;
    for (let i = 0; i < old.length; i += ENTRY) {
      if (old[i + NODE] !== 0) this.insert(old[i], old[i + 1], old[i + NODE], old[i + MARK]);
    }
  }
}

/** Mixes two numbers; the high bits are the good ones (multipliers of MurmurHash3, Appleby 2011). */
function hash(run: number, token: number): number {
  let h = Math.imul(run, 0xcc9e2d51) ^ Math.imul((token << 16) | (token >>> 16), 0x1b873593);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  return Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
}
