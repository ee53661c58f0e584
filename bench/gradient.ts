/**
 * Speed of the gradient passes of stage 2 beside plain C over the same memory image. Both must find the same loss and gradient;
 * then passes of one and the other alternate. Rows lie in the order in which they are visited.
 *
 *     npm run bench:gradient
 *     node build/bench/bench/gradient.js [part of a case's name] [pairs]
 */
import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import {
  BIAS_FEATURE,
  DENSE_HEADER_WORDS,
  DENSE_WEIGHT_WORD,
  FIRST_FEATURE,
  type RowLayout,
  SPARSE_HEADER_WORDS,
  SPARSE_WEIGHT_WORD,
} from '../src/features/rows.js';
import { GradientState, gradientPass } from '../src/kernel/gradient-state.js';
import { instantiateKernel, openMemory } from '../src/kernel/instantiate.js';
import type { Kernel } from '../src/kernel/kernel.js';
import { KernelMemory } from '../src/kernel/memory.js';

const ROWS_PER_CALL = 2048;

interface Case {
  readonly name: string;
  /** The C function to compare with. */
  readonly native: 'dense' | 'sparse' | 'softmax';
  readonly layout: RowLayout;
  readonly rowCount: number;
  readonly features: number;
  readonly outputs: number;
  /** Of a row, the bias included. */
  readonly nonZeros: number;
}

const dense = (width: number): RowLayout => ({ form: 'dense', width });
const CASES: readonly Case[] = [
  { name: 'dense 32', native: 'dense', layout: dense(32), rowCount: 40_000, features: 32, outputs: 1, nonZeros: 31 },
  {
    name: 'dense 128',
    native: 'dense',
    layout: dense(128),
    rowCount: 20_000,
    features: 128,
    outputs: 1,
    nonZeros: 127,
  },
  {
    name: 'sparse 16 of 2^18',
    native: 'sparse',
    layout: { form: 'sparse', head: [] },
    rowCount: 100_000,
    features: 2 ** 18,
    outputs: 1,
    nonZeros: 16,
  },
  {
    name: 'softmax 7 x 54',
    native: 'softmax',
    layout: dense(64),
    rowCount: 20_000,
    features: 56,
    outputs: 7,
    nonZeros: 55,
  },
];

interface Problem extends Case {
  readonly memory: KernelMemory;
  readonly kernel: Kernel;
  readonly rows: number;
  readonly weights: Float64Array;
  readonly state: GradientState;
}

/** Uniform in [0, 1): xorshift32 (Marsaglia 2003). */
function randomNumbers(seed: number): () => number {
  return () => {
    seed ^= seed << 13;
    seed ^= seed >>> 17;
    seed ^= seed << 5;
    return (seed >>> 0) / 2 ** 32;
  };
}

function openProblem(settings: Case, module: WebAssembly.Module): Problem {
  const wasm = openMemory(16);
  const kernel = instantiateKernel(module, wasm);
  const memory = new KernelMemory(wasm, kernel);
  const { layout, features, outputs, rowCount } = settings;
  const random = randomNumbers(3);
  const weights = Float64Array.from({ length: features * outputs }, (_, i) => (i < outputs ? 0 : random() - 0.5));
  const state = new GradientState(memory, layout, features, outputs);
  const rows = memory.allocate(rowCount * 4, 64);
  const problem = { ...settings, memory, kernel, rows, weights, state };
  writeRows(problem, random);
  return problem;
}

/** Random rows: what they hold makes no difference to the time, but for the spread of indices, which is the worst for caches. */
function writeRows(
  { memory, rows, rowCount, features, outputs, nonZeros, layout }: Problem,
  random: () => number,
): void {
  const words = layout.form === 'dense' ? DENSE_HEADER_WORDS + layout.width : SPARSE_HEADER_WORDS + nonZeros;
  const base = memory.allocate(rowCount * words * 4, 64) >>> 2;
  const { f32, u32 } = memory;
  for (let i = 0; i < rowCount; i++) {
    const row = base + i * words;
    u32[(rows >>> 2) + i] = row * 4;
    f32[row] = outputs > 1 ? Math.floor(random() * outputs) : random() < 0.5 ? -1 : 1;
    if (layout.form === 'dense') {
      f32[row + DENSE_WEIGHT_WORD] = 1;
      f32[row + DENSE_HEADER_WORDS + BIAS_FEATURE] = 1;
      for (let j = FIRST_FEATURE; j <= nonZeros; j++) f32[row + DENSE_HEADER_WORDS + j] = random() - 0.5;
    } else {
      f32[row + SPARSE_WEIGHT_WORD] = 1;
      u32[row + 1] = nonZeros / 4;
      const chosen = new Set([BIAS_FEATURE]);
      while (chosen.size < nonZeros) chosen.add(FIRST_FEATURE + Math.floor(random() * (features - FIRST_FEATURE)));
      u32.set([...chosen], row + SPARSE_HEADER_WORDS);
    }
  }
}

function runWasm(problem: Problem, goal: 'gradient' | 'loss'): { nanoseconds: number; loss: number } {
  const { kernel, outputs, rows, rowCount, weights, state } = problem;
  state.load(weights, goal);
  const start = process.hrtime.bigint();
  for (let row = 0; row < rowCount; row += ROWS_PER_CALL) {
    const count = Math.min(ROWS_PER_CALL, rowCount - row);
    gradientPass(kernel, outputs > 1 ? 'MULTICLASS' : 'BINARY', rows + 4 * row, count, state);
  }
  return { nanoseconds: Number(process.hrtime.bigint() - start), loss: state.lossSum(kernel) };
}

/** The C program over a copy of the kernel memory; it times itself. */
class NativeProgram {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;
  readonly #recordBytes: number;

  constructor(program: string, folder: string, problem: Problem) {
    const { native, rowCount, layout, features, outputs, rows, state, memory } = problem;
    const image = join(folder, 'image');
    state.load(problem.weights, 'gradient');
    writeFileSync(image, new Uint8Array(memory.memory.buffer, 0, memory.mark()));
    const width = layout.form === 'dense' ? layout.width : features;
    this.#recordBytes = 16 * width * outputs;
    const words = [image, native, rowCount, width, outputs, rows, state.addresses.records, this.#recordBytes];
    this.#child = spawn(program, words.map(String));
    this.#child.stderr.pipe(process.stderr);
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  async #ask(command: string): Promise<string> {
    this.#child.stdin.write(`${command}\n`);
    const { value, done } = await this.#lines.next();
    if (done) throw new Error(`the C program ended at command '${command}'`);
    return value;
  }

  async run(): Promise<{ nanoseconds: number; loss: number }> {
    const [nanoseconds, loss] = (await this.#ask('r')).split(' ').map(Number);
    return { nanoseconds, loss };
  }

  async records(folder: string): Promise<Float64Array> {
    const file = join(folder, 'records');
    await this.#ask(`w ${file}`);
    return new Float64Array(new Uint8Array(readFileSync(file)).buffer);
  }

  close(): void {
    this.#child.stdin.end();
  }
}

async function verify(problem: Problem, native: NativeProgram, folder: string): Promise<void> {
  const ours = runWasm(problem, 'gradient');
  const theirs = await native.run();
  const expected = await native.records(folder);
  const { records } = problem.state.addresses;
  const own = problem.memory.f64.subarray(records / 8, records / 8 + expected.length);
  let distance = Math.abs(ours.loss / theirs.loss - 1);
  let largest = 0;
  for (const [i, value] of expected.entries()) {
    distance = Math.max(distance, Math.abs(value - own[i]) / problem.rowCount);
    largest = Math.max(largest, Math.abs(value));
  }
  // Double precision sums in another order.
  if (!(distance < 1e-11) || !(largest > 1))
    throw new Error(`${problem.name}: results differ by ${distance}; not timed`);
}

function summary(values: readonly number[], digits: number): string {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, middle, high] = [0.1, 0.5, 0.9].map((q) => sorted[Math.round(q * (sorted.length - 1))].toFixed(digits));
  return `${middle} [${low} .. ${high}]`;
}

async function measure(problem: Problem, native: NativeProgram | undefined, pairs: number): Promise<string> {
  const perRow = ({ nanoseconds }: { nanoseconds: number }): number => nanoseconds / problem.rowCount;
  const [ours, losses, theirs]: number[][] = [[], [], []];
  for (let i = 0; i < 5; i++) runWasm(problem, i % 2 ? 'loss' : 'gradient');
  for (let i = 0; i < pairs; i++) {
    if (native !== undefined) theirs.push(perRow(await native.run()));
    ours.push(perRow(runWasm(problem, 'gradient')));
    losses.push(perRow(runWasm(problem, 'loss')));
  }
  const perValue = ours.map((time) => time / problem.nonZeros / problem.outputs);
  const columns = [summary(ours, 0), summary(perValue, 2), summary(losses, 0)];
  if (native !== undefined) {
    const ratios = ours.map((time, i) => theirs[i] / time);
    columns.push(summary(theirs, 0), summary(ratios, 2));
  }
  return problem.name.padEnd(18) + columns.map((column) => column.padStart(22)).join('');
}

function compileNative(folder: string): string | undefined {
  const program = join(folder, 'gradient');
  try {
    execFileSync('gcc', ['-O3', '-march=native', '-o', program, 'bench/gradient.c', '-lm'], { stdio: 'inherit' });
    return program;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    console.log('gcc is not installed: no comparison with C');
    return undefined;
  }
}

async function main(filter = '', pairs = '31'): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'gradient-bench-'));
  try {
    const program = compileNative(folder);
    const module = new WebAssembly.Module(readFileSync('build/kernel.wasm'));
    console.log(`${cpus()[0].model.trim()}, Node ${process.version}; one gradient pass, ${pairs} pairs`);
    console.log('median [10 % .. 90 %]');
    const titles = ['WASM ns/row', 'ns/value', 'loss only, ns/row', 'C ns/row', 'speed / C'];
    console.log('case'.padEnd(18) + titles.map((title) => title.padStart(22)).join(''));
    for (const settings of CASES.filter(({ name }) => name.includes(filter))) {
      const problem = openProblem(settings, module);
      const native = program === undefined ? undefined : new NativeProgram(program, folder, problem);
      if (native !== undefined) await verify(problem, native, folder);
      console.log(await measure(problem, native, Number(pairs)));
      native?.close();
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

await main(...process.argv.slice(2));
