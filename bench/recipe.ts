/**
 * Speed of the first pass of training, bytes of CSV to row records with features learned on the way, one thread, in CPU
 * time. The records are first compared with features worked out with strings.
 *
 *     npm run build && npx tsc -p bench && node build/bench/bench/recipe.js [name of a data set]
 */
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { openParser } from '../src/csv/parser.js';
import { readCsv } from '../src/csv/read.js';
import { type ColumnBlock, type ColumnPlan, TextColumn } from '../src/datasource/block.js';
import type { FeatureSpace } from '../src/features/dictionary.js';
import { applyRemap, openEncoder } from '../src/features/encode.js';
import { headWords, type RowLayout, remappedLayout, SPARSE_HEADER_WORDS } from '../src/features/rows.js';
import { checkRecipe } from '../src/recipe/check.js';
import { fitRecipe } from '../src/recipe/fit.js';
import type { FittedRecipe } from '../src/recipe/fitted.js';
import { parseRecipe } from '../src/recipe/parse.js';
import type { Schema } from '../src/schema/schema.js';
import { StatisticsCollector } from '../src/statistics/statistics.js';
import { recordWords } from '../src/training/shards.js';
import { categories } from './csv-data.js';
import { documents } from './recipe-data.js';

const MEGABYTE = 1e6;
const DOCUMENTS = 200_000;
const TABLE_BYTES = 100 * MEGABYTE;
const VERIFIED_BYTES = MEGABYTE / 4;
const CHUNK_BYTES = 64 * 1024;
const REPETITIONS = 5;
/** What the default model size leaves room for. */
const MAX_FEATURES = Math.floor(33_554_432 / 96);

interface Workload {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly schema: Schema;
  readonly recipe: FittedRecipe;
}

const module = new WebAssembly.Module(readFileSync('build/kernel.wasm'));

function schemaOf(types: readonly Schema['attributes'][number]['attributeType'][]): Schema {
  return {
    version: '1.0',
    rowId: null,
    rowWeight: null,
    targetAttributeName: null,
    dataFormat: 'CSV',
    dataFileContainsHeader: false,
    attributes: types.map((attributeType, i) => ({ attributeName: `c${i}`, attributeType })),
    excludedAttributeNames: [],
  };
}

async function* blocksOf(bytes: Uint8Array, schema: Schema): AsyncGenerator<ColumnBlock> {
  const plan = schema.attributes.map(({ attributeName: name, attributeType }): ColumnPlan => {
    return { name, kind: attributeType.toLowerCase() as ColumnPlan['kind'] };
  });
  yield* readCsv(chunksOf(bytes), openParser(module, plan, { header: false, source: 'bench' }));
}

async function* chunksOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += CHUNK_BYTES) yield bytes.subarray(start, start + CHUNK_BYTES);
}

async function fitted(bytes: Uint8Array, schema: Schema, outputs: readonly string[]): Promise<FittedRecipe> {
  const collector = new StatisticsCollector(schema);
  for await (const block of blocksOf(bytes, schema)) collector.add(block, rowsOf(block));
  return fitRecipe(checkRecipe(parseRecipe({ outputs }), schema), collector.finish());
}

function rowsOf({ rowCount }: ColumnBlock): Uint32Array {
  const rows = new Uint32Array(rowCount);
  for (let row = 0; row < rowCount; row++) rows[row] = row;
  return rows;
}

async function texts(name: 'phrases' | 'independent'): Promise<Workload> {
  const data = documents(DOCUMENTS, name === 'phrases');
  const schema = schemaOf(['NUMERIC', 'TEXT']);
  return { ...data, schema, recipe: await fitted(new Uint8Array(0), schema, ['ngram(lowercase(no_punct(c1)),2)']) };
}

async function categorical(): Promise<Workload> {
  const { name, kinds, bytes } = categories(TABLE_BYTES);
  const schema = schemaOf(kinds.map((kind) => (kind === 'numeric' ? 'NUMERIC' : 'CATEGORICAL')));
  const recipe = await fitted(bytes, schema, ['ALL_CATEGORICAL', 'quantile_bin(ALL_NUMERIC,50)']);
  return { name, bytes, schema, recipe };
}

/** One pass; records of each block overwrite those of the block before. @returns tokens or values that were encoded */
async function encodePass({ bytes, schema, recipe }: Workload): Promise<number> {
  const encoder = openEncoder(recipe, { learn: true, maxFeatures: MAX_FEATURES, module });
  let words = new Uint32Array(1 << 20);
  let floats = new Float32Array(words.buffer);
  let items = 0;
  for await (const block of blocksOf(bytes, schema)) {
    const length = encoder.prepare(block, rowsOf(block));
    if (length > words.length) {
      words = new Uint32Array(length * 2);
      floats = new Float32Array(words.buffer);
    }
    encoder.write(words, floats, 0, new Float32Array(block.rowCount), new Uint32Array(block.rowCount));
    const text = block.columns.get('c1') as unknown;
    items += text instanceof TextColumn ? text.codes.length : block.rowCount;
  }
  return items;
}

/** Compare the features of the first rows with those worked out from the lines of the file. */
async function verify({ bytes, schema, recipe, name }: Workload): Promise<void> {
  const piece = bytes.subarray(0, bytes.lastIndexOf(10, VERIFIED_BYTES) + 1);
  const encoder = openEncoder(recipe, { learn: true });
  const found: Uint32Array[] = [];
  for await (const block of blocksOf(piece, schema)) {
    const length = encoder.prepare(block, rowsOf(block));
    const words = new Uint32Array(length);
    const starts = new Uint32Array(block.rowCount);
    encoder.write(words, new Float32Array(words.buffer), 0, new Float32Array(block.rowCount), starts);
    for (const start of starts) found.push(words.slice(start, start + recordWords(words, start, encoder.layout)));
  }
  const { features, remap } = encoder.finish({ maxFeatures: Number.MAX_SAFE_INTEGER });
  const lines = new TextDecoder().decode(piece).trimEnd().split('\n');
  for (const [row, line] of lines.entries()) {
    const record = found[row];
    applyRemap(record, Uint32Array.of(0), encoder.layout, remap);
    const expected = [...expectedFeatures(line, recipe)].sort().join('|');
    const actual = textsOf(record, remappedLayout(encoder.layout, remap), features).sort().join('|');
    if (actual !== expected) throw new Error(`${name}: row ${row} has\n${actual}\nnot\n${expected}`);
  }
}

function textsOf(record: Uint32Array, layout: RowLayout, features: FeatureSpace): string[] {
  if (layout.form === 'dense') throw new Error('dense records');
  const first = SPARSE_HEADER_WORDS + headWords(layout);
  const inHead = layout.head.filter((_, i) => record[SPARSE_HEADER_WORDS + i] !== 0);
  const found = [...inHead, ...record.subarray(first, first + 4 * record[1])];
  return found.map((feature) => features.text(feature)).filter(Boolean);
}

/** Understands just the recipes and lines of this bench. */
function expectedFeatures(line: string, { outputs }: FittedRecipe): Set<string> {
  const cells = line.split(',"').length > 1 ? [line[0], line.slice(3, -1)] : line.split(',');
  const features = new Set(['(bias)']);
  for (const output of outputs) {
    if (output.kind === 'cross') continue;
    const cell = cells[Number(output.attribute.slice(1))];
    if (output.kind === 'categories') features.add(`${output.prefix}=${cell}`);
    else if (output.kind === 'bins') {
      const from = output.edges.filter((edge) => edge <= Number(cell)).at(-1) ?? '-∞';
      const to = output.edges.find((edge) => edge > Number(cell)) ?? '∞';
      features.add(`${output.prefix}∈[${from},${to})`);
    } else {
      const tokens = cell.split(' ').map((token) => token.replace(/[.,]$/, '').toLowerCase());
      for (const token of tokens) features.add(`${output.prefix}:${token}`);
      for (let i = 1; i < tokens.length; i++) features.add(`${output.prefix}:${tokens[i - 1]} ${tokens[i]}`);
    }
  }
  return features;
}

/** CPU seconds of several runs, in rising order; one more run warms up. */
async function cpuSeconds(run: () => Promise<unknown>): Promise<number[]> {
  const seconds: number[] = [];
  for (let i = -1; i < REPETITIONS; i++) {
    const before = process.cpuUsage();
    await run();
    const { user, system } = process.cpuUsage(before);
    if (i >= 0) seconds.push((user + system) / 1e6);
  }
  return seconds.sort((a, b) => a - b);
}

async function readOnly({ bytes, schema }: Workload): Promise<void> {
  for await (const block of blocksOf(bytes, schema)) rowsOf(block);
}

async function bench(workload: Workload): Promise<void> {
  await verify(workload);
  const { name, bytes } = workload;
  console.log(`${name}, ${(bytes.length / MEGABYTE).toFixed(0)} MB`);
  const tokens = await encodePass(workload);
  const isText = name.startsWith('text');
  for (const [what, run] of [
    ['parsing alone', () => readOnly(workload)],
    ['parsing and encoding', () => encodePass(workload)],
  ] as const) {
    const seconds = await cpuSeconds(run);
    const rate = (amount: number): string =>
      [seconds.length >> 1, seconds.length - 1, 0].map((i) => (amount / 1e6 / seconds[i]).toFixed(1)).join('  ');
    const perToken = isText ? `   million tokens per CPU second ${rate(tokens)}` : '';
    console.log(`  ${what.padEnd(24)} MB per CPU second ${rate(bytes.length)}${perToken}`);
  }
}

console.log(`${cpus()[0].model}, Node ${process.version}; median, slowest and fastest of ${REPETITIONS} passes\n`);
const wanted = process.argv[2] ?? '';
if ('phrases'.includes(wanted)) await bench(await texts('phrases'));
if ('independent'.includes(wanted)) await bench(await texts('independent'));
if ('categorical'.includes(wanted)) await bench(await categorical());
