import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { areaUnderRoc, RocAccumulator } from '../../src/evaluation/auc.js';
import { BinaryConfusion } from '../../src/evaluation/confusion.js';
import { ConfusionMatrix } from '../../src/evaluation/confusion-matrix.js';
import { LogLoss } from '../../src/evaluation/log-loss.js';
import { ResidualCounter } from '../../src/evaluation/residual-histogram.js';
import { RegressionErrors } from '../../src/evaluation/rmse.js';
import { ScoreCounter } from '../../src/evaluation/score-histogram.js';

/** Rows of a score on a coarse scale, so that ties occur, a label, and a whole weight. */
const rows = fc.array(fc.tuple(fc.integer({ min: -6, max: 6 }), fc.constantFrom(0, 1), fc.nat(4)), { minLength: 1 });
type Row = [number, number, number];

const scoresOf = (rows: readonly Row[]): Float64Array => Float64Array.from(rows, ([score]) => score);
const labelsOf = (rows: readonly Row[]): Uint8Array => Uint8Array.from(rows, ([, label]) => label);
const weightsOf = (rows: readonly Row[]): Float64Array => Float64Array.from(rows, ([, , weight]) => weight);
/** Each row as often as its weight says. */
const repeated = (rows: readonly Row[]): Row[] => rows.flatMap((row) => new Array<Row>(row[2]).fill(row));

/** Weighted figures must equal those of the data with each row repeated. */
function equalsRepeated(figures: (rows: readonly Row[], weights: Float64Array | undefined) => unknown[]): void {
  fc.assert(
    fc.property(rows, (rows) => {
      const weighted = figures(rows, weightsOf(rows));
      for (const [i, expected] of figures(repeated(rows), undefined).entries()) {
        if (typeof expected === 'number' && !Number.isNaN(expected)) expect(weighted[i]).toBeCloseTo(expected, 10);
        else expect(weighted[i]).toEqual(expected);
      }
    }),
  );
}

describe('a weight of n counts as n rows', () => {
  it('in the AUC, sorted or from histograms', () => {
    equalsRepeated((rows, weights) => [areaUnderRoc(scoresOf(rows), labelsOf(rows), weights)]);
    equalsRepeated((rows, weights) => {
      const roc = new RocAccumulator(0);
      roc.add(scoresOf(rows), labelsOf(rows), weights);
      const { area, curve } = roc.finish();
      return [area, curve];
    });
  });

  it('in the AUC of parts with and without weights', () => {
    fc.assert(
      fc.property(rows, rows, (a, b) => {
        const roc = new RocAccumulator();
        roc.add(scoresOf(a), labelsOf(a), weightsOf(a));
        roc.add(scoresOf(b), labelsOf(b));
        const all = [...repeated(a), ...b];
        const expected = areaUnderRoc(scoresOf(all), labelsOf(all));
        if (expected === null) expect(roc.areaUnderRoc()).toBeNull();
        else expect(roc.areaUnderRoc()).toBeCloseTo(expected, 12);
      }),
    );
  });

  it('in log loss', () => {
    equalsRepeated((rows, weights) => {
      const [binary, multiclass] = [new LogLoss(), new LogLoss()];
      binary.addBinary(scoresOf(rows), labelsOf(rows), weights);
      const margins = Float64Array.from(rows.flatMap(([score]) => [score, 1]));
      multiclass.addMulticlass(margins, labelsOf(rows), 2, weights);
      return [binary.mean, multiclass.mean];
    });
  });

  it('in the confusion of two and of more classes', () => {
    equalsRepeated((rows, weights) => {
      const confusion = new BinaryConfusion(1);
      confusion.add(scoresOf(rows), labelsOf(rows), weights);
      return Object.values(confusion.metrics());
    });
    equalsRepeated((rows, weights) => {
      const matrix = new ConfusionMatrix(3);
      matrix.add(
        Array.from(rows, ([score]) => Math.abs(score) % 3),
        labelsOf(rows),
        weights,
      );
      return [matrix.macroAverageF1, matrix.accuracy, matrix.total, matrix.baselineMacroF1(0)];
    });
  });

  it('in score and residual histograms', () => {
    equalsRepeated((rows, weights) => {
      const scores = new ScoreCounter();
      const probabilities = scoresOf(rows).map((score) => (score + 6) / 12);
      scores.add(probabilities, labelsOf(rows), weights);
      return [scores.finish()];
    });
    equalsRepeated((rows, weights) => {
      const residuals = new ResidualCounter(1);
      residuals.add(scoresOf(rows), Float64Array.from(labelsOf(rows)), weights);
      return [residuals.finish()];
    });
  });

  it('in the errors of regression', () => {
    equalsRepeated((rows, weights) => {
      const errors = new RegressionErrors();
      errors.add(scoresOf(rows), Float64Array.from(labelsOf(rows)), weights);
      const { rmse, mae, r2, meanResidual, targetStandardDeviation } = errors;
      return [rmse, mae, meanResidual, targetStandardDeviation, errors.baselineRmse(0.3), r2 ?? 'none'];
    });
  });

  it('and fractions count as fractions', () => {
    const [scores, labels] = [Float64Array.of(1, 2, 3), Uint8Array.of(1, 0, 1)];
    // Pairs: (1, 2) lost with weight 0.5 * 2, (3, 2) won with weight 1.5 * 2.
    expect(areaUnderRoc(scores, labels, Float64Array.of(0.5, 2, 1.5))).toBe(0.75);
  });
});

describe('weights that are none', () => {
  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY])('are refused: %d', (weight) => {
    const [one, label, bad] = [Float64Array.of(1), Uint8Array.of(1), Float64Array.of(weight)];
    const message = `row 0: weight ${weight}`;
    expect(() => areaUnderRoc(one, label, bad)).toThrow(message);
    expect(() => new RocAccumulator().add(one, label, bad)).toThrow(message);
    expect(() => new LogLoss().addBinary(one, label, bad)).toThrow(message);
    expect(() => new LogLoss().addMulticlass(one, label, 1, bad)).toThrow(message);
    expect(() => new BinaryConfusion(0).add(one, label, bad)).toThrow(message);
    expect(() => new ScoreCounter().add(one, label, bad)).toThrow(message);
    expect(() => new ConfusionMatrix(2).add(label, label, bad)).toThrow(message);
    expect(() => new RegressionErrors().add(one, one, bad)).toThrow(message);
    expect(() => new ResidualCounter(1).add(one, one, bad)).toThrow(message);
  });

  it('are refused when there are too few', () => {
    expect(() => areaUnderRoc(Float64Array.of(1), Uint8Array.of(1), new Float64Array(0))).toThrow(
      '1 rows and 0 weights',
    );
  });
});
