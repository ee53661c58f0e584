import type { ColumnBlock } from '../datasource/block.js';
import type { FittedNumber } from '../recipe/fitted.js';
import { type Cells, columnOf, type PlannedColumn } from './cells.js';
import type { DenseColumn } from './column-window.js';
import { withinSingle } from './single.js';

/**
 * A number as (x - mean) / standardDeviation: computed in double precision, kept within the range of single precision and
 * rounded to it. 0 has no feature.
 */
export class NumberColumn implements PlannedColumn {
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

  get plan(): DenseColumn {
    const { divisor, valueFeature, missingFeature } = this;
    const { attribute, mean } = this.output;
    return { kind: 'number', attribute, mean, divisor, feature: valueFeature, missingFeature };
  }

  get sparsePlan(): DenseColumn {
    return this.plan;
  }

  bind(block: ColumnBlock): void {
    this.column = columnOf(block, this.output.attribute, Float64Array);
  }

  encode(rows: Uint32Array, first: number, count: number, cells: Cells, place: number): void {
    const { column, divisor, valueFeature, missingFeature } = this;
    const { mean } = this.output;
    const { stride, features, values } = cells;
    for (let i = first, cell = place; i < first + count; i++, cell += stride) {
      const z = Math.fround((column[rows[i]] - mean) / divisor);
      if (z - z === 0) {
        values[cell] = z;
        features[cell] = z !== 0 ? valueFeature : 0;
      } else if (Number.isNaN(z)) {
        features[cell] = missingFeature;
        values[cell] = 1;
      } else {
        values[cell] = withinSingle(z);
        features[cell] = valueFeature;
      }
    }
  }

  addMargins(rows: Uint32Array, weights: Float64Array, margins: Float64Array): void {
    const { column, divisor } = this;
    const { mean } = this.output;
    const weight = weights[this.valueFeature];
    const missing = weights[this.missingFeature];
    for (let i = 0; i < rows.length; i++) {
      const z = Math.fround((column[rows[i]] - mean) / divisor);
      if (z - z === 0) margins[i] += weight * z;
      else margins[i] += Number.isNaN(z) ? missing : weight * withinSingle(z);
    }
  }
}
