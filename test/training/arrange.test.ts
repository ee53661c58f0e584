import { describe, expect, it } from 'vitest';
import { applyRemap, openEncoder } from '../../src/features/encode.js';
import { PADDING_FEATURE, type RowLayout } from '../../src/features/rows.js';
import { instantiateKernel } from '../../src/kernel/instantiate.js';
import { kernelModule } from '../../src/kernel/load.js';
import { KernelMemory } from '../../src/kernel/memory.js';
import { checkRecipe } from '../../src/recipe/check.js';
import { fitRecipe } from '../../src/recipe/fit.js';
import { parseRecipe } from '../../src/recipe/parse.js';
import { openSpillFiles } from '../../src/threads/spill-files.js';
import { arrange } from '../../src/training/arrange.js';
import { StagedRows } from '../../src/training/dataset.js';
import { repack } from '../../src/training/repack.js';
import { recordWords, type ShardPlan } from '../../src/training/shards.js';
import { visitingOrder } from '../../src/training/shuffle.js';
import type { SpillStore } from '../../src/training/spill.js';
import { allRows, attributesOf, type Row, schemaOf, TestSource } from '../helpers/blocks.js';
import { statisticsOf } from '../helpers/recipe-statistics.js';
import { makeRows } from './helpers.js';

const TYPES = { x: 'NUMERIC', z: 'NUMERIC', colour: 'CATEGORICAL', text: 'TEXT' } as const;
const BLOCK_ROWS = 1500;
const NO_LIMIT = { maxFeatures: 400 };

/** The records of a plan, shard after shard, as arrays of words. */
async function recordsOf(plan: ShardPlan, memory: KernelMemory, spill?: SpillStore): Promise<Uint32Array[]> {
  const records: Uint32Array[] = [];
  const listed =
    plan.starts === undefined ? undefined : memory.u32.subarray(plan.starts / 4, plan.starts / 4 + plan.rowCount);
  for (const { rowCount, segments } of plan.shards) {
    expect(segments.reduce((sum, segment) => sum + segment.rowCount, 0)).toBe(rowCount);
    for (const segment of segments) {
      const words = new Uint32Array(segment.bytes / 4);
      if (segment.address < 0) await spill?.rows.read(new Uint8Array(words.buffer), segment.offset);
      else words.set(memory.u32.subarray(segment.address / 4, (segment.address + segment.bytes) / 4));
      let start = 0;
      for (let row = 0; row < segment.rowCount; row++) {
        const length = recordWords(words, start, plan.layout);
        if (listed !== undefined && listed[records.length] !== segment.address + 4 * start) return [];
        records.push(words.slice(start, start + length));
        start += segment.stride > 0 ? segment.stride / 4 : length;
      }
      expect(start).toBe(words.length);
    }
  }
  return records;
}

/** Whether records are the same, one after the other; vitest takes long to compare many arrays. */
function same(actual: readonly Uint32Array[], expected: readonly Uint32Array[]): boolean {
  const bytes = (records: readonly Uint32Array[]): Buffer =>
    Buffer.concat(records.map(({ buffer }) => Buffer.from(buffer)));
  const lengths = (records: readonly Uint32Array[]): string => records.map(({ length }) => length).join();
  return lengths(actual) === lengths(expected) && bytes(actual).equals(bytes(expected));
}

/** Encode rows in arrival order, without any arrangement; targets are row numbers. */
function encoded(outputs: string[], rows: readonly Row[]) {
  const recipe = fitRecipe(checkRecipe(parseRecipe({ outputs }), schemaOf(TYPES)), statisticsOf(rows));
  const source = new TestSource(attributesOf(TYPES));
  const blocks = Array.from({ length: Math.ceil(rows.length / BLOCK_ROWS) }, (_, i) => {
    const part = rows.slice(i * BLOCK_ROWS, (i + 1) * BLOCK_ROWS);
    const targets = Float32Array.from(part, (_, row) => i * BLOCK_ROWS + row);
    return { block: source.block(part), rows: allRows(part.length), targets, weights: targets.map((t) => t / 3) };
  });
  const encoder = openEncoder(recipe, { learn: true });
  const records: Uint32Array[] = [];
  for (const { block, rows: listed, targets, weights } of blocks) {
    const words = new Uint32Array(encoder.prepare(block, listed));
    const starts = new Uint32Array(listed.length);
    encoder.write(words, new Float32Array(words.buffer), 0, targets, starts, weights);
    starts.forEach((start, i) => {
      records.push(words.slice(start, starts[i + 1] ?? words.length));
    });
  }
  return { recipe, blocks, records, layout: encoder.layout };
}

describe('staged and arranged rows', { timeout: 30_000 }, () => {
  for (const [form, outputs] of Object.entries({
    ones: ['colour', 'text', 'quantile_bin(x,10)'],
    valued: ['colour', 'text', 'x', 'z'],
    dense: ['x', 'z'],
    'placed ones': ['colour', 'quantile_bin(x,10)', 'quantile_bin(z,20)'],
    'placed, valued': ['colour', 'x', 'z'],
  })) {
    for (const shuffleType of ['auto', 'none'] as const) {
      it(`stand in visiting order, with their final features: ${form}, ${shuffleType}`, async () => {
        for (const count of [1, 255, 2500, 20_100]) {
          const rows = makeRows(count) as unknown as Row[];
          const { recipe, blocks, records, layout } = encoded(outputs, rows);
          const order = visitingOrder(count, shuffleType, 's');
          for (const limitBytes of [2 ** 30, 2 ** 18]) {
            const wasm = new WebAssembly.Memory({ initial: 1, maximum: 4096, shared: true });
            const kernel = instantiateKernel(kernelModule(), wasm);
            const memory = new KernelMemory(wasm, kernel);
            const staged = new StagedRows({
              kernel,
              memory,
              layout,
              rowCount: count,
              order,
              limitBytes,
              openSpill: openSpillFiles,
            });
            const encoder = openEncoder(recipe, { learn: true });
            try {
              for (const { block, rows: listed, targets, weights } of blocks) {
                await staged.add(encoder, block, listed, targets, weights);
              }
              const uniform = form === 'dense' || form.startsWith('placed');
              expect(staged.placed !== undefined).toBe(uniform && (count < 20_000 || limitBytes === 2 ** 30));
              const { remap, features } = encoder.finish(NO_LIMIT);
              const plan = await arrange(staged, remap, 2);
              expect(plan.shards).toHaveLength(count < 20_000 ? 1 : 8);
              expect(plan.starts !== undefined).toBe(!uniform && staged.spill === undefined);
              const expected: Uint32Array[] = [];
              const remapped = (record: Uint32Array, numbers: Uint32Array, layout: RowLayout): Uint32Array => {
                const words = record.slice();
                applyRemap(words, [0] as unknown as Uint32Array, layout, numbers);
                return words.slice(0, recordWords(words, 0, layout));
              };
              records.forEach((record, row) => {
                expected[order(row)] = remapped(record, remap, layout);
              });
              expect(same(await recordsOf(plan, memory, staged.spill), expected)).toBe(true);
              if (limitBytes === 2 ** 18 && count > 20_000) expect(plan.windowBytes).toBeGreaterThan(0);
              const fewer = Uint32Array.from({ length: features.size }, (_, i) => (i % 3 === 2 ? PADDING_FEATURE : i));
              const repacked = await repack(plan, fewer, kernel, memory, staged.spill);
              const left = expected.map((record) => remapped(record, fewer, plan.layout));
              expect(same(await recordsOf(repacked, memory, staged.spill), left)).toBe(true);
            } finally {
              await staged.spill?.close();
            }
          }
        }
      });
    }
  }

  it('are refused when their number is not the one that was counted', async () => {
    const { recipe, blocks, layout } = encoded(['x'], makeRows(300) as unknown as Row[]);
    const [{ block, rows, targets }] = blocks;
    for (const rowCount of [299, 301]) {
      const wasm = new WebAssembly.Memory({ initial: 2, maximum: 100, shared: true });
      const kernel = instantiateKernel(kernelModule(), wasm);
      const memory = new KernelMemory(wasm, kernel);
      const order = visitingOrder(rowCount, 'auto', '');
      const staged = new StagedRows({ kernel, memory, layout, rowCount, order, limitBytes: 2 ** 20 });
      const stage = async () => {
        await staged.add(openEncoder(recipe, { learn: true }), block, rows, targets);
        await staged.close();
      };
      await expect(stage()).rejects.toThrow('the data changed while it was read');
    }
  });
});
