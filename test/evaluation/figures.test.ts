import { describe, expect, it } from 'vitest';
import type { Evaluation } from '../../src/evaluation/evaluation.js';
import { figuresOf, spreadOf } from '../../src/evaluation/figures.js';

describe('figures over several evaluations', () => {
  it('have mean and standard deviation of a sample', () => {
    // Mean 5, squared distances 9 + 1 + 1 + 9 over 3.
    const { rmse } = spreadOf([{ rmse: 2 }, { rmse: 4 }, { rmse: 6 }, { rmse: 8 }]);
    expect(rmse).toEqual({ mean: 5, standardDeviation: Math.sqrt(20 / 3), count: 4 });
  });

  it('leave out what an evaluation could not have', () => {
    const regression = { type: 'REGRESSION', rmse: 1, mae: 0.5, r2: null, baseline: 2 } as unknown as Evaluation;
    expect(figuresOf(regression)).toEqual({ rmse: 1, mae: 0.5, baseline: 2 });
    expect(spreadOf([{ r2: 0.5 }, {}]).r2).toEqual({ mean: 0.5, standardDeviation: null, count: 1 });
  });
});
