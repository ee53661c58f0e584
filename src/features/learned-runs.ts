import { RUN_NUMBERS, type TokenRuns } from './token-runs.js';
import { NodeIndex } from './word-list.js';

/** What a tree has learned, words first, then runs by their lengths. */
export interface LearnedRuns {
  /** Their nodes, and a number greater than any. */
  readonly features: Uint32Array;
  readonly size: number;
  /** Of runs: the node without the last word, of two words the first; and the last word. */
  readonly firsts: Uint32Array;
  readonly seconds: Uint32Array;
  /** Numbers of the words. */
  readonly words: Uint32Array;
  /** Where words, runs of two words, of three, … end. */
  readonly levelEnds: readonly number[];
}

/**
 * Some of what a tree has learned, in a given order, in which the runs of each length stand as well.
 *
 * @param allTexts of the words, by number
 */
export function learnedRuns(learned: LearnedRuns, allTexts: readonly string[], order: Uint32Array): TokenRuns {
  const { words, levelEnds } = learned;
  const [wordEnd, ...runEnds] = levelEnds;
  const items = runEnds.length > 1 ? withBeginnings(learned, order) : order;
  const numbers = usedWords(learned, items, allTexts.length);
  const texts: string[] = [];
  for (let word = 0; word < numbers.length; word++) if (numbers[word] !== 0) numbers[word] = texts.push(allTexts[word]);
  const wordPlaces = new Uint32Array(texts.length);
  for (let place = 0; place < items.length; place++) {
    if (items[place] < wordEnd) wordPlaces[numbers[words[items[place]]] - 1] = place + 1;
  }
  const beginnings = runEnds.length > 1 ? placesByNode(learned, items) : numbers;
  const levels = runEnds.map((_, level) => runsOf(learned, level, items, level === 0 ? numbers : beginnings, numbers));
  return { count: order.length, words: texts, places: wordPlaces, levels };
}

/** With the runs, beyond those of the order, that longer ones begin with. */
function withBeginnings({ features, size, firsts, levelEnds }: LearnedRuns, order: Uint32Array): Uint32Array {
  const index = new NodeIndex().of(features, size);
  const isThere = new Uint8Array(features.length);
  for (let place = 0; place < order.length; place++) isThere[order[place]] = 1;
  const more: number[] = [];
  for (let i = features.length - 1; i >= levelEnds[1]; i--) {
    const shorter = index[firsts[i]];
    if (isThere[i] === 0 || isThere[shorter] === 1) continue;
    isThere[shorter] = 1;
    more.push(shorter);
  }
  const items = new Uint32Array(order.length + more.length);
  items.set(order);
  items.set(more, order.length);
  return items;
}

/** By number: 1 for the words that items are made of. */
function usedWords(
  { firsts, seconds, words, levelEnds: [wordEnd, pairEnd] }: LearnedRuns,
  items: Uint32Array,
  size: number,
): Uint32Array {
  const used = new Uint32Array(size);
  for (let place = 0; place < items.length; place++) {
    const i = items[place];
    if (i < wordEnd) used[words[i]] = 1;
    else {
      if (i < pairEnd) used[firsts[i]] = 1;
      used[seconds[i]] = 1;
    }
  }
  return used;
}

/** By node: the place of an item + 1. */
function placesByNode({ features, size }: LearnedRuns, items: Uint32Array): Uint32Array {
  const places = new Uint32Array(size);
  for (let place = 0; place < items.length; place++) places[features[items[place]]] = place + 1;
  return places;
}

/**
 * The items that are runs of a length.
 *
 * @param beginnings by first: what the run has for it; `numbers`: of the words
 */
function runsOf(
  { firsts, seconds, levelEnds }: LearnedRuns,
  level: number,
  items: Uint32Array,
  beginnings: Uint32Array,
  numbers: Uint32Array,
): Uint32Array {
  const first = levelEnds[level];
  const end = levelEnds[level + 1];
  let count = 0;
  for (let place = 0; place < items.length; place++) count += Number(items[place] >= first && items[place] < end) | 0;
  const runs = new Uint32Array(count * RUN_NUMBERS);
  for (let place = 0, r = 0; place < items.length; place++) {
    const i = items[place];
    if (i < first || i >= end) continue;
    runs[r] = beginnings[firsts[i]];
    runs[r + 1] = numbers[seconds[i]];
    runs[r + 2] = place;
    r += RUN_NUMBERS;
  }
  return runs;
}
