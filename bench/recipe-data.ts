import { random } from './csv-data.js';

/** CSV made for benches of recipes, without a header. */
export interface RecipeData {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const encoder = new TextEncoder();
const VOCABULARY = 50_000;
const TOKENS_PER_DOCUMENT = 100;

/** Words of 1 to 12 letters, the frequent ones short; all distinct. */
function makeWords(next: () => number): string[] {
  const words = new Set<string>();
  for (let rank = 0; words.size < VOCABULARY; rank++) {
    const length = Math.min(12, 1 + Math.floor(Math.log2(rank + 2) / 2 + next() * 4));
    let word = '';
    for (let i = 0; i < length; i++) word += 'etaoinshrdlucmfwypvbgkjqxz'[Math.floor(next() ** 1.5 * 26)];
    words.add(word);
  }
  return [...words];
}

/** Ranks drawn with probability proportional to 1 / (rank + 1), independently (Zipf). */
export function zipf(count: number, next: () => number): () => number {
  const cumulative = new Float64Array(count);
  let sum = 0;
  for (let rank = 0; rank < count; rank++) cumulative[rank] = sum += 1 / (rank + 1);
  return () => {
    const x = next() * sum;
    let low = 0;
    let high = count - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (cumulative[middle] <= x) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}

/** Words that often follow a word, as in set phrases. */
const FOLLOWERS = 20;
/** Share of words that are one of those. */
const FOLLOWING = 0.6;

/**
 * A class 0 or 1 and a text of 100 tokens from a Zipf vocabulary of 50,000 words; sentences begin with a capital and end in
 * a full stop, commas between.
 *
 * @param phrases draw most words from those that follow the word before, so that there are about as many distinct bigrams
 *   as in natural language; else draw each independently, which makes far more
 */
export function documents(count: number, phrases: boolean): RecipeData {
  const next = random(5);
  const words = makeWords(next);
  const rank = zipf(words.length, next);
  const follower = zipf(FOLLOWERS, next);
  const followers = Uint32Array.from({ length: words.length * FOLLOWERS }, rank);
  const bytes = new Uint8Array(count * TOKENS_PER_DOCUMENT * 14);
  let end = 0;
  let word = 0;
  for (let document = 0; document < count; document++) {
    let text = '';
    let begins = true;
    for (let i = 0; i < TOKENS_PER_DOCUMENT; i++) {
      word = phrases && next() < FOLLOWING ? followers[word * FOLLOWERS + follower()] : rank();
      const written = words[word];
      const ends = next();
      text += `${i > 0 ? ' ' : ''}${begins ? written[0].toUpperCase() + written.slice(1) : written}`;
      begins = ends < 0.06;
      text += begins ? '.' : ends < 0.1 ? ',' : '';
    }
    end += encoder.encodeInto(`${document & 1},"${text}"\n`, bytes.subarray(end)).written;
  }
  const kind = phrases ? 'phrases' : 'independent words';
  return {
    name: `text, ${count.toLocaleString('en')} documents of 100 tokens, ${kind}`,
    bytes: bytes.subarray(0, end),
  };
}
