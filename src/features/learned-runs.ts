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
 * Some of what a tree has learned, in a given order.
 *
 * @param allTexts of the words, by number
 */
export function learnedRuns(
  { features, size, firsts, seconds, words, levelEnds }: LearnedRuns,
  allTexts: readonly string[],
  order: Uint32Array,
): TokenRuns {
  const [wordEnd, ...runEnds] = levelEnds;
  // Of what was learned, by its index: its place + 1.
  const places = new Uint32Array(features.length);
  for (let place = 0; place < order.length; place++) places[order[place]] = place + 1;
  const index = runEnds.length > 1 ? new NodeIndex().of(features, size) : features;
  let next = order.length;
  for (let i = features.length - 1; runEnds.length > 1 && i >= runEnds[0]; i--) {
    const shorter = index[firsts[i]];
    if (places[i] !== 0 && places[shorter] === 0) places[shorter] = ++next;
  }
  const numbers = new Uint32Array(allTexts.length);
  const texts: string[] = [];
  const numberOf = (word: number): number => {
    if (numbers[word] === 0) numbers[word] = texts.push(allTexts[word]);
    return numbers[word];
  };
  const wordPlaces: number[] = [];
  for (let i = 0; i < wordEnd; i++) if (places[i] !== 0) wordPlaces[numberOf(words[i]) - 1] = places[i];
  const levels = runEnds.map((end, level) => {
    const runs = new Uint32Array((end - levelEnds[level]) * RUN_NUMBERS);
    let length = 0;
    for (let i = levelEnds[level]; i < end; i++) {
      if (places[i] === 0) continue;
      runs[length] = level === 0 ? numberOf(firsts[i]) : places[index[firsts[i]]];
      runs[length + 1] = numberOf(seconds[i]);
      runs[length + 2] = places[i] - 1;
      length += RUN_NUMBERS;
    }
    return runs.slice(0, length);
  });
  return {
    count: order.length,
    words: texts,
    places: Uint32Array.from(texts, (_, i) => wordPlaces[i] ?? 0),
    levels,
  };
}
