/**
 * Speed of the training kernels (logistic stage 1) beside C: AVX2 for dense rows, scalar for sparse ones. Dense rows meet it
 * twice: with rates by root and quotient, and ('same algorithm') with the kernel's own ways to them. Both programs start from the
 * same memory image and must end with the same weights; then passes of one and the other alternate. Rows lie in the order in which
 * they are visited. Times are CPU time of either process: on a busy machine, waiting is not counted.
 *
 *     npm run bench:kernel
 *     node build/bench/bench/kernel.js [part of a case's form and name] [pairs]
 *
 * KERNEL_WASM: file of another build of the module.
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
  PADDING_FEATURE,
  SPARSE_HEADER_WORDS,
  SPARSE_WEIGHT_WORD,
} from '../src/features/rows.js';
import { instantiateKernel, openMemory } from '../src/kernel/instantiate.js';
import type { Kernel } from '../src/kernel/kernel.js';
import { KernelMemory, scratchBytes } from '../src/kernel/memory.js';

const L2 = 1e-5;
const NON_ZEROS = 16;
const NATIVE_SOURCES = ['bench/kernel.c', 'bench/kernel-series.c'];

interface Case {
  readonly name: string;
  readonly form: 'dense' | 'sparse';
  /** The C function to compare with. */
  readonly native: 'dense' | 'series' | 'sparse' | 'prefetching';
  readonly rowCount: number;
  /** Dense: features of a row. Sparse: features in all. */
  readonly features: number;
  /** Least speed relative to C. */
  readonly goal?: number;
}

const CASES: readonly Case[] = [
  { name: 'dense 32', form: 'dense', native: 'dense', rowCount: 40_000, features: 32, goal: 1 },
  { name: '  same algorithm', form: 'dense', native: 'series', rowCount: 40_000, features: 32 },
  { name: 'dense 128', form: 'dense', native: 'dense', rowCount: 20_000, features: 128, goal: 0.9 },
  { name: '  same algorithm', form: 'dense', native: 'series', rowCount: 20_000, features: 128 },
  { name: 'dense 1024', form: 'dense', native: 'dense', rowCount: 5_000, features: 1024, goal: 0.95 },
  { name: '  same algorithm', form: 'dense', native: 'series', rowCount: 5_000, features: 1024 },
  { name: 'sparse 2^18', form: 'sparse', native: 'sparse', rowCount: 100_000, features: 2 ** 18, goal: 1.1 },
  { name: '  C prefetching', form: 'sparse', native: 'prefetching', rowCount: 100_000, features: 2 ** 18 },
  { name: 'sparse 2^22', form: 'sparse', native: 'sparse', rowCount: 100_000, features: 2 ** 22, goal: 0.9 },
  { name: '  C prefetching', form: 'sparse', native: 'prefetching', rowCount: 100_000, features: 2 ** 22 },
];

interface Problem extends Case {
  readonly memory: KernelMemory;
  readonly kernel: Kernel;
  readonly rows: number;
  readonly weights: number;
  readonly weightBytes: number;
  readonly scratch: number;
  readonly scratchBytes: number;
  readonly initial: Float32Array;
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
  const { form, rowCount, features } = settings;
  const weightBytes = 16 * features;
  const bytes = scratchBytes(form === 'dense' ? { form, width: features } : { form, head: [] }, 1, NON_ZEROS / 4);
  const rows = memory.allocate(rowCount * 4, 64);
  const weights = memory.allocate(weightBytes, 64);
  const scratch = memory.allocate(bytes, 64);
  const problem = { ...settings, memory, kernel, rows, weights, weightBytes, scratch, scratchBytes: bytes };
  if (form === 'dense') writeDense(problem);
  else writeSparse(problem);
  return { ...problem, initial: memory.f32.slice(weights >>> 2, (weights + weightBytes) >>> 2) };
}

/** Normal-like features, labels of a random linear model with noise. x is 64-byte aligned, for the sake of AVX2. */
function writeDense({ memory, rows, rowCount, features, weights }: Omit<Problem, 'initial'>): void {
  const random = randomNumbers(1);
  const truth = Float64Array.from({ length: features }, () => (random() - 0.5) * 4);
  const stride = Math.ceil((features + DENSE_HEADER_WORDS) / 16) * 16;
  const base = (memory.allocate(rowCount * stride * 4 + 64, 64) >>> 2) + 16 - DENSE_HEADER_WORDS;
  const { f32, u32 } = memory;
  for (let i = 0; i < rowCount; i++) {
    const row = base + i * stride;
    u32[(rows >>> 2) + i] = row * 4;
    let margin = 0;
    for (let j = FIRST_FEATURE; j < features; j++) {
      const x = (random() + random() + random() - 1.5) * 2;
      f32[row + DENSE_HEADER_WORDS + j] = x;
      margin += truth[j] * x;
    }
    f32[row + DENSE_HEADER_WORDS + BIAS_FEATURE] = 1;
    f32[row + DENSE_WEIGHT_WORD] = 1;
    f32[row] = margin / Math.sqrt(features) + (random() - 0.5) * 2 > 0 ? 1 : -1;
  }
  f32.fill(1, weights >>> 2, (weights >>> 2) + features);
  f32[(weights >>> 2) + BIAS_FEATURE] = 0;
}

/** The bias and 15 distinct features, uniformly drawn: the worst case for caches. */
function writeSparse({ memory, rows, rowCount, features, weights }: Omit<Problem, 'initial'>): void {
  const random = randomNumbers(2);
  const stride = SPARSE_HEADER_WORDS + NON_ZEROS;
  const base = memory.allocate(rowCount * stride * 4) >>> 2;
  const { f32, u32 } = memory;
  const counts = new Uint32Array(features);
  for (let i = 0; i < rowCount; i++) {
    const row = base + i * stride;
    u32[(rows >>> 2) + i] = row * 4;
    const chosen = new Set([BIAS_FEATURE]);
    while (chosen.size < NON_ZEROS) chosen.add(FIRST_FEATURE + Math.floor(random() * (features - FIRST_FEATURE)));
    u32.set([...chosen], row + SPARSE_HEADER_WORDS);
    u32[row + 1] = NON_ZEROS / 4;
    f32[row + SPARSE_WEIGHT_WORD] = 1;
    let margin = 0;
    for (const index of chosen) {
      counts[index]++;
      margin += ((index * 2654435761) >>> 0) / 2 ** 32 - 0.5;
    }
    f32[row] = margin + (random() - 0.5) * 2 > 0 ? 1 : -1;
  }
  for (let j = FIRST_FEATURE; j < features; j++)
    f32[(weights >>> 2) + 4 * j + 3] = counts[j] > 0 ? rowCount / counts[j] : 0;
  f32[(weights >>> 2) + 4 * PADDING_FEATURE + 1] = 1e30;
}

interface Timing {
  readonly nanoseconds: number;
  readonly loss: number;
}

function runWasm(problem: Problem): Timing {
  const { kernel, memory, rows, rowCount, features, weights, scratch, form } = problem;
  memory.f32.set(problem.initial, weights >>> 2);
  const start = process.cpuUsage();
  const loss =
    form === 'dense'
      ? kernel.trainLogisticDense(rows, rowCount, features, weights, 1, 0, L2, scratch)
      : kernel.trainLogisticSparse(rows, rowCount, 0, weights, 1, 0, L2, scratch);
  const { user, system } = process.cpuUsage(start);
  return { nanoseconds: 1000 * (user + system), loss };
}

/** The C program over a copy of the kernel memory; it times itself. */
class NativeProgram {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;

  constructor(program: string, folder: string, problem: Problem) {
    const image = join(folder, 'image');
    writeFileSync(image, new Uint8Array(problem.memory.memory.buffer, 0, problem.memory.mark()));
    const { native, rowCount, features, rows, weights, weightBytes } = problem;
    const words = [image, native, rowCount, features, rows, weights, weightBytes, L2, problem.scratchBytes];
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

  async run(): Promise<Timing> {
    const [nanoseconds, loss] = (await this.#ask('r')).split(' ').map(Number);
    return { nanoseconds, loss };
  }

  async weights(folder: string): Promise<Float32Array> {
    const file = join(folder, 'weights');
    await this.#ask(`w ${file}`);
    return new Float32Array(new Uint8Array(readFileSync(file)).buffer);
  }

  close(): void {
    this.#child.stdin.end();
  }
}

/** Single precision sums in another order: rounding of 1e-7 per step, damped by the implicit step. */
const MOST_DISTANCE = 1e-3;
/** The same formulas, too: nothing but rounding is left. */
const MOST_SERIES_DISTANCE = 1e-4;

/** Largest distance of a weight, and of w, S and D of dense rows, relative to the largest of its kind. */
function weightDistance({ name, form, features, weights, memory }: Problem, native: Float32Array): number {
  const own = memory.f32.subarray(weights >>> 2);
  const [kinds, stride] = form === 'dense' ? [[features, 2 * features, 3 * features], 1] : [[0], 4];
  return Math.max(
    ...kinds.map((first) => {
      let distance = 0;
      let largest = 0;
      for (let j = 0; j < features; j++) {
        const at = first + stride * j;
        distance = Math.max(distance, Math.abs(own[at] - native[at]));
        largest = Math.max(largest, Math.abs(native[at]));
      }
      if (!(largest > 0)) throw new Error(`${name}: the C program learned nothing`);
      return distance / largest;
    }),
  );
}

async function verify(problem: Problem, native: NativeProgram, folder: string): Promise<void> {
  const ours = runWasm(problem);
  const theirs = await native.run();
  const distance = weightDistance(problem, await native.weights(folder));
  const lossDistance = Math.abs(ours.loss / theirs.loss - 1);
  const most = problem.native === 'series' ? MOST_SERIES_DISTANCE : MOST_DISTANCE;
  if (!(distance < most) || !(lossDistance < most / 10)) {
    throw new Error(`${problem.name}: weights differ by ${distance}, loss by ${lossDistance}; not timed`);
  }
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const at = share * (sorted.length - 1);
  const low = Math.floor(at);
  return sorted[low] + (at - low) * (sorted[Math.ceil(at)] - sorted[low]);
}

function summary(values: readonly number[], digits: number): string {
  const [low, middle, high] = [0.1, 0.5, 0.9].map((share) => quantile(values, share).toFixed(digits));
  return `${middle} [${low} .. ${high}]`;
}

async function measure(problem: Problem, native: NativeProgram | undefined, pairs: number): Promise<string> {
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let i = 0; i < 5; i++) runWasm(problem);
  for (let i = 0; i < pairs; i++) {
    if (native !== undefined) theirs.push((await native.run()).nanoseconds / problem.rowCount);
    ours.push(runWasm(problem).nanoseconds / problem.rowCount);
  }
  let line = `${problem.name.padEnd(16)} ${summary(ours, 0).padStart(20)}`;
  const perValue = quantile(ours, 0.5) / (problem.form === 'dense' ? problem.features : NON_ZEROS);
  line += perValue.toFixed(2).padStart(8);
  if (native === undefined) return line;
  const ratios = ours.map((time, i) => theirs[i] / time);
  line += `${summary(theirs, 0).padStart(22)}${summary(ratios, 2).padStart(22)}`;
  if (problem.goal === undefined) return line;
  return `${line}   ${problem.goal} ${quantile(ratios, 0.5) >= problem.goal ? 'reached' : 'missed'}`;
}

function compileNative(folder: string): string | undefined {
  const program = join(folder, 'kernel');
  try {
    execFileSync('gcc', ['-O3', '-march=native', '-o', program, ...NATIVE_SOURCES, '-lm'], { stdio: 'inherit' });
    return program;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    console.log('gcc is not installed: no comparison with C');
    return undefined;
  }
}

async function main(filter = '', pairs = '31'): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'kernel-bench-'));
  try {
    const program = compileNative(folder);
    const file = process.env.KERNEL_WASM ?? 'build/kernel.wasm';
    const module = new WebAssembly.Module(readFileSync(file));
    console.log(`${cpus()[0].model.trim()}, Node ${process.version}; one pass of logistic stage 1, ${pairs} pairs`);
    console.log('median [10 % .. 90 %]');
    console.log('case                      WASM ns/row   ns/nnz              C ns/row         speed / C    goal');
    for (const settings of CASES.filter(({ form, name }) => `${form} ${name}`.includes(filter))) {
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
