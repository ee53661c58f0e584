import { describe, expect, it } from 'vitest';
import type { ColumnBlock } from '../../src/datasource/block.js';
import { RowSample } from '../../src/statistics/row-sample.js';
import { allRows, schemaOf, TestSource } from '../helpers/blocks.js';

const LIMITS = { rows: 500, cells: 1e6 };

/** Rows from..to, each at the place of its number. */
function block(from: number, to: number): ColumnBlock {
  const source = new TestSource(schemaOf({ x: 'NUMERIC' }).attributes);
  const rows = Array.from({ length: to - from }, (_, i) => ({ x: from + i }));
  return { ...source.block(rows), byteOffsets: Float64Array.from(rows, ({ x }) => x) };
}

function sample(from: number, to: number, step: number, limits = LIMITS): RowSample {
  const made = new RowSample(['numbers'], limits);
  for (let at = from; at < to; at += step) {
    const end = Math.min(to, at + step);
    const rows = block(at, end);
    made.add(rows, allRows(end - at), [rows.byteOffsets]);
  }
  return made;
}

const numbers = (made: RowSample): number[] => Array.from(made.rows().columns[0] as Float64Array);

describe('RowSample', () => {
  it('holds every row, in order, while they fit', () => {
    const made = sample(0, 500, 77);
    expect(made.rows().complete).toBe(true);
    expect(numbers(made)).toEqual(Array.from({ length: 500 }, (_, i) => i));
  });

  it('holds as many rows as it may of more, whatever the blocks', () => {
    const made = sample(0, 20_000, 999);
    expect(made.rows().complete).toBe(false);
    expect(numbers(made)).toHaveLength(500);
    expect(numbers(sample(0, 20_000, 31))).toEqual(numbers(made));
  });

  it('of 8 parts is that of one pass', () => {
    const [first, ...others] = Array.from({ length: 8 }, (_, p) => sample(p * 2500, (p + 1) * 2500, 400));
    for (const other of others) first.merge(other, [undefined]);
    expect(numbers(first)).toEqual(numbers(sample(0, 20_000, 1000)));
    expect(first.rows().complete).toBe(false);
  });

  it('takes rows from everywhere alike', () => {
    const taken = numbers(sample(0, 100_000, 10_000, { rows: 10_000, cells: 1e6 }));
    for (let tenth = 0; tenth < 10; tenth++) {
      const count = taken.filter((x) => Math.floor(x / 10_000) === tenth).length;
      // Binomial: 1,000 expected, standard deviation 28.5; five of them.
      expect(Math.abs(count - 1000)).toBeLessThan(143);
    }
    const even = taken.filter((x) => x % 2 === 0).length;
    // Standard deviation 47 at most.
    expect(Math.abs(even - 5000)).toBeLessThan(237);
  });

  it('takes fewer rows where they are long', () => {
    const made = new RowSample(['words', 'numbers'], { rows: 500, cells: 1000 });
    const rows = block(0, 400);
    made.add(rows, allRows(400), [(row) => new Uint32Array(19).fill(row), rows.byteOffsets]);
    const { rowCount, complete, columns } = made.rows();
    expect(complete).toBe(false);
    expect(rowCount).toBeGreaterThan(10);
    expect(rowCount * 20).toBeLessThanOrEqual(1000);
    const [words, numbers] = columns as [Uint32Array[], Float64Array];
    expect(words.map(([first]) => first)).toEqual(Array.from(numbers));
  });
});
