import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { ParallelParser, type ParserThreads } from '../../src/csv/parallel.js';
import { parseSegment } from '../../src/csv/parse-segment.js';
import type { FilePart } from '../../src/csv/segments.js';
import { CsvTokenizer } from '../../src/csv/tokenizer.js';
import { parserThreads } from '../../src/csv/worker-threads.js';
import type { ColumnPlan } from '../../src/datasource/block.js';
import type { ByteSource } from '../../src/datasource/bytes.js';
import { openFile } from '../../src/datasource/files.js';
import type { BlockReducer } from '../../src/datasource/reduce.js';
import { InvalidInput } from '../../src/errors.js';
import type { Crew } from '../../src/threads/crew.js';
import { openCrew } from '../../src/threads/worker-crew.js';
import {
  addBlock,
  csvOptions,
  kernelModule,
  nothingParsed,
  type Parsed,
  type ParseOptions,
  parse,
  planOf,
  utf8,
} from './parse.js';

/** What a thread does, in this thread. */
const inline: ParserThreads = {
  count: 3,
  isRunning: true,
  prepare() {},
  start(_slot, module, plan, options) {
    let tokenizer = new CsvTokenizer(module, plan, options);
    let known = new Map<string, number>();
    let reducer: BlockReducer | undefined;
    return {
      most: 2,
      isOwn: false,
      async parse(segment) {
        try {
          const { isFirst, isLast } = segment;
          const bytes = 'bytes' in segment ? segment.bytes : partOf(segment);
          return structuredClone(parseSegment(tokenizer, { bytes, isFirst, isLast }, known, reducer));
        } catch (error) {
          return { failure: String(error), segment };
        }
      },
      forget() {
        tokenizer = new CsvTokenizer(module, plan, options);
        known = new Map();
      },
      reduceBy(reduction) {
        reducer = reduction as BlockReducer | undefined;
      },
      close() {},
    };
  },
  close: async () => {},
};

/** Files in memory, by their handles. */
const plainFiles: Uint8Array[] = [];

function partOf({ handle, offset, length }: FilePart): Uint8Array {
  return plainFiles[handle].subarray(offset, offset + length);
}

/** A file whose parts threads read by themselves. */
function plainFile(bytes: Uint8Array): ByteSource {
  const handle = plainFiles.push(bytes) - 1;
  return {
    ...fileOf(bytes, 7),
    openParts: async () => ({
      handle,
      sizeInBytes: bytes.length,
      read: (into, offset) => copyFrom(bytes.subarray(offset), into),
      close: async () => {},
    }),
  };
}

/** @returns bytes copied: as many as there are, or as there is room for */
function copyFrom(bytes: Uint8Array, into: Uint8Array): number {
  const part = bytes.subarray(0, into.length);
  into.set(part);
  return part.length;
}

/** A file that only this thread can read, in chunks. */
function fileOf(bytes: Uint8Array, chunkBytes?: number): ByteSource {
  return {
    name: 'data.csv',
    sizeInBytes: bytes.length,
    compressed: false,
    open: (offset = 0) => chunksOf(bytes.subarray(offset), chunkBytes),
  };
}

async function* chunksOf(bytes: Uint8Array, chunkBytes = 0): AsyncGenerator<Uint8Array> {
  const step = chunkBytes || Math.max(1, bytes.length);
  for (let start = 0; start < bytes.length; start += step) yield bytes.slice(start, start + step);
}

const opened: ParallelParser[] = [];
const crews: Crew[] = [];
afterAll(async () => {
  for (const parser of opened) parser.close();
  await Promise.all(crews.map(({ close }) => close()));
});

function crew(size: number): Crew {
  const started = openCrew(size);
  crews.push(started);
  return started;
}

function open(plan: readonly ColumnPlan[], options: ParseOptions, threads = inline): ParallelParser {
  const parser = new ParallelParser(threads, kernelModule, plan, csvOptions(options));
  opened.push(parser);
  return parser;
}

async function read(parser: ParallelParser, text: string | Uint8Array, chunkBytes = 0): Promise<Parsed> {
  return readFile(parser, fileOf(typeof text === 'string' ? utf8(text) : text, chunkBytes));
}

async function readFile(parser: ParallelParser, file: ByteSource): Promise<Parsed> {
  const parsed = nothingParsed();
  for await (const block of parser.read(file)) addBlock(parsed, block);
  return parsed;
}

/** Codes of a categorical column, in order. */
async function codesOf(parser: ParallelParser, file: string, name: string): Promise<number[]> {
  const codes: number[] = [];
  for await (const { columns } of parser.read(fileOf(utf8(file), 100))) {
    codes.push(...(columns.get(name) as Uint32Array));
  }
  return codes;
}

const plan = planOf('numeric', 'categorical', 'text');
const wordy = fc.constantFrom('1', '2.5', 'x', 'red', 'a b', '"', '""', '"q"', '"a,b"', '"a\nb"', 'é', '', ' ', 'b"c');
const file = fc
  .array(fc.tuple(wordy, fc.constantFrom(',', ',', ',', '\n', '\r\n', '\n\n', '')), { maxLength: 60 })
  .map((parts) => parts.flat().join(''));

describe('parsing on several threads', () => {
  it('gives the blocks of one thread, whatever the file and wherever segments end', async () => {
    const cases = fc.record({
      text: file,
      header: fc.boolean(),
      segmentBytes: fc.integer({ min: 1, max: 40 }),
      blockSize: fc.integer({ min: 1, max: 6 }),
      chunkBytes: fc.integer({ min: 1, max: 50 }),
    });
    await fc.assert(
      fc.asyncProperty(cases, async ({ text, ...options }) => {
        const alone = parse(plan, text, options);
        expect(await read(open(plan, options), text, options.chunkBytes)).toEqual(alone);
        const parser = open(plan, options);
        const parts = plainFile(utf8(text));
        for (let pass = 0; pass < 2; pass++) expect(await readFile(parser, parts)).toEqual(alone);
        const { blockRows: _, ...rows } = parse(plan, text, { header: options.header });
        expect(alone).toMatchObject(rows);
      }),
      { numRuns: 200 },
    );
  });

  it('numbers values in order of first appearance, the same in every reading', async () => {
    const text = Array.from({ length: 300 }, (_, i) => `${i},v${(i * i) % 37},a b\n`).join('');
    const parser = open(plan, { segmentBytes: 50 });
    const order = new Map<string, number>();
    const expected = Array.from({ length: 300 }, (_, i) => {
      const value = `v${(i * i) % 37}`;
      if (!order.has(value)) order.set(value, order.size + 1);
      return order.get(value);
    });
    expect(await codesOf(parser, text, 'b')).toEqual(expected);
    expect(await codesOf(parser, text, 'b')).toEqual(expected);
  });

  it('hands over what is made of blocks, and whole blocks where nothing can be made of them', async () => {
    /** Sums a column of numbers, unless one is missing, and keeps the codes of another. */
    const reducer: BlockReducer = {
      kept: ['b'],
      reduce({ columns }) {
        const sum = (columns.get('a') as Float64Array).reduce((total, x) => total + x, 0);
        return Number.isNaN(sum) ? undefined : { sum };
      },
    };
    const cell = fc.constantFrom('1', '2', '30', '');
    const records = fc.array(fc.tuple(cell, fc.constantFrom('red', 'blue', 'green', ''), fc.boolean()), {
      minLength: 1,
      maxLength: 60,
    });
    const cases = fc.record({
      records,
      segmentBytes: fc.integer({ min: 1, max: 60 }),
      blockSize: fc.integer({ min: 1, max: 6 }),
      begin: fc.nat(8),
    });
    await fc.assert(
      fc.asyncProperty(cases, async ({ records, begin, ...options }) => {
        const text = records.map(([a, b, isBroken]) => `${a},${b},t${isBroken ? ',' : ''}\n`).join('');
        const alone = parse(plan, text, options);
        const parser = open(plan, options);
        let blocks = 0;
        const found = { rows: 0, codes: [] as string[], sum: 0, issues: 0, reducedRows: 0 };
        const reduction = (): BlockReducer | undefined => (blocks >= begin ? reducer : undefined);
        for await (const block of parser.read(plainFile(utf8(text)), undefined, reduction)) {
          blocks++;
          found.rows += block.rowCount;
          found.issues += block.issues.length;
          const dictionary = block.dictionaries.get('b')!;
          for (const code of block.columns.get('b') as Uint32Array) found.codes.push(dictionary.text(code));
          const { sum } = (block.reduced ?? { sum: undefined }) as { sum?: number };
          if (sum !== undefined) found.reducedRows += block.rowCount;
          expect([...block.columns.keys()]).toEqual(sum === undefined ? ['a', 'b', 'c'] : ['b']);
          found.sum += sum ?? (block.columns.get('a') as Float64Array).reduce((total, x) => total + (x || 0), 0);
        }
        const usable = records.filter(([, , isBroken]) => !isBroken);
        expect(found.rows).toBe(records.length);
        expect(found.issues).toBe(records.length - usable.length);
        expect(found.codes).toEqual(records.map(([, b, isBroken]) => (isBroken ? '' : b)));
        expect(found.sum).toBe(usable.reduce((total, [a]) => total + Number(a), 0));
        const isClean = usable.length === records.length && records.every(([a]) => a !== '');
        if (begin === 0 && isClean) expect(found.reducedRows).toBe(records.length);
        // The next reading is a plain one.
        expect(await readFile(parser, plainFile(utf8(text)))).toEqual(alone);
      }),
      { numRuns: 100 },
    );
  });

  it('keeps codes when a reading ends early', async () => {
    const text = Array.from({ length: 200 }, (_, i) => `${i},v${i % 90},a\n`).join('');
    const parser = open(plan, { segmentBytes: 40 });
    for await (const _ of parser.read(fileOf(utf8(text), 64))) break;
    const whole = await read(parser, text);
    expect(whole.columns.b).toEqual(Array.from({ length: 200 }, (_, i) => `v${i % 90}`));
  });

  it('tells the line in the file of bytes that are not UTF-8', async () => {
    const bytes = utf8('1,a,b\n'.repeat(50));
    bytes[6 * 33] = 0xff;
    const alone = (): Parsed => parse(plan, bytes, { segmentBytes: 20 });
    expect(alone).toThrow('line 34');
    await expect(read(open(plan, { segmentBytes: 20 }), bytes, 7)).rejects.toThrow('line 34');
  });

  it('reads many megabytes on real threads as on one', async () => {
    const lines = Array.from(
      { length: 60_000 },
      (_, i) => `${i / 7},"c ""${i % 501}""","t${i % 977} u${i % 13}\n z"\n`,
    );
    const text = `a,b,c\n${lines.join('')}`;
    const options = { header: true, segmentBytes: 200_000 };
    const parser = open(plan, options, parserThreads(crew(2)));
    const alone = parse(plan, text, options);
    for (let pass = 0; pass < 2; pass++) expect(await read(parser, text, 65_536)).toEqual(alone);
  });

  it('reads parts of files on real threads as on one, with quotes over lines and without', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'parts-'));
    try {
      for (const end of ['', '"\n"']) {
        const lines = Array.from({ length: 60_000 }, (_, i) => `${i / 7},c${i % 501},t${i % 977} u${i % 13}${end}\n`);
        const text = `a,b,c\n${lines.join('')}`;
        const options = { header: true, segmentBytes: 200_000 };
        const alone = parse(plan, text, options);
        const path = join(folder, 'data.csv');
        await writeFile(path, text);
        const parser = open(plan, options, parserThreads(crew(2)));
        for (let pass = 0; pass < 2; pass++) {
          const parsed = await readFile(parser, await openFile(path, 'data.csv'));
          expect(parsed).toEqual(alone);
        }
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('tells the line of bytes that are not UTF-8 in a part', async () => {
    const bytes = utf8('1,a,b\n'.repeat(50));
    bytes[6 * 33] = 0xff;
    await expect(readFile(open(plan, { segmentBytes: 20 }), plainFile(bytes))).rejects.toThrow('line 34');
  });

  it('refuses a file that becomes shorter', async () => {
    const bytes = utf8('1,a,b\n'.repeat(50));
    const file = plainFile(bytes);
    const parts = { ...(await file.openParts!()), sizeInBytes: bytes.length + 100 };
    const failing: ParserThreads = {
      ...inline,
      start: (...given) => ({
        ...inline.start(...given),
        parse: async (segment) => ({ failure: 'the file ends', segment }),
      }),
    };
    const parser = open(plan, { segmentBytes: 20_000 }, failing);
    await expect(readFile(parser, { ...file, openParts: async () => parts })).rejects.toThrow('became shorter');
  });

  it('takes what a thread alone has met for something that the user can repair, if the thread does', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'parts-'));
    try {
      const path = join(folder, 'data.csv');
      await writeFile(path, Uint8Array.of(0x31, 0x2c, 0xff, 0x0a));
      const file = await openFile(path);
      const parts = await file.openParts!();
      const repaired = { ...parts, read: (into: Uint8Array) => copyFrom(utf8('1,a\n'), into) };
      const parser = open(plan, {}, parserThreads(crew(1)));
      const error = await readFile(parser, { ...file, openParts: async () => repaired }).catch((thrown) => thrown);
      expect(error).toBeInstanceOf(InvalidInput);
      expect(error.message).toContain('UTF-8');
      expect(error.hint).toBeDefined();
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('fails when a thread dies', async () => {
    const parser = open(plan, { segmentBytes: 10 }, parserThreads(crew(1)));
    const reading = read(parser, '1,a,b\n'.repeat(100_000), 65_536);
    const closing = Promise.all(crews.map(({ close }) => close()));
    await expect(reading).rejects.toThrow('thread');
    await closing;
  });
});
