/** Rounds of the network; four are enough to look random, two more for few rows. */
const ROUNDS = 6;

/**
 * A permutation of 0 .. rowCount - 1 that moves groups of rows: a generalised Feistel network over pairs (l, r) with l < a, r < b
 * and ab the least product that is enough; what falls behind the last group goes through it again. Black, Rogaway, Ciphers with
 * Arbitrary Finite Domains (2002). Rows behind the last whole group stay where they are.
 */
export interface Permutation {
  readonly rowCount: number;
  /** Rows that follow each other before and after, in the same order. */
  readonly groupRows: number;
  readonly a: number;
  readonly b: number;
  /** Of 32 bits, one per round. */
  readonly keys: Int32Array;
}

/** Words of a permutation in kernel memory. */
export const PERMUTATION_WORDS = 4 + ROUNDS;

/** @param random gives a whole number from 0 up to a bound */
export function openPermutation(rowCount: number, groupRows: number, random: (bound: number) => number): Permutation {
  const groups = Math.floor(rowCount / groupRows);
  const a = Math.max(1, Math.ceil(Math.sqrt(groups)));
  const b = Math.max(1, Math.ceil(groups / a));
  return { rowCount, groupRows, a, b, keys: Int32Array.from({ length: ROUNDS }, () => random(2 ** 32) | 0) };
}

/** A permutation as kernels read it: u32[PERMUTATION_WORDS]. */
export function permutationWords({ rowCount, groupRows, a, b, keys }: Permutation): number[] {
  return [rowCount, groupRows, a, b, ...keys];
}

/** The permutation that was written to kernel memory. */
export function readPermutation(words: Uint32Array): Permutation {
  const [rowCount, groupRows, a, b] = words;
  return { rowCount, groupRows, a, b, keys: Int32Array.from(words.subarray(4, PERMUTATION_WORDS)) };
}

/** Where a row goes. */
export function permuted({ rowCount, groupRows, a, b, keys }: Permutation, row: number): number {
  const groups = Math.floor(rowCount / groupRows);
  const group = Math.floor(row / groupRows);
  if (group === groups) return row;
  let place = group;
  do {
    // Whole numbers of 32 bits throughout: their remainders are many times as fast as those of doubles.
    let l = Math.floor(place / b) | 0;
    let r = (place - l * b) | 0;
    for (let round = 0; round < ROUNDS; round += 2) {
      l = (l + (mix(r ^ keys[round]) % a)) | 0;
      if (l >= a) l = (l - a) | 0;
      r = (r + (mix(l ^ keys[round + 1]) % b)) | 0;
      if (r >= b) r = (r - b) | 0;
    }
    place = l * b + r;
  } while (place >= groups);
  return place * groupRows + (row - group * groupRows);
}

/** A 32-bit number that depends on every bit of another: the last steps of MurmurHash3 (Austin Appleby). */
function mix(word: number): number {
  let hash = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
