/**
 * CSV to evaluated model on five generated work loads, 10 passes, as whole processes: this command with 1 and 2 threads
 * beside pandas with scikit-learn, and Vowpal Wabbit. All figures of a row come from one run, interleaved.
 *
 *     python3 -m venv peers && peers/bin/pip install scikit-learn pandas vowpalwabbit
 *     npm run bench:workloads -- [W1 ...] [--rows share] [--repeat n] [--tools sgd,vw,exact] [--python peers/bin/python]
 */
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { run, runNode } from './process.js';
import { WORKLOADS, type Workload } from './workload-data.js';

interface Result {
  /** Held-out: nats, or squared error / 2 over the variance of the training target. */
  readonly loss: number;
  readonly cpuMs: number;
  readonly wallMs: number;
  readonly peakMegabytes: number;
}

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rows: { type: 'string', default: '1' },
    repeat: { type: 'string', default: '3' },
    tools: { type: 'string', default: 'sgd,vw' },
    python: { type: 'string', default: 'peers/bin/python' },
    parameters: { type: 'string', default: 'sgd.maxPasses=10' },
  },
});
const TEST_SHARE = 0.1;
async function makeCsv(workload: Workload, path: string, rowCount: number, seed: number): Promise<Float64Array> {
  const next = workload.rows(seed);
  const targets = new Float64Array(rowCount);
  function* chunks(): Generator<string> {
    yield `${workload.header}\n`;
    for (let row = 0; row < rowCount; ) {
      let text = '';
      for (const end = Math.min(row + 500, rowCount); row < end; row++) {
        const line = next();
        targets[row] = Number.parseFloat(line);
        text += `${line}\n`;
      }
      yield text;
    }
  }
  await pipeline(Readable.from(chunks()), createWriteStream(path));
  return targets;
}

interface Files {
  readonly train: string;
  readonly test: string;
  readonly schema: string;
  readonly recipe: string;
  readonly model: string;
  /** Variance of the training target. */
  readonly variance: number;
}

async function ours(workload: Workload, files: Files, threads: number): Promise<Result> {
  const { stdout, ...measured } = await runNode(
    ...[join('build', 'cli', 'main.js'), files.train, '--schema', files.schema, '--recipe', files.recipe],
    ...['--evaluate', files.test, '--output', 'json', '--progress', 'none', '--model-out', files.model],
    ...['--parameters', flags.parameters, '--threads', String(threads)],
  );
  const result = JSON.parse(stdout);
  const loss =
    workload.modelType === 'REGRESSION'
      ? Number(result.PerformanceMetrics.Properties.RegressionRMSE) ** 2 / (2 * files.variance)
      : result.LogLoss;
  return { loss, ...measured };
}

async function peer(tool: string, workload: Workload, files: Files): Promise<Result> {
  const args = ['bench/peers.py', tool, workload.name, workload.modelType, files.train, files.test];
  const { stdout, wallMs } = await run(flags.python, args, { OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' });
  return { ...JSON.parse(stdout), wallMs };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}

function nullLoss(workload: Workload, targets: Float64Array): number {
  if (workload.modelType === 'REGRESSION') return 0.5;
  const counts = new Map<number, number>();
  for (const target of targets) counts.set(target, (counts.get(target) ?? 0) + 1);
  let loss = 0;
  for (const count of counts.values()) loss -= (count / targets.length) * Math.log(count / targets.length);
  return loss;
}

function varianceOf(values: Float64Array): number {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
}

async function prepare(workload: Workload, folder: string): Promise<{ files: Files; worst: number }> {
  const rowCount = Math.round(workload.rowCount * Number(flags.rows));
  const path = (name: string): string => join(folder, `${workload.name}${name}`);
  const targets = await makeCsv(workload, path('.csv'), rowCount, 1);
  await makeCsv(workload, path('-test.csv'), Math.round(rowCount * TEST_SHARE), 2);
  const schema = {
    version: '1.0',
    targetAttributeName: 'y',
    dataFormat: 'CSV',
    dataFileContainsHeader: true,
    attributes: workload.header.split(',').map((attributeName, i) => ({
      attributeName,
      attributeType: workload.types[i],
    })),
  };
  await writeFile(path('.schema'), JSON.stringify(schema));
  await writeFile(path('.recipe'), JSON.stringify({ outputs: workload.recipe }));
  const files = {
    train: path('.csv'),
    test: path('-test.csv'),
    schema: path('.schema'),
    recipe: path('.recipe'),
    model: path('.model'),
    variance: varianceOf(targets),
  };
  const megabytes = (await stat(files.train)).size / 1e6;
  console.log(`\n${workload.name}  ${workload.title}: ${rowCount} rows, ${megabytes.toFixed(0)} MB`);
  return { files, worst: nullLoss(workload, targets) };
}

async function compare(workload: Workload, folder: string): Promise<void> {
  const { files, worst } = await prepare(workload, folder);
  const tools: Record<string, () => Promise<Result>> = {
    'this, 1 thread': () => ours(workload, files, 1),
    'this, 2 threads': () => ours(workload, files, 2),
  };
  for (const tool of flags.tools.split(',').filter(Boolean)) tools[tool] = () => peer(tool, workload, files);
  const results = new Map<string, Result[]>();
  for (let i = 0; i < Number(flags.repeat); i++) {
    for (const [name, measure] of Object.entries(tools)) {
      if (name === 'exact' && i > 0) continue;
      const result = await measure();
      if (!(result.loss < worst)) throw new Error(`${name} learned nothing: loss ${result.loss}, constant ${worst}`);
      results.set(name, [...(results.get(name) ?? []), result]);
    }
  }
  const base = results.get('this, 1 thread')!;
  for (const [name, list] of results) {
    const cpu = list.map((r) => r.cpuMs / 1000);
    const ratio = median(list.map((r, i) => r.cpuMs / base[Math.min(i, base.length - 1)].cpuMs));
    const wall = median(list.map((r, i) => r.wallMs / base[Math.min(i, base.length - 1)].wallMs));
    console.log(
      `  ${name.padEnd(16)} loss ${list[0].loss.toFixed(5)}  CPU ${median(cpu).toFixed(2).padStart(7)} s (${Math.min(...cpu).toFixed(2)}-${Math.max(...cpu).toFixed(2)}), ${ratio.toFixed(2)} x ours  wall ${(median(list.map((r) => r.wallMs)) / 1000).toFixed(2)} s, ${wall.toFixed(2)} x  peak ${median(list.map((r) => r.peakMegabytes)).toFixed(0)} MB`,
    );
  }
}

const folder = await mkdtemp(join(tmpdir(), 'bench-workloads-'));
try {
  console.log(`${cpus()[0].model.trim()}, Node ${process.version}, ${flags.repeat} interleaved runs: median (spread)`);
  for (const workload of WORKLOADS) {
    if (positionals.length === 0 || positionals.includes(workload.name)) await compare(workload, folder);
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
