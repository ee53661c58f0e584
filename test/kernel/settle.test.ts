import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instantiateKernel } from '../../src/kernel/instantiate.js';
import { kernelModule } from '../../src/kernel/load.js';
import { KernelMemory } from '../../src/kernel/memory.js';
import { referenceKernel } from '../../src/kernel/reference.js';
import { ENTRY_BYTES, NO_PLACE, stateBytes, WORK_WORDS, workWords } from '../../src/kernel/settle-kernel.js';

const WIDTH = 16;
const WORDS = 4 + WIDTH;
/** Word of the first feature of an output. */
const FIRST = 4 + 2;

/** Rows of a few numbers, NaN among them, and the order that groups of them are to have. */
const cases = fc
  .record({
    rows: fc.array(
      fc.array(fc.oneof(fc.float({ min: -1e6, max: 1e6 }), fc.constant(Number.NaN)), { minLength: 3, maxLength: 3 }),
      { minLength: 1, maxLength: 60 },
    ),
    groupRows: fc.integer({ min: 1, max: 5 }),
    most: fc.integer({ min: 1, max: 70 }),
    from: fc.constantFrom(0, 4),
  })
  .chain((given) => {
    const groups = Array.from({ length: Math.floor(given.rows.length / given.groupRows) }, (_, group) => group);
    const places = fc.shuffledSubarray(groups, { minLength: groups.length, maxLength: groups.length });
    return places.map((order) => ({ ...given, places: order }));
  });

interface Case {
  readonly rows: readonly (readonly number[])[];
  /** Rows behind the last whole group stay where they are. */
  readonly groupRows: number;
  readonly places: readonly number[];
  /** Groups to settle in a call. */
  readonly most: number;
  /** Word that the table begins with. */
  readonly from: number;
}

/** Where a row goes. */
function placeOf(row: number, { groupRows, places }: Case): number {
  const group = Math.floor(row / groupRows);
  return group < places.length ? places[group] * groupRows + (row % groupRows) : row;
}

/** Of targets. */
const SHIFT = 0.5;
const CORRECTIONS = [
  { centre: 1000, mean: 1000.25, deviation: 0.5 },
  { centre: 0, mean: -3, deviation: 1e5 },
  { centre: 0, mean: 0, deviation: 1 },
];

for (const name of ['reference', 'WebAssembly'] as const) {
  const open = () => {
    const wasm = new WebAssembly.Memory({ initial: 2, maximum: 2, shared: true });
    const kernel = instantiateKernel(kernelModule(), wasm);
    return { kernel: name === 'reference' ? referenceKernel(wasm) : kernel, memory: new KernelMemory(wasm, kernel) };
  };
  const { kernel, memory } = open();
  const begin = memory.mark();

  /** @param columns as the kernel takes them */
  const settle = ({ rows, groupRows, places, most, from }: Case, columns: readonly number[]) => {
    memory.release(begin);
    const entries = (WORDS - from) / 4;
    const records = memory.allocate(rows.length * WORDS * 4);
    const order = memory.allocate(places.length * 4);
    const table = memory.allocate(entries * ENTRY_BYTES);
    const columnList = memory.allocate(4 * columns.length);
    const work = memory.allocate(4 * WORK_WORDS);
    const scratch = memory.allocate(4 * WORDS);
    const state = memory.allocate(stateBytes(groupRows * 4 * WORDS));
    const { f32, f64, u32 } = memory;
    f32.fill(0, records / 4, records / 4 + rows.length * WORDS);
    for (const [row, values] of rows.entries()) {
      f32.set([row, 1, 0, 0, 0, 1, ...values], records / 4 + row * WORDS);
    }
    u32.set(places, order / 4);
    u32.set(columns, columnList / 4);
    u32.fill(0, table / 4, (table + entries * ENTRY_BYTES) / 4);
    const entryOf = (word: number): number => table + Math.floor((word - from) / 4) * ENTRY_BYTES;
    const at = (word: number, array: number): number => entryOf(word) / 8 + array * 4 + (word % 4);
    for (let word = from; word < WORDS; word++) f64[at(word, 2)] = 1;
    for (const [i, { centre, mean, deviation }] of CORRECTIONS.entries()) {
      f64[at(FIRST + i, 0)] = centre;
      f64[at(FIRST + i, 1)] = mean;
      f64[at(FIRST + i, 2)] = deviation;
    }
    if (from === 0) f64[at(0, 1)] = SHIFT;
    const columnCount = columns.length / 4;
    const recordBytes = 4 * WORDS;
    u32.set(
      workWords({ recordBytes, from: 4 * from, table, entries, columns: columnList, columnCount, scratch }),
      work / 4,
    );
    u32.set([0, NO_PLACE], state / 4);
    const calls: number[] = [];
    do calls.push(kernel.settleGroups(state, records, groupRows, places.length, order, work, most));
    while (calls[calls.length - 1] === most);
    const inGroups = places.length * groupRows;
    kernel.settleDense(records + inGroups * recordBytes, rows.length - inGroups, work);
    const counts = CORRECTIONS.map((_, i) => u32[(entryOf(FIRST + i) + 96) / 4 + ((FIRST + i) % 4)]);
    const settled = rows.map((_, row) =>
      Array.from(f32.subarray(records / 4 + row * WORDS, records / 4 + (row + 1) * WORDS)),
    );
    const missing = columns.filter((_, i) => i % 4 === 3).map((_, i) => u32[columnList / 4 + 4 * i + 3]);
    return { settled, counts, calls, missing };
  };

  const corrected = (values: readonly number[]): number[] =>
    values.map((x, i) => Math.fround((x + CORRECTIONS[i].centre - CORRECTIONS[i].mean) / CORRECTIONS[i].deviation));

  describe(`settling dense records, ${name}`, () => {
    it('corrects all numbers, takes each group to its place and counts, in any number of calls', () => {
      fc.assert(
        fc.property(cases, (given) => {
          const { places, from } = given;
          const rows = given.rows.map((values) => values.map((x) => (Number.isNaN(x) ? 0 : x)));
          const { settled, counts, calls } = settle({ ...given, rows }, []);
          for (const [row, values] of rows.entries()) {
            const zeros = new Array<number>(WORDS - 9).fill(0);
            // Zeros of either sign are the same feature.
            const expected = [from === 0 ? row - SHIFT : row, 1, 0, 0, 0, 1, ...corrected(values), ...zeros];
            expect(settled[placeOf(row, given)].map((x) => x + 0)).toEqual(expected.map((x) => x + 0));
          }
          const features = rows.map(corrected);
          expect(counts).toEqual(CORRECTIONS.map((_, i) => features.filter((values) => values[i] !== 0).length));
          expect(calls.reduce((sum, count) => sum + count, 0)).toBe(places.length);
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
        fc.property(cases, (given) => {
          const { rows, from } = given;
          const { settled, missing } = settle(given, columns.flat());
          for (const [row, values] of rows.entries()) {
            const [a, , c] = corrected(values);
            const isMissing = (x: number): number => Number(Number.isNaN(x));
            const expected = new Array<number>(WORDS).fill(0);
            expected.splice(0, 9, from === 0 ? row - SHIFT : row, 1, 0, 0, 0, 1, a || 0, isMissing(a), c || 0);
            expected[FIRST + 9] = isMissing(c);
            expect(settled[placeOf(row, given)].map((x) => x + 0)).toEqual(expected.map((x) => x + 0));
          }
          const missingOf = (i: number): number => rows.filter((values) => Number.isNaN(values[i])).length;
          expect(missing).toEqual([missingOf(0), missingOf(1), missingOf(2)]);
        }),
      );
    });
  });
}
