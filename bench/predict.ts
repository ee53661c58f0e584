/**
 * Prediction: CSV to CSV as a whole process beside a program that only parses the same file, and one observation at a time
 * in this process.
 *
 *     npm run bench:predict [-- rows]
 */
import { createWriteStream, readFileSync } from 'node:fs';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { pathToFileURL } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { runNode } from './process.js';
import { WORKLOADS } from './workload-data.js';

const REPETITIONS = 5;
const TRAINED_ROWS = 20_000;
const SINGLE_CALLS = 50_000;

/** The library as it is installed. */
const library = pathToFileURL(join('build', 'node.js')).href;
const { loadModel, trainModel } = (await import(library)) as typeof import('../src/node.js');

const command = join('build', 'cli', 'main.js');
const spread = (values: readonly number[]): string => {
  const sorted = values.toSorted((a, b) => a - b);
  return `${sorted[sorted.length >> 1].toFixed(2)} (${sorted[0].toFixed(2)}-${sorted.at(-1)!.toFixed(2)})`;
};

function* csv(rowCount: number): Generator<string> {
  const [{ header, rows }] = WORKLOADS;
  const next = rows(3);
  yield `${header}\n`;
  for (let row = 0; row < rowCount; row += 500) {
    yield Array.from({ length: Math.min(500, rowCount - row) }, () => `${next()}\n`).join('');
  }
}

async function batch(folder: string, rowCount: number): Promise<void> {
  const [train, data, model] = ['train.csv', 'data.csv', 'model'].map((name) => join(folder, name));
  await pipeline(Readable.from(csv(TRAINED_ROWS)), createWriteStream(train));
  await pipeline(Readable.from(csv(rowCount)), createWriteStream(data));
  const recipe = '{"outputs":["ALL_NUMERIC"]}';
  await (await trainModel({ data: train, target: 'y', recipe })).save(model);
  const script = `import{readFileSync,createReadStream}from'node:fs';
    const{openParser}=await import('${process.cwd()}/build/bench/src/csv/parser.js');const{readCsv}=await import('${process.cwd()}/build/bench/src/csv/read.js');
    const plan=[...Array(31).keys()].map((i)=>({name:'c'+i,kind:i?'numeric':'binary'}));
    const parser=openParser(new WebAssembly.Module(readFileSync('build/kernel.wasm')),plan,{header:true,source:'data'});parser.reusesBuffer=true;
    let n=0;for await(const b of readCsv(createReadStream('${data}'),parser))n+=b.rowCount;console.log(n)`;
  const parse = join(folder, 'parse.mjs');
  await writeFile(parse, script);
  const cpu: number[] = [];
  const ratios: number[] = [];
  const peaks: number[] = [];
  for (let i = 0; i < REPETITIONS; i++) {
    const predicted = await runNode(command, 'predict', model, data);
    const lines = predicted.stdout.split('\n');
    if (lines.length !== rowCount + 2 || lines[0] !== 'trueLabel,bestAnswer,score') throw new Error('wrong output');
    const right = lines.slice(1, -1).filter((line) => line[0] === line[2]).length / rowCount;
    if (!(right > 0.75)) throw new Error(`only ${right} predicted right`);
    const parsed = await runNode(parse);
    if (Number(parsed.stdout) !== rowCount) throw new Error('wrong count');
    cpu.push(rowCount / 1000 / predicted.cpuMs);
    ratios.push(predicted.cpuMs / parsed.cpuMs);
    peaks.push(predicted.peakMegabytes);
  }
  const megabytes = (await stat(data)).size / 1e6;
  console.log(`batch, ${rowCount} rows of 30 numbers (${megabytes.toFixed(0)} MB), CSV to CSV`);
  console.log(`  ${spread(cpu)} million rows per CPU-second, start of the program included`);
  console.log(`  ${spread(ratios)} x a program that only parses; peak memory ${spread(peaks)} MB`);
}

async function single(folder: string): Promise<void> {
  const path = join(folder, 'banking.model');
  const data = 'test/fixtures/banking.csv.gz';
  await (await trainModel({ data, target: 'y' })).save(path);
  const model = await loadModel(path);
  const [header, ...lines] = gunzipSync(readFileSync(data)).toString().trim().split(/\r?\n/);
  const names = header.split(',');
  const records = lines.slice(0, 1000).map((line) => {
    const fields = line.split(',');
    return Object.fromEntries(names.map((name, i) => [name, fields[i]]).filter(([name]) => name !== 'y'));
  });
  const scores = (await readAll(model.predictBatch(data))).split('\n').slice(1);
  for (const [i, record] of records.entries()) {
    const { predictedScores } = model.predict(record) as { predictedScores: Record<string, number> };
    const score = Number(scores[i].split(',').at(-1));
    if (Math.abs(Object.values(predictedScores)[0] - score) > 1e-6) throw new Error(`row ${i}: not as in the batch`);
  }
  const times: number[] = [];
  for (let i = 0; i < REPETITIONS; i++) {
    const began = process.cpuUsage();
    for (let call = 0; call < SINGLE_CALLS; call++) model.predict(records[call % records.length]);
    const { user, system } = process.cpuUsage(began);
    times.push((user + system) / SINGLE_CALLS);
  }
  console.log(`single, banking, ${names.length - 1} attributes: ${spread(times)} microseconds of CPU per prediction`);
}

async function readAll(pieces: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const piece of pieces) text += piece;
  return text;
}

const folder = await mkdtemp(join(tmpdir(), 'bench-predict-'));
try {
  console.log(`${cpus()[0].model.trim()}, Node ${process.version}, ${REPETITIONS} repetitions: median (spread)`);
  await single(folder);
  await batch(folder, Number(process.argv[2] ?? 1_000_000));
} finally {
  await rm(folder, { recursive: true, force: true });
}
