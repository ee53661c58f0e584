import { formatCount as count } from '../format-count.js';
import type { TargetScale } from '../model/target.js';

/*
 * The validity checks of Amazon ML's console (Developer Guide, "Evaluation alerts"). Each function gives the sentences
 * to show, none when all is well.
 */

/** Evaluation data below this share of the training data is called little. */
const LEAST_SHARE = 0.1;
/** Difference of a class's share between training and evaluation data that is called large. */
const LARGE_DIFFERENCE = 0.15;
/** Distance of the means of a number in the two, in standard deviations, that is called large. */
const LARGE_SHIFT = 0.25;
/** Ratio of the standard deviations of a number in the two that is called large. */
const LARGE_RATIO = 1.5;
/** Differences within this many standard errors are taken for chance. */
const STANDARD_ERRORS = 4;

const SHUFFLE_ADVICE = 'if the data is sorted, split it at random';

/**
 * Held-out data: the evaluation data is what the model learned from.
 *
 * @param trainedCount observations learned from
 * @param observationCount observations evaluated on
 */
export function heldOutAlerts(trainedCount: number, observationCount: number): string[] {
  const part = trainedCount < observationCount ? `${count(trainedCount)} of its ${count(observationCount)}` : 'its';
  return [
    `this is the data that the model was trained on: it learned from ${part} observations; evaluate on data kept apart`,
  ];
}

/** Sufficient data, and all records used. */
export function sizeAlerts(observationCount: number, rejectedCount: number, trainingCount: number): string[] {
  const alerts: string[] = [];
  if (observationCount < LEAST_SHARE * trainingCount) {
    alerts.push(
      `only ${count(observationCount)} observations, less than 10 % of the ${count(trainingCount)} learned from`,
    );
  }
  if (rejectedCount > 0) alerts.push(`${count(rejectedCount)} observations could not be used and do not count`);
  return alerts;
}

/**
 * Schema matched: attributes that only one of the two has.
 *
 * @param trained attributes of the training data
 * @param evaluated attributes of the evaluation data
 */
export function schemaAlerts(trained: readonly string[], evaluated: readonly string[]): string[] {
  const alerts: string[] = [];
  const missing = trained.filter((name) => !evaluated.includes(name));
  const additional = evaluated.filter((name) => !trained.includes(name));
  if (missing.length > 0) alerts.push(`attributes of the training data that are missing here: ${missing.join(', ')}`);
  if (additional.length > 0) {
    alerts.push(`attributes that the training data does not have, ignored: ${additional.join(', ')}`);
  }
  return alerts;
}

/** A class, and its share of the observations learned from and evaluated on. */
export interface ClassShare {
  readonly name: string;
  readonly trained: number;
  readonly evaluated: number;
}

/** Target distribution: a class that is unknown, or whose share differs by more than 0.15 and more than chance explains. */
export function shareAlerts(shares: readonly ClassShare[], observationCount: number): string[] {
  const chance = ({ trained }: ClassShare): number =>
    STANDARD_ERRORS * Math.sqrt((trained * (1 - trained)) / observationCount);
  const difference = ({ trained, evaluated }: ClassShare): number => Math.abs(trained - evaluated);
  const largest = shares.reduce((most, share) => (difference(share) > difference(most) ? share : most));
  const unseen = shares.filter(({ trained, evaluated }) => trained === 0 && evaluated > 0);
  const alerts = unseen.map(({ name }) => `class '${name}' does not occur in what was learned from; ${SHUFFLE_ADVICE}`);
  if (alerts.length === 0 && difference(largest) > Math.max(LARGE_DIFFERENCE, chance(largest))) {
    const { name, trained, evaluated } = largest;
    alerts.push(
      `'${name}' is ${percent(evaluated)} of the evaluation data but ${percent(trained)} of what was learned from; ${SHUFFLE_ADVICE}`,
    );
  }
  return alerts;
}

/** Target distribution of a number: another mean or another spread, by more than chance explains. */
export function distributionAlerts(
  trained: TargetScale & { type: 'REGRESSION' },
  evaluated: { readonly mean: number; readonly standardDeviation: number },
  observationCount: number,
): string[] {
  const deviation = trained.standardDeviation;
  const chance = STANDARD_ERRORS / Math.sqrt(observationCount);
  const shift = Math.abs(evaluated.mean - trained.mean) / deviation;
  if (shift > Math.max(LARGE_SHIFT, chance)) {
    return [
      `the target's mean is ${short(evaluated.mean)} in the evaluation data but ${short(trained.mean)} in what was learned from; ${SHUFFLE_ADVICE}`,
    ];
  }
  const ratio = Math.abs(Math.log(evaluated.standardDeviation / deviation));
  if (ratio > Math.max(Math.log(LARGE_RATIO), chance)) {
    return [
      `the target's standard deviation is ${short(evaluated.standardDeviation)} in the evaluation data but ${short(deviation)} in what was learned from; ${SHUFFLE_ADVICE}`,
    ];
  }
  return [];
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
const short = (value: number): string => String(Number(value.toPrecision(4)));
