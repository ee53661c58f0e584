import type { ColumnBlock, Dictionary, TextColumn } from '../datasource/block.js';
import { ValueDictionary } from '../datasource/dictionary.js';
import type { Attribute, Schema } from '../schema/schema.js';
import { RowSample, type RowValues, type SampledValues } from '../statistics/row-sample.js';
import { type DataStatistics, StatisticsCollector } from '../statistics/statistics.js';
import { NumberDetails } from './numbers.js';
import { WordCounter } from './words.js';

/** Rows of the sample in which attributes are compared with the target. */
export const SAMPLE_ROWS = 65_536;
/** Numbers and words that the sample holds at most. */
const SAMPLE_CELLS = 2 ** 23;

/** The value of one attribute in each row of the sample. */
export type SampledColumn =
  /** NaN = missing. */
  | { readonly type: 'NUMERIC'; readonly values: Float64Array }
  /** 0, 1, 2 = missing. */
  | { readonly type: 'BINARY'; readonly values: Uint32Array }
  /** Codes, 0 = missing. */
  | { readonly type: 'CATEGORICAL'; readonly values: Uint32Array; readonly dictionary: Dictionary }
  /** Codes of the distinct words. */
  | { readonly type: 'TEXT'; readonly values: readonly Uint32Array[]; readonly dictionary: Dictionary };

/** What one pass over the data has found. */
export interface Collected {
  readonly schema: Schema;
  readonly statistics: DataStatistics;
  readonly numbers: ReadonlyMap<string, NumberDetails>;
  readonly words: ReadonlyMap<string, WordCounter>;
  readonly sample: {
    readonly rowCount: number;
    /** True when the sample holds every observation. */
    readonly complete: boolean;
    readonly columns: ReadonlyMap<string, SampledColumn>;
  };
}

/**
 * Collects what insights are made from, in one pass over a data source: the statistics that training collects, distinct and
 * frequent values, words, and a sample of rows.
 */
export class InsightsCollector {
  readonly #schema: Schema;
  readonly #used: readonly Attribute[];
  readonly #statistics: StatisticsCollector;
  readonly #numbers = new Map<string, NumberDetails>();
  readonly #words = new Map<string, WordCounter>();
  readonly #categories = new Map<string, Categories>();
  readonly #sample: RowSample;

  /**
   * @param options.sampleRows rows of the sample; default 65,536, fewer where rows are long
   * @param options.module the kernel: the same insights, sooner
   */
  constructor(schema: Schema, options: { sampleRows?: number; module?: WebAssembly.Module } = {}) {
    const skipped = new Set([schema.rowId, schema.rowWeight, ...schema.excludedAttributeNames]);
    this.#schema = schema;
    this.#used = schema.attributes.filter(({ attributeName }) => !skipped.has(attributeName));
    this.#statistics = new StatisticsCollector(schema, { module: options.module });
    for (const { attributeName: name, attributeType } of this.#used) {
      if (attributeType === 'NUMERIC') this.#numbers.set(name, new NumberDetails());
      else if (attributeType === 'TEXT') this.#words.set(name, new WordCounter());
      else if (attributeType === 'CATEGORICAL') this.#categories.set(name, new Categories());
    }
    const kinds = this.#used.map(({ attributeType }) => (attributeType === 'TEXT' ? 'words' : 'numbers'));
    this.#sample = new RowSample(kinds, { rows: options.sampleRows ?? SAMPLE_ROWS, cells: SAMPLE_CELLS });
  }

  /** Count the listed rows of a block; see `StatisticsCollector.add`. */
  add(block: ColumnBlock, rows: Uint32Array): void {
    this.#statistics.add(block, rows);
    const columns = this.#used.map(({ attributeName: name, attributeType }): RowValues => {
      const column = block.columns.get(name);
      if (attributeType === 'NUMERIC') this.#numbers.get(name)!.add(column as Float64Array, rows);
      if (attributeType === 'CATEGORICAL') this.#categories.get(name)!.use(block.dictionaries.get(name)!);
      if (attributeType === 'TEXT') {
        const words = this.#words.get(name)!;
        words.add(column as TextColumn, rows, block.dictionaries.get(name)!);
        return (row) => words.wordsOf(column as TextColumn, row);
      }
      return column as Float64Array | Uint8Array | Uint32Array;
    });
    this.#sample.add(block, rows, columns);
  }

  /** Add what a collector of the same schema found in other rows. Merge in the order of the rows. */
  merge(other: InsightsCollector): void {
    this.#statistics.merge(other.#statistics);
    for (const [name, details] of this.#numbers) details.merge(other.#numbers.get(name)!);
    const translations = this.#used.map(({ attributeName: name }) => {
      const words = this.#words.get(name);
      if (words) return words.merge(other.#words.get(name)!);
      return this.#categories.get(name)?.merge(other.#categories.get(name)!);
    });
    this.#sample.merge(other.#sample, translations);
  }

  /** What has been found so far. Make it the last call. */
  finish(): Collected {
    const { rowCount, complete, columns: values } = this.#sample.rows();
    const columns = this.#used.map((attribute, i) => {
      return [attribute.attributeName, this.#column(attribute, values[i])] as const;
    });
    return {
      schema: this.#schema,
      statistics: this.#statistics.finish(),
      numbers: this.#numbers,
      words: this.#words,
      sample: { rowCount, complete, columns: new Map(columns) },
    };
  }

  #column({ attributeName, attributeType }: Attribute, sampled: SampledValues): SampledColumn {
    if (attributeType === 'NUMERIC') return { type: attributeType, values: sampled as Float64Array };
    if (attributeType === 'TEXT') {
      const dictionary = this.#words.get(attributeName)!.words;
      return { type: attributeType, values: sampled as readonly Uint32Array[], dictionary };
    }
    const values = Uint32Array.from(sampled as Float64Array);
    if (attributeType === 'BINARY') return { type: attributeType, values };
    return { type: attributeType, values, dictionary: this.#categories.get(attributeName)!.dictionary };
  }
}

/** The dictionary that the codes of a CATEGORICAL attribute in the sample refer to. */
class Categories {
  #dictionary: Dictionary | undefined;

  get dictionary(): Dictionary {
    return this.#dictionary ?? new ValueDictionary();
  }

  use(dictionary: Dictionary): void {
    this.#dictionary ??= dictionary;
  }

  /** @returns for each of the other's codes, the code here; undefined when they are the same */
  merge(other: Categories): Uint32Array | undefined {
    const theirs = other.#dictionary;
    this.#dictionary ??= theirs;
    if (theirs === undefined || theirs === this.#dictionary) return undefined;
    const own = this.#dictionary!;
    const joined = own instanceof JoinedDictionary ? own : new JoinedDictionary(own);
    this.#dictionary = joined;
    return Uint32Array.from({ length: theirs.size }, (_, code) => joined.intern(theirs.text(code)));
  }
}

/** The values of a dictionary with their codes, and further ones. */
class JoinedDictionary extends ValueDictionary {
  constructor(first: Dictionary) {
    super();
    for (let code = 1; code < first.size; code++) this.intern(first.text(code));
  }
}
