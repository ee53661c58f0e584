/**
 * Cost of the statistics of NUMERIC columns, in ns of CPU time per value, beside that of parsing the values from CSV.
 *
 *     npm run build && npx tsc -p bench && node build/bench/bench/statistics.js
 */
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { openParser } from '../src/csv/parser.js';
import { readCsv } from '../src/csv/read.js';
import type { ColumnBlock } from '../src/datasource/block.js';
import type { Schema } from '../src/schema/schema.js';
import { StatisticsCollector } from '../src/statistics/statistics.js';

const COLUMNS = 30;
const DISTINCT_ROWS = 20_000;
const ROUNDS = 20;
const REPETITIONS = 5;
const CHUNK_BYTES = 64 * 1024;

const module = new WebAssembly.Module(readFileSync('build/kernel.wasm'));
const names = Array.from({ length: COLUMNS }, (_, i) => `c${i}`);
const plan = names.map((name) => ({ name, kind: 'numeric' as const }));
const schema: Schema = {
  version: '1.0',
  rowId: null,
  rowWeight: null,
  targetAttributeName: null,
  dataFormat: 'CSV',
  dataFileContainsHeader: false,
  attributes: names.map((attributeName) => ({ attributeName, attributeType: 'NUMERIC' })),
  excludedAttributeNames: [],
};

/** Numbers in [0, 1) from a multiplicative generator modulo 2^31 - 1 (Lehmer; Park, Miller, 1988). */
function generator(): () => number {
  let state = 20_261_123;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

async function* chunksOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let round = 0; round < ROUNDS; round++) {
    for (let start = 0; start < bytes.length; start += CHUNK_BYTES) yield bytes.subarray(start, start + CHUNK_BYTES);
  }
}

/** @returns ns of CPU time per value */
async function cost(bytes: Uint8Array, use: (block: ColumnBlock) => void): Promise<number> {
  const before = process.cpuUsage();
  for await (const block of readCsv(chunksOf(bytes), openParser(module, plan, { header: false, source: 'bench' }))) {
    use(block);
  }
  const { user, system } = process.cpuUsage(before);
  return ((user + system) * 1e3) / (COLUMNS * DISTINCT_ROWS * ROUNDS);
}

/** Row indices of the largest block. */
const everyRow = Uint32Array.from({ length: 65_536 }, (_, row) => row);

function collect(collector: StatisticsCollector): (block: ColumnBlock) => void {
  return (block) => collector.add(block, everyRow.subarray(0, block.rowCount));
}

/** The mean, and the rank of every percentile, against the sorted values. */
async function verify(bytes: Uint8Array, firstColumn: Float64Array): Promise<void> {
  const collector = new StatisticsCollector(schema, { module });
  await cost(bytes, collect(collector));
  const { count, mean, quantiles } = collector.finish().numeric('c0');
  const sorted = firstColumn.slice().sort();
  const expected = sorted.reduce((sum, value) => sum + value, 0) / sorted.length;
  if (count !== ROUNDS * sorted.length || Math.abs(mean / expected - 1) > 1e-12)
    throw new Error(`mean ${mean}, not ${expected}`);
  for (let percent = 1; percent < 100; percent++) {
    const [answer] = quantiles([percent / 100]);
    const low = sorted[Math.floor((percent / 100 - 0.002) * sorted.length)];
    const high = sorted[Math.floor((percent / 100 + 0.002) * sorted.length)];
    if (answer < low || answer > high) throw new Error(`percentile ${percent} is ${answer}, not in ${low} .. ${high}`);
  }
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1];

console.log(
  `${cpus()[0].model}, Node ${process.version}, ${COLUMNS} columns x ${DISTINCT_ROWS * ROUNDS} rows; ns of CPU per value`,
);
for (const [name, spell] of [
  ['reals, 17 digits', (u: number) => String(100 * u - 30)],
  ['4 decimals', (u: number) => (100 * u).toFixed(4)],
  ['whole numbers below 1000', (u: number) => String(Math.floor(1000 * u))],
] as const) {
  const random = generator();
  const firstColumn = new Float64Array(DISTINCT_ROWS);
  const lines = Array.from({ length: DISTINCT_ROWS }, (_, row) => {
    const cells = names.map(() => spell(random()));
    firstColumn[row] = Number(cells[0]);
    return `${cells.join(',')}\n`;
  });
  const bytes = new TextEncoder().encode(lines.join(''));
  await verify(bytes, firstColumn);
  const parsing: number[] = [];
  const both: number[] = [];
  for (let i = 0; i < REPETITIONS; i++) {
    parsing.push(await cost(bytes, () => {}));
    both.push(await cost(bytes, collect(new StatisticsCollector(schema, { module }))));
  }
  const statistics = both.map((value, i) => value - parsing[i]);
  const spread = `${Math.min(...statistics).toFixed(1)}-${Math.max(...statistics).toFixed(1)}`;
  console.log(
    `  ${name.padEnd(26)} parsing ${median(parsing).toFixed(1).padStart(5)}   statistics ${median(statistics).toFixed(1).padStart(5)}  (${spread})`,
  );
}
