import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Form, randomObservations } from './observations.js';
import { marginOf, reference, scatter, simd, Trial, valuesWithBias } from './trial.js';

for (const implementation of [reference, simd]) {
  for (const form of ['sparse', 'sparse ones', 'dense'] as Form[]) {
    describe(`implicit steps, ${implementation.name}, ${form}`, () => {
      it('solves the equation of the implicit logistic step, weighted', () => {
        const featureCount = 12;
        fc.assert(
          fc.property(
            fc.integer({ min: 1, max: 1e6 }),
            fc.double({ min: -3, max: 2, noNaN: true }),
            fc.double({ min: -2, max: 2, noNaN: true }),
            fc.constantFrom(1, 0.01, 0.5, 3, 200),
            (seed, weightScale, valueScale, drawnWeight) => {
              const weight = Math.fround(drawnWeight);
              const [drawn] = randomObservations('logistic', form, { seed, rowCount: 1, featureCount, present: 0.8 });
              const values = new Map(
                [...drawn.values].map(([feature, x]) => [
                  feature,
                  form === 'sparse ones' ? 1 : Math.fround(x * 10 ** valueScale),
                ]),
              );
              const observation = { target: drawn.target, values, weight };
              const trial = new Trial(implementation, {
                task: 'logistic',
                form,
                featureCount,
                observations: [observation],
              });
              scatter(trial, featureCount, seed, 10 ** weightScale);
              const m = marginOf(trial, observation);
              const size = valuesWithBias(observation).reduce((sum, [f, x]) => sum + Math.abs(trial.weight(f) * x), 0);
              trial.train();
              const q = marginOf(trial, observation);
              const s = valuesWithBias(observation).reduce(
                (sum, [feature, x]) => sum + (weight * x ** 2) / Math.sqrt(4 + trial.curvature(feature)),
                0,
              );
              const y = observation.target;
              const step = (s * y) / (1 + Math.exp(y * q));
              // F(d) = d (1 + e^(y q)) - s = 0; the kernel promises 3e-5 of d, and rounds weights to single precision.
              const slope = 1 + s / (2 + 2 * Math.cosh(q));
              const tolerance = slope * (1e-4 * Math.abs(q - m) + 1e-6 * (size + Math.abs(q)));
              expect(Math.abs(q - m - step)).toBeLessThanOrEqual(tolerance);
            },
          ),
          { numRuns: 150, examples: [[509086, 0, 0, 200]] },
        );
      });

      it('never overshoots the target of a repeated row in regression', () => {
        fc.assert(
          fc.property(
            fc.integer({ min: 1, max: 1e6 }),
            fc.double({ min: -1e4, max: 1e4, noNaN: true }),
            (seed, target) => {
              const featureCount = 9;
              const [drawn] = randomObservations('squared', form, { seed, rowCount: 1, featureCount });
              const observation = { target: Math.fround(target), values: drawn.values };
              const trial = new Trial(implementation, {
                task: 'squared',
                form,
                featureCount,
                observations: Array.from({ length: 30 }, () => observation),
              });
              const side = Math.sign(observation.target);
              let distance = Math.abs(target);
              for (let i = 0; i < 30; i++) {
                trial.train({ first: i, count: 1, firstStep: i + 1 });
                const left = side * (observation.target - marginOf(trial, observation));
                const rounding = 1e-6 * Math.abs(target) + 1e-30;
                expect(left).toBeGreaterThanOrEqual(-rounding);
                expect(left).toBeLessThanOrEqual(distance + rounding);
                distance = left;
              }
              expect(distance).toBeLessThan(Math.abs(target) + 1e-30);
            },
          ),
          { numRuns: 40 },
        );
      });
    });
  }
}
