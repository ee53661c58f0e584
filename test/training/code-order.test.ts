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

/** How often each code occurs among those of rows to learn from. */
function countsOf(codes: readonly number[], size: number): Float64Array {
  const counts = new Float64Array(size);
  for (const code of codes) counts[code]++;
  return counts;
}

describe('order of categories', () => {
  it('is that of their first rows to learn from, whichever rows are left out', () => {
    fc.assert(
      fc.property(fc.array(block, { maxLength: 6 }), (blocks) => {
        const all = numbered(blocks.flatMap(({ values }) => values.map(([value]) => value)));
        const order = new CodeOrder();
        const learned: number[] = [];
        const size = all.reduce((most, code) => Math.max(most, code), 0) + 1;
        let from = 0;
        let isWhole = true;
        for (const { values, used } of blocks) {
          const column = all.subarray(from, (from += values.length));
          const rows = Uint32Array.from(column.keys()).filter(
            (row) => used === 'all' || (used === 'some' && values[row][1]),
          );
          if (rows.length < column.length) isWhole = false;
          if (rows.length === 0) continue;
          for (const row of rows) learned.push(column[row]);
          const rowsByCode = () => countsOf(learned, size);
          // The dictionary has read all blocks already.
          order.add(column, rows, { size, lacks: learned.includes(0), isWhole, rowsByCode });
        }
        expect(order.codes(countsOf(learned, size))).toEqual([...new Set(learned)]);
      }),
      { numRuns: 500 },
    );
  });
});
