import type { ColumnBlock } from '../datasource/block.js';
import { InvalidInput } from '../errors.js';
import type { DenseColumn } from './column-window.js';
import type { SparseColumn } from './sparse-plan.js';

/** Scratch for outputs that give a row at most one feature: row major, one cell per row and output. */
export interface Cells {
  /** Number of such outputs. */
  readonly stride: number;
  /** 0 where the row has no feature. */
  readonly features: Uint32Array;
  /** Value of the feature; only numbers write other values than 1. */
  readonly values: Float32Array;
}

/** Encodes an output that gives a row at most one feature. */
export interface CellColumn {
  /** The same for a kernel. */
  readonly sparsePlan: SparseColumn;
  /** Turn to a block; before `encode`. */
  bind(block: ColumnBlock): void;
  /** Encode rows[first] .. rows[first + count - 1] into cells[place], cells[place + stride], … */
  encode(rows: Uint32Array, first: number, count: number, cells: Cells, place: number): void;
  /**
   * What the output adds to the margins of a model with one output.
   *
   * @param weights f64[features]; 0 at the padding feature
   * @param margins of rows[0], rows[1], …
   */
  addMargins(rows: Uint32Array, weights: Float64Array, margins: Float64Array): void;
}

/** A column that can be encoded as dense records: its output has at most one feature, whose value may be any number. */
export interface PlannedColumn extends CellColumn {
  readonly plan: DenseColumn;
}

/**
 * A column of a block, known to be of a class.
 *
 * @throws InvalidInput when the block has no such attribute
 */
export function columnOf<T>(
  block: Pick<ColumnBlock, 'columns' | 'source'>,
  attribute: string,
  type: abstract new (...args: never[]) => T,
): T {
  const column: unknown = block.columns.get(attribute);
  if (column === undefined || column === null) {
    throw new InvalidInput(`${block.source}: no attribute '${attribute}', which the recipe uses`);
  }
  if (!(column instanceof type)) throw new Error(`column '${attribute}' is no ${type.name}`);
  return column;
}
