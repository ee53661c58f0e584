import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { open, type ParseOptions, parse, parseWith, planOf } from './parse.js';

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/** What a NUMERIC field without quotes is worth. */
function worth(field: string): number {
  const text = field.replace(/^[\t-\r ]+|[\t-\r ]+$/g, '');
  const value = DECIMAL.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(value) ? value : Number.NaN;
}

/** Records of so many NUMERIC fields each, as columns. */
function numericColumns(records: readonly (readonly string[])[], end = '\n', options: ParseOptions = {}): unknown {
  const plan = records[0].map((_, i) => ({ name: `c${i}`, kind: 'numeric' as const }));
  const { columns, rejected } = parse(plan, records.map((fields) => fields.join(',') + end).join(''), options);
  expect(rejected).toEqual(records.map(() => 0));
  return columns;
}

function expectNumbers(records: readonly (readonly string[])[], end?: string, options?: ParseOptions): void {
  const expected = records[0].map((_, i) => [`c${i}`, records.map((fields) => worth(fields[i]))]);
  expect(numericColumns(records, end, options)).toEqual(Object.fromEntries(expected));
}

const DIGITS = '9876543210123456789012345';

/** Digits of a length, and those with a point in every place; with and without a minus. */
function decimals(length: number): string[] {
  const digits = DIGITS.slice(0, length);
  const all = [digits, `0${digits.slice(1)}`];
  for (let at = 0; at < length; at++) all.push(`${digits.slice(0, at)}.${digits.slice(at, length - 1)}`);
  return all.flatMap((text) => [text, `-${text}`]);
}

describe('NUMERIC fields between known delimiters', () => {
  it('have any length and the point anywhere, alone in a record or among others, before either line end', () => {
    for (let length = 1; length <= 25; length++) {
      const texts = decimals(length);
      for (const end of ['\n', '\r\n']) {
        expectNumbers(
          texts.map((text) => [text]),
          end,
        );
        expectNumbers(
          texts.map((text) => ['1', text]),
          end,
        );
        expectNumbers(
          texts.map((text) => [text, '-2.5', text, '']),
          end,
        );
      }
    }
  });
  it('are judged as a whole: a byte that does not belong there is found in any place', () => {
    for (let length = 1; length <= 25; length++) {
      const plain = [DIGITS.slice(0, length), `${DIGITS[0]}.${DIGITS.slice(1)}`.slice(0, length)];
      for (const byte of ['+', '-', '.', '/', ':', ' ', '\x01', 'e', 'E', '\r', '\t', '\x7f', 'é', '０']) {
        const texts: string[] = [];
        for (const text of plain) {
          for (let at = 0; at <= text.length; at++) {
            texts.push(text.slice(0, at) + byte + text.slice(at), text.slice(0, at) + byte + text.slice(at + 1));
          }
        }
        expectNumbers(texts.map((text) => [text, '7']));
      }
    }
  });
  it('are missing without an issue when they are empty, wherever they stand', () => {
    const records = Array.from({ length: 64 }, (_, bits) =>
      Array.from({ length: 6 }, (_, i) => ((bits >> i) & 1 ? `${i}.5` : '')),
    );
    expectNumbers(records, '\n');
    expectNumbers(records, '\r\n');
  });
  it('may end at every byte of 64', () => {
    const record = [
      '1',
      '-23.5',
      '0.0625',
      '',
      '-0',
      '123456789012345',
      '-1.7976931348623157',
      '5e-7',
      '0.1234567890123456',
    ];
    for (let shift = 1; shift <= 130; shift++) {
      const first = '0'.repeat(shift - 1);
      for (const end of ['\n', '\r\n'])
        expectNumbers(
          [
            [`${first}4`, ...record],
            [...record, '8'],
            [`${first}5`, ...record],
          ],
          end,
        );
    }
  });
  it('equal Number(text) for any decimals, in any chunks', () => {
    const digits = (maxLength: number) => fc.stringMatching(new RegExp(`^[0-9]{0,${maxLength}}$`));
    const decimal = fc
      .tuple(fc.constantFrom('', '-'), digits(20), fc.constantFrom('', '.'), digits(20))
      .map((parts) => parts.join(''));
    const field = fc.oneof(
      { weight: 5, arbitrary: decimal },
      { weight: 2, arbitrary: fc.double().map(String) },
      fc.constantFrom('', ' 1', '+2', 'x'),
    );
    fc.assert(
      fc.property(
        fc.array(fc.array(field, { minLength: 9, maxLength: 9 }), { minLength: 1, maxLength: 30 }),
        fc.integer({ min: 1, max: 300 }),
        (records, bytes) => {
          expectNumbers(records, '\n', { chunkBytes: bytes, segmentBytes: bytes });
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('records among those that are indexed', () => {
  /** Long and short records, one of which does not fit what is indexed at a time. */
  const lengths = [3, 40, 3, 700, 2, 9_000, 5, 60, 20_000, 4, 300, 8_190, 1, 8_192, 2];
  const record = (length: number, i: number): string => `${i},${'v'.repeat(length)},${i % 7}.25`;
  const plan = planOf('numeric', 'categorical', 'numeric');

  it('may be of any length', () => {
    const file = Array.from({ length: 40 }, (_, i) => record(lengths[i % lengths.length] + (i >> 2), i)).join('\n');
    for (const chunkBytes of [0, 1_000, 8_191]) {
      const { columns, issues } = parse(plan, file, { chunkBytes, segmentBytes: 30_000 });
      expect(issues).toEqual([]);
      expect(columns.a).toEqual(Array.from({ length: 40 }, (_, i) => i));
      expect(columns.b).toEqual(
        Array.from({ length: 40 }, (_, i) => 'v'.repeat(lengths[i % lengths.length] + (i >> 2))),
      );
      expect(columns.c).toEqual(Array.from({ length: 40 }, (_, i) => (i % 7) + 0.25));
    }
  });
  it('may hold quotes in any field, at any distance', () => {
    for (let gap = 0; gap <= 12; gap++) {
      const rows = Array.from({ length: 300 }, (_, i) =>
        i % (gap + 1) === gap ? `${i},"say ""${i}"",\n!",${i}.5` : `${i},w${i % 9},-${i}.5`,
      );
      const { columns, issues } = parse(plan, `${rows.join('\r\n')}\r\n`, { chunkBytes: 1_000 });
      expect(issues).toEqual([]);
      expect(columns.b).toEqual(rows.map((_, i) => (i % (gap + 1) === gap ? `say "${i}",\n!` : `w${i % 9}`)));
      expect(columns.c).toEqual(rows.map((_, i) => (i % (gap + 1) === gap ? i + 0.5 : -i - 0.5)));
    }
  });
  it('may have too few or too many fields', () => {
    const rows = Array.from({ length: 200 }, (_, i) => (i % 5 === 3 ? '1,2' : i % 5 === 4 ? '1,2,3,4' : `${i},x,${i}`));
    const { columns, rejected, lines } = parse(plan, rows.join('\n'));
    expect(rejected).toEqual(rows.map((_, i) => Number(i % 5 >= 3)));
    expect(lines).toEqual(rows.map((_, i) => i + 1));
    expect(columns.a).toEqual(rows.map((_, i) => (i % 5 >= 3 ? Number.NaN : i)));
  });
  it('may be of one field, empty or not', () => {
    const { columns, lines } = parse(planOf('categorical'), 'a\n\n\r\nb\r\n\nc');
    expect(columns.a).toEqual(['a', '', '', 'b', '', 'c']);
    expect(lines).toEqual([1, 2, 3, 4, 5, 6]);
  });
  it('may skip fields before, between and behind the others', () => {
    const rows = Array.from({ length: 50 }, (_, i) => `s,${i},t,u,-${i}.5,${i % 3},v,w`);
    const kinds = planOf('skip', 'numeric', 'skip', 'skip', 'numeric', 'categorical', 'skip', 'skip');
    const { columns } = parse(kinds, rows.join('\n'));
    expect(columns).toEqual({
      b: rows.map((_, i) => i),
      e: rows.map((_, i) => (i === 0 ? -0.5 : -i - 0.5)),
      f: rows.map((_, i) => String(i % 3)),
    });
  });
});

describe('values that begin alike', () => {
  /** Up to 40 bytes; pairs that differ in one byte, or by a byte 0 at the end (which at the beginning of a file would mean UTF-16). */
  const values = Array.from({ length: 41 }, (_, length) => length).flatMap((length) => {
    const text = 'abcdefgh'.repeat(6).slice(0, length);
    const changed = Array.from({ length }, (_, at) => `${text.slice(0, at)}#${text.slice(at + 1)}`);
    return [text, `${text}\0`, ...changed];
  });

  it('have codes of their own, and each the same one again', () => {
    const distinct = [...new Set(values)].filter((text) => text !== '').toReversed();
    const parser = open(planOf('categorical', 'text'));
    const twice = [...distinct, ...distinct.toReversed(), ...distinct];
    const { columns } = parseWith(parser, twice.map((text) => `${text},${text} ${text}\n`).join(''));
    expect(columns.a).toEqual(twice);
    expect(columns.b).toEqual(twice.map((text) => [text, text]));
    for (const name of ['a', 'b']) expect(parser.tokenizer.dictionaries.get(name)?.size).toBe(distinct.length + 1);
  });
  it('are told apart where they are bytes 0 only, which no key has behind a text', () => {
    const zeros = Array.from({ length: 20 }, (_, i) => '\0'.repeat(i + 1));
    const twice = ['begin', ...zeros, ...zeros.toReversed()];
    const { columns } = parse(planOf('categorical', 'text'), twice.map((text) => `${text},${text}\n`).join(''));
    expect(columns.a).toEqual(twice);
    expect(columns.b).toEqual(twice.map((text) => [text]));
  });
  it('are told apart where they have the same key', () => {
    // Found by solving the formula of long keys for the last 8 bytes
    const sameKey = [
      ['collideswith16by', 'amohqoqj4EKsz8M6', 'jtfhzfstgyptgsizp2YnM28x'],
      ['the-sameotherwise-middle-the-end', 'the-samemfiqtedtIFCYRaAo-the-end'],
    ].flat();
    const twice = [...sameKey, ...sameKey.toReversed()];
    const { columns } = parse(planOf('categorical', 'text'), twice.map((text) => `${text},${text}\n`).join(''));
    expect(columns.a).toEqual(twice);
    expect(columns.b).toEqual(twice.map((text) => [text]));
  });
  it('are found soon where their second half cancels the first', { timeout: 20_000 }, () => {
    const distinct = Array.from({ length: 200_000 }, (_, i) => {
      const half = i.toString(36).padStart(7, '0');
      // Their first bytes differ by 16, the length
      return `k${half}{${half}`;
    });
    const parser = open(planOf('categorical'));
    parseWith(parser, distinct.join('\n'));
    expect(parser.tokenizer.dictionaries.get('a')?.size).toBe(distinct.length + 1);
  });
  it('have no code of those of empty fields, however many they are', () => {
    const many = Array.from({ length: 40_000 }, (_, i) => (i % 3 ? `v${i}` : ''));
    const parser = open(planOf('categorical', 'text'));
    const { columns } = parseWith(parser, [...many, ...many].map((text) => `${text},${text}\n`).join(''));
    expect(columns.a).toEqual([...many, ...many]);
    expect(columns.b).toEqual([...many, ...many].map((text) => (text ? [text] : [])));
    expect(parser.tokenizer.dictionaries.get('a')?.size).toBe(new Set(many).size);
  });
  it('are forgotten with a rejected record, and only those that it brought', () => {
    const parser = open(planOf('categorical', 'text'));
    const rows = values.map((text, i) => (i % 2 ? `${text},${text}\n` : `${text},${text},extra\n`));
    parseWith(parser, rows.join(''));
    const kept = new Set(values.filter((_, i) => i % 2).filter((text) => text !== ''));
    const dictionary = parser.tokenizer.dictionaries.get('b')!;
    expect(Array.from({ length: dictionary.size - 1 }, (_, i) => dictionary.text(i + 1))).toEqual([...kept]);
  });
});

describe('TEXT values', () => {
  it('are split at white space in every place of 64 bytes, within quotes or not', () => {
    for (const space of [' ', '\t', '  ', '\u00a0', '\u2003', '\u3000']) {
      for (let at = 0; at <= 140; at++) {
        const text = `${'é'.repeat(at % 3)}${'x'.repeat(at)}${space}tail`;
        const tokens = text.split(/\s+/u).filter((token) => token !== '');
        expect(parse(planOf('text', 'numeric'), `${text},1\n"${text}",2\n`).columns.a).toEqual([tokens, tokens]);
      }
    }
  });
  it('are split at white space in every place where a part of a long text ends', () => {
    for (const space of [' ', '   ', '\u00a0', '\u3000', '\u3000\u2003']) {
      for (let at = 2040; at <= 2056; at++) {
        for (const start of ['x'.repeat(at), `${'ab '.repeat(at / 3)}${'c'.repeat(at % 3)}`, ' '.repeat(at)]) {
          const text = `${start}${space}tail ${'end '.repeat(600)}`;
          const tokens = text.split(/\s+/u).filter((token) => token !== '');
          expect(parse(planOf('text', 'numeric'), `${text},1\n"${text}",2\n`).columns.a).toEqual([tokens, tokens]);
        }
      }
    }
  });
  it('may be white space alone, of any length, beside others', () => {
    const texts = [0, 1, 63, 64, 65, 2047, 2048, 2049, 5000].map((length) => ' '.repeat(length));
    const rows = texts.map((text) => `${text},1\nword,2\n`);
    expect(parse(planOf('text', 'numeric'), rows.join('')).columns.a).toEqual(texts.flatMap(() => [[], ['word']]));
  });
  it('do not end with white space of the record behind them', () => {
    // 64 bytes from the first text on hold wide white space of the second, which continues behind them
    for (let length = 50; length <= 64; length++) {
      const texts = ['é', `é${'y'.repeat(length)}\u3000tail`];
      const tokens = texts.map((text) => text.split(/\s+/u));
      for (const mark of ['', '"']) {
        const rows = texts.map((text) => `${mark}${text}${mark},1\n`);
        expect(parse(planOf('text', 'numeric'), rows.join('')).columns.a).toEqual(tokens);
      }
    }
  });
  it('may have more tokens than there is room for', () => {
    for (const count of [1, 62, 63, 64, 65, 66, 255, 256, 257, 1000, 3000]) {
      const texts = ['before', Array.from({ length: count }, (_, i) => `w${i}`).join(' '), 'behind'];
      const rows = texts.map((text) => `${text},1\n`);
      const { columns } = parse(planOf('text', 'numeric'), rows.join(''), { blockSize: 16 });
      expect(columns.a).toEqual(texts.map((text) => text.split(' ')));
    }
  });
  it('may hold doubled quotes in every place', () => {
    for (let at = 0; at <= 50; at++) {
      const texts = [`${'x'.repeat(at)}"y`, `${'x'.repeat(at)}""`, `"${'x'.repeat(at)}"z`];
      const rows = texts.map((text) => `"${text.replaceAll('"', '""')}",1`);
      expect(parse(planOf('text', 'numeric'), rows.join('\n')).columns.a).toEqual(texts.map((text) => [text]));
      expect(parse(planOf('categorical', 'numeric'), rows.join('\n')).columns.a).toEqual(texts);
    }
  });
});
