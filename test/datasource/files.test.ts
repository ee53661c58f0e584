import { mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ByteSource, readPrefix } from '../../src/datasource/bytes.js';
import { openFile, spool, writeWhole } from '../../src/datasource/files.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'files-test-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function textOf(source: ByteSource): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of source.open()) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

async function fileWith(content: string | Uint8Array): Promise<string> {
  const path = join(folder, 'data.csv');
  await writeFile(path, content);
  return path;
}

describe('openFile', () => {
  it('can be read again and again', async () => {
    const source = await openFile(await fileWith('a,b\n1,2\n'));
    expect(await textOf(source)).toBe('a,b\n1,2\n');
    expect(await textOf(source)).toBe('a,b\n1,2\n');
    expect(source.sizeInBytes).toBe(8);
  });

  it('says that the file became shorter while it was read', async () => {
    const path = await fileWith('x'.repeat(3 << 20));
    const source = await openFile(path);
    const reading = async (): Promise<void> => {
      for await (const _ of source.open()) await truncate(path, 1 << 20);
    };
    await expect(reading()).rejects.toThrow('became shorter');
    expect(await textOf(source)).toHaveLength(1 << 20);
  });

  it('unpacks gzip by its content, whatever the name', async () => {
    expect(await textOf(await openFile(await fileWith(gzipSync('a\n1\n'))))).toBe('a\n1\n');
  });

  it('unpacks all members of a gzip file', async () => {
    const members = Buffer.concat([gzipSync('a\n'), gzipSync('1\n')]);
    expect(await textOf(await openFile(await fileWith(members)))).toBe('a\n1\n');
  });

  it('says that gzip data is cut short', async () => {
    const whole = gzipSync('a\n1\n'.repeat(1000));
    const source = await openFile(await fileWith(whole.subarray(0, whole.length - 12)));
    await expect(textOf(source)).rejects.toThrow('data.csv: the gzip data ends too early');
  });

  it('says that gzip data is damaged', async () => {
    const whole = gzipSync('a\n1\n'.repeat(1000));
    whole[20] ^= 0xff;
    await expect(textOf(await openFile(await fileWith(whole)))).rejects.toThrow('data.csv: the gzip data is damaged');
  });

  it('says that there is no such file, or that it is a folder', async () => {
    await expect(openFile(join(folder, 'none.csv'))).rejects.toThrow('none.csv: no such file');
    await expect(openFile(folder)).rejects.toThrow('is a folder');
  });

  it('reads a prefix without reading the rest', async () => {
    const source = await openFile(await fileWith('x'.repeat(1_000_000)));
    const { bytes, whole } = await readPrefix(source, 10);
    expect(bytes.length).toBeGreaterThanOrEqual(10);
    expect(bytes.length).toBeLessThan(1_000_000);
    expect(whole).toBe(false);
    expect((await readPrefix(await openFile(await fileWith('short')), 10)).whole).toBe(true);
  });

  it.each([
    ['plain', (bytes: Uint8Array) => bytes],
    ['packed', (bytes: Uint8Array) => gzipSync(bytes)],
  ])('reads a prefix of many chunks of a %s file as it stands there', async (_, pack) => {
    const bytes = Buffer.from(Array.from({ length: 500_000 }, (_, i) => `${i}\n`).join(''));
    const source = await openFile(await fileWith(pack(bytes)));
    const prefix = await readPrefix(source, 3_000_000);
    expect(prefix.whole).toBe(false);
    expect(prefix.bytes.length).toBeGreaterThanOrEqual(3_000_000);
    expect(bytes.subarray(0, prefix.bytes.length).equals(prefix.bytes)).toBe(true);
    const all = await readPrefix(source, bytes.length + 1);
    expect(all.whole).toBe(true);
    expect(bytes.equals(all.bytes)).toBe(true);
  });
});

describe('spool', () => {
  it('makes a stream readable more than once and removes its copy', async () => {
    const source = await spool(Readable.from([Buffer.from('a\n'), Buffer.from('1\n')]), 'input');
    expect(await textOf(source)).toBe('a\n1\n');
    expect(await textOf(source)).toBe('a\n1\n');
    await source.close?.();
    await expect(textOf(source)).rejects.toThrow('input: no such file');
  });

  it('takes web streams and recognises gzip in them', async () => {
    const source = await spool(new Blob([gzipSync('a\n1\n')]).stream(), 'input');
    expect(await textOf(source)).toBe('a\n1\n');
    await source.close?.();
  });

  it('refuses a stream of something else than bytes', async () => {
    await expect(spool(Readable.from([{ a: 1 }]), 'input')).rejects.toThrow('the stream gave object instead of bytes');
  });
});

describe('writeWhole', () => {
  it('leaves the old file as it was when writing fails, and nothing beside it', async () => {
    const path = await fileWith('old');
    async function* failing(): AsyncGenerator<string> {
      yield 'new';
      throw new Error('stopped');
    }
    await expect(writeWhole(path, failing())).rejects.toThrow('stopped');
    expect(await readFile(path, 'utf8')).toBe('old');
    expect(await readdir(folder)).toEqual(['data.csv']);
  });

  it('replaces the file and leaves nothing beside it', async () => {
    const path = await fileWith('old');
    await writeWhole(path, ['new ', new TextEncoder().encode('text')]);
    expect(await readFile(path, 'utf8')).toBe('new text');
    expect(await readdir(folder)).toEqual(['data.csv']);
  });

  it('names a folder that is missing, or a path that is a folder', async () => {
    await expect(writeWhole(join(folder, 'no', 'file'), ['x'])).rejects.toThrow('no such folder');
    await mkdir(join(folder, 'sub'));
    await expect(writeWhole(join(folder, 'sub'), ['x'])).rejects.toThrow('is a folder');
  });

  it('writes to a device without replacing it', async () => {
    await writeWhole('/dev/null', ['x']);
    expect(await readFile('/dev/null', 'utf8')).toBe('');
  });

  it('says that the disk is full', async () => {
    await expect(writeWhole('/dev/full', ['x'.repeat(100_000)])).rejects.toThrow('/dev/full: the disk is full');
  });
});
