import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { finalNumbers, type KeptItems } from '../../src/features/final-numbers.js';

/** Row counts, few of them large. */
const rowCount = fc.oneof(fc.nat(9), fc.nat(9), fc.integer({ min: 65_530, max: 65_545 }), fc.nat(0xffff_ffff));

/** Outputs whose provisional numbers are taken from one range, in any order. */
const outputs = fc
  .array(fc.record({ isSorted: fc.boolean(), items: fc.array(fc.tuple(rowCount, fc.boolean())) }), { maxLength: 4 })
  .chain((given) => {
    const count = given.reduce((sum, { items }) => sum + items.length, 0);
    const numbers = Array.from({ length: 2 * count }, (_, i) => i + 2);
    return fc.shuffledSubarray(numbers, { minLength: count, maxLength: count }).map((features) => {
      let used = 0;
      return given.map(({ isSorted, items }): KeptItems => {
        const own = features.slice(used, (used += items.length));
        return {
          isSorted,
          features: Uint32Array.from(own),
          rowCounts: Uint32Array.from(items, ([rows]) => rows),
          items: Uint32Array.from(items.flatMap(([, isKept], i) => (isKept ? i : []))),
        };
      });
    });
  });

function expectedOrder({ features, rowCounts, items, isSorted }: KeptItems): number[] {
  if (!isSorted) return [...items];
  return [...items].sort((a, b) => rowCounts[b] - rowCounts[a] || features[a] - features[b]);
}

describe('final numbers', () => {
  it('follow one another in each output, most rows first, then by first appearance, others in their order', () => {
    fc.assert(
      fc.property(outputs, (kept) => {
        const size = 2 + 2 * kept.reduce((sum, { features }) => sum + features.length, 0);
        const { starts, remap, orders } = finalNumbers(kept, size);
        const expected = new Uint32Array(size);
        let next = 2;
        for (const [i, output] of kept.entries()) {
          const order = expectedOrder(output);
          expect(Array.from(orders[i])).toEqual(order);
          expect(starts[i]).toBe(next);
          for (const item of order) expected[output.features[item]] = next++;
        }
        expect(remap).toEqual(expected);
      }),
    );
  });
});
