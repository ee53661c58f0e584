import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DenseColumn, DenseEncoder, type DensePlan, denseWorkBytes } from '../../src/features/dense-encoder.js';
import { instantiateKernel } from '../../src/kernel/instantiate.js';
import { kernelModule } from '../../src/kernel/load.js';
import { KernelMemory } from '../../src/kernel/memory.js';
import { referenceKernel } from '../../src/kernel/reference.js';
import { attributesOf, type Row, TestSource } from '../helpers/blocks.js';

const WIDTH = 16;
const RECORD_WORDS = 4 + WIDTH;
const GREATEST_SINGLE = 3.4028234663852886e38;
const TYPES = { a: 'NUMERIC', b: 'NUMERIC', c: 'BINARY', d: 'NUMERIC', e: 'BINARY' } as const;

const number = (attribute: string, mean: number, divisor: number, feature: number, missingFeature: number) =>
  ({ kind: 'number', attribute, mean, divisor, feature, missingFeature }) as const;
/** `d` and `e` lack features: values without one leave no trace. */
const PLAN: DensePlan = {
  width: WIDTH,
  columns: [
    number('a', 0.1, 0.3, 2, 3),
    { ...number('b', 0, 1, 4, 0), centre: 5.5 },
    { kind: 'binary', attribute: 'c', feature: 5, missingFeature: 6 },
    number('d', -7, 1e-3, 0, 7),
    { kind: 'binary', attribute: 'e', feature: 15, missingFeature: 0 },
  ],
};

const values = fc.oneof(
  fc.double({ noNaN: true }),
  fc.constantFrom(0, -0, 0.1, 1e39, -1e39, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 5e-324),
  fc.constant(null),
);
const bits = fc.constantFrom(0, 1, null);
const rowOf: fc.Arbitrary<Row> = fc.record({ a: values, b: values, c: bits, d: values, e: bits });

function open(name: 'reference' | 'WebAssembly', plan = PLAN) {
  const wasm = new WebAssembly.Memory({ initial: 4, maximum: 2000, shared: true });
  const instance = instantiateKernel(kernelModule(), wasm);
  const memory = new KernelMemory(wasm, instance);
  const kernel = name === 'reference' ? referenceKernel(wasm) : instance;
  const work = memory.allocate(denseWorkBytes(plan), 64);
  return { memory, encoder: new DenseEncoder(plan, kernel, wasm, work) };
}

/** Features of a row by the definition of `NumberColumn` and `BinaryColumn`. */
function expectedRecord(row: Row, target: number, weight: number, counts: number[]): Float32Array {
  const record = new Float32Array(RECORD_WORDS);
  record.set([target, weight, 0, 0, 0, 1]);
  for (const column of PLAN.columns) {
    const [feature, value] = expectedCell(column, row[column.attribute] as number | null);
    if (value !== 0) counts[feature]++;
    if (feature > 0) record[4 + feature] = value;
  }
  return record;
}

function expectedCell(column: DenseColumn, value: number | null): [number, number] {
  if (value === null) return [column.missingFeature, 1];
  if (column.kind === 'binary') return [column.feature, value];
  const { centre } = column;
  const rounded = centre === undefined ? value : Math.fround(value - centre) + centre;
  const z = Math.fround((rounded - column.mean) / column.divisor);
  return [column.feature, Number.isFinite(z) ? z : Math.sign(z) * GREATEST_SINGLE];
}

const bytes = (array: Float32Array): string =>
  Buffer.from(array.buffer, array.byteOffset, array.byteLength).toString('hex');

for (const name of ['reference', 'WebAssembly'] as const) {
  describe(`dense encoder, ${name}`, () => {
    it('keeps missing values as NaN where it is to', () => {
      const { memory, encoder } = open(name, { ...PLAN, keepsMissing: true });
      const block = new TestSource(attributesOf(TYPES)).block([
        { a: 0.4, b: null, c: null, d: 0, e: 1 },
        { a: null, b: 2, c: 1, d: 0, e: null },
      ]);
      const place = memory.allocate(2 * 4 * RECORD_WORDS);
      const places = Uint32Array.of(place, place + 4 * RECORD_WORDS);
      encoder.encode(block, Uint32Array.of(0, 1), places, new Float32Array(2));
      const features = (at: number): number[] => [2, 4, 5, 15].map((feature) => memory.f32[at / 4 + 4 + feature]);
      expect(features(places[0])).toEqual([Math.fround((0.4 - 0.1) / 0.3), Number.NaN, Number.NaN, 1]);
      expect(features(places[1])).toEqual([Number.NaN, 2, 1, Number.NaN]);
    });

    it('writes whole records to their places, bit by bit as defined, and counts the rows of each feature', () => {
      const { memory, encoder } = open(name);
      const mark = memory.mark();
      fc.assert(
        fc.property(
          fc.array(rowOf, { minLength: 1, maxLength: 150 }),
          fc.infiniteStream(fc.integer({ min: 0, max: 3 })),
          fc.boolean(),
          fc.boolean(),
          (rows, skips, weighted, close) => {
            memory.release(mark);
            const block = new TestSource(attributesOf(TYPES)).block(rows);
            const skip = skips.next().value === 0;
            const listed = Uint32Array.from(rows.keys()).filter(() => !skip || skips.next().value! > 0);
            const records = memory.allocate(4 * RECORD_WORDS * rows.length);
            memory.f32.fill(7, records / 4, records / 4 + RECORD_WORDS * rows.length);
            const places = listed.map((row, i) => records + 4 * RECORD_WORDS * (close ? i : rows.length - 1 - row));
            const targets = Float32Array.from(listed, (row) => row / 3);
            const weights = targets.map((target) => target + 1);
            encoder.encode(block, listed, close ? records : places, targets, weighted ? weights : undefined);

            const counts = new Array<number>(WIDTH).fill(0);
            const { f32 } = memory;
            for (const [i, row] of listed.entries()) {
              const expected = expectedRecord(rows[row], targets[i], weighted ? weights[i] : 1, counts);
              expect(bytes(f32.subarray(places[i] / 4, places[i] / 4 + RECORD_WORDS))).toBe(bytes(expected));
            }
            const left = rows.length - listed.length;
            expect(
              f32.subarray(records / 4, records / 4 + RECORD_WORDS * rows.length).filter((x) => x === 7).length,
            ).toBe(left * RECORD_WORDS);
            expect(Array.from(encoder.takeCounts().subarray(1))).toEqual(counts.slice(1));
            expect(
              encoder
                .takeCounts()
                .subarray(1)
                .every((count) => count === 0),
            ).toBe(true);
          },
        ),
        { numRuns: 200 },
      );
    });

    it('takes rows in any order, far apart or more than once', () => {
      const { memory, encoder } = open(name);
      const rows = Array.from({ length: 5000 }, (_, a) => ({ a, b: -a, c: a % 2, d: 1, e: null }));
      const block = new TestSource(attributesOf(TYPES)).block(rows);
      const listed = Uint32Array.of(4999, 0, 2, 1, 3, 3, 700, 701, 4000, ...Array.from({ length: 1500 }, (_, i) => i));
      const records = memory.allocate(4 * RECORD_WORDS * listed.length);
      const places = listed.map((_, i) => records + 4 * RECORD_WORDS * i);
      encoder.encode(block, listed, places, Float32Array.from(listed));
      for (const [i, row] of listed.entries()) {
        const record = memory.f32.subarray(places[i] / 4, places[i] / 4 + RECORD_WORDS);
        expect(bytes(record)).toBe(bytes(expectedRecord(rows[row], row, 1, [])));
      }
    });

    it('encodes 1,000 columns', () => {
      const columns = Array.from({ length: 1000 }, (_, i) => number(`x${i}`, i, 2, i + 2, 0));
      const { memory, encoder } = open(name, { width: 1008, columns });
      const types = Object.fromEntries(columns.map(({ attribute }) => [attribute, 'NUMERIC'] as const));
      const rows = Array.from({ length: 70 }, (_, r) =>
        Object.fromEntries(columns.map(({ attribute }, i) => [attribute, (r * 31 + i * 7) % 100])),
      );
      const words = 4 + 1008;
      const records = memory.allocate(4 * words * rows.length);
      const listed = Uint32Array.from(rows.keys());
      const places = listed.map((row) => records + 4 * words * row);
      encoder.encode(new TestSource(attributesOf(types)).block(rows), listed, places, new Float32Array(rows.length));
      for (const [r, row] of rows.entries()) {
        const expected = Float32Array.from({ length: words }, (_, word) => {
          const column = word - 6;
          return column < 0 || column >= 1000 ? Number(word === 1 || word === 5) : (row[`x${column}`] - column) / 2;
        });
        expect(bytes(memory.f32.subarray(places[r] / 4, places[r] / 4 + words))).toBe(bytes(expected));
      }
    });
  });
}
