/** What is known of the categories of a block and of those before. */
interface Seen {
  /** Codes are below it. */
  readonly size: number;
  /** Does a row to learn from hold the empty value? */
  readonly lacks: boolean;
  /** Were all rows to learn from? */
  readonly isWhole: boolean;
}

/** The categories of an attribute in the order of their first rows among those to learn from. */
export class CodeOrder {
  /** Codes below this have been given by the blocks so far. */
  #size = 1;
  /** How many codes come before that of the empty value, while the others come in their own order; undefined: it has no row. */
  #emptyAt: number | undefined;
  /** Undefined while all rows were to learn from. */
  #order: number[] | undefined;
  #isListed = new Uint8Array(0);

  /**
   * @param column codes of all rows of a block
   * @param rows those to learn from, ascending; blocks without any may be left out
   */
  add(column: Uint32Array, rows: Uint32Array, { size, lacks, isWhole }: Seen): void {
    if (isWhole) {
      if (lacks) this.#emptyAt ??= codesBefore(column, column.indexOf(0), this.#size);
    } else {
      this.#order ??= this.#startList();
      if (this.#order.length < size - Number(!lacks)) this.#list(this.#order, column, rows, size);
    }
    this.#size = size;
  }

  /** Each code that has a row, once. */
  get codes(): number[] {
    return this.#order ?? this.#given();
  }

  #given(): number[] {
    const codes = Array.from({ length: this.#size - 1 }, (_, i) => i + 1);
    if (this.#emptyAt !== undefined) codes.splice(this.#emptyAt, 0, 0);
    return codes;
  }

  #startList(): number[] {
    const order = this.#given();
    this.#isListed = new Uint8Array(this.#size);
    for (const code of order) this.#isListed[code] = 1;
    return order;
  }

  #list(order: number[], column: Uint32Array, rows: Uint32Array, size: number): void {
    if (this.#isListed.length < size) {
      const larger = new Uint8Array(2 * size);
      larger.set(this.#isListed);
      this.#isListed = larger;
    }
    const isListed = this.#isListed;
    for (let i = 0; i < rows.length; i++) {
      const code = column[rows[i]];
      if (isListed[code] === 1) continue;
      isListed[code] = 1;
      order.push(code);
    }
  }
}

/** Codes that come before that of a row, given how many codes the blocks before had, 0 included. */
function codesBefore(column: Uint32Array, row: number, size: number): number {
  return column.subarray(0, row).reduce((most, code) => Math.max(most, code), size - 1);
}
