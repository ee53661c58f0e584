import { describe, expect, it } from 'vitest';
import { firstRecord } from '../../src/csv/read.js';
import { InvalidInput } from '../../src/errors.js';
import { open, parse, parseWith, planOf, utf8 } from './parse.js';

function failure(run: () => unknown): InvalidInput {
  try {
    run();
  } catch (error) {
    if (error instanceof InvalidInput) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

const parseBytes = (...bytes: number[]): unknown => parse(planOf('raw', 'raw'), new Uint8Array(bytes));

/** Every sequence of a lead byte and continuation bytes around the borders of Unicode table 3-7. */
function* sequences(): Generator<number[]> {
  const leads = [
    0x80, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xec, 0xed, 0xee, 0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xff,
  ];
  const seconds = [0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0];
  const others = [0x7f, 0x80, 0xbf, 0xc0];
  for (const lead of leads) {
    yield [lead];
    for (const second of seconds) {
      yield [lead, second];
      for (const third of others) {
        yield [lead, second, third];
        for (const fourth of others) yield [lead, second, third, fourth];
      }
    }
  }
}

describe('bytes that are not UTF-8', () => {
  it('are an error that names file, line, byte in line and file, value, and a remedy', () => {
    const { message, hint } = failure(() => parseBytes(...utf8('a,b\nc,d\nMünchen,caf'), 0xe9, 0x0a));
    expect(message).toBe(
      'data.csv, line 3, byte 13 of the line: 0xE9 is not UTF-8 (byte 20 of the file, counted from 0)',
    );
    expect(hint).toContain('iconv -f WINDOWS-1252 -t UTF-8 data.csv');
  });
  it('are found wherever they stand, in every kind of column', () => {
    for (const kind of ['numeric', 'binary', 'categorical', 'text', 'raw', 'skip'] as const) {
      for (let at = 0; at < 150; at++) {
        const bytes = utf8(`${'x'.repeat(50)},${'y'.repeat(99)}\n`);
        bytes[at] = 0xa4;
        const { message } = failure(() => parse(planOf(kind, 'skip'), bytes));
        expect(message).toContain(`byte ${at + 1} of the line: 0xA4`);
      }
    }
  });
  it('are exactly those that the WHATWG decoder refuses', () => {
    const strict = new TextDecoder('utf-8', { fatal: true });
    const accepts = (run: () => unknown): boolean => {
      try {
        run();
        return true;
      } catch {
        return false;
      }
    };
    const parser = open(planOf('raw', 'raw'));
    const parseAgain = (bytes: number[]): void => {
      parser.reset();
      parseWith(parser, new Uint8Array(bytes));
    };
    for (const sequence of sequences()) {
      for (const bytes of [
        sequence,
        [...sequence, 0x2c],
        [...utf8('x'.repeat(62)), ...sequence, 0x0a, ...utf8('y'.repeat(70))],
      ]) {
        const expected = accepts(() => strict.decode(new Uint8Array(bytes)));
        const found = accepts(() => parseAgain(bytes));
        if (found !== expected) expect({ bytes, valid: found }).toEqual({ bytes, valid: expected });
      }
    }
  });
  it('are exactly those that the WHATWG decoder refuses among characters of any length, at any place', () => {
    const texts = ['xxxx', 'éx', 'é', '€', '€x', '😀', '😀x'].map((text) => [...utf8(text.repeat(60))]);
    const decoder = new TextDecoder('utf-8', { fatal: true });
    const parser = open(planOf('skip'));
    const passes = (run: () => unknown): boolean => {
      try {
        run();
        return true;
      } catch {
        return false;
      }
    };
    let refused = 0;
    let place = 0;
    for (const text of texts) {
      for (const sequence of sequences()) {
        const at = 60 + (place++ % 75);
        const bytes = new Uint8Array([...text.slice(0, at), ...sequence, ...text.slice(at + (place % 4)), 0x0a]);
        const valid = passes(() => decoder.decode(bytes));
        parser.reset();
        if (passes(() => parseWith(parser, bytes)) !== valid) expect({ bytes: [...bytes] }).toEqual({ valid });
        refused += Number(!valid);
      }
    }
    expect(refused).toBeGreaterThan(1000);
    expect(refused).toBeLessThan(place);
  });
  it('are found far inside a file, with the right line, also in a rejected long line', () => {
    const far = new Uint8Array([...utf8('1,2\r\n'.repeat(200_000)), 0x33, 0xff]);
    expect(failure(() => parse(planOf('raw', 'raw'), far)).message).toContain(
      'line 200001, byte 2 of the line: 0xFF is',
    );
    const long = new Uint8Array(900_001).fill(0x61);
    long[900_000] = 0xff;
    expect(failure(() => parse(planOf('raw', 'raw'), long)).message).toBe(
      'data.csv, line 1: 0xFF is not UTF-8 (byte 900000 of the file, counted from 0)',
    );
  });
  it('include a sequence that the end of the file cuts off', () => {
    expect(failure(() => parseBytes(0x61, 0x2c, 0xe2, 0x82)).message).toContain('byte 3 of the line: 0xE2');
  });
  it('do not include sequences that the end of a chunk or of the input buffer cuts', () => {
    for (let shift = 0; shift < 4; shift++) {
      const text = `${'x'.repeat(shift)},1\n${'😀,é\n'.repeat(60_000)}`;
      const { columns, rejected } = parse(planOf('raw', 'raw'), text, { chunkBytes: 1021 });
      expect(rejected).not.toContain(1);
      expect(new Set(columns.a.slice(1))).toEqual(new Set(['😀']));
    }
  });
});

describe('UTF-16', () => {
  it('is recognised by its byte order mark', () => {
    for (const mark of [
      [0xff, 0xfe],
      [0xfe, 0xff],
    ]) {
      const { message, hint } = failure(() => parseBytes(...mark, 0x61, 0x00));
      expect(message).toBe('data.csv: looks like UTF-16 (byte order mark at byte 0); UTF-8 is expected');
      expect(hint).toContain('iconv -f UTF-16 -t UTF-8');
      expect(failure(() => firstRecord(new Uint8Array(mark), 'x.csv')).message).toContain('x.csv: looks like UTF-16');
    }
  });
});
