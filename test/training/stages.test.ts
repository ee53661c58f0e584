import { describe, expect, it } from 'vitest';
import { firstStagePasses } from '../../src/training/stages.js';

const of = (passes: readonly number[], features: number, outputs: number, { hasL1 = false } = {}) =>
  passes.map((maxPasses) => firstStagePasses({ maxPasses, features, outputs, hasL1 }));

const L1 = { hasL1: true };

describe('passes of stage 1', () => {
  it('are all of one or two passes', () => {
    expect(of([1, 2], 10, 1)).toEqual([1, 2]);
    expect(of([1, 2], 1e5, 7, L1)).toEqual([1, 2]);
  });

  it('are one where the second stage knows the whole Hessian', () => {
    expect(of([3, 4, 7, 8, 10, 10_000], 256, 1)).toEqual([1, 1, 1, 1, 1, 1]);
    expect(of([3], 257, 1)).toEqual([3]);
  });

  it('are one of more than three where it knows all of it but what is between classes', () => {
    expect(of([3, 4, 7, 8, 10, 10_000], 256, 2)).toEqual([3, 1, 1, 1, 1, 1]);
  });

  it('are one of five or more where there is one output', () => {
    expect(of([3, 4, 5, 7, 8, 10_000], 1e5, 1)).toEqual([3, 2, 1, 1, 1, 1]);
  });

  it('are two of four to seven, three of more, for larger models of several outputs, and with L1', () => {
    expect(of([3, 4, 7, 8, 10_000], 1e5, 7)).toEqual([3, 2, 2, 3, 3]);
    expect(of([3, 4, 7, 8, 10_000], 10, 1, L1)).toEqual([3, 2, 2, 3, 3]);
  });
});
