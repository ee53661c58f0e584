import type { ColumnBlock } from '../datasource/block.js';
import { mix } from './random.js';

/** Values of one column in some rows; words are lists. */
export type SampledValues = Float64Array | readonly Uint32Array[];

/** The values that one column has for the rows of a block: numbers by row, or what gives the words of a row. */
export type RowValues = ArrayLike<number> | ((row: number) => Uint32Array);

/**
 * A uniform sample of rows in bounded memory: the rows whose keys are the least, where a row's key is a hash of the place it
 * comes from. So a sample does not depend on how rows come in blocks or parts, and samples merge into that of all rows.
 * Complete, hence exact, while there are no more rows than it may hold.
 *
 * Cohen, Kaplan, Summarizing data using bottom-k sketches (2007)
 */
export class RowSample {
  #limit: number;
  #keys = new Float64Array(0);
  #columns: (NumberColumn | WordColumn)[];
  #rowCount = 0;
  /** Rows whose key is not below it are left out. */
  #threshold = 1;
  /** Numbers and words held. */
  #cells = 0;

  /**
   * @param kinds of the columns
   * @param options.rows at most so many rows are kept
   * @param options.cells at most so many numbers and words; beyond that the number of rows is halved
   */
  constructor(
    private readonly kinds: readonly ('numbers' | 'words')[],
    private readonly options: { readonly rows: number; readonly cells: number },
  ) {
    this.#limit = options.rows;
    this.#columns = kinds.map(emptyColumn);
  }

  /** @param columns what the block has for each column of the sample; asked for words of chosen rows only */
  add(block: ColumnBlock, rows: Uint32Array, columns: readonly RowValues[]): void {
    const { byteOffsets, startOffset = 0 } = block;
    this.#take(
      Float64Array.from(rows, (row) => keyOf(startOffset + byteOffsets[row])),
      rows,
      columns,
    );
  }

  /** @param translations for each column, the code here of each of the other's codes; undefined where values stay as they are */
  merge(other: RowSample, translations: readonly (Uint32Array | undefined)[]): void {
    this.#limit = Math.min(this.#limit, other.#limit);
    this.#threshold = Math.min(this.#threshold, other.#threshold);
    const own = { keys: this.#keys, rowCount: this.#rowCount, columns: this.#columns };
    this.#keys = new Float64Array(0);
    this.#columns = this.kinds.map(emptyColumn);
    this.#rowCount = 0;
    this.#cells = 0;
    const ownValues = own.columns.map((column) => column.translated(undefined));
    this.#take(own.keys.subarray(0, own.rowCount), indices(own.rowCount), ownValues);
    const theirs = other.#columns.map((column, i) => column.translated(translations[i]));
    this.#take(other.#keys.subarray(0, other.#rowCount), indices(other.#rowCount), theirs);
  }

  /** The rows so far, in the order in which they were added, by column. */
  rows(): { readonly rowCount: number; readonly complete: boolean; readonly columns: readonly SampledValues[] } {
    this.#shrink();
    const columns = this.#columns.map((column) => column.first(this.#rowCount));
    return { rowCount: this.#rowCount, complete: this.#threshold === 1, columns };
  }

  /** @param keys of the rows, in their order */
  #take(keys: Float64Array, rows: Uint32Array, columns: readonly RowValues[]): void {
    this.#reserve(rows.length);
    const chosen = new Uint32Array(rows.length);
    let chosenCount = 0;
    const gather = (): void => {
      const from = this.#rowCount - chosenCount;
      this.#columns.forEach((column, i) => column.gather(columns[i], chosen.subarray(0, chosenCount), from));
      chosenCount = 0;
    };
    for (let i = 0; i < rows.length; i++) {
      if (keys[i] >= this.#threshold) continue;
      this.#columns.forEach((column, c) => {
        this.#cells += column.choose(columns[c], rows[i], this.#rowCount);
      });
      this.#keys[this.#rowCount++] = keys[i];
      chosen[chosenCount++] = rows[i];
      if (this.#rowCount < 2 * this.#limit && this.#cells < 2 * this.options.cells) continue;
      gather();
      this.#shrink();
    }
    gather();
  }

  #reserve(rowCount: number): void {
    if (this.#rowCount + rowCount <= this.#keys.length) return;
    this.#keys = grown(this.#keys, this.#rowCount + rowCount);
    for (const column of this.#columns) column.reserve(this.#keys.length);
  }

  #shrink(): void {
    while (this.#limit > 1 && (this.#rowCount > this.#limit || this.#cells > this.options.cells)) {
      if (this.#rowCount <= this.#limit) this.#limit = Math.max(1, this.#rowCount >> 1);
      const keys = this.#keys.subarray(0, this.#rowCount);
      this.#threshold = Math.min(this.#threshold, keys.toSorted()[this.#limit]);
      const kept = indices(this.#rowCount).filter((row) => keys[row] < this.#threshold);
      kept.forEach((row, i) => {
        keys[i] = keys[row];
      });
      for (const column of this.#columns) column.keep(kept);
      this.#rowCount = kept.length;
      this.#cells = this.#columns.reduce((sum, column) => sum + column.cells(kept.length), 0);
    }
  }
}

/** Numbers are copied a block at a time, column by column. */
class NumberColumn {
  #values = new Float64Array(0);

  reserve(rowCount: number): void {
    this.#values = grown(this.#values, rowCount);
  }

  /** @returns cells that the row takes */
  choose(): number {
    return 1;
  }

  gather(source: RowValues, rows: Uint32Array, at: number): void {
    const values = source as ArrayLike<number>;
    for (let i = 0; i < rows.length; i++) this.#values[at + i] = values[rows[i]];
  }

  /** @param rows ascending */
  keep(rows: Uint32Array): void {
    this.gather(this.#values, rows, 0);
  }

  cells(rowCount: number): number {
    return rowCount;
  }

  translated(codeOf: Uint32Array | undefined): RowValues {
    return codeOf === undefined ? this.#values : this.#values.map((code) => codeOf[code]);
  }

  first(rowCount: number): Float64Array {
    return this.#values.subarray(0, rowCount);
  }
}

/** Words are copied when a row is chosen: how many there are decides how many rows there may be. */
class WordColumn {
  #lists: Uint32Array[] = [];

  reserve(): void {}

  choose(source: RowValues, row: number, at: number): number {
    this.#lists[at] = (source as (row: number) => Uint32Array)(row);
    return this.#lists[at].length;
  }

  gather(): void {}

  /** @param rows ascending */
  keep(rows: Uint32Array): void {
    this.#lists = Array.from(rows, (row) => this.#lists[row]);
  }

  cells(rowCount: number): number {
    return this.first(rowCount).reduce((sum, words) => sum + words.length, 0);
  }

  translated(codeOf: Uint32Array | undefined): RowValues {
    const lists = this.#lists;
    return (row) => (codeOf === undefined ? lists[row] : lists[row].map((code) => codeOf[code]));
  }

  first(rowCount: number): Uint32Array[] {
    return this.#lists.slice(0, rowCount);
  }
}

const emptyColumn = (kind: 'numbers' | 'words'): NumberColumn | WordColumn =>
  kind === 'numbers' ? new NumberColumn() : new WordColumn();

const indices = (count: number): Uint32Array => Uint32Array.from({ length: count }, (_, i) => i);

function grown(values: Float64Array, length: number): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(Math.max(length, 2 * values.length));
  larger.set(values);
  return larger;
}

/** @returns 0 .. 1, 1 excluded, 53 random bits */
function keyOf(place: number): number {
  const low = mix((place >>> 0) ^ mix(0x2545f491 ^ (place / 2 ** 32)));
  const high = mix((place >>> 0) ^ mix(0x9e3779b9 ^ (place / 2 ** 32)));
  return ((high >>> 0) * 2 ** 21 + (low >>> 11)) / 2 ** 53;
}
