import type { MulticlassEvaluation } from './evaluation.js';

/** Classes that a confusion matrix for people shows (Amazon ML console): all of 10, else the 9 most frequent and the rest. */
export const SHOWN_CLASSES = 10;

/** A confusion matrix as a person reads it: classes by falling frequency in the evaluation data. */
export interface ShownConfusion {
  /** Names of the classes; the last is `others` when there are more than shown. */
  readonly classes: readonly string[];
  /** Number of classes in `others`; 0 when all are shown. */
  readonly otherCount: number;
  /** Counts; rows are true classes, columns predicted ones, in the order of `classes`. */
  readonly counts: readonly (readonly number[])[];
  /** Share of the observations that are of each class, and that the model took for it, 0 .. 1. */
  readonly trueShares: readonly number[];
  readonly predictedShares: readonly number[];
  /** F1 of each class; for `others`, the mean over those of them that occur. */
  readonly f1: readonly number[];
}

/** The confusion matrix with the 9 most frequent classes and `others`, or with all classes when there are at most 10. */
export function shownConfusion({ classes, confusion }: MulticlassEvaluation): ShownConfusion {
  const order = classes.map((_, k) => k).sort((a, b) => classes[b].trueCount - classes[a].trueCount || a - b);
  const all = order.length <= SHOWN_CLASSES;
  const groups = all
    ? order.map((k) => [k])
    : [...order.slice(0, SHOWN_CLASSES - 1).map((k) => [k]), order.slice(SHOWN_CLASSES - 1)];
  const counts = groups.map((rows) =>
    groups.map((columns) => sum(rows.map((row) => sum(columns.map((column) => confusion[row][column]))))),
  );
  const total = sum(counts.map(sum));
  return {
    classes: groups.map((group, i) => (i === SHOWN_CLASSES - 1 && !all ? 'others' : classes[group[0]].class)),
    otherCount: all ? 0 : order.length - SHOWN_CLASSES + 1,
    counts,
    trueShares: counts.map((row) => sum(row) / total),
    predictedShares: counts.map((_, k) => sum(counts.map((row) => row[k])) / total),
    f1: groups.map((group) => meanF1(group.map((k) => classes[k]))),
  };
}

function meanF1(classes: MulticlassEvaluation['classes']): number {
  if (classes.length === 1) return classes[0].f1;
  const present = classes.filter(({ trueCount }) => trueCount > 0);
  return present.length === 0 ? 0 : sum(present.map((c) => c.f1)) / present.length;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
