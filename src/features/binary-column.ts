import type { ColumnBlock } from '../datasource/block.js';
import type { FittedBinary } from '../recipe/fitted.js';
import { type Cells, columnOf, type PlannedColumn } from './cells.js';
import type { DenseColumn } from './column-window.js';

/** A binary attribute: one feature for 1, one for a missing value; for 0 only as a part of a cross. */
export class BinaryColumn implements PlannedColumn {
  private column = new Uint8Array(0);
  /** Feature of the values 0, 1 and 2 = missing. */
  private readonly featureOf: Uint32Array;

  /** @param slots features of 1, of a missing value and, in a cross, of 0; 0: none */
  constructor(
    private readonly output: FittedBinary,
    slots: Uint32Array,
  ) {
    this.featureOf = Uint32Array.of(slots[2] ?? 0, slots[0], slots[1]);
  }

  get plan(): DenseColumn {
    const [, feature, missingFeature] = this.featureOf;
    return { kind: 'binary', attribute: this.output.attribute, feature, missingFeature };
  }

  get sparsePlan(): DenseColumn {
    return this.plan;
  }

  bind(block: ColumnBlock): void {
    this.column = columnOf(block, this.output.attribute, Uint8Array);
  }

  encode(rows: Uint32Array, first: number, count: number, cells: Cells, place: number): void {
    const { column, featureOf } = this;
    const { stride, features } = cells;
    for (let i = first, cell = place; i < first + count; i++, cell += stride)
      features[cell] = featureOf[column[rows[i]]];
  }

  addMargins(rows: Uint32Array, weights: Float64Array, margins: Float64Array): void {
    const { column, featureOf } = this;
    for (let i = 0; i < rows.length; i++) margins[i] += weights[featureOf[column[rows[i]]]];
  }
}
