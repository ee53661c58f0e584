/**
 * Speed of the CSV reader, in MB of file per second of CPU time, through the public API: bytes in, blocks out, one thread.
 *
 *     npm run bench:csv             beside arquero.fromCSV, and DuckDB if it is installed:
 *     npm install --prefix /tmp/duckdb @duckdb/node-api@1.5.6-r.1 && DUCKDB_HOME=/tmp/duckdb npm run bench:csv
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromCSV } from 'arquero';
import { type CsvParser, openParser } from '../src/csv/parser.js';
import { readCsv } from '../src/csv/read.js';
import { type ColumnBlock, type ColumnPlan, TextColumn } from '../src/datasource/block.js';
import { type BenchData, categories, longNumbers, shortNumbers, texts } from './csv-data.js';

const MEGABYTE = 1e6;
const DATA_BYTES = 100 * MEGABYTE;
const VERIFIED_BYTES = 4 * MEGABYTE;
const CHUNK_BYTES = 64 * 1024;
const REPETITIONS = 7;

const module = new WebAssembly.Module(readFileSync('build/kernel.wasm'));

async function* chunksOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += CHUNK_BYTES) yield bytes.subarray(start, start + CHUNK_BYTES);
}

function planOf({ kinds }: BenchData): ColumnPlan[] {
  return kinds.map((kind, i) => ({ name: `c${i}`, kind }));
}

function parserOf(plan: readonly ColumnPlan[]): CsvParser {
  return openParser(module, plan, { header: false, source: 'bench' });
}

async function countRows(bytes: Uint8Array, parser: CsvParser): Promise<number> {
  let rows = 0;
  for await (const block of readCsv(chunksOf(bytes), parser)) rows += block.rowCount;
  return rows;
}

/** Per column: the sum of its numbers, or of the lengths of its values; tokens joined by spaces. */
type Sums = number[];

async function sumsByParser(data: BenchData): Promise<Sums> {
  const sums: Sums = data.kinds.map(() => 0);
  for await (const block of readCsv(chunksOf(data.bytes), parserOf(planOf(data)))) {
    if (block.issues.length > 0) throw new Error(`unexpected: ${block.issues[0].reason}`);
    data.kinds.forEach((_, i) => addColumn(sums, i, block));
  }
  return sums;
}

function addColumn(sums: Sums, i: number, block: ColumnBlock): void {
  const name = `c${i}`;
  const column: unknown = block.columns.get(name);
  if (column instanceof Float64Array) for (const value of column) sums[i] += value;
  else if (column instanceof TextColumn) for (const text of column) sums[i] += text.length;
  else for (const code of column as Uint32Array) sums[i] += block.dictionaries.get(name)!.text(code).length;
}

/** The same by splitting strings; understands just the quotes that the data holds. */
function sumsBySplitting(data: BenchData): Sums {
  const sums: Sums = data.kinds.map(() => 0);
  for (const line of new TextDecoder().decode(data.bytes).trimEnd().split('\n')) {
    const quote = line.indexOf('"');
    const cells = (quote === -1 ? line : line.slice(0, quote - 1)).split(',');
    if (quote !== -1) cells.push(line.slice(quote + 1, -1).replaceAll('""', '"'));
    cells.forEach((cell, i) => {
      sums[i] += data.kinds[i] === 'numeric' ? Number(cell) : cell.length;
    });
  }
  return sums;
}

async function verify(data: BenchData): Promise<void> {
  const piece = { ...data, bytes: wholeLines(data.bytes, VERIFIED_BYTES) };
  const expected = sumsBySplitting(piece);
  const found = await sumsByParser(piece);
  const wrong = expected.findIndex((sum, i) => sum !== found[i]);
  if (wrong !== -1) throw new Error(`${data.name}: column ${wrong} sums to ${found[wrong]}, not ${expected[wrong]}`);
}

function wholeLines(bytes: Uint8Array, byteCount: number): Uint8Array {
  return bytes.subarray(0, bytes.lastIndexOf(10, byteCount - 1) + 1);
}

/** CPU seconds of each of several runs, all threads of the process, in rising order; one more run warms up. */
async function cpuSeconds(run: () => unknown, repetitions: number): Promise<number[]> {
  const seconds: number[] = [];
  for (let i = -1; i < repetitions; i++) {
    const before = process.cpuUsage();
    await run();
    const { user, system } = process.cpuUsage(before);
    if (i >= 0) seconds.push((user + system) / 1e6);
  }
  return seconds.sort((a, b) => a - b);
}

interface Speed {
  /** MB per CPU second. */
  readonly median: number;
  readonly slowest: number;
  readonly fastest: number;
}

async function speedOf(bytes: Uint8Array, run: () => unknown, repetitions = REPETITIONS): Promise<Speed> {
  const seconds = await cpuSeconds(run, repetitions);
  const speed = (value: number): number => bytes.length / MEGABYTE / value;
  return {
    median: speed(seconds[seconds.length >> 1]),
    slowest: speed(seconds[seconds.length - 1]),
    fastest: speed(seconds[0]),
  };
}

function report(name: string, speed: Speed, extra = ''): void {
  const spread = `${speed.slowest.toFixed(0)}-${speed.fastest.toFixed(0)}`;
  console.log(`  ${name.padEnd(34)} ${speed.median.toFixed(0).padStart(6)}  ${spread.padStart(11)}  ${extra}`);
}

async function arqueroSpeed({ bytes }: BenchData): Promise<Speed> {
  const piece = wholeLines(bytes, 10 * MEGABYTE);
  return speedOf(piece, () => fromCSV(new TextDecoder().decode(piece), { header: false }), 3);
}

interface DuckDb {
  run(sql: string): Promise<unknown>;
}

async function openDuckDb(): Promise<DuckDb | undefined> {
  try {
    const require = createRequire(join(process.env.DUCKDB_HOME ?? process.cwd(), 'index.js'));
    const { DuckDBInstance } = require('@duckdb/node-api');
    const duck: DuckDb = await (await DuckDBInstance.create(':memory:')).connect();
    await duck.run('SET threads = 1');
    return duck;
  } catch {
    return undefined;
  }
}

/** One query that has to convert every field: sums of numbers, total lengths of strings. It numbers no values or tokens, we do. */
async function duckDbSpeed(duck: DuckDb, data: BenchData): Promise<Speed> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-csv-'));
  try {
    const file = join(folder, 'data.csv');
    writeFileSync(file, data.bytes);
    const types = data.kinds.map((kind, i) => `'c${i}': '${kind === 'numeric' ? 'DOUBLE' : 'VARCHAR'}'`).join(', ');
    const sums = data.kinds.map((kind, i) => (kind === 'numeric' ? `sum(c${i})` : `sum(strlen(c${i}))`)).join(', ');
    const options = `header = false, delim = ',', quote = '"', escape = '"', columns = {${types}}`;
    return await speedOf(data.bytes, () => duck.run(`SELECT ${sums} FROM read_csv('${file}', ${options})`), 3);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function benchData(data: BenchData, duck: DuckDb | undefined): Promise<void> {
  await verify(data);
  console.log(`${data.name}, ${(data.bytes.length / MEGABYTE).toFixed(0)} MB${' '.repeat(12)} median      spread`);
  const parser = parserOf(planOf(data));
  const ours = await speedOf(data.bytes, () => countRows(data.bytes, parser));
  report('create-ml-model', ours, data.kinds.includes('text') ? tokenRate(await tokenCount(data), data, ours) : '');
  const skipped = parserOf(planOf(data).map(({ name }) => ({ name, kind: 'skip' })));
  report('create-ml-model, counting records', await speedOf(data.bytes, () => countRows(data.bytes, skipped)));
  const arquero = await arqueroSpeed(data);
  report('arquero.fromCSV (first 10 MB)', arquero, `we are ${(ours.median / arquero.median).toFixed(1)} times as fast`);
  if (!duck) return;
  const duckDb = await duckDbSpeed(duck, data);
  report('DuckDB, 1 thread', duckDb, `we are ${(ours.median / duckDb.median).toFixed(1)} times as fast`);
}

async function tokenCount(data: BenchData): Promise<number> {
  let tokens = 0;
  for await (const block of readCsv(chunksOf(data.bytes), parserOf(planOf(data)))) {
    data.kinds.forEach((kind, i) => {
      if (kind === 'text') tokens += (block.columns.get(`c${i}`) as TextColumn).codes.length;
    });
  }
  return tokens;
}

function tokenRate(tokens: number, { bytes }: BenchData, { median }: Speed): string {
  return `${((tokens * median) / bytes.length).toFixed(1)} million tokens per CPU second`;
}

console.log(`${cpus()[0].model}, Node ${process.version}; MB per CPU second, median of ${REPETITIONS} passes\n`);
const duck = await openDuckDb();
if (!duck)
  console.log(
    'DuckDB is not installed: npm install --prefix /tmp/duckdb @duckdb/node-api@1.5.6-r.1, DUCKDB_HOME=/tmp/duckdb\n',
  );
const wanted = process.argv[2] ?? '';
for (const make of [shortNumbers, longNumbers, categories, texts]) {
  if (make.name.includes(wanted)) await benchData(make(DATA_BYTES), duck);
}
