import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BinaryConfusion, binaryMetrics } from '../../src/evaluation/confusion.js';
import { ConfusionMatrix } from '../../src/evaluation/confusion-matrix.js';

describe('BinaryConfusion', () => {
  it('answers 1 from the cut-off on', () => {
    const confusion = new BinaryConfusion(0.5);
    confusion.add(Float64Array.of(0.9, 0.5, 0.49, 0.1, 0.7), Uint8Array.of(1, 0, 1, 0, 1));
    expect(confusion.metrics()).toEqual({
      truePositives: 2,
      trueNegatives: 1,
      falsePositives: 1,
      falseNegatives: 1,
      accuracy: 3 / 5,
      precision: 2 / 3,
      recall: 2 / 3,
      f1: 2 / 3,
      falsePositiveRate: 1 / 2,
      predictedPositiveRate: 3 / 5,
    });
  });

  it('counts the same in parts', () => {
    const rows = fc.array(fc.tuple(fc.integer({ min: -3, max: 3 }), fc.constantFrom(0, 1)));
    fc.assert(
      fc.property(rows, rows, (a, b) => {
        const make = (pairs: [number, number][]): BinaryConfusion => {
          const confusion = new BinaryConfusion(1);
          confusion.add(
            Float64Array.from(pairs, ([x]) => x),
            Uint8Array.from(pairs, ([, y]) => y),
          );
          return confusion;
        };
        const merged = make(a);
        merged.merge(make(b));
        expect(merged.metrics()).toEqual(make([...a, ...b]).metrics());
        const count = (answer: boolean, label: number): number =>
          [...a, ...b].filter(([x, y]) => x >= 1 === answer && y === label).length;
        expect(merged.metrics()).toMatchObject({
          truePositives: count(true, 1),
          falsePositives: count(true, 0),
          trueNegatives: count(false, 0),
          falseNegatives: count(false, 1),
        });
      }),
    );
  });

  it('gives 0 where there is nothing to divide by', () => {
    const nothing = { truePositives: 0, trueNegatives: 0, falsePositives: 0, falseNegatives: 0 };
    for (const value of Object.values(binaryMetrics(nothing))) expect(value).toBe(0);
    expect(binaryMetrics({ ...nothing, trueNegatives: 4 })).toMatchObject({
      accuracy: 1,
      precision: 0,
      recall: 0,
      f1: 0,
    });
  });

  it('refuses to mix cut-offs or lengths', () => {
    expect(() => new BinaryConfusion(0).merge(new BinaryConfusion(1))).toThrow('cut-offs 0 and 1');
    expect(() => new BinaryConfusion(0).add(Float64Array.of(1), new Uint8Array(0))).toThrow('1 scores and 0 labels');
  });
});

describe('ConfusionMatrix', () => {
  it('has a macro-average F1 of 0.26667 for the example of scikit-learn’s f1_score', () => {
    const matrix = new ConfusionMatrix(3);
    matrix.add([0, 1, 2, 0, 1, 2], [0, 2, 1, 0, 0, 1]);
    expect(matrix.macroAverageF1).toBeCloseTo(0.8 / 3, 15);
    expect(matrix.accuracy).toBe(2 / 6);
    expect(matrix.toArrays()).toEqual([
      [2, 0, 0],
      [1, 0, 1],
      [0, 2, 0],
    ]);
    expect(matrix.classes()[0]).toEqual({
      trueCount: 2,
      predictedCount: 3,
      truePositives: 2,
      precision: 2 / 3,
      recall: 1,
      f1: 0.8,
    });
  });

  it('answers with the class of the highest margin, the first of equal ones', () => {
    const matrix = new ConfusionMatrix(3);
    matrix.addMargins(Float64Array.of(1, 3, 2, 5, 5, 4, -1, -2, -1), [1, 0, 2]);
    expect(matrix.toArrays()).toEqual([
      [1, 0, 0],
      [0, 1, 0],
      [1, 0, 0],
    ]);
    expect(() => matrix.addMargins(Float64Array.of(1, 2), [0])).toThrow('2 margins for 1 observations of 3 classes');
  });

  it('counts classes that the model has never seen, with F1 0', () => {
    const matrix = new ConfusionMatrix(2);
    matrix.add([0, 1, 3, 3], [0, 1, 0, 1]);
    expect(matrix.classCount).toBe(4);
    expect(matrix.total).toBe(4);
    expect(matrix.accuracy).toBe(0.5);
    // F1 of classes 0 and 1: 2/3 each; of class 3: 0. Class 2 does not occur.
    expect(matrix.macroAverageF1).toBeCloseTo(4 / 9, 15);
    expect(matrix.toArrays()[3]).toEqual([1, 1, 0, 0]);
    expect(matrix.classes()[3]).toMatchObject({ trueCount: 2, predictedCount: 0, f1: 0 });
  });

  it('leaves classes out of the mean that the evaluation data does not have', () => {
    const matrix = new ConfusionMatrix(3);
    matrix.add([0, 0], [0, 2]);
    expect(matrix.macroAverageF1).toBeCloseTo(2 / 3, 15);
  });

  it('knows the figure of always answering one class', () => {
    const matrix = new ConfusionMatrix(3);
    matrix.add([0, 0, 0, 1, 4], [2, 2, 2, 2, 2]);
    // Always 0: precision 3/5, recall 1, F1 3/4; three classes occur.
    expect(matrix.baselineMacroF1(0)).toBeCloseTo(0.25, 15);
    expect(matrix.baselineMacroF1(2)).toBe(0);
  });

  it('counts the same in parts', () => {
    const rows = fc.array(fc.tuple(fc.nat(4), fc.nat(2)));
    fc.assert(
      fc.property(rows, rows, (a, b) => {
        const make = (pairs: [number, number][]): ConfusionMatrix => {
          const matrix = new ConfusionMatrix(3);
          matrix.add(
            pairs.map(([t]) => t),
            pairs.map(([, p]) => p),
          );
          return matrix;
        };
        const merged = make(a);
        merged.merge(make(b));
        const whole = make([...a, ...b]);
        expect(merged.toArrays()).toEqual(whole.toArrays());
        expect(merged.macroAverageF1).toEqual(whole.macroAverageF1);
        for (let answer = 0; answer < 3; answer++) {
          const always = make([...a, ...b].map(([t]) => [t, answer]));
          expect(whole.baselineMacroF1(answer)).toEqual(always.macroAverageF1);
        }
      }),
    );
  });

  it('refuses numbers that are no classes', () => {
    const matrix = new ConfusionMatrix(2);
    expect(() => matrix.add([0], [2])).toThrow('predicted class 2');
    expect(() => matrix.add([-1], [0])).toThrow('true class -1');
    expect(() => matrix.add([0, 1], [0])).toThrow('2 true classes and 1 predicted ones');
    expect(() => matrix.merge(new ConfusionMatrix(3))).toThrow('different models');
    expect(new ConfusionMatrix(2).macroAverageF1).toBeNaN();
  });
});
