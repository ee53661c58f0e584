import { describe, expect, it } from 'vitest';
import { firstStagePasses } from '../../src/training/stages.js';

describe('passes of stage 1', () => {
  it('are all of one or two passes', () => {
    expect([1, 2].map((passes) => firstStagePasses(passes, 10, 1))).toEqual([1, 2]);
  });

  it('are one of three for small models with one output, all three for others', () => {
    expect(firstStagePasses(3, 256, 1)).toBe(1);
    expect(firstStagePasses(3, 257, 1)).toBe(3);
    expect(firstStagePasses(3, 10, 2)).toBe(3);
  });

  it('are two of four to seven, three of more', () => {
    expect([4, 5, 6, 7, 8, 10, 10_000].map((passes) => firstStagePasses(passes, 1e5, 7))).toEqual([
      2, 2, 2, 2, 3, 3, 3,
    ]);
  });
});
