import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CodeOrder } from '../../src/training/code-order.js';

/** Codes as a dictionary gives them: numbered by first appearance, but for 0. */
function numbered(values: readonly number[]): Uint32Array {
  const codes = new Map([[0, 0]]);
  return Uint32Array.from(values, (value) => {
    if (!codes.has(value)) codes.set(value, codes.size);
    return codes.get(value)!;
  });
}

/** Rows of a block, each to learn from or not. */
const block = fc.record({
  values: fc.array(fc.tuple(fc.integer({ min: 0, max: 12 }), fc.boolean()), { maxLength: 12 }),
  used: fc.constantFrom('all', 'some', 'none'),
});

describe('order of categories', () => {
  it('is that of their first rows to learn from, whichever rows are left out', () => {
    fc.assert(
      fc.property(fc.array(block, { maxLength: 6 }), (blocks) => {
        const all = numbered(blocks.flatMap(({ values }) => values.map(([value]) => value)));
        const order = new CodeOrder();
        const expected = new Set<number>();
        let from = 0;
        let isWhole = true;
        for (const { values, used } of blocks) {
          const column = all.subarray(from, (from += values.length));
          const rows = Uint32Array.from(column.keys()).filter(
            (row) => used === 'all' || (used === 'some' && values[row][1]),
          );
          if (rows.length < column.length) isWhole = false;
          if (rows.length === 0) continue;
          for (const row of rows) expected.add(column[row]);
          const size = all.subarray(0, from).reduce((most, code) => Math.max(most, code), 0) + 1;
          order.add(column, rows, { size, lacks: expected.has(0), isWhole });
        }
        expect(order.codes).toEqual([...expected]);
      }),
      { numRuns: 500 },
    );
  });
});
