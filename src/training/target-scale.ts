import { InvalidInput } from '../errors.js';
import type { TargetScale } from '../model/target.js';
import type { TargetStatistics } from '../statistics/statistics.js';

/** Most classes of a model (Amazon ML quotas). */
const MOST_CLASSES = 100;

/**
 * What a model needs to know of its target, from its statistics in the training data; by weight where rows have weights.
 *
 * @param observationCount for messages
 * @param source name of the data, for messages
 * @throws InvalidInput when there is nothing to tell apart: fewer than two classes; or more than 100
 */
export function targetScale(
  found: TargetStatistics,
  observationCount: number,
  target: string,
  source: string,
): TargetScale {
  if (found.type === 'REGRESSION') {
    if (!Number.isFinite(found.variance)) {
      throw new InvalidInput(`${source}: the values of the target '${target}' are too large to be learned`, {
        hint: 'divide them by a constant; their squares must stay below 1.8e308',
      });
    }
    return { type: found.type, mean: found.mean, standardDeviation: Math.sqrt(found.variance) || 1 };
  }
  if (found.type === 'BINARY') {
    const { negatives, positives } = found;
    if (negatives === 0 || positives === 0) throw oneClass(source, target, positives > 0 ? '1' : '0', observationCount);
    return { type: found.type, positiveShare: positives / (negatives + positives) };
  }
  const classes = [...found.classes].sort((a, b) => (a.value < b.value ? -1 : 1));
  const total = classes.reduce((sum, { count }) => sum + count, 0);
  if (classes.length < 2) throw oneClass(source, target, classes[0].value, observationCount);
  if (classes.length > MOST_CLASSES) {
    throw new InvalidInput(
      `${source}: the target '${target}' has ${classes.length} classes; a model has at most ${MOST_CLASSES}`,
      {
        hint: 'merge rare classes, or declare the target NUMERIC if it is a quantity',
      },
    );
  }
  return {
    type: 'MULTICLASS',
    classes: classes.map(({ value }) => value),
    shares: classes.map(({ count }) => count / total),
  };
}

function oneClass(source: string, target: string, value: string, count: number): InvalidInput {
  return new InvalidInput(
    `${source}: the target '${target}' is '${value}' in all ${count.toLocaleString('en')} observations to learn from`,
    {
      hint: 'a model needs at least two classes; if the file is sorted by the target, split it at random (--split random; in a DataRearrangement the strategy random)',
    },
  );
}
