import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blocksOf, open, parse, parseWith, planOf, utf8 } from './parse.js';

describe('BINARY values', () => {
  it('are 0 n no f false and 1 y yes t true, in any case, white space around them ignored', () => {
    const spellings = { '0': 0, n: 0, NO: 0, F: 0, fALSE: 0, '1': 1, Y: 1, Yes: 1, t: 1, TRUE: 1 };
    const around = [(s: string) => s, (s: string) => ` ${s}\t`, (s: string) => `"${s}"`, (s: string) => `"\n${s} "`];
    for (const wrap of around) {
      const texts = Object.keys(spellings).map(wrap);
      const { columns, issues } = parse(planOf('binary', 'skip'), texts.map((text) => `${text},`).join('\r\n'));
      expect(columns.a).toEqual(Object.values(spellings));
      expect(issues).toEqual([]);
    }
  });
  it('are missing (2) when the field is empty or white space, which is no issue', () => {
    expect(parse(planOf('skip', 'binary'), ',\n, \n,""\n,"\t"')).toMatchObject({
      columns: { b: [2, 2, 2, 2] },
      issues: [],
    });
  });
  it('are invalid otherwise: missing, and an issue that quotes the text', () => {
    const texts = ['2', '00', '-1', 'yess', 'ye', 'none', '\u0010', 'N0', 'falsey', '1.0', 'ja', 'o'];
    const { columns, issues } = parse(planOf('binary'), texts.join('\n'));
    expect(columns.a).toEqual(texts.map(() => 2));
    const reason = 'not a BINARY value (0, n, no, f, false, 1, y, yes, t, true)';
    expect(issues).toEqual(texts.map((text, row) => `${row} a: ${reason} "${text}"`));
  });
  it('quote an invalid text of more than 80 characters cut to 80, quotes undoubled', () => {
    const [issue] = parse(planOf('binary'), `"${'""'.repeat(300)}"`).issues;
    expect(issue.endsWith(`"${'"'.repeat(79)}…"`)).toBe(true);
  });
});

describe('CATEGORICAL values', () => {
  it('keep their text as it stands; quotes are undone', () => {
    const { columns } = parse(
      planOf('categorical', 'skip'),
      ' a ,\n"b""c, ",\nÜber straße,\n\u00a0,\n\ufeffz,\r\nx\ry,\n',
    );
    expect(columns.a).toEqual([' a ', 'b"c, ', 'Über straße', '\u00a0', '\ufeffz', 'x\ry']);
  });
  it('are numbered from 1 in order of appearance; the empty field is 0', () => {
    const [block] = blocksOf(open(planOf('categorical')), utf8('red\n""\nblue\nred\n\n"blue"\n'));
    expect([...(block.columns.get('a') as Uint32Array)]).toEqual([1, 0, 2, 1, 0, 2]);
    const dictionary = block.dictionaries.get('a')!;
    expect([dictionary.size, dictionary.text(0), dictionary.text(1), dictionary.text(2)]).toEqual([
      3,
      '',
      'red',
      'blue',
    ]);
    expect(() => dictionary.text(3)).toThrow(RangeError);
  });
  it('are told apart by every byte: lengths around those of a machine word, prefixes, shared hashes', () => {
    const texts: string[] = [];
    for (let length = 1; length <= 40; length++) {
      for (let at = 0; at < length; at++) texts.push(`${'a'.repeat(at)}b${'a'.repeat(length - at - 1)}`);
      texts.push('a'.repeat(length), `${'a'.repeat(length)}\0`);
    }
    const { columns } = parse(planOf('categorical'), [...texts, ...texts].join('\n'));
    expect(columns.a).toEqual([...texts, ...texts]);
  });
  it('may be of many thousand kinds and up to the length of a record', () => {
    const texts = Array.from({ length: 150_000 }, (_, i) => `value-${(i * 7919) % 100_003}`);
    texts[1000] = 'x'.repeat(100_000);
    texts[140_000] = 'y'.repeat(100_000);
    const parser = open(planOf('categorical', 'categorical'));
    const { columns } = parseWith(parser, texts.map((text, i) => `${text},${i % 3}`).join('\n'));
    expect(columns.a).toEqual(texts);
    parser.reset();
    const [block] = blocksOf(parser, utf8('value-0,1\n'));
    expect([...(block.columns.get('a') as Uint32Array)]).toEqual([1]);
    expect(block.dictionaries.get('a')?.size).toBe(new Set(texts).size + 1);
  });
  it('take no code from records that are rejected while the dictionary grows', () => {
    const rows = Array.from({ length: 30_000 }, (_, i) => (i % 2 ? `good-${i},1` : `bad-${i},1,1`));
    const [first] = [...blocksOf(open(planOf('categorical', 'categorical')), utf8(rows.join('\n')))].slice(-1);
    const dictionary = first.dictionaries.get('a')!;
    expect(dictionary.size).toBe(15_001);
    for (const code of [1, 2, 7_500, 15_000]) expect(dictionary.text(code)).toBe(`good-${2 * code - 1}`);
  });
});

describe('TEXT values', () => {
  it('are white-space tokens, repeated ones repeated, numbered from 1 in order of appearance', () => {
    const [block] = blocksOf(open(planOf('text')), utf8('the cat  the\tmat\n"  "\n\ncat dog\n'));
    const column = block.columns.get('a') as unknown as { offsets: Uint32Array; codes: Uint32Array };
    expect([...column.offsets]).toEqual([0, 4, 4, 4, 6]);
    expect([...column.codes]).toEqual([1, 2, 1, 3, 2, 4]);
    expect(block.dictionaries.get('a')?.text(3)).toBe('mat');
  });
  it('split on exactly the characters of \\s in JavaScript', () => {
    const isSurrogate = (code: number): boolean => code >= 0xd800 && code <= 0xdfff;
    const characters = Array.from({ length: 0x11000 }, (_, code) => code)
      .filter((code) => !isSurrogate(code))
      .map((code) => String.fromCodePoint(code));
    const file = characters.map((c) => `"a${c === '"' ? '""' : c}b"`).join('\n');
    const { columns } = parse(planOf('text'), file);
    const splits = characters.filter((_, i) => (columns.a[i] as string[]).length === 2);
    expect(splits).toEqual(characters.filter((c) => /\s/u.test(c)));
    expect(splits).toHaveLength(25); // ECMAScript 2023: 21 white space characters and 4 line terminators
  });
  it('split like text.split(/\\s+/u)', () => {
    const unit = fc.oneof(
      {
        weight: 3,
        arbitrary: fc.constantFrom(' ', '\t', '\n', '\u00a0', '\u1680', '\u2003', '\u2028', '\u3000', '\ufeff'),
      },
      {
        weight: 3,
        arbitrary: fc.constantFrom('a', 'word', 'é', 'ま', 'ñandú', '\u200b', '\u2060', '\u00a1', '😀', '"', ','),
      },
      { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
    );
    const text = fc.array(unit, { maxLength: 30 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 20 }), (values) => {
        const file = values.map((value) => `,"${value.replaceAll('"', '""')}"`).join('\n');
        const expected = values.map((value) => value.split(/\s+/u).filter((word) => word !== ''));
        expect(parse(planOf('skip', 'text'), file).columns.b).toEqual(expected);
      }),
      { numRuns: 200 },
    );
  });
  it('may have any number of tokens in a record and in a block', () => {
    const words = Array.from({ length: 50_000 }, (_, i) => String.fromCharCode(97 + (i % 26)));
    const { columns } = parse(planOf('text'), `${words.join(' ')}\n`.repeat(5));
    expect(columns.a).toEqual(new Array(5).fill(words));
  });
});

describe('raw values', () => {
  it('are the strings of the fields, quotes undone, nothing trimmed', () => {
    const { columns } = parse(
      planOf('raw', 'raw'),
      ' 1 ,"a ""b"""\n007,\nñandú – a text of more than 24 bytes,\ufeff😀\n',
    );
    expect(columns).toEqual({
      a: [' 1 ', '007', 'ñandú – a text of more than 24 bytes'],
      b: ['a "b"', '', '\ufeff😀'],
    });
  });
  it('may be more than the kernel notes at a time', () => {
    const rows = Array.from({ length: 20_000 }, (_, i) => `${i},x${i}`);
    expect(parse(planOf('raw', 'raw'), rows.join('\n')).columns.b).toEqual(
      rows.map((row) => row.split(',')[1].toString()),
    );
  });
});
