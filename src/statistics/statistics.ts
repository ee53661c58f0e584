import type { ColumnBlock, TextColumn } from '../datasource/block.js';
import type { Attribute, AttributeType, Schema } from '../schema/schema.js';
import { CategoricalAccumulator } from './categories.js';
import {
  type AttributeStatistics,
  BinaryAccumulator,
  type BinarySummary,
  type CategoricalSummary,
  type CategoryCount,
  NumericAccumulator,
  type NumericSummary,
  TextAccumulator,
  type TextSummary,
} from './column.js';
import { kernelNumbers } from './kernel-numbers.js';
import { countsAt, type Measured, numbersAt } from './measure.js';
import { type NumberWork, plainNumbers } from './number-work.js';

/** How the target is distributed. */
export type TargetStatistics =
  | { readonly type: 'BINARY'; readonly negatives: number; readonly positives: number }
  /** Classes that occur, by dictionary code. */
  | { readonly type: 'MULTICLASS'; readonly classes: readonly CategoryCount[] }
  | { readonly type: 'REGRESSION'; readonly count: number; readonly mean: number; readonly variance: number };

/**
 * What a data source knows of itself. `numeric` and its like look an attribute up by name, and throw an Error when there
 * are no statistics of that type for it.
 */
export interface DataStatistics {
  /** Rows looked at. */
  readonly observationCount: number;
  /** In the order of the schema. */
  readonly attributes: ReadonlyMap<string, AttributeStatistics>;
  numeric(name: string): NumericSummary;
  binary(name: string): BinarySummary;
  categorical(name: string): CategoricalSummary;
  text(name: string): TextSummary;
  /** Of the schema's target, rows without a target not counted; undefined when the schema has none. */
  target(): TargetStatistics | undefined;
}

type Column =
  | { readonly type: 'NUMERIC'; readonly of: NumericAccumulator }
  | { readonly type: 'BINARY'; readonly of: BinaryAccumulator }
  | { readonly type: 'CATEGORICAL'; readonly of: CategoricalAccumulator }
  | { readonly type: 'TEXT'; readonly of: TextAccumulator };

/** Statistics of the attributes that are learned from, target included, in one pass over a data source. */
export class StatisticsCollector {
  readonly #schema: Schema;
  readonly #columns: Map<string, Column>;
  #observationCount = 0;

  /**
   * @param schema all its attributes but the row id, the row weight and the excluded ones
   * @param options.seed of the quantile sketches; default 0
   * @param options.quantilesOf numbers whose quantiles will be asked for; default: all
   * @param options.module the kernel: the same statistics, sooner
   */
  constructor(
    schema: Schema,
    options: { seed?: number; quantilesOf?: ReadonlySet<string>; module?: WebAssembly.Module } = {},
  ) {
    this.#schema = schema;
    const skipped = new Set([schema.rowId, schema.rowWeight, ...schema.excludedAttributeNames]);
    const used = schema.attributes.filter(({ attributeName }) => !skipped.has(attributeName));
    const { seed = 0, quantilesOf, module } = options;
    const work = module === undefined ? plainNumbers : kernelNumbers(module);
    this.#columns = new Map(
      used.map((attribute, i) => {
        const { attributeName: name } = attribute;
        const wanted = quantilesOf === undefined || quantilesOf.has(name);
        return [name, accumulatorOf(attribute, wanted ? seed + i : undefined, work)];
      }),
    );
  }

  /**
   * Count the listed rows of a block.
   *
   * @param block has a column of its type for each attribute, but for those that were measured
   * @param rows row indices in the block, each at most once
   * @param measured of `measurable`, in all rows
   */
  add(block: ColumnBlock, rows: Uint32Array, measured?: Measured): void {
    const listed = rows.length === block.rowCount ? undefined : rows;
    if (measured !== undefined) this.#addMeasured(measured);
    for (const [name, column] of this.#columns) {
      if (measured !== undefined && name !== this.#schema.targetAttributeName) continue;
      const values = block.columns.get(name);
      if (column.type === 'NUMERIC' && values instanceof Float64Array) column.of.add(values, listed, block.home);
      else if (column.type === 'BINARY' && values instanceof Uint8Array) column.of.add(values, rows);
      else if (column.type === 'CATEGORICAL' && values instanceof Uint32Array) {
        column.of.add(values, listed, block.dictionaries.get(name)!);
      } else if (column.type === 'TEXT' && hasOffsets(values)) column.of.add(values, rows);
      else throw new Error(`${block.source}: no ${column.type} column '${name}' in the block`);
    }
    this.#countInvalid(block, rows);
    this.#observationCount += rows.length;
  }

  /** Attributes that another thread can measure, all but the target; undefined where there are others, or quantiles are wanted. */
  get measurable(): string[] | undefined {
    const names: string[] = [];
    for (const [name, { type, of }] of this.#columns) {
      if (name === this.#schema.targetAttributeName) continue;
      if (type !== 'BINARY' && (type !== 'NUMERIC' || of.sketch !== undefined)) return undefined;
      names.push(name);
    }
    return names;
  }

  #addMeasured(measured: Measured): void {
    let i = 0;
    for (const [name, column] of this.#columns) {
      if (name === this.#schema.targetAttributeName) continue;
      if (column.type === 'NUMERIC') column.of.addMeasured(numbersAt(measured, i));
      else if (column.type === 'BINARY') column.of.addCounts(...countsAt(measured, i));
      i++;
    }
  }

  #countInvalid(block: ColumnBlock, rows: Uint32Array): void {
    if (block.issues.length === 0) return;
    const listed = new Uint8Array(block.rowCount);
    for (const row of rows) listed[row] = 1;
    for (const { kind, row, attribute } of block.issues) {
      if (kind !== 'value' || listed[row] === 0) continue;
      const column = this.#columns.get(attribute!);
      if (column?.type === 'NUMERIC' || column?.type === 'BINARY') column.of.invalid++;
    }
  }

  /** Have values of a NUMERIC or CATEGORICAL attribute been missing so far? */
  lacks(name: string): boolean {
    const column = this.#columns.get(name);
    if (column?.type === 'CATEGORICAL') return column.of.lacks;
    return column?.type === 'NUMERIC' && column.of.count < column.of.observations;
  }

  /** Rows so far by code of a CATEGORICAL attribute; codes behind the end are in none. */
  rowsByCode(name: string): Float64Array {
    const column = this.#columns.get(name);
    if (column?.type !== 'CATEGORICAL') throw new Error(`no CATEGORICAL statistics for attribute '${name}'`);
    return column.of.rowsByCode();
  }

  /** Add what a collector of the same schema found in other rows. Merge in the order of the rows for reproducible results. */
  merge(other: StatisticsCollector): void {
    for (const [name, column] of this.#columns) {
      const theirs = other.#columns.get(name);
      if (theirs?.type !== column.type)
        throw new Error(`statistics of different schemas do not merge: attribute '${name}'`);
      column.of.merge(theirs.of as never);
    }
    this.#observationCount += other.#observationCount;
  }

  /** The statistics so far. Rows that are added afterwards show in the quantiles only: make it the last call. */
  finish(): DataStatistics {
    const attributes = new Map([...this.#columns].map(([name, { of }]) => [name, of.summary()] as const));
    const find = <T extends AttributeType>(name: string, type: T): Extract<AttributeStatistics, { type: T }> => {
      const summary = attributes.get(name);
      if (summary?.type !== type) throw new Error(`no ${type} statistics for attribute '${name}'`);
      return summary as Extract<AttributeStatistics, { type: T }>;
    };
    const { targetAttributeName } = this.#schema;
    return {
      observationCount: this.#observationCount,
      attributes,
      numeric: (name) => find(name, 'NUMERIC'),
      binary: (name) => find(name, 'BINARY'),
      categorical: (name) => find(name, 'CATEGORICAL'),
      text: (name) => find(name, 'TEXT'),
      target: () => targetStatistics(attributes.get(targetAttributeName ?? '')),
    };
  }
}

function accumulatorOf({ attributeType: type }: Attribute, seed: number | undefined, work: NumberWork): Column {
  switch (type) {
    case 'NUMERIC':
      return { type, of: new NumericAccumulator(seed, work) };
    case 'BINARY':
      return { type, of: new BinaryAccumulator() };
    case 'CATEGORICAL':
      return { type, of: new CategoricalAccumulator() };
    case 'TEXT':
      return { type, of: new TextAccumulator() };
  }
}

function targetStatistics(summary: AttributeStatistics | undefined): TargetStatistics | undefined {
  switch (summary?.type) {
    case 'BINARY':
      return { type: 'BINARY', negatives: summary.negatives, positives: summary.positives };
    case 'CATEGORICAL': {
      const classes = summary.mostFrequent(summary.distinct).sort((a, b) => a.code - b.code);
      return { type: 'MULTICLASS', classes };
    }
    case 'NUMERIC':
      return { type: 'REGRESSION', count: summary.count, mean: summary.mean, variance: summary.variance };
    default:
      return undefined;
  }
}

function hasOffsets(column: unknown): column is TextColumn {
  return typeof column === 'object' && column !== null && 'offsets' in column;
}
