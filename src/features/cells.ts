import type { ColumnBlock } from '../datasource/block.js';
import { InvalidInput } from '../errors.js';

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

/** Where the features of dense records go. */
export interface DenseRecords {
  readonly floats: Float32Array;
  /** x[0] of the first record. */
  readonly start: number;
  /** From one record to the next. */
  readonly recordWords: number;
  /** Rows that contain each feature, counted on the way. */
  readonly rowCounts: Uint32Array | undefined;
}

/** Encodes an output of at most one feature, whose value may be any number, into dense records as well. */
export interface DenseColumn extends CellColumn {
  /** Encode rows[first] .. rows[first + count - 1]; the records hold zeros where nothing is written. */
  encodeDense(rows: Uint32Array, first: number, count: number, records: DenseRecords): void;
}

/**
 * A column of a block, known to be of a class.
 *
 * @throws InvalidInput when the block has no such attribute
 */
export function columnOf<T>(block: ColumnBlock, attribute: string, type: abstract new (...args: never[]) => T): T {
  const column: unknown = block.columns.get(attribute);
  if (column === undefined || column === null) {
    throw new InvalidInput(`${block.source}: no attribute '${attribute}', which the recipe uses`);
  }
  if (!(column instanceof type)) throw new Error(`column '${attribute}' is no ${type.name}`);
  return column;
}
