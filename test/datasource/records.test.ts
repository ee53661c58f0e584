import { desc, table } from 'arquero';
import { describe, expect, it } from 'vitest';
import type { ColumnBlock, ColumnPlan, TextColumn } from '../../src/datasource/block.js';
import { isTable, openRows, type Rows, rowsOfRecords, rowsOfTable } from '../../src/datasource/records.js';

const plan: ColumnPlan[] = [
  { name: 'n', kind: 'numeric' },
  { name: 'b', kind: 'binary' },
  { name: 'c', kind: 'categorical' },
  { name: 't', kind: 'text' },
  { name: 'r', kind: 'raw' },
  { name: 's', kind: 'skip' },
];

async function blocksOf(rows: Rows, columns: readonly ColumnPlan[] = plan): Promise<ColumnBlock[]> {
  const blocks: ColumnBlock[] = [];
  for await (const block of openRows(rows, columns, 'records').read()) blocks.push(block);
  return blocks;
}

describe('rows of objects', () => {
  const records = [
    { n: 1.5, b: true, c: 'x', t: 'two  words', r: 7 },
    { n: ' 2e3 ', b: 'No', c: 3, t: '', r: null },
    { n: null, b: undefined, c: '', t: null },
    { n: 'N/A', b: 'maybe', c: 'x', t: '\u00a0words\n', r: 'q' },
    { n: Number.POSITIVE_INFINITY, b: 1, c: false, t: 'x', r: '' },
  ];

  it('become typed columns', async () => {
    const [block] = await blocksOf(rowsOfRecords(records));
    expect([...block.columns.keys()]).toEqual(['n', 'b', 'c', 't', 'r']);
    expect(block.columns.get('n')).toEqual(Float64Array.of(1.5, 2000, Number.NaN, Number.NaN, Number.NaN));
    expect(block.columns.get('b')).toEqual(Uint8Array.of(1, 0, 2, 2, 1));
    const codes = block.columns.get('c') as unknown as Uint32Array;
    const dictionary = block.dictionaries.get('c');
    expect(Array.from(codes, (code) => dictionary?.text(code))).toEqual(['x', '3', '', 'x', 'false']);
    expect(codes[2]).toBe(0);
    expect([...(block.columns.get('t') as TextColumn)]).toEqual(['two words', '', '', 'words', 'x']);
    expect(block.columns.get('r')).toEqual(['7', '', '', 'q', '']);
  });

  it('tell which values do not fit their type', async () => {
    const [block] = await blocksOf(rowsOfRecords(records));
    expect(block.issues.map(({ row, attribute, text }) => [row, attribute, text])).toEqual([
      [3, 'n', 'N/A'],
      [4, 'n', 'Infinity'],
      [3, 'b', 'maybe'],
    ]);
  });

  it('keep codes from block to block and from reading to reading', async () => {
    const rows = rowsOfRecords(Array.from({ length: 10_000 }, (_, i) => ({ c: `v${i % 6000}` })));
    const source = openRows(rows, [{ name: 'c', kind: 'categorical' }], 'records');
    for (let reading = 0; reading < 2; reading++) {
      let row = 0;
      for await (const block of source.read()) {
        const codes = block.columns.get('c') as unknown as Uint32Array;
        for (const code of codes) expect(code).toBe((row++ % 6000) + 1);
      }
      expect(row).toBe(10_000);
    }
  });
});

describe('rows of an arquero table', () => {
  it('are told from other data by what the table can do', () => {
    expect(isTable(table({ n: [1] }))).toBe(true);
    for (const data of [null, undefined, 'data.csv', [{ n: 1 }], new Uint8Array(1), process.stdin, { columns: {} }]) {
      expect(isTable(data)).toBe(false);
    }
  });

  it('come filtered and in order', async () => {
    const data = table({ n: [1, 2, 3, 4], c: ['a', 'b', 'c', 'd'] });
    const shown = data.filter((d: { n: number }) => d.n > 1).orderby(desc('n'));
    const [block] = await blocksOf(
      rowsOfTable(shown),
      plan.filter(({ name }) => name === 'n' || name === 'c'),
    );
    expect(block.columns.get('n')).toEqual(Float64Array.of(4, 3, 2));
    expect(block.dictionaries.get('c')?.text(1)).toBe('d');
  });

  it('give typed arrays as they are, without infinities', async () => {
    const columns = [{ name: 'n', kind: 'numeric' as const }];
    const [block] = await blocksOf(rowsOfTable(table({ n: Float64Array.of(1, Number.NaN, 2) })), columns);
    expect(block.columns.get('n')).toEqual(Float64Array.of(1, Number.NaN, 2));
    const [odd] = await blocksOf(rowsOfTable(table({ n: Float64Array.of(1, Number.NEGATIVE_INFINITY) })), columns);
    expect(odd.columns.get('n')).toEqual(Float64Array.of(1, Number.NaN));
    expect(odd.issues).toHaveLength(1);
  });
});
