import type { ColumnBlock } from '../datasource/block.js';
import { BinaryAccumulator, type MeasuredNumbers, measureNumbers } from './column.js';
import type { NumberWork } from './number-work.js';

/** Numbers that a column of numbers or binary values is measured in. */
const WORDS = 8;

/** What one thread finds of columns of a block, for another to add up: f64[attributes][8]. */
export type Measured = Float64Array;

/**
 * Measure all rows of a block.
 *
 * @param rows 0, 1, 2, …: all of them
 * @param attributes NUMERIC or BINARY
 */
export function measureBlock(
  { columns, home }: ColumnBlock,
  rows: Uint32Array,
  attributes: readonly string[],
  work: NumberWork,
): Measured {
  const measured = new Float64Array(WORDS * attributes.length);
  for (let i = 0; i < attributes.length; i++) {
    const column = columns.get(attributes[i]);
    if (column instanceof Float64Array) {
      const { observations, invalid, moments } = measureNumbers(column, work, home);
      const { count, shift, sum, squares, min, max } = moments;
      measured.set([observations, invalid, count, shift, sum, squares, min, max], WORDS * i);
    } else measured.set(countsOf(column as Uint8Array, rows), WORDS * i);
  }
  return measured;
}

function countsOf(column: Uint8Array, rows: Uint32Array): readonly number[] {
  const counter = new BinaryAccumulator();
  counter.add(column, rows);
  return counter.counts;
}

/** @param i index of the attribute */
export function numbersAt(measured: Measured, i: number): MeasuredNumbers {
  const [observations, invalid, count, shift, sum, squares, min, max] = measured.subarray(WORDS * i, WORDS * (i + 1));
  return { observations, invalid, moments: { count, shift, sum, squares, min, max } };
}

/** Rows with 0, with 1, with none. */
export function countsAt(measured: Measured, i: number): [number, number, number] {
  return [measured[WORDS * i], measured[WORDS * i + 1], measured[WORDS * i + 2]];
}
