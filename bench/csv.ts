/**
 * Speed of the CSV reader, in MB of file per second of CPU time, through the public API: bytes in, blocks out, one thread.
 * Blocks stay where they were parsed, as when a model is trained.
 *
 *     npm run bench:csv             beside the same in C (numbers and categories), arquero.fromCSV, and DuckDB if it is installed:
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
import { compileNative, type NativeProgram, NativeTokenizer } from './csv-native.js';

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
  const parser = openParser(module, plan, { header: false, source: 'bench' });
  parser.reusesBuffer = true;
  return parser;
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

/** CPU seconds of each of several runs, all threads of the process, in rising order; `warmUp`: after one more. */
async function cpuSeconds(run: () => unknown, repetitions: number, warmUp = true): Promise<number[]> {
  const seconds: number[] = [];
  for (let i = warmUp ? -1 : 0; i < repetitions; i++) {
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
  return speedFrom(bytes, await cpuSeconds(run, repetitions));
}

function speedFrom(bytes: Uint8Array, times: readonly number[]): Speed {
  const seconds = times.toSorted((a, b) => a - b);
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

/** Passes of ours and of the C program by turns; their values must be the same. */
async function compareNative(program: NativeProgram, data: BenchData): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-csv-'));
  const native = new NativeTokenizer(program, folder, data);
  try {
    if (!(await valuesOf(data)).equals(await native.values())) throw new Error(`${data.name}: C gives other values`);
    const parser = parserOf(planOf(data));
    const [ours, theirs]: [number[], number[]] = [[], []];
    for (let i = 0; i < 2 * REPETITIONS; i++) {
      theirs.push(await native.pass());
      ours.push(...(await cpuSeconds(() => countRows(data.bytes, parser), 1, i === 0)));
    }
    const ratios = ours.map((seconds, i) => theirs[i] / seconds).sort((a, b) => a - b);
    const middle = ratios[ratios.length >> 1].toFixed(2);
    const range = `${ratios[0].toFixed(2)}-${ratios[ratios.length - 1].toFixed(2)}`;
    report(program.name, speedFrom(data.bytes, theirs), `we are ${middle} times as fast (${range})`);
  } finally {
    native.close();
    rmSync(folder, { recursive: true });
  }
}

/** As the C program writes them. */
async function valuesOf(data: BenchData): Promise<Buffer> {
  const columns = data.kinds.map((): Buffer[] => []);
  for await (const block of readCsv(chunksOf(data.bytes), parserOf(planOf(data)))) {
    columns.forEach((parts, i) => {
      const { buffer, byteOffset, byteLength } = block.columns.get(`c${i}`) as unknown as ArrayBufferView;
      parts.push(Buffer.from(new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength)));
    });
  }
  return Buffer.concat(columns.flat());
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

async function benchData(data: BenchData, programs: readonly NativeProgram[], duck: DuckDb | undefined): Promise<void> {
  await verify(data);
  console.log(`${data.name}, ${(data.bytes.length / MEGABYTE).toFixed(0)} MB${' '.repeat(12)} median      spread`);
  const parser = parserOf(planOf(data));
  const ours = await speedOf(data.bytes, () => countRows(data.bytes, parser));
  report('create-ml-model', ours, data.kinds.includes('text') ? tokenRate(await tokenCount(data), data, ours) : '');
  if (!data.kinds.includes('text')) for (const program of programs) await compareNative(program, data);
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
const programFolder = mkdtempSync(join(tmpdir(), 'bench-csv-'));
process.once('exit', () => rmSync(programFolder, { recursive: true }));
const programs = compileNative(programFolder);
for (const make of [shortNumbers, longNumbers, categories, texts]) {
  if (make.name.includes(wanted)) await benchData(make(DATA_BYTES), programs, duck);
}
