import { SECOND } from './token-layout.js';
import { RUN_NUMBERS, type TokenRuns } from './token-runs.js';

const PLACE = 2;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const SPACE = 0x20;
const OPEN = 0x5b;
const CLOSE = 0x5d;

/** JSON strings in UTF-8, without their quotes. */
interface Words {
  readonly bytes: Uint8Array;
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
}

/** What the texts of runs are made of, by place. */
interface Parts {
  /** Place + 1 of the run without its last word; 0 for one of a word or two. */
  readonly shorter: Uint32Array;
  /** Number of the first word of two; 0 for one of another length. */
  readonly first: Uint32Array;
  readonly last: Uint32Array;
  /** Bytes of the text. */
  readonly lengths: Uint32Array;
}

/**
 * The texts of the features as a JSON array, UTF-8.
 *
 * @returns what `JSON.stringify` writes of `textsOf`
 */
export function writeTexts(runs: TokenRuns): Uint8Array {
  const words = jsonWords(runs.words);
  const parts = partsOf(runs, words);
  let length = 2 + Math.max(0, runs.count - 1);
  for (let place = 0; place < runs.count; place++) length += 2 + parts.lengths[place];
  const json = new Uint8Array(length);
  json[0] = OPEN;
  let end = 1;
  for (let place = 0; place < runs.count; place++) {
    if (place > 0) json[end++] = COMMA;
    json[end] = QUOTE;
    end += 1 + parts.lengths[place];
    writeText(parts, words, place, json, end);
    json[end++] = QUOTE;
  }
  json[end] = CLOSE;
  return json;
}

function jsonWords(texts: readonly string[]): Words {
  const bytes = new TextEncoder().encode(JSON.stringify(texts));
  const starts = new Uint32Array(texts.length + 1);
  const ends = new Uint32Array(texts.length + 1);
  for (let word = 1, at = 1; word <= texts.length; word++) {
    starts[word] = ++at;
    while (bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
    ends[word] = at;
    at += 2;
  }
  return { bytes, starts, ends };
}

function partsOf({ count, words, places, levels }: TokenRuns, { starts, ends }: Words): Parts {
  let size = count;
  for (const runs of levels) for (let r = PLACE; r < runs.length; r += RUN_NUMBERS) size = Math.max(size, runs[r] + 1);
  const parts = {
    shorter: new Uint32Array(size),
    first: new Uint32Array(size),
    last: new Uint32Array(size),
    lengths: new Uint32Array(size),
  };
  for (let word = 1; word <= words.length; word++) {
    if (places[word - 1] === 0) continue;
    parts.last[places[word - 1] - 1] = word;
    parts.lengths[places[word - 1] - 1] = ends[word] - starts[word];
  }
  for (const [level, runs] of levels.entries()) {
    for (let r = 0; r < runs.length; r += RUN_NUMBERS) {
      const beginning = runs[r];
      const last = runs[r + SECOND];
      const place = runs[r + PLACE];
      parts.last[place] = last;
      (level === 0 ? parts.first : parts.shorter)[place] = beginning;
      const before = level === 0 ? ends[beginning] - starts[beginning] : parts.lengths[beginning - 1];
      parts.lengths[place] = before + 1 + ends[last] - starts[last];
    }
  }
  return parts;
}

/** Write the text of a run from its end backwards. */
function writeText({ shorter, first, last }: Parts, words: Words, place: number, json: Uint8Array, end: number): void {
  let run = place;
  let to = writeWord(words, last[run], json, end);
  while (shorter[run] !== 0) {
    run = shorter[run] - 1;
    json[--to] = SPACE;
    to = writeWord(words, last[run], json, to);
  }
  if (first[run] === 0) return;
  json[--to] = SPACE;
  writeWord(words, first[run], json, to);
}

/** @returns where it begins */
function writeWord({ bytes, starts, ends }: Words, word: number, json: Uint8Array, end: number): number {
  const start = starts[word];
  let to = end;
  for (let from = ends[word]; from > start; ) json[--to] = bytes[--from];
  return to;
}
