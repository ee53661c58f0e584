import type { Dictionary } from '../datasource/block.js';
import { ValueDictionary } from '../datasource/dictionary.js';
import type { CategoricalSummary, CategoryCount } from './column.js';

/** Rows that counters of 32 bits hold for certain. */
const MOST_ROWS = 0xffff_ffff;

/** Counts rows by dictionary code. */
export class CategoricalAccumulator {
  #dictionary: Dictionary | undefined;
  /** Stands for `#dictionary` once there are values of several dictionaries. */
  #joined: ValueDictionary | undefined;
  #counts = new Float64Array(64);
  /** Rows that are not in `#counts` yet. Two counters per code, for rows in turn: a counter just written is slow to read. */
  #recent = new Uint32Array(128);
  #recentRows = 0;
  #observations = 0;

  /**
   * @param column codes, 0 = empty
   * @param rows undefined: all
   * @param dictionary the same one for all blocks
   */
  add(column: Uint32Array, rows: Uint32Array | undefined, dictionary: Dictionary): void {
    this.#dictionary ??= dictionary;
    if (dictionary !== this.#dictionary || this.#joined)
      throw new Error('blocks of one source share their dictionaries');
    this.#reserve(dictionary.size);
    const length = rows?.length ?? column.length;
    if (this.#recentRows + length > MOST_ROWS) this.#settle();
    if (rows === undefined) countAll(column, this.#recent);
    else countListed(column, rows, this.#recent);
    this.#recentRows += length;
    this.#observations += length;
  }

  /** Codes of another dictionary are matched by their text; afterwards no more blocks can be added. */
  merge(other: CategoricalAccumulator): void {
    const theirs = other.#joined ?? other.#dictionary;
    if (theirs === undefined) return;
    other.#settle();
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

  /** Have values been missing so far? */
  get lacks(): boolean {
    return this.#counts[0] + this.#recent[0] + this.#recent[1] > 0;
  }

  /** Rows so far. */
  rowsByCode(): Float64Array {
    return this.#counts.map((count, code) => count + this.#recent[2 * code] + this.#recent[2 * code + 1]);
  }

  #reserve(size: number): void {
    if (size <= this.#counts.length) return;
    const larger = new Float64Array(Math.max(size, 2 * this.#counts.length));
    larger.set(this.#counts);
    this.#counts = larger;
    const recent = new Uint32Array(2 * larger.length);
    recent.set(this.#recent);
    this.#recent = recent;
  }

  /** Bring all rows to `#counts`. */
  #settle(): void {
    const recent = this.#recent;
    for (let code = 0; code < this.#counts.length; code++)
      this.#counts[code] += recent[2 * code] + recent[2 * code + 1];
    recent.fill(0);
    this.#recentRows = 0;
  }

  summary(): CategoricalSummary {
    this.#settle();
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

function countAll(column: Uint32Array, counts: Uint32Array): void {
  const even = column.length & ~1;
  for (let row = 0; row < even; row += 2) {
    counts[2 * column[row]]++;
    counts[2 * column[row + 1] + 1]++;
  }
  if (even < column.length) counts[2 * column[even]]++;
}

function countListed(column: Uint32Array, rows: Uint32Array, counts: Uint32Array): void {
  for (let i = 0; i < rows.length; i++) counts[2 * column[rows[i]] + (i & 1)]++;
}

function copyOf(dictionary: Dictionary): ValueDictionary {
  const copy = new ValueDictionary();
  for (let code = 1; code < dictionary.size; code++) copy.intern(dictionary.text(code));
  return copy;
}
