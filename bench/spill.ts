/**
 * Training on more rows than fit in memory: rows of 32 numbers (144 bytes encoded) are generated block by block, staged, arranged
 * and trained on, one thread. Prints time and resident memory step by step.
 *
 *     npm run build && npx tsc -p bench && node build/bench/bench/spill.js [gigabytes of rows] [megabytes of memory]
 *
 * Rows that do not fit go to the temporary folder (TMPDIR), which needs about as much room as all rows.
 */
import { cpus } from 'node:os';
import type { ColumnBlock } from '../src/datasource/block.js';
import type { Encoder } from '../src/features/encode.js';
import { BIAS_FEATURE, DENSE_HEADER_WORDS, DENSE_WEIGHT_WORD, FIRST_FEATURE } from '../src/features/rows.js';
import { instantiateKernel, openMemory } from '../src/kernel/instantiate.js';
import { kernelModule } from '../src/kernel/load.js';
import { KernelMemory } from '../src/kernel/memory.js';
import { openSpillFiles } from '../src/threads/spill-files.js';
import { arrange } from '../src/training/arrange.js';
import { StagedRows } from '../src/training/dataset.js';
import { fit } from '../src/training/fit.js';
import { parseParameters } from '../src/training/options.js';
import { visitingOrder } from '../src/training/shuffle.js';

const WIDTH = 32;
const RECORD_WORDS = DENSE_HEADER_WORDS + WIDTH;
const BLOCK_ROWS = 2048;

const gigabytes = Number(process.argv[2] ?? 2);
const limitBytes = Number(process.argv[3] ?? 128) * 2 ** 20;
const rowCount = Math.floor((gigabytes * 1e9) / (RECORD_WORDS * 4));
const layout = { form: 'dense', width: WIDTH } as const;

/** Uniform in [0, 1): xorshift32 (Marsaglia 2003). */
let seed = 1;
function random(): number {
  seed ^= seed << 13;
  seed ^= seed >>> 17;
  seed ^= seed << 5;
  return (seed >>> 0) / 2 ** 32;
}

/** Stands in for an encoder: random numbers, targets of a linear model with noise. */
const generator: Pick<Encoder, 'prepare' | 'write'> = {
  prepare: (_block, rows) => rows.length * RECORD_WORDS,
  write(words, floats, wordOffset, targets, starts) {
    words.fill(0, wordOffset, wordOffset + targets.length * RECORD_WORDS);
    for (let row = 0; row < targets.length; row++) {
      const start = wordOffset + row * RECORD_WORDS;
      let margin = 4 * (random() - 0.5);
      for (let j = FIRST_FEATURE; j < WIDTH; j++) {
        const x = 4 * (random() - 0.5);
        floats[start + DENSE_HEADER_WORDS + j] = x;
        margin += (x * (j - WIDTH / 2)) / 10;
      }
      floats[start + DENSE_HEADER_WORDS + BIAS_FEATURE] = 1;
      floats[start + DENSE_WEIGHT_WORD] = 1;
      floats[start] = margin > 0 ? 1 : -1;
      starts[row] = start;
    }
  },
};

let lapBegan = performance.now();
function lap(name: string): void {
  const seconds = (performance.now() - lapBegan) / 1000;
  const peak = process.resourceUsage().maxRSS / 1024;
  console.log(
    `${name.padEnd(24)} ${seconds.toFixed(1).padStart(7)} s ${((seconds * 1e9) / rowCount).toFixed(0).padStart(6)} ns/row   peak ${peak.toFixed(0)} MB`,
  );
  lapBegan = performance.now();
}

const module = kernelModule();
const wasm = openMemory(16);
const kernel = instantiateKernel(module, wasm);
const memory = new KernelMemory(wasm, kernel);
console.log(`${rowCount.toLocaleString('en')} rows, ${gigabytes} GB, memory for ${limitBytes / 2 ** 20} MiB`);
console.log(`${cpus()[0].model}, Node ${process.version}\n`);

const order = visitingOrder(rowCount, 'auto', '1');
const staged = new StagedRows({ kernel, memory, layout, rowCount, order, limitBytes, openSpill: openSpillFiles });
try {
  for (let row = 0; row < rowCount; row += BLOCK_ROWS) {
    const rows = Math.min(BLOCK_ROWS, rowCount - row);
    await staged.add(generator as Encoder, {} as ColumnBlock, new Uint32Array(rows), new Float32Array(rows));
  }
  lap('generate and stage');
  const plan = await arrange(
    staged,
    new Uint32Array(WIDTH).map((_, i) => i),
    1,
  );
  lap('arrange');
  await fit({
    kernel,
    memory,
    module,
    type: 'BINARY',
    plan,
    spill: staged.spill,
    featureCount: WIDTH,
    outputs: 1,
    rowsPerFeature: new Float64Array(WIDTH).fill(rowCount),
    isNumber: () => true,
    maxFeatures: WIDTH,
    bias: Float64Array.of(0),
    seed: '',
    options: parseParameters({ 'sgd.maxPasses': 6 }),
    threads: 1,
    onPass: ({ pass, stage, loss }) => lap(`pass ${pass}, stage ${stage}, ${loss.toFixed(5)}`),
  });
} finally {
  await staged.spill?.close();
}
