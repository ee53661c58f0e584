import { describe, expect, it } from 'vitest';
import { ConfusionMatrix } from '../../src/evaluation/confusion-matrix.js';
import type { MulticlassEvaluation } from '../../src/evaluation/evaluation.js';
import { shownConfusion } from '../../src/evaluation/others.js';

/** Class k occurs k + 1 times; one observation of the last class is taken for class 0. */
function evaluationOf(classCount: number): MulticlassEvaluation {
  const matrix = new ConfusionMatrix(classCount);
  for (let k = 0; k < classCount; k++) matrix.add(new Array(k + 1).fill(k), new Array(k + 1).fill(k));
  matrix.add([classCount - 1], [0]);
  return {
    classes: matrix.classes().map((counts, k) => ({ class: `c${k}`, ...counts })),
    confusion: matrix.toArrays(),
  } as unknown as MulticlassEvaluation;
}

describe('the confusion matrix for people', () => {
  it('shows up to 10 classes, the most frequent first', () => {
    const shown = shownConfusion(evaluationOf(10));
    expect(shown.classes).toEqual(['c9', 'c8', 'c7', 'c6', 'c5', 'c4', 'c3', 'c2', 'c1', 'c0']);
    expect(shown.otherCount).toBe(0);
    expect(shown.counts[0]).toEqual([10, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
    expect(shown.trueShares[0]).toBeCloseTo(11 / 56, 15);
    expect(shown.predictedShares[9]).toBeCloseTo(2 / 56, 15);
    expect(shown.f1[9]).toBeCloseTo(2 / 3, 15);
  });

  it('shows 9 of more, and the others as one', () => {
    const shown = shownConfusion(evaluationOf(12));
    expect(shown.classes).toHaveLength(10);
    expect(shown.classes.slice(8)).toEqual(['c3', 'others']);
    expect(shown.otherCount).toBe(3);
    // c0, c1 and c2: 1 + 2 + 3 observations; one of c11 is taken for one of them.
    expect(shown.counts[9][9]).toBe(6);
    expect(shown.counts[0][9]).toBe(1);
    expect(shown.counts.flat().reduce((sum, count) => sum + count, 0)).toBe(79);
    // F1 of c0 is 2/3, those of c1 and c2 are 1.
    expect(shown.f1[9]).toBeCloseTo(8 / 9, 15);
  });
});
