import { type Column, type ColumnBlock, type ColumnPlan, TextColumn } from '../datasource/block.js';
import { ValueDictionary } from '../datasource/dictionary.js';
import { binary, type DataRecord, numeric, spell } from '../datasource/records.js';
import { InvalidInput } from '../errors.js';
import { suggest } from '../suggest.js';

/** Characters of distinct values that a dictionary keeps before it is begun anew. */
const DICTIONARY_CHARACTERS = 1 << 18;

/** The one cell of an attribute. */
interface Cell {
  /** undefined: the attribute is not read. */
  set?(value: unknown): void;
  clear?(): void;
}

/**
 * A block of one row for one observation after another: what does not change from call to call is made once.
 *
 * Memory stays bounded whatever values come: dictionaries of unknown values are thrown away when they have grown.
 */
export class RecordBlock {
  readonly block: ColumnBlock;
  readonly #columns = new Map<string, Column>();
  readonly #dictionaries = new Map<string, ValueDictionary>();
  readonly #cells: ReadonlyMap<string, Cell>;
  readonly #read: readonly Cell[];

  /** @param plan all attributes that an observation may have; `skip`: its value is ignored */
  constructor(plan: readonly ColumnPlan[]) {
    this.#cells = new Map(plan.map((column) => [column.name, this.#cell(column)]));
    this.#read = [...this.#cells.values()].filter(({ clear }) => clear !== undefined);
    this.block = {
      columns: this.#columns,
      rowCount: 1,
      dictionaries: this.#dictionaries,
      rejected: new Uint8Array(1),
      byteOffsets: new Float64Array(1),
      lines: Float64Array.of(1),
      issues: [],
      source: 'record',
    };
  }

  /**
   * Make the observation the row of the block; attributes that it does not have are missing.
   *
   * @throws InvalidInput for an attribute that is not in the plan, or a value that does not fit its type
   */
  fill(record: DataRecord): void {
    if (typeof record !== 'object' || record === null) {
      throw new InvalidInput(`record: ${record} is not an object`, { hint: 'give attribute names and values' });
    }
    for (const cell of this.#read) cell.clear!();
    for (const name of Object.keys(record)) {
      const cell = this.#cells.get(name);
      if (cell === undefined) throw this.#unknown(name);
      cell.set?.(record[name]);
    }
  }

  #cell({ name, kind }: ColumnPlan): Cell {
    switch (kind) {
      case 'numeric':
        return this.#numberCell(name, new Float64Array(1), numeric, Number.NaN, 'NUMERIC');
      case 'binary':
        return this.#numberCell(name, new Uint8Array(1), binary, 2, 'BINARY');
      case 'categorical':
        return this.#categoryCell(name);
      case 'text':
        return this.#textCell(name);
      default:
        return {};
    }
  }

  #numberCell(
    name: string,
    column: Float64Array | Uint8Array,
    read: (value: unknown) => number | undefined,
    missing: number,
    type: string,
  ): Cell {
    this.#columns.set(name, column);
    return {
      clear: () => {
        column[0] = missing;
      },
      set: (value) => {
        const number = read(value);
        if (number === undefined) throw invalidValue(name, value, type);
        column[0] = number;
      },
    };
  }

  #categoryCell(name: string): Cell {
    const column = new Uint32Array(1);
    this.#columns.set(name, column);
    const values = new BoundedDictionary(name, this.#dictionaries);
    return {
      clear: () => {
        values.renew();
        column[0] = 0;
      },
      set: (value) => {
        column[0] = values.intern(spell(value));
      },
    };
  }

  #textCell(name: string): Cell {
    const values = new BoundedDictionary(name, this.#dictionaries);
    const put = (codes: readonly number[]): void => {
      const column = new TextColumn(Uint32Array.of(0, codes.length), Uint32Array.from(codes), values.dictionary);
      this.#columns.set(name, column);
    };
    return {
      clear: () => {
        values.renew();
        put([]);
      },
      set: (value) => {
        const tokens = spell(value).split(/\s+/);
        put(tokens.filter((token) => token !== '').map((token) => values.intern(token)));
      },
    };
  }

  #unknown(name: string): InvalidInput {
    const names = [...this.#cells.keys()];
    const close = suggest(name.slice(0, 200), names);
    return new InvalidInput(`the model has no attribute '${name}'`, {
      hint: `${close ? `did you mean '${close}'? ` : ''}Attributes: ${names.join(', ')}`,
    });
  }
}

/** The dictionary of an attribute, thrown away between observations when it has grown. */
class BoundedDictionary {
  dictionary = new ValueDictionary();
  #characters = 0;

  /** @param shared where the block looks for its dictionaries */
  constructor(
    readonly name: string,
    readonly shared: Map<string, ValueDictionary>,
  ) {
    shared.set(name, this.dictionary);
  }

  intern(text: string): number {
    const { size } = this.dictionary;
    const code = this.dictionary.intern(text);
    if (this.dictionary.size > size) this.#characters += text.length + 1;
    return code;
  }

  renew(): void {
    if (this.#characters <= DICTIONARY_CHARACTERS) return;
    this.dictionary = new ValueDictionary();
    this.#characters = 0;
    this.shared.set(this.name, this.dictionary);
  }
}

function invalidValue(name: string, value: unknown, type: string): InvalidInput {
  const text = spell(value).slice(0, 80);
  return new InvalidInput(`attribute '${name}': '${text}' is not a ${type} value`, {
    hint: 'correct it or leave it out',
  });
}
