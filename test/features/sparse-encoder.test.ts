import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ColumnBlock } from '../../src/datasource/block.js';
import { binSearch } from '../../src/features/bin-search.js';
import { applyRemap, openEncoder } from '../../src/features/encode.js';
import type { Encoder } from '../../src/features/encoder.js';
import { SparseEncoder } from '../../src/features/sparse-encoder.js';
import type { SparsePlan } from '../../src/features/sparse-plan.js';
import { instantiateKernel } from '../../src/kernel/instantiate.js';
import { kernelModule } from '../../src/kernel/load.js';
import { KernelMemory } from '../../src/kernel/memory.js';
import { referenceKernel } from '../../src/kernel/reference.js';
import type { FittedOutput, FittedRecipe } from '../../src/recipe/fitted.js';
import { recordWords } from '../../src/training/shards.js';
import { allRows, attributesOf, type Row, TestSource } from '../helpers/blocks.js';

const TYPES = {
  x: 'NUMERIC',
  y: 'NUMERIC',
  b: 'BINARY',
  c: 'BINARY',
  job: 'CATEGORICAL',
  city: 'CATEGORICAL',
} as const;

/** Cells of one edge at most, of several edges, and none but a tree. */
const EVEN = [-2, -1, 0, 1, 2];
const CLOSE = [0, 0.001, 0.002, 1, 2, 3];
const UNEVEN = [0, 1e-9, 2e-9, 3e-9, 4e-9, 5e-9, 6e-9, 7e-9, 1];

const bins = (attribute: string, edges: readonly number[], hasMissing = true): FittedOutput => ({
  kind: 'bins',
  expression: '',
  prefix: `${attribute}${edges.length}`,
  attribute,
  edges,
  hasMissing,
});
const binary = (attribute: string, hasMissing = true): FittedOutput => ({
  kind: 'binary',
  expression: '',
  prefix: attribute,
  attribute,
  hasMissing,
});
const number = (attribute: string, mean: number, standardDeviation: number, hasMissing = true): FittedOutput => ({
  kind: 'number',
  expression: '',
  prefix: attribute,
  attribute,
  mean,
  standardDeviation,
  hasMissing,
});
const categories = (attribute: string): FittedOutput => ({
  kind: 'categories',
  expression: '',
  prefix: attribute,
  attribute,
});

const ONES = [
  bins('x', EVEN),
  bins('y', CLOSE, false),
  categories('job'),
  bins('y', UNEVEN),
  binary('b'),
  categories('city'),
];
const RECIPES: Record<string, FittedRecipe> = {
  ones: { outputs: ONES },
  'whole groups': { outputs: [bins('x', EVEN), bins('y', UNEVEN), categories('job')] },
  valued: {
    outputs: [...ONES, number('x', 0.1, 0.3), number('y', 0, 1, false), number('y', 1, 0), binary('c', false)],
  },
};

const values = fc.oneof(
  fc.double({ noNaN: true }),
  fc.constantFrom(0, -0, 0.1, 1, 2, 3e-9, 0.001, 0.0015, -2, 1e39, -1e39, Infinity, -Infinity, 5e-324, null),
);
const bits = fc.constantFrom(0, 1, null);
const words = fc.constantFrom('a', 'b', 'c', 'd', 'e', '', null);
const rowOf: fc.Arbitrary<Row> = fc.record({ x: values, y: values, b: bits, c: bits, job: words, city: words });

function open(name: 'reference' | 'WebAssembly') {
  const wasm = new WebAssembly.Memory({ initial: 4, maximum: 2000, shared: true });
  const instance = instantiateKernel(kernelModule(), wasm);
  const kernel = name === 'reference' ? referenceKernel(wasm) : instance;
  return { kernel, memory: new KernelMemory(wasm, instance) };
}

/** Records as `prepare` makes them. */
function prepared(
  encoder: Encoder,
  block: ColumnBlock,
  rows: Uint32Array,
  targets: Float32Array,
  weights?: Float32Array,
) {
  const length = encoder.prepare(block, rows);
  const records = new Uint32Array(length);
  const starts = new Uint32Array(rows.length + 1);
  encoder.write(records, new Float32Array(records.buffer), 0, targets, starts, weights);
  starts[rows.length] = length;
  return Array.from(rows, (_, i) => records.slice(starts[i], starts[i + 1]));
}

/** The same where `encodeSparse` has put them, last row first, with the words between them. */
function placed(
  encoder: Encoder,
  sparse: SparseEncoder,
  memory: KernelMemory,
  block: ColumnBlock,
  rows: Uint32Array,
  targets: Float32Array,
  weights?: Float32Array,
) {
  const room = encoder.mostWords;
  const first = memory.allocate(4 * room * rows.length) / 4;
  const places = rows.map((_, i) => 4 * (first + room * (rows.length - 1 - i)));
  encoder.encodeSparse(sparse, { block, rows, places, targets, weights });
  const { u32 } = memory;
  const lengthOf = (start: number) => recordWords(u32, start, encoder.layout);
  const groups = places.reduce((sum, place) => sum + u32[place / 4 + 1], 0);
  expect(sparse.takeBytes()).toBe(16 * groups);
  return Array.from(places, (place) => u32.slice(place / 4, place / 4 + lengthOf(place / 4)));
}

/** Records with the features of a model, in hexadecimal digits. */
function remapped(records: readonly Uint32Array[], encoder: Encoder, remap: Uint32Array): string[] {
  return records.map((record) => {
    applyRemap(record, Uint32Array.of(0), encoder.layout, remap);
    return bytes(record.subarray(0, recordWords(record, 0, encoder.layout)));
  });
}

const bytes = (array: Uint32Array): string =>
  Buffer.from(array.buffer, array.byteOffset, array.byteLength).toString('hex');

/** Have encoders learned the same, and do their records say the same? */
function expectSame(
  one: Encoder,
  expected: readonly Uint32Array[],
  other: Encoder,
  found: readonly Uint32Array[],
  maxFeatures: number,
): void {
  const learned = one.finish({ maxFeatures });
  const alike = other.finish({ maxFeatures });
  expect(remapped(found, other, alike.remap)).toEqual(remapped(expected, one, learned.remap));
  expect(alike.features).toEqual(learned.features);
  expect(alike.rowsPerFeature).toEqual(learned.rowsPerFeature);
  expect(alike.droppedCount).toBe(learned.droppedCount);
}

it('bins are found by a grid and by a tree', () => {
  const kinds = [EVEN, CLOSE, UNEVEN].map((edges) => binSearch(edges).plan);
  expect(kinds.map((plan) => (plan.kind === 'grid' ? plan.most : plan.kind))).toEqual([1, 3, 'tree']);
});

for (const name of ['reference', 'WebAssembly'] as const) {
  describe(`sparse encoder, ${name}`, () => {
    for (const [title, recipe] of Object.entries(RECIPES)) {
      it(`writes the records that preparing gives, bit by bit, and counts alike: ${title}`, () => {
        fc.assert(
          fc.property(
            fc.array(fc.array(rowOf, { minLength: 1, maxLength: 150 }), { minLength: 1, maxLength: 3 }),
            fc.infiniteStream(fc.integer({ min: 0, max: 3 })),
            fc.boolean(),
            (blocks, skips, weighted) => {
              const { kernel, memory } = open(name);
              const one = openEncoder(recipe, { learn: true });
              const other = openEncoder(recipe, { learn: true });
              const sparse = other.openSparse(kernel, memory);
              const source = new TestSource(attributesOf(TYPES));
              const expected: Uint32Array[] = [];
              const found: Uint32Array[] = [];
              for (const rows of blocks) {
                const block = source.block(rows);
                const skip = skips.next().value === 0;
                const listed = allRows(rows.length).filter(() => !skip || skips.next().value! > 0);
                const targets = Float32Array.from(listed, (row) => row / 3);
                const weights = weighted ? targets.map((target) => target + 1) : undefined;
                expected.push(...prepared(one, block, listed, targets, weights));
                found.push(...placed(other, sparse, memory, block, listed, targets, weights));
              }
              expectSame(one, expected, other, found, 1000);
            },
          ),
          { numRuns: 60 },
        );
      });
    }

    it('encodes rows with the features of a model, of several sources', () => {
      const recipe = RECIPES.valued;
      const learner = openEncoder(recipe, { learn: true });
      const known = ['a', 'b', 'c'].map((job, i) => ({ x: i, y: -i, b: i % 2, c: null, job, city: job }));
      learner.prepare(new TestSource(attributesOf(TYPES)).block(known), allRows(3));
      const { features } = learner.finish({ maxFeatures: 1000 });
      const { kernel, memory } = open(name);
      const encoder = openEncoder(recipe, { features });
      const sparse = encoder.openSparse(kernel, memory);
      const sources = [1, 2].map(() => new TestSource(attributesOf(TYPES)));
      for (let i = 0; i < 6; i++) {
        const rows = Array.from({ length: 90 }, (_, r) => ({
          x: r / 10,
          y: null,
          b: 1,
          c: 1,
          job: 'abcdefgh'[(r * i) % 8],
          city: 'hcba'[r % 4],
        }));
        const block = sources[i % 2].block(rows);
        const targets = new Float32Array(90);
        expect(placed(encoder, sparse, memory, block, allRows(90), targets)).toEqual(
          prepared(openEncoder(recipe, { features }), block, allRows(90), targets),
        );
      }
    });

    it('forgets rare categories as preparing does, and learns them again', () => {
      const recipe = { outputs: [categories('job'), categories('city'), bins('x', EVEN)] };
      const rows = Array.from({ length: 9000 }, (_, i) => ({
        job: `j${(i * 7) % 5000}`,
        city: i % 3 === 0 ? `often${i % 7}` : `c${i}`,
        x: i % 5,
      }));
      const { kernel, memory } = open(name);
      const options = { maxFeatures: 1100 };
      const one = openEncoder(recipe, { learn: true, ...options });
      const other = openEncoder(recipe, { learn: true, ...options });
      const sparse = other.openSparse(kernel, memory);
      const source = new TestSource(attributesOf(TYPES));
      const expected: Uint32Array[] = [];
      const found: Uint32Array[] = [];
      for (let i = 0; i < rows.length; i += 2500) {
        const block = source.block(rows.slice(i, i + 2500));
        const listed = allRows(block.rowCount);
        const targets = new Float32Array(listed.length);
        expected.push(...prepared(one, block, listed, targets));
        found.push(...placed(other, sparse, memory, block, listed, targets));
      }
      expect(one.finish(options).droppedCount).toBeGreaterThan(5000);
      expectSame(one, expected, other, found, 1100);
    });

    it('keeps distances and codes as they are, and counts missing numbers, where the plan says so', () => {
      const plan: SparsePlan = {
        head: [1, 2, 3],
        columns: [
          { kind: 'number', attribute: 'x', mean: 0.5, divisor: 1, feature: 2, missingFeature: 100 },
          { kind: 'codes', attribute: 'job', base: 1000 },
          { kind: 'binary', attribute: 'b', feature: 200, missingFeature: 201 },
          { kind: 'number', attribute: 'y', mean: -1, divisor: 1, feature: 3, missingFeature: 0 },
          { kind: 'codes', attribute: 'city', base: 2000 },
        ],
        keepsMissing: true,
      };
      fc.assert(
        fc.property(fc.array(rowOf, { minLength: 1, maxLength: 150 }), fc.nat(3), (rows, skip) => {
          const { kernel, memory } = open(name);
          const sparse = new SparseEncoder(plan, [], kernel, memory);
          const block = new TestSource(attributesOf(TYPES)).block(rows);
          const listed = allRows(rows.length).filter((row) => skip === 0 || row % 4 !== skip);
          const first = memory.allocate(64 * listed.length);
          const places = listed.map((_, i) => first + 64 * i);
          sparse.bind(block);
          sparse.encode({ block, rows: listed, places, targets: new Float32Array(listed.length) }, 0, listed.length);
          const { u32, f32 } = memory;
          const numberOf = (attribute: string, row: number) => (block.columns.get(attribute) as Float64Array)[row];
          for (const [i, row] of listed.entries()) {
            const at = places[i] / 4;
            const [x, y] = [numberOf('x', row), numberOf('y', row)];
            expect(Array.from(f32.subarray(at + 4, at + 8))).toEqual([1, Math.fround(x - 0.5), Math.fround(y + 1), 0]);
            const bit = (block.columns.get('b') as Uint8Array)[row];
            const tail = [
              ...(Number.isNaN(x) ? [100] : []),
              1000 + (block.columns.get('job') as Uint32Array)[row],
              ...(bit === 0 ? [] : [199 + bit]),
              2000 + (block.columns.get('city') as Uint32Array)[row],
            ];
            expect(Array.from(u32.subarray(at + 8, at + 12))).toEqual([...tail, 0, 0].slice(0, 4));
          }
          const missingOf = (attribute: string) =>
            listed.filter((row) => Number.isNaN(numberOf(attribute, row))).length;
          expect(sparse.missingCounts()).toEqual([missingOf('x'), 0, 0, missingOf('y'), 0]);
          expect(sparse.takeBytes()).toBe(16 * listed.length);
        }),
        { numRuns: 60 },
      );
    });

    it('rounds numbers as distances to their centres first, where it is given some', () => {
      const centres = new Map([
        ['x', 0.5],
        ['y', -7],
      ]);
      fc.assert(
        fc.property(fc.array(rowOf, { minLength: 1, maxLength: 90 }), (rows) => {
          const { kernel, memory } = open(name);
          const rounded = rows.map((row) => {
            const near = (attribute: 'x' | 'y') => {
              const value = row[attribute];
              const centre = centres.get(attribute)!;
              return typeof value === 'number' ? Math.fround(value - centre) + centre : null;
            };
            return { ...row, x: near('x'), y: near('y') };
          });
          const targets = new Float32Array(rows.length);
          const numbers = { outputs: [number('x', 0.1, 0.3), categories('job'), number('y', 0, 7, false)] };
          const [found, expected] = [rows, rounded].map((given, i) => {
            const encoder = openEncoder(numbers, { learn: true, ...(i === 0 ? { centres } : {}) });
            const sparse = encoder.openSparse(kernel, memory);
            const block = new TestSource(attributesOf(TYPES)).block(given);
            return placed(encoder, sparse, memory, block, allRows(rows.length), targets).map(bytes);
          });
          expect(found).toEqual(expected);
        }),
        { numRuns: 60 },
      );
    });

    it('names an attribute that the block lacks', () => {
      const { kernel, memory } = open(name);
      const encoder = openEncoder(RECIPES.ones, { learn: true });
      const block = new TestSource(attributesOf({ x: 'NUMERIC', y: 'NUMERIC', b: 'BINARY', job: 'CATEGORICAL' }));
      expect(() =>
        placed(encoder, encoder.openSparse(kernel, memory), memory, block.block([{}]), allRows(1), new Float32Array(1)),
      ).toThrow("test: no attribute 'city', which the recipe uses");
    });
  });
}
