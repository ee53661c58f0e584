import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstRecord } from '../../src/csv/read.js';
import { InvalidInput } from '../../src/errors.js';
import { parse, planOf, utf8 } from './parse.js';

describe('the first record', () => {
  it('gives its fields and the bytes up to the next record', () => {
    expect(firstRecord(utf8('id,"a, ""b""",größe\r\n1,2,3\n'))).toEqual({
      fields: ['id', 'a, "b"', 'größe'],
      byteLength: 23,
    });
    expect(firstRecord(utf8('id'))).toEqual({ fields: ['id'], byteLength: 2 });
  });
  it('comes after a byte order mark and blank lines', () => {
    expect(firstRecord(utf8('\ufeff\r\n\na,b\n1,2'))).toEqual({ fields: ['a', 'b'], byteLength: 10 });
  });
  it('is missing from an empty file', () => {
    for (const file of ['', '\ufeff', '\n\r\n']) expect(firstRecord(utf8(file))).toBeUndefined();
  });
  it('says what is wrong with it, and where', () => {
    const messageOf = (bytes: Uint8Array): string => {
      try {
        firstRecord(bytes, 'x.csv');
      } catch (error) {
        expect(error).toBeInstanceOf(InvalidInput);
        return (error as InvalidInput).message;
      }
      return 'nothing was thrown';
    };
    expect(messageOf(utf8('\n"a,b\nc'))).toBe('x.csv, line 2: a quote is not closed');
    expect(messageOf(utf8('"a"b,c'))).toBe('x.csv, line 1: text after a closing quote');
    expect(messageOf(utf8(`a,${'b'.repeat(102_399)}`))).toBe(
      'x.csv, line 1: the first record is longer than 102,400 bytes',
    );
    expect(firstRecord(utf8(`a,${'b'.repeat(102_398)}`))?.fields).toHaveLength(2);
    expect(messageOf(new Uint8Array([0x61, 0x2c, 0xef, 0xbf, 0xbd, 0xe9, 0x2c]))).toBe(
      'x.csv, line 1, byte 6 of the line: 0xE9 is not UTF-8 (byte 5 of the file, counted from 0)',
    );
  });
  it('is what the parser passes over as a header', () => {
    const piece = fc.constantFrom(',', '"', '""', '\n', '\r\n', '\r', 'a', 'é', ' ');
    const file = fc.array(piece, { maxLength: 20 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(file, fc.boolean(), (text, mark) => {
        const bytes = utf8(`${mark ? '\ufeff' : ''}${text}`);
        let record: ReturnType<typeof firstRecord>;
        try {
          record = firstRecord(bytes);
        } catch {
          return;
        }
        if (!record) {
          expect(parse(planOf('raw'), bytes, { header: true }).rowCount).toBe(0);
          return;
        }
        const plan = planOf(...record.fields.map(() => 'raw' as const));
        const { columns, rejected } = parse(plan, bytes.slice(0, record.byteLength));
        const row = rejected.length - 1;
        expect(plan.map(({ name }) => columns[name][row])).toEqual(record.fields);
        const rest = parse(planOf('skip', 'skip'), bytes, { header: true });
        expect(rest.byteOffsets.every((offset) => offset >= record.byteLength)).toBe(true);
        const alone = parse(planOf('skip', 'skip'), bytes.slice(record.byteLength));
        expect(rest.byteOffsets.map((offset) => offset - record.byteLength)).toEqual(alone.byteOffsets);
      }),
      { numRuns: 1000 },
    );
  });
});
