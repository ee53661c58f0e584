import { describe, expect, it } from 'vitest';
import type { ColumnBlock } from '../../src/datasource/block.js';
import type { ByteSource } from '../../src/datasource/bytes.js';
import { type CsvSource, openCsvSource } from '../../src/datasource/csv-source.js';
import { kernelModule, planOf, utf8 } from '../csv/parse.js';

const ROWS = 10_000;
const TEXT = Array.from({ length: ROWS }, (_, i) => `${i / 8},v${i % 7}\n`).join('');
/** A number, a code, and for each row its place, its line and whether it was rejected. */
const COLUMN_BYTES = ROWS * (8 + 4 + 17);

/** Counts how often the file is read. */
function open(keptBytes?: number): { source: CsvSource; readings: () => number } {
  let readings = 0;
  const file: ByteSource = {
    name: 'data.csv',
    sizeInBytes: TEXT.length,
    compressed: false,
    async *open() {
      readings++;
      yield utf8(TEXT);
    },
  };
  const options = { header: false, plan: planOf('numeric', 'categorical'), module: kernelModule, keptBytes };
  return { source: openCsvSource({ name: file.name, files: [file] }, options), readings: () => readings };
}

async function read(source: CsvSource, options?: Parameters<CsvSource['read']>[0]): Promise<unknown[][]> {
  const rows: unknown[][] = [];
  for await (const { columns, rowCount, dictionaries } of source.read(options)) {
    const [numbers, codes] = [...columns.values()] as Uint32Array[];
    const dictionary = [...dictionaries.values()][0];
    for (let row = 0; row < rowCount; row++) rows.push([numbers[row], dictionary.text(codes[row])]);
  }
  return rows;
}

async function blocksOf(source: CsvSource, options?: Parameters<CsvSource['read']>[0]): Promise<ColumnBlock[]> {
  const blocks: ColumnBlock[] = [];
  for await (const block of source.read(options)) blocks.push(block);
  return blocks;
}

const expected = Array.from({ length: ROWS }, (_, i) => [i / 8, `v${i % 7}`]);

describe('columns that are kept after the first reading', () => {
  it('are those that take no more than the limit, as they were', async () => {
    const { source, readings } = open(COLUMN_BYTES);
    const first = await blocksOf(source, { passing: true });
    expect(source.keptBytes).toBe(COLUMN_BYTES);
    expect(await blocksOf(source)).toEqual(first);
    expect(await read(source)).toEqual(expected);
    expect(readings()).toBe(1);
  });

  it('are none any more when the reader has enough, which can read again all the same', async () => {
    const { source, readings } = open(COLUMN_BYTES);
    let blocks = 0;
    expect(await read(source, { passing: true, isEnough: () => ++blocks > 0 })).toEqual(expected);
    expect(blocks).toBeGreaterThan(0);
    expect(source.keptBytes).toBe(0);
    expect(await read(source)).toEqual(expected);
    expect(readings()).toBe(2);
  });

  for (const limit of [0, 1000, COLUMN_BYTES - 1]) {
    it(`are none with a limit of ${limit} bytes, below what they take`, async () => {
      const { source, readings } = open(limit);
      expect(await read(source, { passing: true })).toEqual(expected);
      expect(source.keptBytes).toBe(0);
      expect(await read(source, { passing: true })).toEqual(expected);
      expect(readings()).toBe(2);
    });
  }

  it('are given back in the last reading, after which the file is read again', async () => {
    const { source, readings } = open();
    await blocksOf(source);
    expect(await read(source, { last: true })).toEqual(expected);
    expect(source.keptBytes).toBe(0);
    expect(readings()).toBe(1);
    expect(await read(source)).toEqual(expected);
    expect(readings()).toBe(2);
  });

  it('are not kept by a first reading that is the last', async () => {
    const { source } = open();
    expect(await read(source, { passing: true, last: true })).toEqual(expected);
    expect(source.keptBytes).toBe(0);
  });
});
