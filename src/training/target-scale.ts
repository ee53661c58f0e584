import { InvalidInput } from '../errors.js';
import type { TargetScale } from '../model/target.js';
import type { TargetStatistics } from '../statistics/statistics.js';

/** Most classes of a model (Amazon ML quotas). */
const MOST_CLASSES = 100;

/**
 * What a model needs to know of its target, from its statistics in the training data; by weight where rows have weights.
 *
 * @param source name of the data, for messages
 * @throws InvalidInput for more than 100 classes, and for numbers out of range
 */
export function targetScale(found: TargetStatistics, target: string, source: string): TargetScale {
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
    return { type: found.type, positiveShare: positives / (negatives + positives) };
  }
  const classes = [...found.classes].sort((a, b) => (a.value < b.value ? -1 : 1));
  const total = classes.reduce((sum, { count }) => sum + count, 0);
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

/** The class that all observations to learn from belong to; undefined when there are several, or a quantity is to be learned. */
export function onlyClass(found: TargetStatistics | undefined): string | undefined {
  if (found?.type === 'MULTICLASS') return found.classes.length === 1 ? found.classes[0].value : undefined;
  if (found?.type !== 'BINARY' || (found.negatives > 0 && found.positives > 0)) return undefined;
  return found.positives > 0 ? '1' : '0';
}
