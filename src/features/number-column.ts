import type { ColumnBlock } from '../datasource/block.js';
import type { FittedNumber } from '../recipe/fitted.js';
import { type CellColumn, type Cells, columnOf } from './cells.js';

const GREATEST_SINGLE = (2 - 2 ** -23) * 2 ** 127;

/**
 * A number as (x - mean) / standardDeviation: computed in double precision, kept within the range of single precision and
 * rounded to it. 0 has no feature.
 */
export class NumberColumn implements CellColumn {
  private column = new Float64Array(0);
  private readonly divisor: number;
  private readonly valueFeature: number;
  private readonly missingFeature: number;

  /** @param slots features of the value and of a missing value; 0: none */
  constructor(
    private readonly output: FittedNumber,
    slots: Uint32Array,
  ) {
    this.divisor = output.standardDeviation > 0 ? output.standardDeviation : 1;
    [this.valueFeature, this.missingFeature] = slots;
  }

  bind(block: ColumnBlock): void {
    this.column = columnOf(block, this.output.attribute, Float64Array);
  }

  encode(rows: Uint32Array, first: number, count: number, cells: Cells, place: number): void {
    const { column, divisor, valueFeature, missingFeature } = this;
    const { mean } = this.output;
    const { stride, features, values } = cells;
    for (let i = first, cell = place; i < first + count; i++, cell += stride) {
      const x = column[rows[i]];
      if (Number.isNaN(x)) {
        features[cell] = missingFeature;
        values[cell] = 1;
      } else {
        const z = Math.min(Math.max((x - mean) / divisor, -GREATEST_SINGLE), GREATEST_SINGLE);
        values[cell] = z;
        features[cell] = values[cell] !== 0 ? valueFeature : 0;
      }
    }
  }
}
