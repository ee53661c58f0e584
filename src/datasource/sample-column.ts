import { ValueDictionary } from './dictionary.js';

/** A column of the first rows of the data: what its type is inferred from. */
export type SampleColumn = NumberSample | ValueSample;

/**
 * A column of numbers: at least one, not all of them 0 or 1, none written with leading zeros; and nothing else but fields that
 * are empty or white space of ASCII.
 */
export interface NumberSample {
  readonly rowCount: number;
  /** One per row, NaN where there is none. */
  readonly numbers: Float64Array;
}

/** Any column. */
export interface ValueSample {
  readonly rowCount: number;
  /** Index of each row's text. */
  readonly codes: Uint32Array;
  /** The texts that occur, as they stand in the file: first '', occurring or not, then by first appearance. */
  readonly texts: readonly string[];
  /** How often each occurs. */
  readonly counts: Uint32Array;
}

export function isNumberSample(column: SampleColumn): column is NumberSample {
  return 'numbers' in column;
}

/**
 * @param codes of the rows
 * @param textOf the text of a code; those of 1, 2, … in order of first appearance
 */
export function valueSample(codes: Uint32Array, textOf: (code: number) => string): ValueSample {
  let last = 0;
  for (const code of codes) last = Math.max(last, code);
  const counts = new Uint32Array(last + 1);
  for (const code of codes) counts[code]++;
  const texts = Array.from(counts, (_, code) => (code === 0 ? '' : textOf(code)));
  return { rowCount: codes.length, codes, texts, counts };
}

/** @param texts one per row */
export function sampleOfTexts(texts: readonly string[]): ValueSample {
  const dictionary = new ValueDictionary();
  const codes = Uint32Array.from(texts, (text) => dictionary.intern(text));
  return valueSample(codes, (code) => dictionary.text(code));
}
