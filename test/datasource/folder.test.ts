import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ColumnBlock, ColumnPlan } from '../../src/datasource/block.js';
import { csvInput, type Input } from '../../src/datasource/input.js';
import { openLocation } from '../../src/datasource/location.js';
import { Rejections } from '../../src/datasource/rejections.js';
import { RowSelector } from '../../src/datasource/select.js';
import { splitter } from '../../src/datasource/split.js';
import { kernelModule } from '../../src/kernel/load.js';
import { inferSchema, type Progress, trainModel } from '../../src/node.js';
import { fixture } from '../helpers/cli.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'folder-test-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Write files into the folder; names may have folders of their own. */
async function put(files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  return folder;
}

const open = async (path: string): Promise<Input> => csvInput(await openLocation(path), kernelModule());

async function blocksOf(input: Input, plan: readonly ColumnPlan[], header = true): Promise<ColumnBlock[]> {
  const blocks: ColumnBlock[] = [];
  for await (const block of input.open(plan, header).read()) blocks.push(block);
  return blocks;
}

const numeric = (...names: string[]): ColumnPlan[] => names.map((name) => ({ name, kind: 'numeric' }));
const column = (blocks: readonly ColumnBlock[], name: string): number[] =>
  blocks.flatMap(({ columns }) => [...(columns.get(name) as Float64Array)]);

/** The lines of iris as files of a folder, each with the header. */
async function irisFiles(cuts: readonly number[]): Promise<Record<string, string>> {
  const [header, ...lines] = (await readFile(fixture('iris.csv'), 'utf8')).trim().split('\n');
  const edges = [0, ...cuts, lines.length];
  return Object.fromEntries(
    edges.slice(1).map((end, i) => [`part-${i}.csv`, [header, ...lines.slice(edges[i], end), ''].join('\n')]),
  );
}

describe('a folder as a location', () => {
  it('stands for its files and those of folders in it, sorted by path', async () => {
    await put({
      'b.csv': 'x\n1\n',
      'a/z.csv': 'x\n2\n',
      'a/b/c': 'x\n3\n',
      'a.csv': 'x\n4\n',
      B: 'x\n5\n',
      ä: 'x\n6\n',
    });
    const { files } = await openLocation(folder);
    expect(files.map(({ name }) => name.slice(folder.length + 1))).toEqual([
      'B',
      'a.csv',
      'a/b/c',
      'a/z.csv',
      'b.csv',
      'ä',
    ]);
  });

  it('leaves out hidden files and folders, and schemas', async () => {
    await put({ '.schema': '{}', 'a.csv.schema': '{}', '.hidden/b.csv': 'x\n', '.c.csv': 'x\n', 'a.csv': 'x\n1\n' });
    const { files } = await openLocation(folder);
    expect(files.map(({ name }) => name)).toEqual([join(folder, 'a.csv')]);
  });

  it('follows links once', async () => {
    await put({ 'sub/a.csv': 'x\n1\n' });
    await symlink(folder, join(folder, 'sub', 'again'));
    await symlink(join(folder, 'sub', 'a.csv'), join(folder, 'link.csv'));
    const { files } = await openLocation(folder);
    expect(files.map(({ name }) => name.slice(folder.length + 1))).toEqual(['link.csv', 'sub/a.csv']);
  });

  it('says that it is empty, missing, or holds a link to nothing', async () => {
    await put({ '.schema': '{}' });
    await expect(openLocation(folder)).rejects.toThrow(`${folder}: the folder holds no data`);
    await expect(openLocation(`${folder}/none/`)).rejects.toThrow(`${folder}/none/: no such folder`);
    await expect(openLocation(`${folder}/none`)).rejects.toThrow(`${folder}/none: no such file`);
    await symlink(join(folder, 'nothing'), join(folder, 'x.csv'));
    await expect(openLocation(folder)).rejects.toThrow('x.csv: no such file');
  });

  it('says that its files are all empty', async () => {
    await put({ 'a.csv': '', 'b.csv': '\n\n' });
    await expect(inferSchema(folder)).rejects.toThrow(`${folder}: no observations`);
  });
});

describe('the data of a folder', () => {
  it('is read file by file: headers skipped, lines and bytes counted per file, blocks named', async () => {
    await put({
      '1.csv': 'x,y\n1,2\n3,4\n',
      '2.csv': '\uFEFFx,y\r\n5,6',
      '3.csv': '',
      '4.gz': gzipSync('x,y\n\n7,8\n'),
    });
    const input = await open(folder);
    const blocks = await blocksOf(input, numeric('x', 'y'));
    expect(column(blocks, 'x')).toEqual([1, 3, 5, 7]);
    expect(blocks.map(({ source }) => source.slice(folder.length + 1))).toEqual(['1.csv', '2.csv', '4.gz']);
    expect(blocks.map(({ lines }) => [...lines])).toEqual([[2, 3], [2], [3]]);
    expect(blocks.map(({ byteOffsets }) => [...byteOffsets])).toEqual([[4, 8], [8], [5]]);
    expect(blocks.map(({ startOffset }) => startOffset)).toEqual([0, 12, 23]);
    expect(await input.open(numeric('x', 'y'), true).countRecords()).toBe(4);
  });

  it('can be read again with the same codes, and without headers', async () => {
    await put({ '1.csv': 'a\nb\n', '2.csv': 'b\nc\na\n' });
    const source = (await open(folder)).open([{ name: 'x', kind: 'categorical' }], false);
    for (let pass = 0; pass < 2; pass++) {
      const codes: number[] = [];
      for await (const { columns } of source.read()) codes.push(...(columns.get('x') as Uint32Array));
      expect(codes).toEqual([1, 2, 2, 3, 1]);
    }
  });

  it('names the file in errors and in examples of rejected observations', async () => {
    await put({ '1.csv': 'x,y\n1,2\n', '2.csv': 'x,y\n1,2,3\n' });
    const rejections = new Rejections();
    const selector = new RowSelector(undefined, () => true, rejections);
    for (const block of await blocksOf(await open(folder), numeric('x', 'y'))) selector.select(block);
    expect(rejections.examples).toEqual([`${join(folder, '2.csv')}, line 2: 3 fields where 2 are expected`]);
    await put({ '2.csv': Buffer.from('x,y\n1,\xff\n', 'latin1') });
    await expect(blocksOf(await open(folder), numeric('x', 'y'))).rejects.toThrow('2.csv, line 2, byte 3');
    await put({ '2.csv': gzipSync('x,y\n1,2\n').subarray(0, 20) });
    await expect(blocksOf(await open(folder), numeric('x', 'y'))).rejects.toThrow(
      '2.csv: the gzip data ends too early',
    );
  });

  it('splits into parts that hold every record once, however it is cut into files', async () => {
    const lines = Array.from({ length: 500 }, (_, i) => `${i}\n`);
    for (const cuts of [[], [1], [250], [100, 101, 400]]) {
      const edges = [0, ...cuts, 500];
      await rm(folder, { recursive: true });
      await put(
        Object.fromEntries(edges.slice(1).map((end, i) => [`${i}.csv`, `x\n${lines.slice(edges[i], end).join('')}`])),
      );
      const source = (await open(folder)).open(numeric('x'), true);
      const total = await source.countRecords();
      for (const strategy of ['sequential', 'random'] as const) {
        const parts: number[][] = [];
        for (let percentBegin = 0; percentBegin < 100; percentBegin += 25) {
          const split = { strategy, percentBegin, percentEnd: percentBegin + 25, complement: false, seed: 's' };
          const selector = new RowSelector(undefined, splitter(split, total), new Rejections());
          const part: number[] = [];
          for await (const block of source.read()) {
            const values = block.columns.get('x') as unknown as Float64Array;
            for (const row of selector.select(block)) part.push(values[row]);
          }
          parts.push(part);
        }
        if (strategy === 'sequential') expect(parts.flat()).toEqual(lines.map(Number));
        expect(parts.flat().sort((a, b) => a - b)).toEqual(lines.map(Number));
        expect(Math.min(...parts.map(({ length }) => length))).toBeGreaterThan(80);
      }
    }
  });

  it('draws different numbers for records at the same place of different files', async () => {
    const file = `x\n${Array.from({ length: 300 }, (_, i) => `${i}\n`).join('')}`;
    await put({ '1.csv': file, '2.csv': file });
    const split = { strategy: 'random', percentBegin: 0, percentEnd: 50, complement: false, seed: '' } as const;
    const selector = new RowSelector(undefined, splitter(split, undefined), new Rejections());
    const [first, second] = (await blocksOf(await open(folder), numeric('x'))).map((block) => [
      ...selector.select(block),
    ]);
    expect(first).not.toEqual(second);
  });
});

describe('headers of several files', () => {
  const schema = {
    dataFileContainsHeader: true,
    targetAttributeName: 'y',
    attributes: [
      { attributeName: 'x', attributeType: 'NUMERIC' },
      { attributeName: 'y', attributeType: 'BINARY' },
    ],
  };

  it('must agree with the schema, each by position', async () => {
    await put({ '1.csv': 'x,y\n1,0\n', '2.csv': 'y,x\n0,1\n' });
    await expect(trainModel({ data: folder, schema })).rejects.toMatchObject({
      message: `${join(folder, '2.csv')}: line 1, column 1: found the name 'y' where the schema has 'x'`,
      hint: "the names are the same in another order: list the schema's attributes in the order of the file: y, x",
    });
  });

  it('must be the same where the schema is inferred, and where a model reads them', async () => {
    await put({ '1.csv': 'x,y\n1,0\n3,1\n', '2.csv': 'x,z\n0,1\n' });
    const message = `${join(folder, '2.csv')}: line 1, column 2: found the name 'z' where ${join(folder, '1.csv')} has 'y'`;
    await expect(inferSchema(folder)).rejects.toThrow(message);
    await put({ '2.csv': 'x\n0\n' });
    await expect(inferSchema(folder)).rejects.toThrow('2.csv: line 1: the header has 1 column, that of');
    await put({ '2.csv': 'x,y\n0,1\n' });
    const model = await trainModel({ data: folder, schema });
    await put({ '2.csv': 'y,x\n0,1\n' });
    await expect(model.evaluate(folder)).rejects.toThrow("2.csv: line 1, column 1: found the name 'y' where");
  });
});

describe('a model', () => {
  const options = { target: 'species', split: { strategy: 'random' }, seed: '1' } as const;

  it('is the same, byte for byte, from a file and from a folder with that file', async () => {
    await put(await irisFiles([]));
    const alone = await trainModel({ ...options, data: fixture('iris.csv') });
    for (const data of [folder, `${folder}/`]) {
      const model = await trainModel({ ...options, data });
      expect(Buffer.compare(await model.encode(), await alone.encode())).toBe(0);
      expect(model.evaluation).toEqual(alone.evaluation);
    }
  });

  it('is the same from one file and from pieces of it, where the split is by order', async () => {
    await put(await irisFiles([10, 90]));
    const split = { strategy: 'sequential', trainPercent: 80 } as const;
    const whole = await trainModel({ ...options, split, data: fixture('iris.csv') });
    const pieces = await trainModel({ ...options, split, data: folder });
    expect(pieces.weights()).toEqual(whole.weights());
    expect(pieces.evaluation).toEqual(whole.evaluation);
    const [evaluation, expected] = [await pieces.evaluate(folder), await pieces.evaluate(fixture('iris.csv'))];
    // Sums are rounded in another order, since blocks end with their files.
    expect(evaluation).toEqual({ ...expected, logLoss: expect.closeTo(expected.logLoss!, 12) });
  });

  it('predicts a folder in order of its files', async () => {
    await put(await irisFiles([10, 90]));
    const model = await trainModel({ target: 'species', data: folder });
    const predict = async (data: string): Promise<string> => {
      let text = '';
      for await (const piece of model.predictBatch(data)) text += piece;
      return text;
    };
    expect(await predict(folder)).toBe(await predict(fixture('iris.csv')));
  });
});

describe('the schema of a folder', () => {
  const schema = (type: string): string =>
    JSON.stringify({
      dataFileContainsHeader: true,
      targetAttributeName: 'y',
      attributes: ['x', 'y'].map((attributeName, i) => ({ attributeName, attributeType: i === 0 ? type : 'BINARY' })),
    });
  const origin = async (data: string): Promise<string> => {
    let found = '';
    const onProgress = (progress: Progress): void => {
      if (progress.event === 'schema') found = `${progress.origin} ${progress.schema.attributes[0].attributeType}`;
    };
    await trainModel({ data, target: 'y', onProgress });
    return found;
  };

  it('is .schema in it; that of its only file; else inferred', async () => {
    await put({ 'a.csv': 'x,y\n1,0\n2,1\n' });
    expect(await origin(folder)).toBe('inferred from the first 2 observations NUMERIC');
    await put({ 'a.csv.schema': schema('BINARY') });
    expect(await origin(folder)).toBe(`${join(folder, 'a.csv.schema')} BINARY`);
    await put({ '.schema': schema('CATEGORICAL') });
    expect(await origin(`${folder}/`)).toBe(`${join(folder, '.schema')} CATEGORICAL`);
    await rm(join(folder, '.schema'));
    await put({ 'b.csv': 'x,y\n1,0\n2,1\n' });
    expect(await origin(folder)).toBe('inferred from the first 4 observations NUMERIC');
  });
});
