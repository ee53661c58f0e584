import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ColumnPlan } from '../../src/datasource/block.js';
import { open, parse, parseWith, planOf, utf8 } from './parse.js';
import { type ReferenceRecord, referenceRecords } from './reference.js';

const twoTexts = planOf('raw', 'raw');

function pairs(file: string): string[][] {
  const { columns, rowCount } = parse(twoTexts, file);
  return Array.from({ length: rowCount }, (_, row) => [String(columns.a[row]), String(columns.b[row])]);
}

describe('records', () => {
  it('are separated by LF or CRLF, also mixed in one file', () => {
    expect(pairs('1,2\n3,4\r\n5,6\n')).toEqual([
      ['1', '2'],
      ['3', '4'],
      ['5', '6'],
    ]);
  });
  it('may lack the last line end', () => {
    expect(pairs('1,2\n3,4')).toEqual([
      ['1', '2'],
      ['3', '4'],
    ]);
    expect(pairs('1,"2"')).toEqual([['1', '2']]);
  });
  it('hold fields in quotes with commas, line ends and doubled quotes', () => {
    expect(pairs('"a,b","say ""hi"""\n"line 1\r\nline 2",\n"""",""')).toEqual([
      ['a,b', 'say "hi"'],
      ['line 1\r\nline 2', ''],
      ['"', ''],
    ]);
  });
  it('take a quote inside an unquoted field as it stands', () => {
    expect(pairs('5"3,a "b" c\n "x",y""\n')).toEqual([
      ['5"3', 'a "b" c'],
      [' "x"', 'y""'],
    ]);
  });
  it('take a lone carriage return as it stands, also at the end of the file', () => {
    expect(pairs('a\rb,c\r\r\nd,e\r')).toEqual([
      ['a\rb', 'c\r'],
      ['d', 'e\r'],
    ]);
  });
  it('skip a byte order mark at the start of the file, and only there', () => {
    const { columns, byteOffsets } = parse(twoTexts, '\ufeffa,b\n\ufeffc,d\n');
    expect(columns.a).toEqual(['a', '\ufeffc']);
    expect(byteOffsets).toEqual([3, 7]);
  });
  it('do not come from an empty file, a byte order mark, or blank lines', () => {
    for (const file of ['', '\ufeff', '\n', '\r\n\n']) expect(parse(twoTexts, file).rowCount).toBe(0);
  });
  it('are not made of blank lines, which count as lines', () => {
    const { columns, lines, byteOffsets } = parse(twoTexts, '\n1,2\r\n\r\n\n3,4\n\n');
    expect(columns.a).toEqual(['1', '3']);
    expect(lines).toEqual([2, 5]);
    expect(byteOffsets).toEqual([1, 9]);
  });
  it('are made of blank lines when there is one column: its value is empty', () => {
    const { columns, lines } = parse(planOf('numeric'), '1\n\n\r\n4\n');
    expect(columns.a).toEqual([1, Number.NaN, Number.NaN, 4]);
    expect(lines).toEqual([1, 2, 3, 4]);
  });
  it('know their line and byte offset, line ends inside quotes included', () => {
    const { lines, byteOffsets } = parse(twoTexts, 'é,"1\n2\n3"\n4,5\n"6\r\n",7\n8,9');
    expect(lines).toEqual([1, 4, 5, 7]);
    expect(byteOffsets).toEqual([0, 11, 15, 23]);
  });
});

describe('skipped columns', () => {
  it('may hold quotes at any distance from the beginning of the record', () => {
    for (let width = 0; width < 40; width++) {
      const w = 'w'.repeat(width);
      for (const fields of [`${w},"x,\n""",y`, `"${w}","x,\n""",y`, `,${w}"x",y`]) {
        const file = `${fields},1\n${fields},2`;
        const { columns, lines, issues } = parse(planOf('skip', 'skip', 'skip', 'numeric'), file);
        expect({ width, values: columns.d, issues }).toEqual({ width, values: [1, 2], issues: [] });
        expect(lines).toEqual([1, fields.includes('\n') ? 3 : 2]);
      }
    }
  });
});

describe('a header', () => {
  it('is skipped once per file and counts as a line', () => {
    const { columns, lines, byteOffsets } = parse(twoTexts, 'a,b\nc,d\n', { header: true });
    expect(columns.a).toEqual(['c']);
    expect(lines).toEqual([2]);
    expect(byteOffsets).toEqual([4]);
  });
  it('may hold line ends in quotes, and follow a byte order mark and blank lines', () => {
    const { lines, columns } = parse(twoTexts, '\ufeff\n\r\n"a\nb",c\r\n1,2', { header: true });
    expect(columns.a).toEqual(['1']);
    expect(lines).toEqual([5]);
  });
  it('may be all there is', () => {
    for (const file of ['a,b', 'a,b\r\n', '']) expect(parse(twoTexts, file, { header: true }).rowCount).toBe(0);
  });
  it('whose quotes are broken is its first line', () => {
    expect(parse(twoTexts, '"a,b\n1,2\n', { header: true }).columns.a).toEqual(['1']);
  });
});

describe('a bad record', () => {
  it('has too few or too many fields', () => {
    const { rejected, issues } = parse(planOf('numeric', 'skip', 'text'), '1,2,3\n1,2\n1,2,3,4,"5\n6"\n7\n1,2,3\n');
    expect(rejected).toEqual([0, 1, 1, 1, 0]);
    expect(issues).toEqual([
      '1: 2 fields where 3 are expected',
      '2: 5 fields where 3 are expected',
      '3: 1 field where 3 are expected',
    ]);
    expect(parse(planOf('numeric'), '1,2').issues).toEqual(['0: 2 fields where 1 is expected']);
  });
  it('has text after a closing quote; reading goes on with the next line', () => {
    const { rejected, issues, lines } = parse(twoTexts, '"a"x,b\n"c\nd"e,f\n1,2\n"g" ,h\n');
    expect(issues).toEqual([
      '0: text after a closing quote',
      '1: text after a closing quote',
      '4: text after a closing quote',
    ]);
    expect(lines).toEqual([1, 2, 3, 4, 5]);
    expect(rejected).toEqual([1, 1, 0, 0, 1]);
  });
  it('has a quote that the file does not close; only its first line is lost', () => {
    const { columns, issues, lines } = parse(twoTexts, '1,2\n3,"4\n5,6\n7,8');
    expect(issues).toEqual(['1: a quote is not closed before the end of the file']);
    expect(columns.a).toEqual(['1', '', '5', '7']);
    expect(lines).toEqual([1, 2, 3, 4]);
  });
  it('is a row of missing values', () => {
    const plan = planOf('numeric', 'binary', 'categorical', 'text', 'raw');
    const { columns } = parse(plan, '1,1,x,y z,w\n2,1,x,y z,w,extra\n3,0,x,z,w\n');
    expect(columns).toEqual({
      a: [1, Number.NaN, 3],
      b: [1, 2, 0],
      c: ['x', '', 'x'],
      d: [['y', 'z'], [], ['z']],
      e: ['w', '', 'w'],
    });
  });
  it('reports neither its invalid values nor new dictionary values', () => {
    const parser = open(planOf('numeric', 'categorical', 'text'));
    const { issues, columns } = parseWith(parser, 'x,red,a b\nx,blue,c\n1,green,d e,\n"2"3,black,f\n4,blue,g\n');
    expect(issues).toEqual([
      '0 a: not a number "x"',
      '1 a: not a number "x"',
      '2: 4 fields where 3 are expected',
      '3: text after a closing quote',
    ]);
    const [block] = parser.end();
    expect(block).toBeUndefined();
    parser.reset();
    const [again] = [...parser.push(utf8('1,blue,g')), ...parser.end()];
    expect([...(again.columns.get('b') as Uint32Array)]).toEqual([2]);
    expect(again.dictionaries.get('b')?.size).toBe(3);
    expect(again.dictionaries.get('c')?.size).toBe(5);
    expect(columns.b).toEqual(['red', 'blue', '', '', 'blue']);
  });
  it('shows at most 80 characters of its first line', () => {
    const parser = open(planOf('raw', 'raw', 'raw'));
    const blocks = [...parser.push(utf8(`1,"${'é'.repeat(200)}\n"\r\nab\r\n`)), ...parser.end()];
    expect(blocks[0].issues[0].text).toBe(`1,"${'é'.repeat(76)}…`);
    expect(blocks[0].issues[1].text).toBe('ab');
  });
});

describe('the greatest length of a record, 102,400 bytes', () => {
  const limit = 102_400;
  it('does not count the line end', () => {
    for (const end of ['\n', '\r\n', '']) {
      const file = (bytes: number): string => `1,2\nx,${'y'.repeat(bytes - 2)}${end}`;
      expect(parse(twoTexts, file(limit)).rejected).toEqual([0, 0]);
      expect(parse(twoTexts, file(limit + 1)).issues).toEqual(['1: longer than 102,400 bytes']);
    }
  });
  it('holds for quoted fields, too; the first line is lost, and reading goes on with the next', () => {
    const line = `${'z'.repeat(99)}\n`;
    const fits = `"${line.repeat(1023)}${'z'.repeat(97)}",\n3,4\n`;
    expect(parse(twoTexts, fits).lines).toEqual([1, 1025]);
    const { issues, lines } = parse(twoTexts, fits.replace('z', 'zz'));
    expect(issues[0]).toBe('0: a quote is not closed within 102,400 bytes');
    expect(issues[1]).toBe('1: 1 field where 2 are expected');
    expect(lines).toEqual(Array.from({ length: 1025 }, (_, i) => i + 1));
  });
  it('is judged alike wherever the input buffer ends', () => {
    const bufferBytes = 384 * 1024;
    for (let cut = limit - 3; cut <= limit + 3; cut++) {
      const before = `${'b'.repeat(99_999)}\n`.repeat(2);
      const filler = `${'c'.repeat(bufferBytes - cut - before.length - 1)}\n`;
      for (const end of ['\n', '\r\n']) {
        const fits = `${before}${filler}${'x'.repeat(limit)}${end}y${end}`;
        expect(parse(planOf('categorical'), fits).issues).toEqual([]);
        const long = `${before}${filler}${'x'.repeat(limit + 1)}${end}y${end}`;
        expect(parse(planOf('categorical'), long).issues).toEqual(['3: longer than 102,400 bytes']);
      }
    }
  });
  it('is exceeded before what comes later counts: other fields, text after a quote', () => {
    const inner = `${'x'.repeat(99)}\n`.repeat(1100);
    for (const rest of ['"z,1\n', '",1,2,3\n', '"\n']) {
      const { issues, lines } = parse(twoTexts, `"${inner}${rest}5,6`);
      expect(issues[0]).toBe('0: a quote is not closed within 102,400 bytes');
      expect(lines.at(-1)).toBe(1102);
    }
    expect(parse(twoTexts, `"${'x'.repeat(110_000)}"z,1\n5,6`).issues).toEqual(['0: longer than 102,400 bytes']);
  });
  it('bounds what an unclosed quote costs', () => {
    const rows = Array.from({ length: 20_000 }, (_, i) => `${i},value ${i}`);
    rows[7] = '7,"value 7';
    const { issues, columns, rowCount } = parse(twoTexts, rows.join('\n'));
    expect(issues).toEqual(['7: a quote is not closed within 102,400 bytes']);
    expect(rowCount).toBe(20_000);
    expect(columns.a[19_999]).toBe('19999');
  });
  it('lets a line of several megabytes pass, as one bad record', () => {
    const { issues, lines, byteOffsets } = parse(twoTexts, `1,2\n${'long,'.repeat(500_000)}\n3,4\n`, {
      chunkBytes: 65_536,
    });
    expect(issues).toEqual(['1: longer than 102,400 bytes']);
    expect(lines).toEqual([1, 2, 3]);
    expect(byteOffsets).toEqual([0, 4, 2_500_005]);
  });
});

describe('any bytes of commas, quotes, line ends and text', () => {
  const piece = fc.constantFrom(
    ',',
    ',',
    '"',
    '"',
    '""',
    '\n',
    '\r\n',
    '\r',
    'a',
    'bc',
    ' ',
    '1',
    'long text of words',
  );
  const file = fc.array(piece, { maxLength: 40 }).map((parts) => parts.join(''));
  const whole = (records: readonly ReferenceRecord[]) => ({
    lines: records.map(({ line }) => line),
    byteOffsets: records.map(({ offset }) => offset),
    issues: records.flatMap(({ reason }, row) => (reason === undefined ? [] : [`${row}: ${reason}`])),
  });

  it('give the records of a plain scan over the string', () => {
    fc.assert(
      fc.property(file, fc.integer({ min: 1, max: 4 }), (text, fieldCount) => {
        const records = referenceRecords(text, fieldCount);
        const plan = planOf(...new Array<'raw'>(fieldCount).fill('raw'));
        const { columns, lines, byteOffsets, issues } = parse(plan, text);
        expect({ lines, byteOffsets, issues }).toEqual(whole(records));
        plan.forEach(({ name }, i) => {
          expect(columns[name] ?? []).toEqual(records.map(({ fields }) => fields?.[i] ?? ''));
        });
      }),
      { numRuns: 1500 },
    );
  });
  it('are judged alike whatever the kinds of the columns', () => {
    const kind = fc.constantFrom('numeric', 'binary', 'categorical', 'text', 'raw', 'skip');
    fc.assert(
      fc.property(file, fc.array(kind, { minLength: 1, maxLength: 5 }), (text, kinds) => {
        const plan: ColumnPlan[] = planOf(...(kinds as ColumnPlan['kind'][]));
        const { lines, byteOffsets, issues } = parse(plan, text);
        const records = issues.filter((issue) => /^\d+:/.test(issue));
        expect({ lines, byteOffsets, issues: records }).toEqual(whole(referenceRecords(text, kinds.length)));
      }),
      { numRuns: 1500 },
    );
  });
});

describe('records that are read several at a time', () => {
  const kinds = ['numeric', 'binary', 'categorical', 'text', 'raw', 'numeric'] as const;
  const record = fc.tuple(
    fc.constantFrom('1', '-2.5', 'x', ' ', '', '123456789012345678', '12345678901234567890123456', '1e400', '7'),
    fc.constantFrom('0', '1', 'yes', 'maybe', ''),
    fc.constantFrom('', 'a', 'bcdefgh', 'ijklmnop', 'qrstuvwxy', 'a text of seventeen', 'é', '"q""u"'),
    fc.constantFrom('', 'one', 'one two', ' two  three four five six seven'),
    fc.constantFrom('', 'r', 'raw text'),
    fc.constantFrom('0.5', 'no', '3', '', '99999999.25'),
  );
  const lines = fc.array(
    fc.oneof({ weight: 20, arbitrary: record }, { weight: 1, arbitrary: fc.constant(['short']) }),
    {
      maxLength: 120,
    },
  );
  const ends = fc.constantFrom('\n', '\r\n', '\n\n');

  it('give the same as read one at a time, with what is wrong in order of rows and columns', () => {
    const plan = planOf(...kinds);
    fc.assert(
      fc.property(lines, ends, (records, end) => {
        const text = records.map((fields) => fields.join(',') + end).join('');
        // A record in quotes is read by itself.
        const quoted = records.map((fields) => fields.map(inQuotes).join(',') + end).join('');
        const { columns, issues, rejected, lines: places } = parse(plan, quoted);
        const together = parse(plan, text);
        expect(together).toMatchObject({ columns, rejected, lines: places });
        expect(together.issues.map(withoutText)).toEqual(issues.map(withoutText));
      }),
      { numRuns: 300 },
    );
  });
});

const inQuotes = (field: string): string => (field.startsWith('"') ? field : `"${field}"`);

/** The text of a rejected record differs in its quotes. */
const withoutText = (issue: string): string => issue.replace(/ ".*$/, '');
