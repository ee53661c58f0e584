import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PADDING_FEATURE, type RowLayout } from '../../src/features/rows.js';
import { kernelModule } from '../../src/kernel/load.js';
import { digestOf } from '../../src/training/digest.js';
import { openKernel } from '../../src/training/first-reading.js';
import { repack } from '../../src/training/repack.js';
import { closeStride, type ShardPlan } from '../../src/training/shards.js';

const LAYOUT: RowLayout = { form: 'dense', width: 8 };
const STRIDE = closeStride(LAYOUT);
const WORDS = STRIDE / 4;

/** Dense rows of random words in two shards, in the order of a list or, without one, one behind the other. */
function place(rows: readonly number[][], order: readonly number[] | undefined) {
  const opened = openKernel(kernelModule());
  const { memory } = opened;
  const address = memory.allocate(rows.length * STRIDE);
  const starts = order && memory.allocate(4 * rows.length);
  const { f32, u32 } = memory;
  for (const [row, values] of rows.entries()) {
    const at = address + (order?.[row] ?? row) * STRIDE;
    f32.set(values, at / 4);
    if (starts !== undefined) u32[starts / 4 + row] = at;
  }
  const shards = [rows.slice(0, rows.length >> 1), rows.slice(rows.length >> 1)].map((part, i) => {
    const first = i === 0 ? 0 : rows.length >> 1;
    const segment = { rowCount: part.length, address: address + first * STRIDE, offset: 0, stride: STRIDE };
    return { rowCount: part.length, segments: [{ ...segment, bytes: part.length * STRIDE }] };
  });
  const bytes = rows.length * STRIDE;
  const sizes = { rowCount: rows.length, callRows: 16, head: 0, maxGroups: 0, windowBytes: 0, bytes };
  const plan: ShardPlan = { layout: LAYOUT, shards, starts, ...sizes };
  const shown = (): number[][] =>
    rows.map((_, row) => {
      const at = starts === undefined ? address + row * STRIDE : memory.u32[starts / 4 + row];
      return Array.from(memory.f32.subarray(at / 4, at / 4 + WORDS));
    });
  return { ...opened, plan, shown };
}

const cases = fc
  .array(fc.array(fc.float({ noNaN: true }), { minLength: WORDS, maxLength: WORDS }), { minLength: 2, maxLength: 20 })
  .chain((rows) => {
    const all = Array.from(rows.keys());
    return fc.record({
      rows: fc.constant(rows),
      order: fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length }),
    });
  });

describe('dense rows that stand in another order than they are visited in', () => {
  it('have the digest of rows that stand in that order', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async ({ rows, order }) => {
        const [close, listed] = [place(rows, undefined), place(rows, order)];
        const expected = await digestOf(close.plan, close.memory);
        expect(await digestOf(listed.plan, listed.memory)).toBe(expected);
        const swapped = place([...rows.slice(1), rows[0]], order);
        const isSame = rows.every((values) => values.every((x, i) => Object.is(x, rows[0][i])));
        expect((await digestOf(swapped.plan, swapped.memory)) === expected).toBe(isSame);
      }),
      { numRuns: 30 },
    );
  });

  it('lose features like rows that stand in that order', async () => {
    const remap = Uint32Array.from({ length: 8 }, (_, feature) => (feature === 3 ? PADDING_FEATURE : feature));
    for (let feature = 4; feature < 8; feature++) remap[feature]--;
    await fc.assert(
      fc.asyncProperty(cases, async ({ rows, order }) => {
        const shown = [];
        for (const { plan, kernel, memory, shown: show } of [place(rows, undefined), place(rows, order)]) {
          await repack(plan, remap, kernel, memory, undefined);
          shown.push(show());
        }
        expect(shown[1]).toEqual(shown[0]);
        expect(shown[0].every((values, row) => Object.is(values[4 + 3], Math.fround(rows[row][4 + 4])))).toBe(true);
      }),
      { numRuns: 30 },
    );
  });
});
