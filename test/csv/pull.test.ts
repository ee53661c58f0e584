import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CsvSource, openCsvSource } from '../../src/datasource/csv-source.js';
import { openFile } from '../../src/datasource/files.js';
import {
  addBlock,
  kernelModule,
  nothingParsed,
  open,
  type Parsed,
  type ParseOptions,
  parse,
  planOf,
  utf8,
} from './parse.js';

const plan = planOf('numeric', 'categorical', 'text');
const wordy = fc.constantFrom('1', '2.5', 'x', 'red', 'a b', '"', '""', '"q"', '"a,b"', '"a\nb"', 'é', '', ' ', 'b"c');
const text = fc
  .array(fc.tuple(wordy, fc.constantFrom(',', ',', ',', '\n', '\r\n', '\n\n', '')), { maxLength: 60 })
  .map((parts) => parts.flat().join(''));

/** Every reading gives at most so many bytes. */
function pullAll(bytes: Uint8Array, most: number, options: ParseOptions): Parsed {
  const parser = open(plan, options);
  const parsed = nothingParsed();
  for (let offset = 0, count = -1; count !== 0; offset += count) {
    const pulled = parser.pull((into) => {
      const part = bytes.subarray(offset, offset + Math.min(most, into.length));
      into.set(part);
      return part.length;
    });
    let step = pulled.next();
    for (; !step.done; step = pulled.next()) addBlock(parsed, step.value);
    count = step.value;
  }
  for (const block of parser.end()) addBlock(parsed, block);
  return parsed;
}

describe('bytes that the parser reads by itself', () => {
  it('give the blocks of bytes that it is given, however many come at a time and wherever segments end', () => {
    const cases = fc.record({
      file: text,
      most: fc.integer({ min: 1, max: 50 }),
      header: fc.boolean(),
      segmentBytes: fc.integer({ min: 1, max: 40 }),
      blockSize: fc.integer({ min: 1, max: 6 }),
    });
    fc.assert(
      fc.property(cases, ({ file, most, ...options }) => {
        expect(pullAll(utf8(file), most, options)).toEqual(parse(plan, file, options));
      }),
      { numRuns: 500 },
    );
  });

  it('may be many megabytes, of records of any length, cut inside of characters', () => {
    const records = Array.from({ length: 3000 }, (_, i) => `${i / 7},é${i % 501},${'wörd '.repeat((i * i) % 997)}`);
    records[1000] = `1,x,${'ü'.repeat(70_000)}`;
    const file = `${records.join('\n')}\n`;
    const expected = parse(plan, file, { segmentBytes: 1_000_000 });
    expect(expected.rejected[1000]).toBe(1);
    for (const most of [1_000_000, 4095]) {
      expect(pullAll(utf8(file), most, { segmentBytes: 1_000_000 })).toEqual(expected);
    }
  });

  it('may be a line of many megabytes that is passed over, characters cut or not', () => {
    for (const before of ['x', 'xy', 'xyz']) {
      const file = `1,a,${before}${'€'.repeat(500_000)}\n2,b,c\n`;
      const expected = { rejected: [1, 0], lines: [1, 2] };
      expect(parse(plan, file)).toMatchObject(expected);
      expect(pullAll(utf8(file), 100_000, {})).toMatchObject(expected);
    }
  });

  it('tell the line of those that are not UTF-8', () => {
    const bytes = utf8('1,a,b\n'.repeat(50));
    bytes[6 * 33] = 0xff;
    for (const most of [1, 7, 1000]) expect(() => pullAll(bytes, most, { segmentBytes: 20 })).toThrow('line 34');
  });
});

describe('a plain file', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pull-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  async function sourceOf(content: string): Promise<{ path: string; source: CsvSource }> {
    const path = join(folder, 'data.csv');
    await writeFile(path, content);
    const files = [await openFile(path)];
    return {
      path,
      source: openCsvSource({ name: path, files }, { header: false, plan, module: kernelModule, keptBytes: 0 }),
    };
  }

  async function rowsOf(source: CsvSource): Promise<Parsed> {
    const parsed = nothingParsed();
    for await (const block of source.read({ passing: true })) addBlock(parsed, block);
    return parsed;
  }

  const file = Array.from({ length: 100_000 }, (_, i) => `${i / 8},v${i % 7},a${i % 13} b\n`).join('');

  it('is read to the same rows again and again', async () => {
    const { source } = await sourceOf(file);
    const expected = parse(plan, file);
    for (let reading = 0; reading < 2; reading++) expect(await rowsOf(source)).toEqual(expected);
  });

  it('is refused when it becomes shorter while it is read', async () => {
    const { path, source } = await sourceOf(file);
    const reading = async (): Promise<void> => {
      for await (const _ of source.read({ passing: true })) await truncate(path, 1 << 20);
    };
    await expect(reading()).rejects.toThrow('became shorter');
  });

  it('leaves other work of the process its turn, also where it has no record', async () => {
    const { source } = await sourceOf('\n'.repeat(60 << 20));
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    expect((await rowsOf(source)).rowCount).toBe(0);
    clearInterval(timer);
    expect(turns).toBeGreaterThan(0);
  });

  it('that two readers parse with one parser is an error', async () => {
    const { source } = await sourceOf(file);
    const first = source.read()[Symbol.asyncIterator]();
    await first.next();
    await source.read()[Symbol.asyncIterator]().next();
    await expect(
      (async () => {
        for (;;) if ((await first.next()).done) return;
      })(),
    ).rejects.toThrow('one parser per reader');
  });
});
