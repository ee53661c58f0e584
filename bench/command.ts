/**
 * The whole command as a process: time of small runs beside that of an empty Node program, and peak memory on a large file
 * beside the size of the features that training keeps.
 *
 *     npm run bench:command [-- rows]
 */
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { SPARSE_HEADER_WORDS } from '../src/features/rows.js';
import { randomIntegers } from '../src/training/shuffle.js';
import { runNode } from './process.js';

const COLUMNS = 30;
const REPETITIONS = 7;
const middle = (values: number[]): string => {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): string => sorted[Math.round(share * (sorted.length - 1))].toFixed(0);
  return `${at(0.5).padStart(6)}  (${at(0)} to ${at(1)})`;
};

/** Numbers of five decimals and a target that depends on them through a logistic model. */
function* numericCsv(rowCount: number): Generator<string> {
  const random = randomIntegers(1);
  const weights = Array.from({ length: COLUMNS }, () => random(2001) / 1000 - 1);
  yield `${weights.map((_, i) => `x${i}`).join(',')},y\n`;
  for (let row = 0; row < rowCount; row += 1000) {
    let text = '';
    for (let i = 0; i < Math.min(1000, rowCount - row); i++) {
      let margin = 0;
      for (const weight of weights) {
        const x = (random(400_001) - 200_000) / 1e5;
        margin += weight * x;
        text += `${x.toFixed(5)},`;
      }
      text += random(1e6) / 1e6 < 1 / (1 + Math.exp(-margin)) ? '1\n' : '0\n';
    }
    yield text;
  }
}

const folder = await mkdtemp(join(tmpdir(), 'bench-command-'));
try {
  const command = join('build', 'cli', 'main.js');
  const iris = ['test/fixtures/iris.csv', '--target', 'species', '--split', 'random', '--output', 'json'];
  const out = ['--model-out', join(folder, 'model')];
  console.log(`${cpus()[0].model.trim()}, Node ${process.version}, ${REPETITIONS} interleaved runs: median (spread)\n`);

  const { PerformanceMetrics } = JSON.parse((await runNode(command, ...iris, ...out)).stdout);
  if (!(Number(PerformanceMetrics.Properties.MulticlassAvgFScore) > 0.8)) throw new Error('iris was not learned');
  const small: Record<string, string[]> = {
    'node -e 0': ['-e', '0'],
    'create-ml-model --version': [command, '--version'],
    'create-ml-model iris.csv': [command, ...iris, ...out],
  };
  const walls = new Map(Object.keys(small).map((name): [string, number[]] => [name, []]));
  for (let i = 0; i < REPETITIONS; i++) {
    for (const [name, args] of Object.entries(small)) walls.get(name)!.push((await runNode(...args)).wallMs);
  }
  for (const [name, values] of walls) console.log(`${name.padEnd(28)} ${middle(values)} ms wall`);

  const rowCount = Number(process.argv[2] ?? 1_000_000);
  const csv = join(folder, 'numeric.csv');
  await pipeline(Readable.from(numericCsv(rowCount)), createWriteStream(csv));
  const megabytes = (await stat(csv)).size / 1e6;
  const large = await runNode(command, csv, '--target', 'y', '--output', 'json', ...out);
  const result = JSON.parse(large.stdout);
  const { Training, Evaluation } = result.ObservationCount;
  if (Training + Evaluation !== rowCount) throw new Error(`${Training + Evaluation} of ${rowCount} observations`);
  if (!(Number(result.PerformanceMetrics.Properties.BinaryAUC) > 0.9)) throw new Error('the model was not learned');
  // Header, bias and one index per column in groups of four; one word in each of two lists of rows.
  const recordWords = SPARSE_HEADER_WORDS + 4 * Math.ceil((COLUMNS + 1) / 4);
  const keptMegabytes = (Training * (recordWords + 2) * 4) / 1e6;
  console.log(`\n${megabytes.toFixed(0)} MB of numbers, ${rowCount} observations, default recipe, 10 passes`);
  console.log(`  wall ${(large.wallMs / 1000).toFixed(1)} s, CPU ${(large.cpuMs / 1000).toFixed(1)} s`);
  console.log(
    `  peak memory ${large.peakMegabytes.toFixed(0)} MB = features kept ${keptMegabytes.toFixed(0)} MB + ${(large.peakMegabytes - keptMegabytes).toFixed(0)} MB`,
  );
} finally {
  await rm(folder, { recursive: true, force: true });
}
