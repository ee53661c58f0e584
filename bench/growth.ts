/**
 * CPU time and peak memory of CSV to evaluated model as rows grow: whole processes on the first rows of work load W1, one
 * thread, evaluated on a tenth as many rows. Beside them the line a + b n that fits best, and the plot `bench/growth.svg`.
 *
 *     npm run bench:growth [-- --rows 1000000] [--repeat 3] [--file W1.csv] [--parameters sgd.maxPasses=10]
 *
 * A row takes 251 bytes in the temporary folder: 10,000,000 of them, the most that is tried, 2.8 GB with those to evaluate on,
 * and some minutes to make. A file given is copied from instead; it must have the columns of W1.
 */
import { once } from 'node:events';
import { createReadStream, createWriteStream, type WriteStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadModel } from '../src/node.js';
import { fitLine, type GrowthPoint, plotGrowth } from './growth-plot.js';
import { runNode } from './process.js';
import { WORKLOADS } from './workload-data.js';

const { values: flags } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    repeat: { type: 'string', default: '3' },
    file: { type: 'string' },
    parameters: { type: 'string', default: 'sgd.maxPasses=10' },
  },
});
const W1 = WORKLOADS[0];
/** Rows of the run that stands for the cost of none: enough for the same way through the program. */
const FEW = 1000;
const SIZES = [FEW, 1e4, 3e4, 1e5, 3e5, 1e6, 3e6, 1e7].filter((rows) => rows <= Number(flags.rows));
/** Short runs are repeated more often. */
const repetitions = (rows: number): number => Number(flags.repeat) * (rows <= 100_000 ? 3 : 1);

/** The lines of a CSV file, with their ends, in pieces of whole lines. */
async function* linesOf(path: string): AsyncGenerator<Buffer> {
  let rest = Buffer.alloc(0);
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    const bytes = Buffer.concat([rest, chunk]);
    const end = bytes.lastIndexOf(10) + 1;
    yield bytes.subarray(0, end);
    rest = bytes.subarray(end);
  }
}

async function* generated(seed: number): AsyncGenerator<Buffer> {
  const next = W1.rows(seed);
  yield Buffer.from(`${W1.header}\n`);
  for (;;) yield Buffer.from(Array.from({ length: 1000 }, () => `${next()}\n`).join(''));
}

/** A file that grows by the next rows of the work load. */
class GrowingFile {
  readonly #output: WriteStream;
  #piece: Buffer = Buffer.alloc(0);
  #rows = -1;

  /** @param lines the header, then rows, in pieces of whole lines */
  constructor(
    readonly path: string,
    readonly lines: AsyncGenerator<Buffer>,
  ) {
    this.#output = createWriteStream(path);
  }

  /** @throws Error when the file given has not that many rows */
  async growTo(rows: number): Promise<void> {
    while (this.#rows < rows) {
      if (this.#piece.length === 0) {
        const { value, done } = await this.lines.next();
        if (done) throw new Error(`${flags.file}: only ${this.#rows} rows`);
        this.#piece = value;
        if (this.#rows === -1 && !value.toString('utf8', 0, 1000).startsWith(`${W1.header}\n`)) {
          throw new Error(`${flags.file}: not the columns of W1: ${W1.header}`);
        }
      }
      let end = 0;
      for (; end < this.#piece.length && this.#rows < rows; this.#rows++) end = this.#piece.indexOf(10, end) + 1;
      await this.#write(this.#piece.subarray(0, end));
      this.#piece = this.#piece.subarray(end);
    }
  }

  #write(bytes: Buffer): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#output.write(bytes, (error) => (error ? reject(error) : resolve()));
    });
  }

  async close(): Promise<void> {
    this.#output.end();
    await once(this.#output, 'close');
  }
}

/** Train and evaluate in a process of its own. @throws Error when it has learned nothing, or not from all rows */
async function measure(folder: string, rows: number): Promise<GrowthPoint> {
  const file = (name: string): string => join(folder, name);
  const model = file('model');
  const cpuMs: number[] = [];
  const peaks: number[] = [];
  for (let i = 0; i < repetitions(rows); i++) {
    const run = await runNode(
      ...[
        join('build', 'cli', 'main.js'),
        file('rows.csv'),
        '--evaluate',
        file('test.csv'),
        '--schema',
        file('schema'),
      ],
      ...['--recipe', '{"outputs":["ALL_NUMERIC"]}', '--output', 'json', '--progress', 'none', '--model-out', model],
      ...['--parameters', flags.parameters, '--threads', '1'],
    );
    const { ObservationCount: count, PerformanceMetrics: metrics } = JSON.parse(run.stdout);
    if (count.Training !== rows || count.Evaluation !== rows / 10) throw new Error(`${rows} rows: not all were read`);
    if (!(Number(metrics.Properties.BinaryAUC) > 0.8)) throw new Error(`${rows} rows: the model was not learned`);
    cpuMs.push(run.cpuMs);
    peaks.push(run.peakMegabytes);
  }
  cpuMs.sort((a, b) => a - b);
  const passes = (await loadModel(model)).training.passes.length;
  return {
    rows,
    cpuMs: cpuMs[cpuMs.length >> 1],
    spreadMs: [cpuMs[0], cpuMs.at(-1)!],
    passes,
    peakMegabytes: Math.max(...peaks),
  };
}

function report(points: readonly GrowthPoint[], none: GrowthPoint): void {
  const line = fitLine(points);
  console.log(`\nCPU time = ${line.startMs.toFixed(0)} ms + ${(line.msPerRow * 1000).toFixed(3)} us per row\n`);
  console.log('      rows   CPU s (spread)            less start   us per row   beside the line  passes  peak MB');
  for (const { rows, cpuMs, spreadMs, passes, peakMegabytes } of points) {
    const seconds = (ms: number): string => (ms / 1000).toFixed(3);
    const beyond = cpuMs - none.cpuMs;
    const beside = cpuMs / (line.startMs + line.msPerRow * rows) - 1;
    console.log(
      `${String(rows).padStart(10)} ${seconds(cpuMs).padStart(7)} (${spreadMs.map(seconds).join(' to ')})`.padEnd(40) +
        `${seconds(beyond).padStart(7)} ${((1000 * beyond) / (rows - none.rows)).toFixed(3).padStart(12)}` +
        `${`${(100 * beside).toFixed(1)} %`.padStart(18)} ${String(passes).padStart(7)} ${peakMegabytes.toFixed(0).padStart(8)}`,
    );
  }
}

const folder = await mkdtemp(join(tmpdir(), 'bench-growth-'));
try {
  const attributes = W1.header.split(',').map((attributeName, i) => ({ attributeName, attributeType: W1.types[i] }));
  const schema = {
    version: '1.0',
    targetAttributeName: 'y',
    dataFormat: 'CSV',
    dataFileContainsHeader: true,
    attributes,
  };
  await writeFile(join(folder, 'schema'), JSON.stringify(schema));
  const machine = `${cpus()[0].model.trim()}, Node ${process.version}`;
  console.log(`${machine}, ${flags.repeat} runs or more: median (spread)`);
  const lines = flags.file === undefined ? generated(1) : linesOf(flags.file);
  const files = [
    new GrowingFile(join(folder, 'rows.csv'), lines),
    new GrowingFile(join(folder, 'test.csv'), generated(2)),
  ];
  const points: GrowthPoint[] = [];
  for (const rows of SIZES) {
    await files[0].growTo(rows);
    await files[1].growTo(rows / 10);
    points.push(await measure(folder, rows));
    console.log(`${rows} rows: ${(points.at(-1)!.cpuMs / 1000).toFixed(2)} s`);
  }
  for (const file of files) await file.close();
  const [none, ...grown] = points;
  report(grown, none);
  await writeFile(join('bench', 'growth.svg'), plotGrowth(grown, machine));
} finally {
  await rm(folder, { recursive: true, force: true });
}
