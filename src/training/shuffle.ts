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
  /** The same for a kernel, if it can. */
  readonly permutation?: Permutation;
}

/**
 * The order in which passes visit rows. It takes no memory, whatever the number of rows.
 *
 * `auto`: a permutation drawn from the seed.
 * `none`: the file cut in 256 equal slices, read round robin, slice 37 s mod 256 being the s-th to be visited.
 */
export function visitingOrder(rowCount: number, shuffleType: 'auto' | 'none', seed: string): VisitingOrder {
  return shuffleType === 'auto' ? permuting(rowCount, seed) : roundRobin(rowCount);
}

function permuting(rowCount: number, seed: string): VisitingOrder {
  const permutation = openPermutation(rowCount, randomIntegers(hashText(seed)));
  return Object.assign((row: number) => permuted(permutation, row), { permutation });
}

/** Cursors through which unshuffled rows are read; they undo the harm of sorted files. */
const CURSORS = 256;
/** 37 * 173 = 1 mod 256: cursor c is visited as the 173 c mod 256-th. */
const INVERSE_STRIDE = 173;

function roundRobin(rowCount: number): VisitingOrder {
  const begin = (cursor: number): number => Math.floor((cursor * rowCount) / CURSORS);
  const begins = Float64Array.from({ length: CURSORS + 1 }, (_, cursor) => begin(cursor));
  const turns = Uint8Array.from({ length: CURSORS }, (_, cursor) => (INVERSE_STRIDE * cursor) % CURSORS);
  const rounds = Math.floor(rowCount / CURSORS);
  // Slices that are one row longer than the others have a last round of their own.
  const longerBefore = Uint16Array.from(turns, (turn) => {
    let count = 0;
    for (let c = 0; c < CURSORS; c++) if (turns[c] < turn && begins[c + 1] - begins[c] > rounds) count++;
    return count;
  });
  return (row) => {
    const cursor = Math.ceil((CURSORS * (row + 1)) / rowCount) - 1;
    const round = row - begins[cursor];
    return round * CURSORS + (round < rounds ? turns[cursor] : longerBefore[cursor]);
  };
}
