/**
 * The loops over tokens and runs of tokens: assembly/ngram.ts, ngram-records.ts and ngram-table.ts, and their twin in TypeScript.
 * Parameters are addresses in bytes, but for ranks, hashes and counts.
 */
export interface TokenKernel {
  encodeTokenRows(state: number): number;
  /** @param from number of a record; up to `end` - 1 */
  placeRuns(level: number, from: number, end: number): void;
  /** @param runs address of u32[count][3]: beginning, last word, place */
  fillRuns(level: number, runs: number, count: number, toFirst: number, toNode: number): void;
  writeTokenRecords(state: number, to: number, base: number, starts: number): number;
  mapTokens(map: number, tokens: number, rowEnds: number, rowCount: number): void;
  /** @param high above 0xffff: count by the high halves */
  countRanks(level: number, high: number, counts: number): void;
  countHalves(values: number, end: number, high: number, counts: number): void;
  runHashesOfRank(level: number, rank: number, firstHashes: number, secondHashes: number, into: number): number;
  hashRuns(level: number, firstHashes: number, secondHashes: number, into: number): void;
  keepRuns(
    level: number,
    rank: number,
    greatest: number,
    equalLeft: number,
    kept: number,
    firstHashes: number,
    secondHashes: number,
    keptFirsts: number,
    keptSeconds: number,
  ): number;
  countWordRanks(word: number, end: number, high: number, counts: number): void;
  wordHashesOfRank(word: number, end: number, rank: number, hashes: number, into: number): number;
  keepWords(
    word: number,
    end: number,
    rank: number,
    greatest: number,
    equalLeft: number,
    hashes: number,
    kept: number,
  ): number;
  forgetWords(word: number, end: number, kept: number): void;
}
