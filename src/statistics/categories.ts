import type { Dictionary } from '../datasource/block.js';
import { ValueDictionary } from '../datasource/dictionary.js';
import type { CategoricalSummary, CategoryCount } from './column.js';

/** Counts rows by dictionary code. */
export class CategoricalAccumulator {
  #dictionary: Dictionary | undefined;
  /** Stands for `#dictionary` once there are values of several dictionaries. */
  #joined: ValueDictionary | undefined;
  #counts = new Float64Array(64);
  #observations = 0;

  /**
   * @param column codes, 0 = empty
   * @param dictionary the same one for all blocks
   */
  add(column: Uint32Array, rows: Uint32Array, dictionary: Dictionary): void {
    this.#dictionary ??= dictionary;
    if (dictionary !== this.#dictionary || this.#joined)
      throw new Error('blocks of one source share their dictionaries');
    this.#reserve(dictionary.size);
    const counts = this.#counts;
    for (let i = 0; i < rows.length; i++) counts[column[rows[i]]]++;
    this.#observations += rows.length;
  }

  /** Codes of another dictionary are matched by their text; afterwards no more blocks can be added. */
  merge(other: CategoricalAccumulator): void {
    const theirs = other.#joined ?? other.#dictionary;
    if (theirs === undefined) return;
    this.#dictionary ??= theirs;
    let codeOf = (code: number): number => code;
    if (this.#joined || theirs !== this.#dictionary) {
      this.#joined ??= copyOf(this.#dictionary);
      codeOf = (code) => this.#joined!.intern(theirs.text(code));
    }
    for (let code = 0; code < other.#counts.length; code++) {
      if (other.#counts[code] === 0) continue;
      const own = codeOf(code);
      this.#reserve(own + 1);
      this.#counts[own] += other.#counts[code];
    }
    this.#observations += other.#observations;
  }

  #reserve(size: number): void {
    if (size <= this.#counts.length) return;
    const larger = new Float64Array(Math.max(size, 2 * this.#counts.length));
    larger.set(this.#counts);
    this.#counts = larger;
  }

  summary(): CategoricalSummary {
    const dictionary = this.#joined ?? this.#dictionary ?? new ValueDictionary();
    const counts = this.#counts.slice(0, dictionary.size);
    const codes = Array.from(counts.keys()).filter((code) => code > 0 && counts[code] > 0);
    return {
      type: 'CATEGORICAL',
      observations: this.#observations,
      missing: counts[0],
      invalid: 0,
      distinct: codes.length,
      counts,
      dictionary,
      mostFrequent(limit): CategoryCount[] {
        const ordered = codes.toSorted((a, b) => counts[b] - counts[a] || a - b);
        return ordered.slice(0, limit).map((code) => ({ value: dictionary.text(code), code, count: counts[code] }));
      },
    };
  }
}

function copyOf(dictionary: Dictionary): ValueDictionary {
  const copy = new ValueDictionary();
  for (let code = 1; code < dictionary.size; code++) copy.intern(dictionary.text(code));
  return copy;
}
