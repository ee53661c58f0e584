import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instantiateKernel } from '../../src/kernel/instantiate.js';
import { kernelModules } from '../../src/kernel/load.js';
import { KernelMemory } from '../../src/kernel/memory.js';
import { referenceKernel } from '../../src/kernel/reference.js';
import { GROUP_BYTES, NO_PLACE, stateBytes } from '../../src/kernel/settle-kernel.js';

const WIDTH = 16;
const WORDS = 4 + WIDTH;
/** Word of the first feature of an output. */
const FIRST = 4 + 2;

/** Rows of a few numbers, NaN among them, and the order that they are to have. */
const cases = fc
  .array(
    fc.array(fc.oneof(fc.float({ min: -1e6, max: 1e6 }), fc.constant(Number.NaN)), { minLength: 3, maxLength: 3 }),
    {
      minLength: 1,
      maxLength: 60,
    },
  )
  .chain((rows) => {
    const places = Array.from(rows.keys());
    return fc.record({
      rows: fc.constant(rows),
      places: fc.shuffledSubarray(places, { minLength: rows.length, maxLength: rows.length }),
      most: fc.integer({ min: 1, max: 70 }),
    });
  });

const CORRECTIONS = [
  { centre: 1000, mean: 1000.25, deviation: 0.5 },
  { centre: 0, mean: -3, deviation: 1e5 },
  { centre: 0, mean: 0, deviation: 1 },
];

for (const name of ['reference', 'WebAssembly'] as const) {
  const open = () => {
    const wasm = new WebAssembly.Memory({ initial: 2, maximum: 2 });
    const kernel = instantiateKernel(kernelModules.plain, wasm);
    return { kernel: name === 'reference' ? referenceKernel(wasm) : kernel, memory: new KernelMemory(wasm, kernel) };
  };
  const { kernel, memory } = open();
  const begin = memory.mark();

  /** Settle rows, so many in a call; columns as the kernel takes them. */
  const settle = (
    rows: readonly (readonly number[])[],
    places: readonly number[],
    most: number,
    columns: readonly number[],
  ) => {
    memory.release(begin);
    const records = memory.allocate(rows.length * WORDS * 4);
    const order = memory.allocate(rows.length * 4);
    const table = memory.allocate((WORDS / 4) * GROUP_BYTES);
    const columnList = memory.allocate(4 * columns.length);
    const state = memory.allocate(stateBytes(4 * WORDS));
    const { f32, f64, u32 } = memory;
    f32.fill(0, records / 4, records / 4 + rows.length * WORDS);
    for (const [row, values] of rows.entries()) {
      f32.set([row, 1, 0, 0, 0, 1, ...values], records / 4 + row * WORDS);
    }
    u32.set(places, order / 4);
    u32.set(columns, columnList / 4);
    u32.fill(0, table / 4, table / 4 + (WORDS / 4) * (GROUP_BYTES / 4));
    const at = (word: number, array: number): number =>
      (table + Math.floor(word / 4) * GROUP_BYTES) / 8 + array * 4 + (word % 4);
    for (let word = 0; word < WORDS; word++) f64[at(word, 2)] = 1;
    for (const [i, { centre, mean, deviation }] of CORRECTIONS.entries()) {
      f64[at(FIRST + i, 0)] = centre;
      f64[at(FIRST + i, 1)] = mean;
      f64[at(FIRST + i, 2)] = deviation;
    }
    u32.set([0, NO_PLACE, 0, 0], state / 4);
    const calls: number[] = [];
    const settleSome = (): number =>
      kernel.settleDense(state, records, 4 * WORDS, rows.length, order, table, columnList, columns.length / 4, most);
    do calls.push(settleSome());
    while (calls[calls.length - 1] === most);
    const counts = CORRECTIONS.map((_, i) => {
      const word = FIRST + i;
      return u32[(table + Math.floor(word / 4) * GROUP_BYTES + 96) / 4 + (word % 4)];
    });
    const settled = rows.map((_, row) =>
      Array.from(f32.subarray(records / 4 + row * WORDS, records / 4 + (row + 1) * WORDS)),
    );
    const missing = columns.filter((_, i) => i % 4 === 3).map((_, i) => u32[columnList / 4 + 4 * i + 3]);
    return { settled, counts, calls, missing };
  };

  const corrected = (values: readonly number[]): number[] =>
    values.map((x, i) => Math.fround((x + CORRECTIONS[i].centre - CORRECTIONS[i].mean) / CORRECTIONS[i].deviation));

  describe(`settling dense records, ${name}`, () => {
    it('corrects all numbers, takes each record to its place and counts, in any number of calls', () => {
      fc.assert(
        fc.property(cases, ({ rows, places, most }) => {
          const known = rows.map((values) => values.map((x) => (Number.isNaN(x) ? 0 : x)));
          const { settled, counts, calls } = settle(known, places, most, []);
          for (const [row, values] of known.entries()) {
            const zeros = new Array<number>(WORDS - 9).fill(0);
            // Zeros of either sign are the same feature.
            const expected = [row, 1, 0, 0, 0, 1, ...corrected(values), ...zeros];
            expect(settled[places[row]].map((x) => x + 0)).toEqual(expected.map((x) => x + 0));
          }
          const features = known.map(corrected);
          expect(counts).toEqual(CORRECTIONS.map((_, i) => features.filter((values) => values[i] !== 0).length));
          expect(calls.reduce((sum, count) => sum + count, 0)).toBe(rows.length);
        }),
      );
    });

    it('gives missing values a word of their own, and drops what has no feature', () => {
      // The first number has a feature and one for missing values, the second none, the third moves.
      const offset = (word: number): number => 4 * word;
      const nowhere = 4 * WORDS;
      const columns = [
        [offset(FIRST), offset(FIRST), offset(FIRST + 1), 0],
        [offset(FIRST + 1), nowhere, nowhere, 0],
        [offset(FIRST + 2), offset(FIRST + 2), offset(FIRST + 9), 0],
      ];
      fc.assert(
        fc.property(cases, ({ rows, places, most }) => {
          const { settled, missing } = settle(rows, places, most, columns.flat());
          for (const [row, values] of rows.entries()) {
            const [a, , c] = corrected(values);
            const isMissing = (x: number): number => Number(Number.isNaN(x));
            const expected = new Array<number>(WORDS).fill(0);
            expected.splice(0, 9, row, 1, 0, 0, 0, 1, a || 0, isMissing(a), c || 0);
            expected[FIRST + 9] = isMissing(c);
            expect(settled[places[row]].map((x) => x + 0)).toEqual(expected.map((x) => x + 0));
          }
          const missingOf = (i: number): number => rows.filter((values) => Number.isNaN(values[i])).length;
          expect(missing).toEqual([missingOf(0), missingOf(1), missingOf(2)]);
        }),
      );
    });
  });
}
