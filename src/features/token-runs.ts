import type { OutputFeatures } from './dictionary.js';
import { PairTable } from './pair-table.js';
import { SECOND } from './token-layout.js';

/** Numbers of a run: its beginning, its last word, its place. */
export const RUN_NUMBERS = 3;
const PLACE = 2;

/**
 * Runs of tokens that are features, by numbers. The place of a run is its index among the features; runs that are none but
 * that longer ones begin with have the places behind.
 */
export interface TokenRuns {
  /** Number of features. */
  readonly count: number;
  /** Distinct tokens; the number of a word is its index + 1. */
  readonly words: readonly string[];
  /** By word: its place + 1; 0 for one that is no feature. */
  readonly places: Uint32Array;
  /**
   * Runs of two tokens, of three, …: of each the beginning, the last word, and the place. The beginning is the run without its
   * last token: of two tokens a word, of more the place + 1 of one a token shorter.
   */
  readonly levels: readonly Uint32Array[];
}

/** What is known of outputs whose texts may not have been made. */
const known = new WeakMap<OutputFeatures, { readonly count: number; runs(): TokenRuns }>();

/**
 * Features that are runs of tokens; their texts are made when they are asked for.
 *
 * @param count number of features
 */
export function tokenFeatures(prefix: string, count: number, runs: () => TokenRuns): OutputFeatures {
  let made: TokenRuns | undefined;
  let texts: string[] | undefined;
  const runsOnce = (): TokenRuns => {
    made ??= runs();
    return made;
  };
  const output: OutputFeatures = {
    kind: 'tokens',
    prefix,
    get texts() {
      texts ??= textsOf(runsOnce());
      return texts;
    },
  };
  known.set(output, { count, runs: runsOnce });
  return output;
}

/** The runs of an output whose kind is tokens. */
export function runsOf(output: Extract<OutputFeatures, { texts: unknown }>): TokenRuns {
  return known.get(output)?.runs() ?? parseRuns(output.texts);
}

/** Number of features of an output with texts. */
export function textCount(output: Extract<OutputFeatures, { texts: unknown }>): number {
  return known.get(output)?.count ?? output.texts.length;
}

/** The runs of an output that was made of them; undefined for one that was read from texts. */
export function madeOf(output: OutputFeatures): TokenRuns | undefined {
  return known.get(output)?.runs();
}

/** The texts of the features: tokens joined by a space. */
export function textsOf({ count, words, places, levels }: TokenRuns): string[] {
  const texts = new Array<string>(count).fill('');
  for (let word = 0; word < words.length; word++) if (places[word] !== 0) texts[places[word] - 1] = words[word];
  for (const [i, runs] of levels.entries()) {
    for (let r = 0; r < runs.length; r += RUN_NUMBERS) {
      const beginning = i === 0 ? words[runs[r] - 1] : texts[runs[r] - 1];
      texts[runs[r + PLACE]] = `${beginning} ${words[runs[r + SECOND] - 1]}`;
    }
  }
  texts.length = count;
  return texts;
}

/** The runs of texts. */
export function parseRuns(texts: readonly string[]): TokenRuns {
  const numbers = new Map<string, number>();
  const lengths = Uint32Array.from(texts, runLength);
  const wordOf = (token: string): number => {
    let word = numbers.get(token);
    if (word === undefined) numbers.set(token, (word = numbers.size + 1));
    return word;
  };
  const places: number[] = [];
  const shorter: PairTable[] = [];
  const levels: number[][] = [];
  const longest = lengths.reduce((most, length) => Math.max(most, length), 0);
  for (let level = 0; level < longest - 1; level++) {
    levels.push([]);
    shorter.push(new PairTable());
  }
  let next = texts.length;
  // Shorter runs first, so that a run finds those it continues with their own places.
  for (let length = 1; length <= longest; length++) {
    for (let place = 0; place < texts.length; place++) {
      if (lengths[place] !== length) continue;
      const text = texts[place];
      if (length === 1) {
        places[wordOf(text) - 1] = place + 1;
        continue;
      }
      let end = text.indexOf(' ');
      let run = wordOf(text.slice(0, end));
      for (let level = 0; end >= 0; level++) {
        const start = end + 1;
        end = text.indexOf(' ', start);
        const word = wordOf(text.slice(start, end < 0 ? text.length : end));
        let node = end < 0 ? 0 : shorter[level].get(run, word);
        if (node === 0) {
          node = end < 0 ? place + 1 : ++next;
          levels[level].push(run, word, node - 1);
          if (level < longest - 2) shorter[level].add(run, word, node);
        }
        run = node;
      }
    }
  }
  const words = [...numbers.keys()];
  return {
    count: texts.length,
    words,
    places: Uint32Array.from(words, (_, i) => places[i] ?? 0),
    levels: levels.map((runs) => Uint32Array.from(runs)),
  };
}

function runLength(text: string): number {
  let length = 1;
  for (let space = text.indexOf(' '); space >= 0; space = text.indexOf(' ', space + 1)) length++;
  return length;
}
