import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RocAccumulator } from '../../src/evaluation/auc.js';
import { BinaryConfusion } from '../../src/evaluation/confusion.js';
import {
  bestCutOff,
  coarseScores,
  metricsAt,
  metricsAtCutOffs,
  SCORE_STEPS,
  ScoreCounter,
} from '../../src/evaluation/score-histogram.js';
import { sigmoid } from '../../src/model/link.js';

/** Scores of which many lie exactly on a cut-off, or one rounding error beside it. */
const score = fc.oneof(
  fc.double({ min: 0, max: 1, noNaN: true }),
  fc.integer({ min: 0, max: SCORE_STEPS }).map((k) => k / SCORE_STEPS),
  fc.integer({ min: 1, max: SCORE_STEPS }).map((k) => (k / SCORE_STEPS) * (1 - Number.EPSILON)),
);
const rows = fc.array(fc.tuple(score, fc.constantFrom(0, 1)), { maxLength: 60 });
type Row = [number, number];

function counted(...parts: Row[][]): ScoreCounter {
  const whole = new ScoreCounter();
  for (const part of parts) {
    const counter = new ScoreCounter();
    counter.add(
      Float64Array.from(part, ([score]) => score),
      Uint8Array.from(part, ([, label]) => label),
    );
    whole.merge(counter);
  }
  return whole;
}

describe('figures at every cut-off', () => {
  it('equal those counted at that cut-off, in parts or not', () => {
    fc.assert(
      fc.property(rows, rows, fc.nat(SCORE_STEPS), (a, b, k) => {
        const { cutOff, ...metrics } = metricsAtCutOffs(counted(a, b).finish())[k];
        const confusion = new BinaryConfusion(cutOff);
        const all = [...a, ...b];
        confusion.add(
          Float64Array.from(all, ([score]) => score),
          Uint8Array.from(all, ([, label]) => label),
        );
        expect(cutOff).toBe(k / SCORE_STEPS);
        expect(metrics).toEqual(confusion.metrics());
      }),
    );
  });

  it('are found by a cut-off as a person writes it', () => {
    const histogram = counted([
      [0.35, 1],
      [0.349999, 0],
    ]).finish();
    expect(metricsAt(histogram, 0.35)).toMatchObject({ cutOff: 0.35, truePositives: 1, falsePositives: 0 });
    expect(metricsAt(histogram, 0.349)).toMatchObject({ truePositives: 1, falsePositives: 1 });
    expect(metricsAt(histogram, 7).cutOff).toBe(1);
  });

  it('are best at the lowest of equally good cut-offs', () => {
    const histogram = counted([
      [0.8, 1],
      [0.6, 1],
      [0.2, 0],
    ]).finish();
    expect(bestCutOff(histogram, 'f1')).toMatchObject({ cutOff: 0.201, f1: 1 });
  });

  it('refuse scores that are no probabilities', () => {
    expect(() => new ScoreCounter().add(Float64Array.of(1.1), Uint8Array.of(1))).toThrow('row 0: score 1.1');
    expect(() => new ScoreCounter().add(Float64Array.of(Number.NaN), Uint8Array.of(1))).toThrow('row 0: score NaN');
    expect(() => new ScoreCounter().add(Float64Array.of(1), new Uint8Array(0))).toThrow('1 scores and 0 labels');
  });
});

describe('a coarser score histogram', () => {
  it('counts the same observations, a score of 1 in the last cell', () => {
    const histogram = counted([
      [1, 1],
      [0.999, 1],
      [0.5, 1],
      [0.4999, 0],
    ]).finish();
    const { positives, negatives } = coarseScores(histogram, 4);
    expect(positives).toEqual([0, 0, 1, 2]);
    expect(negatives).toEqual([0, 1, 0, 0]);
    expect(() => coarseScores(histogram, 3)).toThrow('1000 steps in 3 cells');
  });
});

describe('the ROC curve', () => {
  it('passes through the rates counted at its cut-offs, and ends at (1, 1)', () => {
    const row = fc.tuple(
      fc.integer({ min: -800, max: 800 }).map((i) => i / 100),
      fc.constantFrom(0, 1),
    );
    fc.assert(
      fc.property(fc.array(row, { maxLength: 300 }), (rows) => {
        const margins = Float64Array.from(rows, ([margin]) => margin);
        const labels = Uint8Array.from(rows, ([, label]) => label);
        const roc = new RocAccumulator();
        roc.add(margins, labels);
        const { area, curve } = roc.finish();
        expect(area).toBe(roc.areaUnderRoc());
        if (area === null) {
          expect(curve.recalls).toEqual([]);
          return;
        }
        expect([curve.recalls.at(-1), curve.falsePositiveRates.at(-1)]).toEqual([1, 1]);
        curve.cutOffs.forEach((cutOff, i) => {
          const confusion = new BinaryConfusion(cutOff);
          confusion.add(margins.map(sigmoid), labels);
          const { recall, falsePositiveRate } = confusion.metrics();
          expect(curve.recalls[i]).toBeCloseTo(recall, 12);
          expect(curve.falsePositiveRates[i]).toBeCloseTo(falsePositiveRate, 12);
        });
      }),
    );
  });

  it('has few points, and the area of all of them', () => {
    const n = 20_000;
    const margins = Float64Array.from({ length: n }, (_, i) => Math.sin(i) + (i % 3));
    const labels = Uint8Array.from(margins, (margin, i) => (margin + Math.cos(7 * i) > 1 ? 1 : 0));
    const roc = new RocAccumulator();
    roc.add(margins, labels);
    const { area, curve } = roc.finish();
    expect(curve.recalls.length).toBeLessThanOrEqual(401);
    const [x, y] = [
      [0, ...curve.falsePositiveRates],
      [0, ...curve.recalls],
    ];
    let trapezoids = 0;
    for (let i = 1; i < x.length; i++) trapezoids += ((x[i] - x[i - 1]) * (y[i] + y[i - 1])) / 2;
    // A step of 1/200 cuts off corners of at most 400 * (1/200)^2 / 8.
    expect(Math.abs(trapezoids - area!)).toBeLessThan(1.3e-3);
  });
});
