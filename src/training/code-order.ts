/** What is known of the categories of a block and of those before. */
interface Seen {
  /** Codes are below it. */
  readonly size: number;
  /** Does a row to learn from hold the empty value? */
  readonly lacks: boolean;
  /** Were all rows to learn from? */
  readonly isWhole: boolean;
  /** Rows to learn from by code, those of the block included. */
  rowsByCode(): Float64Array;
}

/**
 * The categories of an attribute in the order of their first rows among those to learn from. Dictionaries number values by their
 * first rows, all but the empty one, and may know more of them than the blocks so far.
 */
export class CodeOrder {
  /** How many codes come before that of the empty value, while the others come in their own order; undefined: it has no row. */
  #emptyAt: number | undefined;
  /** Undefined while all rows were to learn from. */
  #order: number[] | undefined;
  #isListed = new Uint8Array(0);

  /**
   * @param column codes of all rows of a block
   * @param rows those to learn from, ascending; blocks without any may be left out
   */
  add(column: Uint32Array, rows: Uint32Array, seen: Seen): void {
    const { size, lacks, isWhole } = seen;
    if (isWhole) {
      if (lacks) this.#emptyAt ??= this.#codesBefore(column, rows, seen);
      return;
    }
    this.#order ??= this.#startList(this.#orderOf(rowsBefore(column, rows, seen)), size);
    if (this.#order.length < size - Number(!lacks)) this.#list(this.#order, column, rows, size);
  }

  /**
   * Each code that has a row, once.
   *
   * @param rowsByCode of all blocks
   */
  codes(rowsByCode: Float64Array): number[] {
    return this.#order ?? this.#orderOf(rowsByCode);
  }

  #orderOf(rowsByCode: Float64Array): number[] {
    const codes: number[] = [];
    for (let code = 1; code < rowsByCode.length; code++) if (rowsByCode[code] > 0) codes.push(code);
    if (this.#emptyAt !== undefined) codes.splice(this.#emptyAt, 0, 0);
    return codes;
  }

  /** Codes before that of the empty value, whose first row is in the block. */
  #codesBefore(column: Uint32Array, rows: Uint32Array, seen: Seen): number {
    const most = column.subarray(0, column.indexOf(0)).reduce((most, code) => Math.max(most, code), 0);
    return Math.max(most, this.#orderOf(rowsBefore(column, rows, seen)).length);
  }

  #startList(order: number[], size: number): number[] {
    this.#isListed = new Uint8Array(size);
    for (const code of order) this.#isListed[code] = 1;
    return order;
  }

  #list(order: number[], column: Uint32Array, rows: Uint32Array, size: number): void {
    if (this.#isListed.length < size) {
      const larger = new Uint8Array(2 * size);
      larger.set(this.#isListed);
      this.#isListed = larger;
    }
    listNew(order, this.#isListed, column, rows);
  }
}

/** Apart, so that the compiler has little to do. */
function listNew(order: number[], isListed: Uint8Array, column: Uint32Array, rows: Uint32Array): void {
  for (let i = 0; i < rows.length; i++) {
    const code = column[rows[i]];
    if (isListed[code] === 1) continue;
    isListed[code] = 1;
    order.push(code);
  }
}

/** Rows by code without those of the block. */
function rowsBefore(column: Uint32Array, rows: Uint32Array, { rowsByCode }: Seen): Float64Array {
  const counts = rowsByCode();
  for (const row of rows) counts[column[row]]--;
  return counts;
}
