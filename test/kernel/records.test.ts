import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { headWords } from '../../src/features/rows.js';
import { placeHead } from '../../src/kernel/head.js';
import { instantiateKernel } from '../../src/kernel/instantiate.js';
import { kernelModule } from '../../src/kernel/load.js';
import { KernelMemory } from '../../src/kernel/memory.js';
import { PERMUTATION_WORDS, permutationWords } from '../../src/kernel/permutation.js';
import { referenceKernel } from '../../src/kernel/reference.js';
import { visitingOrder } from '../../src/training/shuffle.js';

const FEATURES = 30;
/** Rows as lists of features, from which records are made. */
const rowLists = fc.array(fc.uniqueArray(fc.integer({ min: 1, max: FEATURES - 1 }), { maxLength: 13 }), {
  minLength: 1,
  maxLength: 20,
});

/** Features of a head. */
const HEAD = [1, 3, 29, 2, 17];

/** A record with a place on a list; values of a head are ten times the features. */
function record(features: readonly number[], place: number, head: readonly number[]): number[] {
  const tail = features.filter((feature) => !head.includes(feature));
  const groups = Math.ceil(tail.length / 4);
  const values = head.map((feature) => (features.includes(feature) ? 10 * feature : 0));
  return [7, groups, 9, place, ...values, ...zeros(values), ...tail, ...zeros(tail)];
}

/** Up to whole groups. */
function zeros({ length }: readonly number[]): number[] {
  return new Array<number>((4 - (length % 4)) % 4).fill(0);
}

for (const name of ['reference', 'WebAssembly'] as const) {
  const open = () => {
    const wasm = new WebAssembly.Memory({ initial: 2, maximum: 2, shared: true });
    const kernel = instantiateKernel(kernelModule(), wasm);
    return { kernel: name === 'reference' ? referenceKernel(wasm) : kernel, memory: new KernelMemory(wasm, kernel) };
  };

  describe(`moving row records, ${name}`, () => {
    it('copies each record to its own place', () => {
      const { kernel, memory } = open();
      const from = memory.allocate(64);
      const to = memory.allocate(64);
      const moves = memory.allocate(24);
      memory.u32.set([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], from / 4);
      memory.u32.set([from, to + 32, 16, from + 16, to, 32], moves / 4);
      kernel.copyRecords(moves, 2);
      const copied = memory.u32.subarray(to / 4, to / 4 + 12);
      expect(Array.from(copied)).toEqual([5, 6, 7, 8, 9, 10, 11, 12, 1, 2, 3, 4]);
    });

    it('places rows as the order of the visits says', () => {
      const { kernel, memory } = open();
      const mark = memory.mark();
      fc.assert(
        fc.property(fc.integer({ min: 1, max: 2 ** 31 }), fc.string(), fc.nat(), (rowCount, seed, place) => {
          memory.release(mark);
          const order = visitingOrder(rowCount, 'auto', seed);
          const first = place % rowCount;
          const count = Math.min(50, rowCount - first);
          const permutation = memory.allocate(4 * PERMUTATION_WORDS);
          const places = memory.allocate(4 * count);
          memory.u32.set(permutationWords(order.permutation!), permutation / 4);
          kernel.placeRows(first, count, permutation, 64, 1, places);
          const expected = Uint32Array.from({ length: count }, (_, i) => 64 + order(first + i));
          expect(memory.u32.slice(places / 4, places / 4 + count)).toEqual(expected);
        }),
      );
    });

    for (const head of [[], HEAD]) {
      const layout = { form: 'sparse', head } as const;
      it(`lists records by place and takes features out of them, ${head.length > 0 ? 'with a head' : 'ones'}`, () => {
        const { kernel, memory } = open();
        const begin = memory.mark();
        fc.assert(
          fc.property(
            rowLists,
            fc.infiniteStream(fc.integer({ min: 0, max: FEATURES })),
            fc.nat(),
            (rows, numbers, cut) => {
              memory.release(begin);
              const remap = Uint32Array.from({ length: FEATURES }, (_, i) => (i === 0 ? 0 : numbers.next().value!));
              // Arrived in falling order of their places.
              const records = rows.map((features, place) => record(features, place, head)).reverse();
              const words = records.flat();
              const from = memory.allocate(words.length * 4);
              memory.u32.set(words, from / 4);
              const list = memory.allocate(rows.length * 4);
              const table = placeHead(memory, layout, remap);
              const tableAt = memory.allocate(FEATURES * 4);
              memory.u32.set(remap, tableAt / 4);
              const result = memory.allocate(8);
              memory.u32[result / 4 + 1] = 0;
              const to = memory.allocate(words.length * 4);
              const room = words.length * 4 - (cut % 2) * 16;

              const past = kernel.listFollowing(from, rows.length, table, list) >>> 0;
              expect(past).toBe(from + words.length * 4);
              const following = memory.u32.subarray(list / 4, list / 4 + rows.length);
              const places = rows.map((_, place) => place).reverse();
              expect(Array.from(following, (address) => memory.u32[address / 4 + 3])).toEqual(places);

              kernel.listSparse(from, from + words.length * 4, table, list);
              const end = kernel.remapSparse(list, rows.length, table, tableAt, to, to + room, result) >>> 0;

              const [moved, maxGroups] = memory.u32.subarray(result / 4, result / 4 + 2);
              const expected = rows.slice(0, moved).map((features) => {
                const kept = features.filter((feature) => remap[feature] !== 0);
                const words = record(kept, 0, head);
                const first = 4 + headWords(layout);
                return words.map((word, i) => (i < first ? word : remap[word]));
              });
              expect(Array.from(memory.u32.subarray(to / 4, end / 4))).toEqual(expected.flat());
              let place = to;
              for (const [row, { length }] of expected.entries()) {
                expect(memory.u32[list / 4 + row]).toBe(place);
                place += 4 * length;
              }
              expect(maxGroups).toBe(Math.max(0, ...expected.map((words) => words[1])));
              if (room === words.length * 4) expect(moved).toBe(rows.length);
              else expect(end).toBeLessThanOrEqual(to + room);

              const stride = 16 + 4 * headWords(layout) + 4 * 16;
              const placed = memory.allocate(rows.length * stride + 16);
              rows.forEach((features, row) => {
                memory.u32.set(record(features, 0, head), (placed + row * stride) / 4);
              });
              memory.u32.fill(99, (placed + rows.length * stride) / 4, (placed + rows.length * stride) / 4 + 4);
              kernel.remapPlaced(placed, rows.length, stride, table, tableAt);
              const where = expected.map((words, row) => {
                const start = (placed + row * stride) / 4;
                return Array.from(memory.u32.subarray(start, start + words.length));
              });
              expect(where).toEqual(expected);
              expect(memory.u32[(placed + rows.length * stride) / 4]).toBe(99);
            },
          ),
          { numRuns: 200 },
        );
      });
    }
  });
}
