// What the encoder of tokens keeps in memory, as in assembly/ngram-layout.ts; fields by their index in words of 32 bits.

// The state that `encodeTokenRows` works on.
export const TOKENS = 0;
export const ROW_ENDS = 1;
export const ROW_COUNT = 2;
export const ROW = 3;
export const WORDS = 4;
export const FEATURES = 5;
export const OFFSETS = 6;
export const RUNS = 7;
export const OTHER_RUNS = 8;
export const HOMES = 9;
export const PLACES = 10;
export const PLACE_MASK = 11;
export const FEATURE_END = 12;
export const NEXT_NODE = 13;
export const BASE = 14;
export const STAMP = 15;
export const LEVEL_COUNT = 16;
export const LEVELS = 20;

// A level of it.
export const LEVEL_WORDS = 5;
export const SLOTS = 0;
/** log2 of the number of slots. */
export const BITS = 1;
export const COUNT = 2;
export const LIMIT = 3;
export const RECORDS = 4;

// A word.
export const WORD_WORDS = 4;
export const WORD_NODE = 0;
/** Rows it is in and may have been in before. */
export const WORD_RANK = 1;
export const WORD_STAMP = 2;
/** The rank it got with its node. */
export const WORD_BASE = 3;

/** Words of the record of a run: the numbers of its pair, its node, its rank. */
export const RECORD_WORDS = 4;
export const SECOND = 1;
export const NODE = 2;
/** How many rows the run is in, and may have been in before it was learned. */
export const RANK = 3;
/** A search begins with the first of so many slots. */
export const BUCKET_SLOTS = 16;

/** Runs that are looked up together. */
export const BATCH = 128;
