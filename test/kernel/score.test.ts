import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BIAS_FEATURE } from '../../src/features/rows.js';
import { type Form, randomNumbers, randomObservations } from './observations.js';
import { reference, simd, Trial } from './trial.js';

for (const implementation of [reference, simd]) {
  describe(`scores, ${implementation.name}`, () => {
    for (const form of ['sparse', 'sparse ones', 'dense'] as Form[]) {
      it(`equal the dot products in double precision: ${form}`, () => {
        fc.assert(
          fc.property(
            fc.integer({ min: 1, max: 1e9 }),
            fc.integer({ min: 2, max: 50 }),
            fc.integer({ min: 1, max: 9 }),
            (seed, featureCount, outputs) => {
              const observations = randomObservations('squared', form, { seed, rowCount: 5, featureCount });
              const trial = new Trial(implementation, { task: 'squared', form, outputs, featureCount, observations });
              const random = randomNumbers(seed);
              // Weights that single precision would round.
              const weights = Float64Array.from({ length: featureCount * outputs }, (_, i) =>
                i < outputs ? 0 : 1e6 * (random() - 0.5),
              );
              const margins = trial.scores(weights);
              observations.forEach(({ values }, i) => {
                for (let k = 0; k < outputs; k++) {
                  const products = [[BIAS_FEATURE, 1] as const, ...values].map(
                    ([j, x]) => weights[j * outputs + k] * x,
                  );
                  const expected = products.reduce((a, b) => a + b);
                  const size = products.reduce((a, b) => a + Math.abs(b), 0);
                  expect(Math.abs(margins[i * outputs + k] - expected)).toBeLessThanOrEqual(1e-14 * size);
                }
              });
            },
          ),
          { numRuns: 30 },
        );
      });
    }
  });
}
