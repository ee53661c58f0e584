import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ByteSource } from '../../src/datasource/bytes.js';
import { sampleCsv } from '../../src/datasource/csv-sample.js';
import { isNumberSample, type SampleColumn, sampleOfTexts } from '../../src/datasource/sample-column.js';
import { looksLikeHeader } from '../../src/schema/header.js';
import { inferSchema } from '../../src/schema/infer.js';
import { kernelModule } from '../csv/parse.js';

const repeat = <T>(count: number, of: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => of(i));

function fileOf(text: string, name = 'data.csv'): ByteSource {
  const bytes = new TextEncoder().encode(text);
  async function* open(): AsyncGenerator<Uint8Array> {
    yield bytes;
  }
  return { name, sizeInBytes: bytes.length, compressed: false, open };
}

const quoted = (text: string): string => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** The sample of files with these columns of texts, rows in turn: the first half in one file, the rest in the other. */
function sampleOf(
  columns: readonly (readonly string[])[],
  header: boolean,
  fileCount: number,
): Promise<SampleColumn[]> {
  const names = columns.map((_, i) => `x${i}`);
  const rows = columns[0].map((_, row) => columns.map((column) => quoted(column[row])).join(','));
  const share = Math.ceil(rows.length / fileCount);
  const files = repeat(fileCount, (i) => {
    const lines = [...(header ? [names.join(',')] : []), ...rows.slice(i * share, (i + 1) * share)];
    return fileOf(lines.map((line) => `${line}\n`).join(''), `${i}.csv`);
  });
  return sampleCsv({ name: 'data', files }, names, header, kernelModule);
}

const rare = (usual: fc.Arbitrary<string>, ...others: string[]): fc.Arbitrary<string> =>
  fc.oneof({ weight: 150, arbitrary: usual }, { weight: 1, arbitrary: fc.constantFrom(...others) });
const decimal = fc
  .tuple(fc.integer({ min: -9999, max: 9999 }), fc.nat(4))
  .map(([x, places]) => (x / 100).toFixed(places));
const whole = fc.nat(40).map(String);
const value: fc.Arbitrary<fc.Arbitrary<string>> = fc.constantFrom(
  decimal,
  whole,
  rare(decimal, '', ' ', '007', '-05', '1e3', '.5', '5.', ' 7 ', '-999'),
  rare(decimal, 'NA', '?', 'broken', '1e999', '\u00a05', '\u00a0', '0x1F'),
  rare(whole, '007', '', 'x'),
  rare(fc.constantFrom('0', '1'), '2', '', 'y', '1.0', '-0'),
  fc.constantFrom('y', 'N', ' y'),
  fc.constantFrom('0', '-0', '0.0', '1'),
  fc.constantFrom('red', 'blue "x"', 'a, b', '', 'é\u00a0'),
  fc.array(fc.constantFrom('the', 'cat', 'über\u00a0'), { maxLength: 8 }).map((words) => words.join(' ')),
  fc.uuid(),
);
const table = fc
  .tuple(fc.integer({ min: 1, max: 300 }), fc.array(value, { minLength: 1, maxLength: 5 }))
  .chain(([rowCount, columns]) => {
    return fc.tuple(...columns.map((column) => fc.array(column, { minLength: rowCount, maxLength: rowCount })));
  })
  // A blank line is no record.
  .map((columns) => (columns.length > 1 ? columns : [...columns, columns[0].map(() => 'z')]));

describe('the sample of a CSV file', () => {
  it('gives the schema and the reasons that its texts give', async () => {
    await fc.assert(
      fc.asyncProperty(
        table,
        fc.boolean(),
        fc.constantFrom(1, 2),
        fc.boolean(),
        async (columns, header, files, targeted) => {
          const sample = await sampleOf(columns, header, Math.min(files, columns[0].length));
          const texts = columns.map(sampleOfTexts);
          const names = columns.map((_, i) => (i === 0 ? 'id' : `x${i}`));
          const options = targeted ? { target: names[1] } : {};
          expect(outcome(() => inferSchema(names, sample, options))).toEqual(
            outcome(() => inferSchema(names, texts, options)),
          );
          for (const fields of [names, columns.map((column) => column[0])]) {
            expect(looksLikeHeader(fields, sample)).toBe(looksLikeHeader(fields, texts));
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it('holds numbers where there is nothing else', async () => {
    const [x, n, empty] = await sampleOf(
      [repeat(200, (i) => `${i / 4}`), repeat(200, String), repeat(200, () => '')],
      true,
      1,
    );
    expect(x).toEqual({ rowCount: 200, numbers: Float64Array.from(repeat(200, (i) => i / 4)) });
    expect(n).toEqual({ rowCount: 200, numbers: Float64Array.from(repeat(200, (i) => i)) });
    expect(empty).toEqual(sampleOfTexts(repeat(200, () => '')));
  });

  it.each([
    ['a word', 'word'],
    ['a number with leading zeros', '007'],
    ['a number too large', '1e999'],
    ['white space that is not of ASCII', '\u00a0'],
  ])('holds texts where far behind %s stands among numbers', async (_, text) => {
    const texts = repeat(200, (i) => (i === 150 ? text : `${i}`));
    expect(await sampleOf([texts, repeat(200, String)], false, 1)).toEqual([
      sampleOfTexts(texts),
      text === '007' ? sampleOfTexts(repeat(200, String)) : { rowCount: 200, numbers: expect.any(Float64Array) },
    ]);
  });

  it('holds texts where all numbers are 0 or 1', async () => {
    const texts = repeat(100, (i) => (i < 70 ? '' : `${i % 2}`));
    expect(await sampleOf([texts, repeat(100, () => 'a')], true, 1)).toEqual(
      [texts, repeat(100, () => 'a')].map(sampleOfTexts),
    );
  });

  it('leaves out records that cannot be read, and rows after the first 10,000', async () => {
    const line = (i: number): string => (i % 100 === 3 ? `${i}\n` : `${i},${i % 3 === 0 ? 'a' : 'b'}\n`);
    const file = fileOf(repeat(20_000, line).join(''));
    const [x, letter] = await sampleCsv({ name: 'data', files: [file] }, ['x', 'letter'], false, kernelModule);
    const kept = repeat(20_000, (i) => i).filter((i) => i % 100 !== 3);
    expect(isNumberSample(x) && [...x.numbers]).toEqual(kept.slice(0, 10_000));
    expect(letter).toEqual(sampleOfTexts(kept.slice(0, 10_000).map((i) => (i % 3 === 0 ? 'a' : 'b'))));
  });

  it('names the first record that cannot be read when none can', async () => {
    const sampled = sampleCsv({ name: 'data', files: [fileOf('a\n1,2,3\n')] }, ['x', 'y'], true, kernelModule);
    await expect(sampled).rejects.toThrow('data: no observation can be read; line 2: 3 fields where 2 are expected');
  });
});

function outcome(action: () => unknown): unknown {
  try {
    return action();
  } catch (error) {
    return String(error);
  }
}
