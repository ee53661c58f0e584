/** The distinct values of an attribute, numbered from 1 in order of first appearance; code 0 is a missing value. */
export interface Dictionary {
  /** Codes in use, code 0 included: valid codes are 0 .. size - 1. Grows as blocks are read. */
  readonly size: number;
  /** The value of a code; '' for code 0. */
  text(code: number): string;
}

/** A TEXT column: for row r the token codes are `codes[offsets[r]] .. codes[offsets[r + 1] - 1]`. An arquero column. */
export class TextColumn {
  constructor(
    /** Length rows + 1, starts with 0. */
    readonly offsets: Uint32Array,
    /** Token codes into the dictionary, repeated tokens repeated. Never 0. */
    readonly codes: Uint32Array,
    readonly dictionary: Dictionary,
  ) {}

  get length(): number {
    return this.offsets.length - 1;
  }

  /** The tokens of a row joined by single spaces. */
  at(row: number): string {
    const words: string[] = [];
    for (let i = this.offsets[row]; i < this.offsets[row + 1]; i++) words.push(this.dictionary.text(this.codes[i]));
    return words.join(' ');
  }

  *[Symbol.iterator](): Iterator<string> {
    for (let row = 0; row < this.length; row++) yield this.at(row);
  }
}

/** The values of an attribute in a block, one per row; see `ColumnBlock` for what each type of attribute has. */
export type Column = Float64Array | Uint8Array | Uint32Array | TextColumn | readonly string[];

/** What is wrong with one record, or with one value in it. */
export interface RecordIssue {
  /** Row inside the block. */
  readonly row: number;
  /**
   * `record`: the record could not be read and its row holds no values (`rejected[row]` is 1).
   * `value`: the value of one attribute is invalid for its type and stands as missing.
   */
  readonly kind: 'record' | 'value';
  /** What was found and what was expected, for people: `4 fields where 5 are expected`. */
  readonly reason: string;
  /** The attribute of an invalid value. */
  readonly attribute?: string;
  /** The offending text, shortened to 80 characters. */
  readonly text?: string;
}

/** An instance of the plain kernel module, for columns that lie in its memory, at their `byteOffset`. */
export interface ColumnHome {
  /** What it exports. */
  readonly kernel: object;
  readonly memory: WebAssembly.Memory;
  /** Address of 64 bytes for results, a multiple of 8. */
  readonly scratch: number;
}

/**
 * A few thousand observations, one typed column per attribute that was asked for.
 *
 * | attribute   | column                                                         |
 * |-------------|----------------------------------------------------------------|
 * | NUMERIC     | `Float64Array`, missing = NaN                                  |
 * | BINARY      | `Uint8Array`, 0, 1, 2 = missing                                |
 * | CATEGORICAL | `Uint32Array`, codes into `dictionaries.get(name)`, 0 = missing |
 * | TEXT        | `TextColumn`                                                   |
 * | raw         | `string[]`, the text as it stands in the file                  |
 */
export interface ColumnBlock {
  /** By name, in column order. Arquero takes them as they are: `table(block.columns)`. */
  readonly columns: ReadonlyMap<string, Column>;
  /** Number of rows, rejected ones included. */
  readonly rowCount: number;
  /** For CATEGORICAL and TEXT attributes. Shared by all blocks of a source, also across passes. */
  readonly dictionaries: ReadonlyMap<string, Dictionary>;
  /** 1 where the record could not be read, else 0. Length rowCount. */
  readonly rejected: Uint8Array;
  /** Position of each row in its file, bytes; the row's index where the source has no bytes. Length rowCount. */
  readonly byteOffsets: Float64Array;
  /**
   * Where the data is several files: bytes of the files before this one, unpacked, as though all were one file. A row's
   * place in the data, which random splits depend on, is `startOffset + byteOffsets[row]`. Absent: one file, 0.
   */
  readonly startOffset?: number;
  /** Line on which each row begins, from 1 (the header counts). Length rowCount. */
  readonly lines: Float64Array;
  readonly issues: readonly RecordIssue[];
  /** File the rows come from, for messages. */
  readonly source: string;
  /** Where columns may lie; others are copies. */
  readonly home?: ColumnHome;
  /**
   * What the thread that parsed the block has made of it; see `ReadOptions.reduction`. All rows could be read then, none has an
   * issue, and of columns, lines and offsets only the columns that are kept are there.
   */
  readonly reduced?: unknown;
}

/** How an attribute is to be read. `raw` keeps the text; `skip` does not read it at all. */
export type ColumnKind = 'numeric' | 'binary' | 'categorical' | 'text' | 'raw' | 'skip';

/** One per attribute, in column order. */
export interface ColumnPlan {
  readonly name: string;
  readonly kind: ColumnKind;
}
