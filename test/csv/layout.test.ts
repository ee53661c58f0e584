import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as layout from '../../src/csv/layout.js';
import { powersOfFive } from '../../src/csv/powers-of-five.js';

describe('the layout of the memory that host and kernel share', () => {
  const source = readFileSync(new URL('../../assembly/csv-layout.ts', import.meta.url), 'utf8');
  const kernel = new Map(
    [...source.matchAll(/^export const (\w+): \w+ = (\d+);/gm)].map(([, name, value]) => [name, +value]),
  );

  it('is the same on both sides', () => {
    const host = Object.entries(layout).filter(([name]) => name !== 'STATE_BYTES');
    expect(Object.fromEntries(host.map(([name]) => [name, kernel.get(name)]))).toEqual(Object.fromEntries(host));
  });
});

describe('the powers of five', () => {
  const word = (q: number, half: 0 | 1): bigint => powersOfFive()[2 * (q + 342) + half];

  it('are those of the published table', () => {
    // fast_float, include/fast_float/fast_table.h: 5^-342, 5^-1, 5^0, 5^1, 5^308
    expect([word(-342, 0), word(-342, 1)]).toEqual([0xeef453d6923bd65an, 0x113faa2906a13b3fn]);
    expect([word(-1, 0), word(-1, 1)]).toEqual([0xccccccccccccccccn, 0xcccccccccccccccdn]);
    expect([word(0, 0), word(0, 1)]).toEqual([0x8000000000000000n, 0n]);
    expect([word(1, 0), word(1, 1)]).toEqual([0xa000000000000000n, 0n]);
    expect([word(308, 0), word(308, 1)]).toEqual([0x8e679c2f5e44ff8fn, 0x570f09eaa7ea7648n]);
  });
  it('have their highest bit set', () => {
    for (let q = -342; q <= 308; q++) expect(word(q, 0) >> 63n).toBe(1n);
  });
});
