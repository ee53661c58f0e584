/**
 * A generator of whole numbers, fixed by its seed on every machine.
 *
 * sfc32, Chris Doty-Humphrey, PractRand; passes its tests to at least 2^42 bytes. State: four 32-bit words.
 */
export function randomIntegers(seed: number): (bound: number) => number {
  let a = seed | 0;
  let b = 0x9e3779b9 | 0;
  let c = 0x243f6a88 | 0;
  let counter = 1;
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return sum >>> 0;
  };
  for (let i = 0; i < 15; i++) next();
  return (bound) => Math.floor((next() / 2 ** 32) * bound);
}

/** A 32-bit number from a text: FNV-1a over its UTF-8 bytes. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

/** Cursors through which unshuffled rows are read; they undo the harm of sorted files. */
const CURSORS = 256;

/**
 * Put a list of rows, given in file order, in the order of every pass, in place.
 *
 * `auto`: a permutation drawn from the seed (Fisher, Yates; Durstenfeld 1964).
 * `none`: the file cut in 256 equal slices, read round robin, slice 37 s mod 256 being the s-th to be visited.
 */
export function orderRows(rows: Uint32Array, shuffleType: 'auto' | 'none', seed: string): void {
  if (shuffleType === 'auto') permute(rows, seed);
  else roundRobin(rows);
}

function permute(rows: Uint32Array, seed: string): void {
  const random = randomIntegers(hashText(seed));
  for (let last = rows.length - 1; last > 0; last--) {
    const other = random(last + 1);
    const row = rows[last];
    rows[last] = rows[other];
    rows[other] = row;
  }
}

function roundRobin(rows: Uint32Array): void {
  const inOrder = rows.slice();
  const begin = (cursor: number): number => Math.floor((cursor * rows.length) / CURSORS);
  const cursors = Array.from({ length: CURSORS }, (_, s) => (37 * s) % CURSORS);
  const begins = cursors.map(begin);
  const ends = cursors.map((cursor) => begin(cursor + 1));
  let filled = 0;
  for (let step = 0; filled < rows.length; step++) {
    for (let s = 0; s < CURSORS; s++) {
      const row = begins[s] + step;
      if (row < ends[s]) rows[filled++] = inOrder[row];
    }
  }
}
