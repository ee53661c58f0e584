import type { ColumnBlock } from '../datasource/block.js';
import type { FittedNumber } from '../recipe/fitted.js';
import { type Cells, columnOf, type DenseColumn, type DenseRecords } from './cells.js';

const GREATEST_SINGLE = (2 - 2 ** -23) * 2 ** 127;

/**
 * A number as (x - mean) / standardDeviation: computed in double precision, kept within the range of single precision and
 * rounded to it. 0 has no feature.
 */
export class NumberColumn implements DenseColumn {
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

  addMargins(rows: Uint32Array, weights: Float64Array, margins: Float64Array): void {
    const { column, divisor } = this;
    const { mean } = this.output;
    const weight = weights[this.valueFeature];
    const missing = weights[this.missingFeature];
    for (let i = 0; i < rows.length; i++) {
      const value = column[rows[i]];
      const z = Math.min(Math.max((value - mean) / divisor, -GREATEST_SINGLE), GREATEST_SINGLE);
      margins[i] += Number.isNaN(value) ? missing : weight * Math.fround(z);
    }
  }

  encodeDense(rows: Uint32Array, first: number, count: number, records: DenseRecords): void {
    const { column, divisor, valueFeature, missingFeature } = this;
    const { mean } = this.output;
    const { floats, start, recordWords, rowCounts } = records;
    let present = 0;
    let missing = 0;
    for (let i = first, x = start; i < first + count; i++, x += recordWords) {
      const value = column[rows[i]];
      if (Number.isNaN(value)) {
        missing++;
        if (missingFeature > 0) floats[x + missingFeature] = 1;
      } else if (valueFeature > 0) {
        const z = Math.fround(Math.min(Math.max((value - mean) / divisor, -GREATEST_SINGLE), GREATEST_SINGLE));
        floats[x + valueFeature] = z;
        present += Number(z !== 0) | 0;
      }
    }
    if (rowCounts === undefined) return;
    rowCounts[valueFeature] += present;
    rowCounts[missingFeature] += missing;
  }
}
