import { openPermutation, type Permutation, permuted } from '../kernel/permutation.js';

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

/** Where the row that is read as the i-th, from 0, stands in the order of every pass: a permutation of 0 .. rows - 1. */
export interface VisitingOrder {
  (row: number): number;
  /**
   * Rows that follow each other in the data and in the order: whole groups of them from the first row on change places, what is
   * behind the last whole group stays at the end.
   */
  readonly groupRows: number;
  /** The same for a kernel, if it can. */
  readonly permutation?: Permutation;
}

/** Groups that an order is at least made of where rows keep together. */
const LEAST_GROUPS = 1 << 14;
/** Their bytes are then a page or more, and what is near in the data is near in memory. */
const MOST_GROUP_ROWS = 32;

/**
 * The order in which passes visit rows. It takes no memory, whatever the number of rows. From 32,768 rows on, up to 32 that follow
 * each other in the data keep together.
 *
 * `auto`: a permutation drawn from the seed.
 * `none`: the file cut in 256 equal slices, read round robin, slice 37 s mod 256 being the s-th to be visited.
 */
export function visitingOrder(rowCount: number, shuffleType: 'auto' | 'none', seed: string): VisitingOrder {
  let groupRows = 1;
  while (groupRows < MOST_GROUP_ROWS && 2 * groupRows * LEAST_GROUPS <= rowCount) groupRows *= 2;
  if (shuffleType === 'none') return Object.assign(roundRobin(rowCount, groupRows), { groupRows });
  const permutation = openPermutation(rowCount, groupRows, randomIntegers(hashText(seed)));
  return Object.assign((row: number) => permuted(permutation, row), { groupRows, permutation });
}

/** Cursors through which unshuffled rows are read; they undo the harm of sorted files. */
const CURSORS = 256;
/** 37 * 173 = 1 mod 256: cursor c is visited as the 173 c mod 256-th. */
const INVERSE_STRIDE = 173;

function roundRobin(rowCount: number, groupRows: number): (row: number) => number {
  const groupCount = Math.floor(rowCount / groupRows);
  const begin = (cursor: number): number => Math.floor((cursor * groupCount) / CURSORS);
  const begins = Float64Array.from({ length: CURSORS + 1 }, (_, cursor) => begin(cursor));
  const turns = Uint8Array.from({ length: CURSORS }, (_, cursor) => (INVERSE_STRIDE * cursor) % CURSORS);
  const rounds = Math.floor(groupCount / CURSORS);
  // Slices that are one group longer than the others have a last round of their own.
  const longerBefore = Uint16Array.from(turns, (turn) => {
    let count = 0;
    for (let c = 0; c < CURSORS; c++) if (turns[c] < turn && begins[c + 1] - begins[c] > rounds) count++;
    return count;
  });
  return (row) => {
    const group = Math.floor(row / groupRows);
    if (group === groupCount) return row;
    const cursor = Math.ceil((CURSORS * (group + 1)) / groupCount) - 1;
    const round = group - begins[cursor];
    const place = round * CURSORS + (round < rounds ? turns[cursor] : longerBefore[cursor]);
    return place * groupRows + (row - group * groupRows);
  };
}
