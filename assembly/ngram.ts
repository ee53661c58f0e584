// Which runs of 1 .. n tokens occur in the rows of a chunk, each once; new ones are learned.
//
// Words come first, then runs of two tokens, and so on, in the order in which they first end.

import { findRecords, settleMisses } from './ngram-find';
import {
  BASE,
  BATCH,
  COUNT,
  FEATURE_END,
  FEATURES,
  HOMES,
  HOMES_MISSES,
  HOMES_RECORDS,
  LEVEL_BYTES,
  LEVEL_COUNT,
  LEVELS,
  LIMIT,
  NEXT_NODE,
  NODE,
  OFFSETS,
  OTHER_RUNS,
  PLACE_MASK,
  PLACES,
  RANK,
  ROW,
  ROW_COUNT,
  ROW_ENDS,
  RUNS,
  STAMP,
  TOKENS,
  VANISHED,
  WORD_BASE,
  WORD_RANK,
  WORD_SHIFT,
  WORD_STAMP,
  WORDS,
} from './ngram-layout';

/** Keeps the compiler from leaving reads out. */
let touched: u32 = 0;

/**
 * Encode the rows from ROW on.
 *
 * @returns rows that are done; fewer than all when a table lacks room for the runs of the next
 */
export function encodeTokenRows(state: usize): u32 {
  const rowCount = load<u32>(state, ROW_COUNT);
  const tokens: usize = load<u32>(state, TOKENS);
  const rowEnds: usize = load<u32>(state, ROW_ENDS);
  const offsets: usize = load<u32>(state, OFFSETS);
  const features: usize = load<u32>(state, FEATURES);
  const levelCount = load<u32>(state, LEVEL_COUNT);
  let row = load<u32>(state, ROW);
  let token = tokens + (row == 0 ? 0 : (<usize>load<u32>(rowEnds + ((row - 1) << 2))) << 2);
  let end = features + (row == 0 ? 0 : (<usize>load<u32>(offsets + (row << 2))) << 2);
  if (row == 0) store<u32>(offsets, 0);
  for (; row < rowCount; row++) {
    const last = tokens + ((<usize>load<u32>(rowEnds + (row << 2))) << 2);
    const count = <u32>(last - token) >> 2;
    if (!hasRoom(state, levelCount, count)) break;
    const start = end;
    end = writeWords(state, token, last, end);
    let runs = token;
    for (let level: u32 = 0; level < levelCount && level + 1 < count; level++) {
      const longer: usize = (level & 1) == 0 ? load<u32>(state, RUNS) : load<u32>(state, OTHER_RUNS);
      end = writeRuns(state, level, runs, longer, token, last, start, end);
      runs = longer;
    }
    store<u32>(offsets + (row << 2), <u32>(end - features) >> 2, 4);
    token = last;
  }
  store<u32>(state, row, ROW);
  return row;
}

// @ts-ignore: decorator
@inline
function hasRoom(state: usize, levelCount: u32, count: u32): bool {
  if (load<u32>(state, NEXT_NODE) == 0) return true;
  for (let i: u32 = 0; i < levelCount && i + 1 < count; i++) {
    const level = state + LEVELS + <usize>i * LEVEL_BYTES;
    if (load<u32>(level, COUNT) + count > load<u32>(level, LIMIT)) return false;
  }
  return true;
}

/** Replace codes by the words that a map gives them, without those that vanish, which moves the ends of the rows. */
export function mapTokens(map: usize, tokens: usize, rowEnds: usize, rowCount: u32): void {
  let token = tokens;
  let to = tokens;
  for (const last = rowEnds + ((<usize>rowCount) << 2); rowEnds < last; rowEnds += 4) {
    for (const end = tokens + ((<usize>load<u32>(rowEnds)) << 2); token < end; token += 4) {
      const word = load<u32>(map + ((<usize>load<u32>(token)) << 2));
      store<u32>(to, word);
      to += (<usize>(word != VANISHED)) << 2;
    }
    store<u32>(rowEnds, <u32>(to - tokens) >> 2);
  }
}

/** Read the words of tokens, but for some of the last ones, as many at a time as the processor can. */
// @ts-ignore: decorator
@inline
function touchWords(words: usize, token: usize, last: usize): u32 {
  let sum: u32 = 0;
  for (; token + 16 <= last; token += 16) {
    sum ^= load<u32>(words + (<usize>load<u32>(token) << WORD_SHIFT));
    sum ^= load<u32>(words + (<usize>load<u32>(token, 4) << WORD_SHIFT));
    sum ^= load<u32>(words + (<usize>load<u32>(token, 8) << WORD_SHIFT));
    sum ^= load<u32>(words + (<usize>load<u32>(token, 12) << WORD_SHIFT));
  }
  return sum;
}

function writeWords(state: usize, token: usize, last: usize, end: usize): usize {
  const words: usize = load<u32>(state, WORDS);
  const featureEnd = load<u32>(state, FEATURE_END);
  const stamp = load<u32>(state, STAMP) + 1;
  store<u32>(state, stamp, STAMP);
  touched = touchWords(words, token, last);
  for (; token < last; token += 4) {
    const word = words + ((<usize>load<u32>(token)) << WORD_SHIFT);
    let node = load<u32>(word);
    if (node == 0) {
      node = load<u32>(state, NEXT_NODE);
      if (node == 0) continue;
      store<u32>(state, node + 1, NEXT_NODE);
      store<u32>(word, node);
      store<u32>(word, load<u32>(state, BASE), WORD_RANK);
      store<u32>(word, load<u32>(state, BASE), WORD_BASE);
    }
    const isNew = <u32>(node < featureEnd) & <u32>(load<u32>(word, WORD_STAMP) != stamp);
    store<u32>(word, stamp, WORD_STAMP);
    store<u32>(word, load<u32>(word, WORD_RANK) + isNew, WORD_RANK);
    store<u32>(end, node);
    end += isNew << 2;
  }
  return end;
}

/** From the runs at `runs`, which end at the tokens from `token` on, make those that are longer by a token. */
function writeRuns(
  state: usize,
  levelIndex: u32,
  runs: usize,
  longer: usize,
  token: usize,
  last: usize,
  start: usize,
  end: usize,
): usize {
  const level = state + LEVELS + <usize>levelIndex * LEVEL_BYTES;
  const homes: usize = load<u32>(state, HOMES);
  // No run ends at the first tokens.
  token += (levelIndex + 1) << 2;
  runs += levelIndex << 2;
  longer += levelIndex << 2;
  while (token < last) {
    const bytes = min<usize>(4 * BATCH, last - token);
    const misses = findRecords(level, runs, token, bytes, homes);
    if (misses != homes + HOMES_MISSES) settleMisses(state, level, runs, token, homes, misses);
    end = writeNodes(state, homes + HOMES_RECORDS, bytes, longer, start, end);
    runs += bytes;
    token += bytes;
    longer += bytes;
  }
  return end;
}

/** Append the nodes of records, but for those that the row has and those that are no features, and count the row. */
// @ts-ignore: decorator
@inline
function writeNodes(state: usize, home: usize, bytes: usize, longer: usize, start: usize, end: usize): usize {
  const places: usize = load<u32>(state, PLACES);
  const placeMask: usize = load<u32>(state, PLACE_MASK);
  const mostFeature = load<u32>(state, FEATURE_END) - 1;
  for (const homesEnd = home + bytes; home < homesEnd; home += 4, longer += 4) {
    const record: usize = load<u32>(home);
    const node = load<u32>(record, NODE);
    store<u32>(longer, node, 4);
    if (node - 1 < mostFeature) {
      let place = places + (((<usize>node) << 2) & placeMask);
      let seen: usize = load<u32>(place);
      while (seen - start < end - start && load<u32>(seen) != node) {
        place = places + ((place + 4 - places) & placeMask);
        seen = load<u32>(place);
      }
      if (seen - start >= end - start) {
        store<u32>(place, <u32>end);
        store<u32>(end, node);
        end += 4;
        store<u32>(record, load<u32>(record, RANK) + 1, RANK);
      }
    }
  }
  return end;
}
