// What the host keeps in memory for the encoder of tokens; `src/features/token-kernel.ts` has the same numbers. Byte offsets.

/** State: u32 fields, then the levels, for runs of 2, 3, … tokens. */
export const TOKENS: usize = 0;
/** u32 per row: index of the token behind its last one. */
export const ROW_ENDS: usize = 4;
export const ROW_COUNT: usize = 8;
/** Rows that are done. */
export const ROW: usize = 12;
export const WORDS: usize = 16;
/** Written: features of the rows, one row after the other, and u32[rows + 1] where they begin. */
export const FEATURES: usize = 20;
export const OFFSETS: usize = 24;
/** u32 per token of the longest row, each. */
export const RUNS: usize = 28;
export const OTHER_RUNS: usize = 32;
/** u32[4][BATCH]: of the pairs that are looked up the buckets, the tags, the records, and a list of some of them. */
export const HOMES: usize = 36;
/** Addresses of features by the low bits of their numbers; the mask is of bytes. */
export const PLACES: usize = 40;
export const PLACE_MASK: usize = 44;
/** Nodes below it are features. */
export const FEATURE_END: usize = 48;
/** The next number to give to a node; 0 when nothing is learned. */
export const NEXT_NODE: usize = 52;
/** Rank of what has a new node and was not counted yet. */
export const BASE: usize = 56;
/** Number of the last row of all. */
export const STAMP: usize = 60;
export const LEVEL_COUNT: usize = 64;
export const LEVELS: usize = 80;

/** A level: where its slots and records are, log2 of the number of slots, its runs, and the most there may be. */
export const LEVEL_BYTES: usize = 20;
export const SLOTS: usize = 0;
export const BITS: usize = 4;
export const COUNT: usize = 8;
export const LIMIT: usize = 12;
export const RECORDS: usize = 16;

/** A word: its node, its rank, the stamp of the last row it was in, and the rank it got with the node. */
export const WORD_SHIFT: usize = 4;
export const WORD_BYTES: usize = 16;
export const WORD_RANK: usize = 4;
export const WORD_STAMP: usize = 8;
export const WORD_BASE: usize = 12;

/** The record of a run: first and second number of the pair, node and rank. The first one is not used and holds zeros. */
export const RECORD_SHIFT: usize = 4;
export const RECORD_BYTES: usize = 16;
export const NODE: usize = 8;
export const RANK: usize = 12;

/**
 * A slot is 0 or holds the number of a record in its low bits, as many as log2 of the number of slots, and in the others the low
 * bits of the pair's hash. Those of one cache line are a bucket, which is searched at once; those in use come first.
 */
export const SLOT_SHIFT: usize = 2;
export const BUCKET_SHIFT: usize = 6;
export const BUCKET_BYTES: usize = 64;

/** Runs that are looked up together: their cache lines fit into the first-level cache. */
export const BATCH: usize = 128;

/** What a code stands for of which the changes leave nothing. */
export const VANISHED: u32 = 0xfffffffe;
/** From the buckets on: the tags, … */
export const HOMES_TAGS: usize = 4 * BATCH;
export const HOMES_RECORDS: usize = 8 * BATCH;
export const HOMES_MISSES: usize = 12 * BATCH;
