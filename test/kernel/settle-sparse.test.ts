import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instantiateKernel } from '../../src/kernel/instantiate.js';
import type { Kernel } from '../../src/kernel/kernel.js';
import { kernelModule } from '../../src/kernel/load.js';
import { KernelMemory } from '../../src/kernel/memory.js';
import { referenceKernel } from '../../src/kernel/reference.js';
import {
  ENTRY_BYTES,
  listWord,
  MOST_LISTS,
  NO_PLACE,
  sparseWorkWords,
  stateBytes,
} from '../../src/kernel/settle-kernel.js';

const HEAD_WORDS = 8;
const RECORD_WORDS = 4 + HEAD_WORDS + 8;
const GREATEST_SINGLE = 3.4028234663852886e38;

/** Of the bias, which stays, and five numbers. */
const HEAD = [
  { centre: 0, mean: 0, deviation: 1 },
  { centre: 1000, mean: 1000.25, deviation: 0.5 },
  { centre: 0, mean: -3, deviation: 1e5 },
  { centre: 0, mean: 0, deviation: 1e-30 },
  { centre: 2, mean: 2, deviation: 3 },
  { centre: 0, mean: 1, deviation: 1 },
];
/** The first is for what is no code; features that are 0 leave the record. */
const LISTS = [[0, 1], [7, 0], [9, 0, 8, 0], [10]];

interface SparseRow {
  readonly numbers: readonly number[];
  /** Lists and places in them. */
  readonly tail: readonly (readonly [number, number])[];
}

interface Case {
  readonly rows: readonly SparseRow[];
  /** Rows behind the last whole group stay where they are. */
  readonly groupRows: number;
  readonly places: readonly number[];
  /** Groups to settle in a call. */
  readonly most: number;
  /** Words of the head that are left. */
  readonly left: readonly number[];
  /** Words that become 0. */
  readonly masked: readonly number[];
  /** Centre, mean and deviation. */
  readonly target: readonly [number, number, number] | null;
}

const places = fc
  .integer({ min: 1, max: LISTS.length - 1 })
  .chain((list) => fc.tuple(fc.constant(list), fc.nat(LISTS[list].length - 1)));
const numbers = fc.array(fc.oneof(fc.float(), fc.constantFrom(0, -0, 0.25, -3, 1, 3e38)), {
  minLength: HEAD.length - 1,
  maxLength: HEAD.length - 1,
});
const words = [1, 2, 3, 4, 5];

const cases: fc.Arbitrary<Case> = fc
  .record({
    rows: fc.array(fc.record({ numbers, tail: fc.array(places, { maxLength: 6 }) }), { minLength: 1, maxLength: 40 }),
    groupRows: fc.integer({ min: 1, max: 5 }),
    most: fc.integer({ min: 1, max: 50 }),
    left: fc.subarray(words, { minLength: 1 }).map((some) => [0, ...some]),
    masked: fc.subarray(words),
    target: fc.option(fc.constant([0.5, 2, 3] as const)),
  })
  .chain((given) => {
    const groups = Array.from({ length: Math.floor(given.rows.length / given.groupRows) }, (_, group) => group);
    const order = fc.shuffledSubarray(groups, { minLength: groups.length, maxLength: groups.length });
    return order.map((shuffled) => ({ ...given, places: shuffled }));
  });

/** Where a row goes. */
function placeOf(row: number, { groupRows, places }: Case): number {
  const group = Math.floor(row / groupRows);
  return group < places.length ? places[group] * groupRows + (row % groupRows) : row;
}

function writeRecords({ u32, f32 }: KernelMemory, address: number, rows: readonly SparseRow[]): void {
  for (const [row, { numbers, tail }] of rows.entries()) {
    const at = address / 4 + row * RECORD_WORDS;
    u32.fill(0, at, at + RECORD_WORDS);
    f32.set([row, 0, 1, 0, 1, ...numbers], at);
    u32[at + 1] = Math.ceil(tail.length / 4);
    u32.set(
      tail.map(([list, place]) => listWord(list, place)),
      at + 4 + HEAD_WORDS,
    );
  }
}

/** Copy words to kernel memory. */
function put(memory: KernelMemory, list: readonly number[]): number {
  const address = memory.allocate(4 * list.length);
  memory.u32.set(list, address / 4);
  return address;
}

function writeTable(memory: KernelMemory, { masked }: Case): number {
  const table = memory.allocate((HEAD_WORDS / 4) * ENTRY_BYTES);
  const { f64, u32 } = memory;
  for (let word = 0; word < HEAD_WORDS; word++) {
    const { centre, mean, deviation } = HEAD[word] ?? HEAD[0];
    const entry = table + Math.floor(word / 4) * ENTRY_BYTES;
    for (const [i, value] of [centre, mean, deviation].entries()) f64[entry / 8 + 4 * i + (word % 4)] = value;
    u32[entry / 4 + 24 + (word % 4)] = word < HEAD.length && !masked.includes(word) ? 0xffffffff : 0;
  }
  return table;
}

function writeWork(memory: KernelMemory, given: Case): number {
  const { left, target } = given;
  const table = writeTable(memory, given);
  const addresses = LISTS.map((list) => put(memory, list));
  const lists = put(memory, [...addresses, ...new Array<number>(MOST_LISTS - LISTS.length).fill(0)]);
  const targets = memory.allocate(24);
  if (target !== null) memory.f64.set(target, targets / 8);
  const work = {
    recordBytes: 4 * RECORD_WORDS,
    headGroups: HEAD_WORDS / 4,
    table,
    lists,
    finalWords: left.length,
    sources: left.length === HEAD.length ? 0 : put(memory, left),
    targets: target === null ? 0 : targets,
  };
  return put(memory, sparseWorkWords(work));
}

/** @returns address of the settled records */
function settle(kernel: Kernel, memory: KernelMemory, given: Case): number {
  const { rows, groupRows, places, most } = given;
  const records = memory.allocate(4 * RECORD_WORDS * rows.length);
  const work = writeWork(memory, given);
  const order = put(memory, places);
  const state = memory.allocate(stateBytes(4 * RECORD_WORDS * groupRows));
  writeRecords(memory, records, rows);
  memory.u32.set([0, NO_PLACE], state / 4);
  let settled = most;
  while (settled === most) {
    settled = kernel.settleGroups(state, records, groupRows, places.length, order, work, most);
  }
  const inGroups = places.length * groupRows;
  kernel.settleSparse(records + inGroups * 4 * RECORD_WORDS, rows.length - inGroups, work);
  return records;
}

function expectedHead({ numbers }: SparseRow, { left, masked }: Case): number[] {
  const values = [1, ...numbers].map((x, word) => {
    const { centre, mean, deviation } = HEAD[word];
    const z = Math.fround((x + centre - mean) / deviation);
    const isGone = Number.isNaN(z) || masked.includes(word);
    return isGone ? 0 : Math.max(-GREATEST_SINGLE, Math.min(GREATEST_SINGLE, z)) + 0;
  });
  return padded(left.map((word) => values[word]));
}

/** With zeros up to a multiple of four. */
const padded = (list: readonly number[]): number[] =>
  Array.from({ length: 4 * Math.ceil(list.length / 4) }, (_, i) => list[i] ?? 0);

for (const name of ['reference', 'WebAssembly'] as const) {
  describe(`settling sparse records, ${name}`, () => {
    const wasm = new WebAssembly.Memory({ initial: 2, maximum: 2, shared: true });
    const instance = instantiateKernel(kernelModule(), wasm);
    const kernel = name === 'reference' ? referenceKernel(wasm) : instance;
    const memory = new KernelMemory(wasm, instance);
    const begin = memory.mark();

    it('corrects numbers, looks features up, drops what is gone, and takes each group to its place', () => {
      fc.assert(
        fc.property(cases, (given) => {
          memory.release(begin);
          const records = settle(kernel, memory, given);
          const { f32, u32 } = memory;
          for (const [row, sparse] of given.rows.entries()) {
            const at = records / 4 + placeOf(row, given) * RECORD_WORDS;
            const { target } = given;
            const y = target === null ? row : Math.fround((row + target[0] - target[1]) / target[2]);
            const head = expectedHead(sparse, given);
            const tail = padded(sparse.tail.map(([list, i]) => LISTS[list][i]).filter((feature) => feature !== 0));
            expect([f32[at], u32[at + 1], f32[at + 2], u32[at + 3]]).toEqual([y, tail.length / 4, 1, 0]);
            expect(Array.from(f32.subarray(at + 4, at + 4 + head.length))).toEqual(head);
            const behind = at + 4 + head.length;
            expect(Array.from(u32.subarray(behind, behind + tail.length))).toEqual(tail);
          }
        }),
        { numRuns: 300 },
      );
    });
  });
}
