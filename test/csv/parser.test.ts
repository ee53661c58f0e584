import { table } from 'arquero';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openParser } from '../../src/csv/parser.js';
import { readCsv } from '../../src/csv/read.js';
import { InvalidInput } from '../../src/errors.js';
import { blocksOf, kernelModule, open, parse, parseWith, planOf, utf8 } from './parse.js';

const allKinds = planOf('numeric', 'binary', 'categorical', 'text', 'skip', 'skip', 'raw');

const tricky = [
  '1.5,yes,"a ""quoted"" value","two words",s,"skipped, field",raw text',
  '-12345678901234567890.5e-3, 0 ,"line 1',
  'line 2","ま\u3000う é",,,"r""r"',
  '',
  'not a number,maybe,c,d,e,f,g',
  'too,few',
  '"text"after,the,quote',
  '1,2,3,4,5,6,7,8',
  '"",,,,"","",""',
].join('\r\n');

async function* chunks(...parts: Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* parts;
}

describe('the size of chunks', () => {
  it('changes nothing, from one byte to the whole file', () => {
    const bytes = utf8(`\ufeffh1,h2\n${tricky}`);
    const whole = parse(allKinds, bytes, { header: true });
    expect(whole.rowCount).toBe(7);
    for (let chunkBytes = 1; chunkBytes < bytes.length; chunkBytes++) {
      expect(parse(allKinds, bytes, { header: true, chunkBytes })).toEqual(whole);
    }
  });
  it('changes nothing for random records, which come back as they were written', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r\n', ' ', 'é', '1'), maxLength: 12 });
    const record = fc.tuple(
      text,
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((x) => x + 0),
      text,
      fc.boolean(),
    );
    const quote = (value: string): string => `"${value.replaceAll('"', '""')}"`;
    fc.assert(
      fc.property(fc.array(record, { maxLength: 20 }), fc.integer({ min: 1, max: 50 }), (records, chunkBytes) => {
        const lines = records.map(([a, b, c, quoted]) => {
          const plain = !quoted && !/[",\n]/.test(c) && !c.endsWith('\r');
          return `${quote(a)},${b},${plain ? c : quote(c)}`;
        });
        const { columns, rejected } = parse(planOf('raw', 'numeric', 'categorical'), lines.join('\r\n'), {
          chunkBytes,
        });
        expect(rejected).toEqual(records.map(() => 0));
        expect(columns.a ?? []).toEqual(records.map(([a]) => a));
        expect(columns.b ?? []).toEqual(records.map(([, b]) => b));
        expect(columns.c ?? []).toEqual(records.map(([, , c]) => c));
      }),
      { numRuns: 300 },
    );
  });
  it('changes nothing wherever the input buffer ends in a record', () => {
    const inputBytes = 384 * 1024;
    const filler = `1,0,c,d,${'s'.repeat(99_000)},,g\n`;
    const fillerRows = 3;
    const expected = parse(allKinds, tricky);
    const restBytes = inputBytes - fillerRows * filler.length;
    for (let cut = 0; cut <= utf8(tricky).length; cut++) {
      const first = `1,0,c,d,${'s'.repeat(restBytes - cut - 12)},,g\n`;
      const before = utf8(first + filler.repeat(fillerRows));
      expect(before.length + cut).toBe(inputBytes);
      const { columns, issues, lines, byteOffsets, rejected } = parse(
        allKinds,
        `${first}${filler.repeat(fillerRows)}${tricky}`,
      );
      const rows = fillerRows + 1;
      expect(rejected.slice(rows)).toEqual(expected.rejected);
      expect(lines.slice(rows)).toEqual(expected.lines.map((line) => line + rows));
      expect(byteOffsets.slice(rows)).toEqual(expected.byteOffsets.map((offset) => offset + before.length));
      expect(issues).toEqual(
        expected.issues.map((issue) => issue.replace(/^\d+/, (row) => String(Number(row) + rows))),
      );
      for (const name of Object.keys(columns)) expect(columns[name].slice(rows)).toEqual(expected.columns[name]);
    }
  }, 30_000);
});

describe('blocks', () => {
  it('have the given number of rows, the last one the rest', () => {
    const file = Array.from({ length: 10 }, (_, i) => `${i},`).join('\n');
    expect(parse(planOf('numeric', 'text'), file, { blockSize: 4 }).blockRows).toEqual([4, 4, 2]);
    expect(parse(planOf('numeric', 'text'), file, { blockSize: 5 }).blockRows).toEqual([5, 5]);
  });
  it('end early when records are long, so that their size is bounded', () => {
    const { blockRows, rowCount } = parse(planOf('skip', 'numeric'), `${'x'.repeat(99_990)},1\n`.repeat(100));
    expect(rowCount).toBe(100);
    expect(Math.max(...blockRows)).toBeLessThan(50);
  });
  it('own their memory: later blocks do not change them', () => {
    const parser = open(planOf('numeric', 'categorical', 'text', 'binary'), { blockSize: 2 });
    const rows = Array.from({ length: 4000 }, (_, i) => `${i},value ${i},word${i} x,${i % 2}`);
    const blocks = [...blocksOf(parser, utf8(rows.join('\n')))];
    expect(blocks).toHaveLength(2000);
    expect([...(blocks[0].columns.get('a') as Float64Array)]).toEqual([0, 1]);
    expect([...(blocks[1].columns.get('b') as Uint32Array)]).toEqual([3, 4]);
    expect([...(blocks[1].columns.get('c') as Iterable<string>)]).toEqual(['word2 x', 'word3 x']);
    expect([...(blocks[1].columns.get('d') as Uint8Array)]).toEqual([0, 1]);
    expect([...blocks[1].lines, ...blocks[1].rejected]).toEqual([3, 4, 0, 0]);
  });
  it('have the columns of the plan in order, whatever their names', () => {
    const names = ['__proto__', '0', 'constructor', 'toString', ''];
    const plan = names.map((name) => ({ name, kind: 'numeric' as const }));
    const [block] = blocksOf(open([...plan, { name: 'skipped', kind: 'skip' }]), utf8('1,2,3,4,5,6\n'));
    expect([...block.columns.keys()]).toEqual(names);
    expect(Array.from(block.columns.values(), (column) => [...column])).toEqual([[1], [2], [3], [4], [5]]);
  });
  it('have columns that arquero takes as they are', () => {
    const plan = planOf('numeric', 'text', 'binary', 'raw', 'categorical');
    const [block] = blocksOf(open(plan), utf8('1.5,two words,1,x,red\n,,,,\n'));
    const made = table(block.columns);
    expect(made.objects()).toEqual([
      { a: 1.5, b: 'two words', c: 1, d: 'x', e: 1 },
      { a: Number.NaN, b: '', c: 2, d: '', e: 0 },
    ]);
    for (const [name, column] of block.columns) expect(made.column(name)).toBe(column);
  });
  it('count records when every column is skipped', () => {
    const { rowCount, rejected, lines } = parse(planOf('skip', 'skip'), '1,2\n"a\n"",",b\n3\n\n4,5');
    expect(rowCount).toBe(4);
    expect(rejected).toEqual([0, 0, 1, 0]);
    expect(lines).toEqual([1, 2, 4, 6]);
  });
  it('read as many columns as a schema may have, and more', () => {
    const kinds = ['numeric', 'skip', 'categorical', 'text', 'binary', 'raw'] as const;
    const plan = Array.from({ length: 1200 }, (_, i) => ({ name: `c${i}`, kind: kinds[i % 6] }));
    const { columns, issues } = parse(plan, `${plan.map((_, i) => (i % 6 === 4 ? i % 2 : i)).join(',')}\n`.repeat(3));
    expect(issues).toEqual([]);
    expect(columns.c1194).toEqual([1194, 1194, 1194]);
    expect(columns.c1199).toEqual(['1199', '1199', '1199']);
  });
  it('need a plan with columns of different names', () => {
    expect(() => open([])).toThrow('at least one column');
    expect(() => open([...planOf('raw'), ...planOf('raw')])).toThrow('same name');
    expect(open([...planOf('skip'), ...planOf('raw')])).toBeDefined();
  });
});

describe('reset', () => {
  it('begins again at line 1, byte 0 and the header, and keeps dictionaries and codes', () => {
    const parser = open(planOf('categorical', 'text'), { header: true });
    const first = [...blocksOf(parser, utf8('h,h\nred,a b\nblue,c\n'))];
    parser.reset('second.csv');
    const second = [...blocksOf(parser, utf8('h,h\nblue,b\ngreen,d a\n'))];
    expect([...(second[0].columns.get('a') as Uint32Array)]).toEqual([2, 3]);
    expect([...(second[0].columns.get('b') as { codes: Uint32Array }).codes]).toEqual([2, 4, 1]);
    expect([...second[0].lines, ...second[0].byteOffsets]).toEqual([2, 3, 4, 11]);
    expect(second[0].dictionaries.get('a')).toBe(first[0].dictionaries.get('a'));
    expect([first[0].source, second[0].source]).toEqual(['data.csv', 'second.csv']);
  });
  it('forgets a pass that was given up in the middle of a block, a long line, or an error', () => {
    const parser = open(planOf('numeric', 'raw'));
    const good = '1,a\nx,b\n';
    const expected = parse(planOf('numeric', 'raw'), good);
    for (const bad of ['1,2\nz,4', '3,"unclosed', `1,${'x'.repeat(500_000)}`, `1,2\n${'1,2\n'.repeat(200_000)}3`]) {
      for (const _ of parser.push(utf8(bad))) break;
      parser.reset();
      expect(parseWith(parser, good)).toEqual(expected);
      parser.reset();
    }
    expect(() => parseWith(parser, new Uint8Array([0x31, 0xff]))).toThrow(InvalidInput);
    parser.reset();
    expect(parseWith(parser, good)).toEqual(expected);
  });
  it('ends a pass that still goes on elsewhere with an error', async () => {
    const parser = open(planOf('numeric'), { blockSize: 1 });
    const first = readCsv(chunks(utf8('1\n2\n3\n')), parser);
    await first.next();
    const second = readCsv(chunks(utf8('4\n')), parser);
    expect((await second.next()).value?.rowCount).toBe(1);
    await expect(first.next()).rejects.toThrow('one parser per reader');
  });
});

describe('readCsv', () => {
  it('resets the parser and reads the chunks to the end, once per call', async () => {
    const parser = openParser(kernelModule, planOf('numeric', 'raw'), { header: true, source: 'x.csv' });
    for (let pass = 0; pass < 2; pass++) {
      const rows: unknown[] = [];
      for await (const { columns, rowCount } of readCsv(chunks(utf8('a,b\n1,'), utf8('x\n2'), utf8(',y')), parser)) {
        for (let row = 0; row < rowCount; row++) {
          rows.push(Array.from(columns, ([name, column]) => [name, column.at(row)]));
        }
      }
      expect(rows).toEqual([
        [
          ['a', 1],
          ['b', 'x'],
        ],
        [
          ['a', 2],
          ['b', 'y'],
        ],
      ]);
    }
  });
  it('keeps memory constant, however long the file', async () => {
    const parser = open(planOf('numeric', 'categorical', 'text'));
    const part = utf8('1.5,red,some words\n'.repeat(5000));
    async function* file(): AsyncGenerator<Uint8Array> {
      for (let i = 0; i < 100; i++) yield part;
    }
    let rows = 0;
    let before = 0;
    for await (const block of readCsv(file(), parser)) {
      rows += block.rowCount;
      before ||= parser.memoryBytes;
    }
    expect(rows).toBe(500_000);
    expect(parser.memoryBytes).toBe(before);
    expect(before).toBeLessThan(3 * 2 ** 20);
  });
});
