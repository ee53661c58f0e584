import type { Dictionary, TextColumn } from '../datasource/block.js';
import { ValueDictionary } from '../datasource/dictionary.js';
import { lowercaseToken } from '../recipe/transforms/lowercase.js';
import { stripPunctuation } from '../recipe/transforms/no-punct.js';

/** A word and how often it occurs. */
export interface WordCount {
  readonly word: string;
  /** Occurrences. */
  readonly count: number;
  /** Records that hold it, once or more. */
  readonly records: number;
}

/**
 * Counts the words of a TEXT attribute. A word is a white-space token in lower case without punctuation at its ends; tokens
 * that are all punctuation are none. Exact.
 */
export class WordCounter {
  /** Codes of words, from 1. */
  readonly words = new ValueDictionary();
  #wordOf = new Uint32Array(1024);
  #known = 1;
  #counts = new Float64Array(1024);
  #records = new Float64Array(1024);
  #lastRecord = new Float64Array(1024);
  #record = 0;

  /** @param dictionary of the column's tokens, the same one for all blocks */
  add(column: TextColumn, rows: Uint32Array, dictionary: Dictionary): void {
    this.#learn(dictionary);
    const { offsets, codes } = column;
    for (const row of rows) {
      this.#record++;
      for (let i = offsets[row]; i < offsets[row + 1]; i++) {
        const word = this.#wordOf[codes[i]];
        if (word === 0) continue;
        this.#counts[word]++;
        if (this.#lastRecord[word] === this.#record) continue;
        this.#lastRecord[word] = this.#record;
        this.#records[word]++;
      }
    }
  }

  /** The distinct words of one row, by code. The row's block has been added. */
  wordsOf({ offsets, codes }: TextColumn, row: number): Uint32Array {
    const words = new Set<number>();
    for (let i = offsets[row]; i < offsets[row + 1]; i++) words.add(this.#wordOf[codes[i]]);
    words.delete(0);
    return Uint32Array.from(words);
  }

  /** @returns for each of the other's word codes, the code here */
  merge(other: WordCounter): Uint32Array {
    const codeOf = new Uint32Array(other.words.size);
    for (let code = 1; code < codeOf.length; code++) {
      const own = this.words.intern(other.words.text(code));
      this.#reserve(this.words.size);
      codeOf[code] = own;
      this.#counts[own] += other.#counts[code];
      this.#records[own] += other.#records[code];
    }
    return codeOf;
  }

  /** The words that occur: descending by count, then in order of the alphabet. */
  list(): WordCount[] {
    const list: WordCount[] = [];
    for (let code = 1; code < this.words.size; code++) {
      if (this.#counts[code] === 0) continue;
      list.push({ word: this.words.text(code), count: this.#counts[code], records: this.#records[code] });
    }
    return list.sort((a, b) => b.count - a.count || (a.word < b.word ? -1 : 1));
  }

  #learn(dictionary: Dictionary): void {
    if (dictionary.size > this.#wordOf.length) this.#wordOf = grown(this.#wordOf, dictionary.size);
    for (; this.#known < dictionary.size; this.#known++) {
      this.#wordOf[this.#known] = this.words.intern(stripPunctuation(lowercaseToken(dictionary.text(this.#known))));
    }
    this.#reserve(this.words.size);
  }

  #reserve(size: number): void {
    if (size <= this.#counts.length) return;
    this.#counts = grown(this.#counts, size);
    this.#records = grown(this.#records, size);
    this.#lastRecord = grown(this.#lastRecord, size);
  }
}

function grown<Numbers extends Uint32Array | Float64Array>(array: Numbers, size: number): Numbers {
  const larger = new (array.constructor as new (length: number) => Numbers)(Math.max(size, 2 * array.length));
  larger.set(array);
  return larger;
}
