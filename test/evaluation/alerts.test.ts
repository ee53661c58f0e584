import { describe, expect, it } from 'vitest';
import {
  distributionAlerts,
  heldOutAlerts,
  schemaAlerts,
  shareAlerts,
  sizeAlerts,
} from '../../src/evaluation/alerts.js';

const trained = { type: 'REGRESSION', mean: 10, standardDeviation: 2 } as const;

describe('alerts', () => {
  it('say that the evaluation data was learned from, in part or whole', () => {
    expect(heldOutAlerts(70, 100)[0]).toMatch(/it learned from 70 of its 100 observations/);
    expect(heldOutAlerts(100, 100)[0]).toMatch(/it learned from its observations/);
  });

  it('say when there is too little data, and when some was left out', () => {
    expect(sizeAlerts(100, 0, 1000)).toEqual([]);
    expect(sizeAlerts(99, 0, 1000)).toEqual(['only 99 observations, less than 10 % of the 1,000 learned from']);
    expect(sizeAlerts(500, 3, 1000)).toEqual(['3 observations could not be used and do not count']);
  });

  it('name attributes that only one of the two has', () => {
    expect(schemaAlerts(['a', 'b'], ['b', 'a'])).toEqual([]);
    expect(schemaAlerts(['a', 'b', 'c'], ['c', 'x'])).toEqual([
      'attributes of the training data that are missing here: a, b',
      'attributes that the training data does not have, ignored: x',
    ]);
  });

  it('name the class whose share differs most, or that is unknown', () => {
    const of = (evaluated: number, n = 1000): string[] =>
      shareAlerts(
        [
          { name: 'a', trained: 0.4, evaluated },
          { name: 'b', trained: 0.6, evaluated: 1 - evaluated },
        ],
        n,
      );
    expect(of(0.54)).toEqual([]);
    expect(of(0.56)[0]).toMatch(/'a' is 56.0 % of the evaluation data but 40.0 % of what was learned from/);
    // 4 standard errors of 10 observations are 0.62.
    expect(of(0.56, 10)).toEqual([]);
    expect(shareAlerts([{ name: 'z', trained: 0, evaluated: 0.01 }], 1000)[0]).toMatch(/class 'z' does not occur/);
  });

  it('tell another mean or spread of a number, unless chance explains it', () => {
    expect(distributionAlerts(trained, { mean: 10.4, standardDeviation: 2.5 }, 1000)).toEqual([]);
    expect(distributionAlerts(trained, { mean: 10.6, standardDeviation: 2 }, 1000)[0]).toMatch(
      /mean is 10.6 .* but 10 /,
    );
    expect(distributionAlerts(trained, { mean: 10.6, standardDeviation: 2 }, 100)).toEqual([]);
    for (const standardDeviation of [1.3, 3.1]) {
      expect(distributionAlerts(trained, { mean: 10, standardDeviation }, 1000)[0]).toMatch(
        `standard deviation is ${standardDeviation} in the evaluation data but 2`,
      );
    }
  });
});
