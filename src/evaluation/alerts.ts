/** Evaluation data below this share of the training data is called little (Amazon ML, evaluation alerts). */
const LEAST_SHARE = 0.1;
/** Difference of a class's share between training and evaluation data that is called large. */
const LARGE_DIFFERENCE = 0.15;

/** Alerts about the number of observations. */
export function sizeAlerts(observationCount: number, rejectedCount: number, trainingCount: number): string[] {
  const alerts: string[] = [];
  if (observationCount < LEAST_SHARE * trainingCount) {
    alerts.push(`only ${observationCount} observations, less than 10 % of the ${trainingCount} learned from`);
  }
  if (rejectedCount > 0) alerts.push(`${rejectedCount} observations could not be used and do not count`);
  return alerts;
}

/** A class, and its share of the observations learned from and evaluated on. */
export interface ClassShare {
  readonly name: string;
  readonly trained: number;
  readonly evaluated: number;
}

/** An alert when the target is distributed otherwise in the evaluation data than in the training data. */
export function shareAlerts(shares: readonly ClassShare[]): string[] {
  const difference = ({ trained, evaluated }: ClassShare): number => Math.abs(trained - evaluated);
  const largest = shares.reduce((most, share) => (difference(share) > difference(most) ? share : most));
  const unseen = shares.filter(({ trained, evaluated }) => trained === 0 && evaluated > 0);
  const advice = 'if the data is sorted, split it at random';
  const alerts = unseen.map(({ name }) => `class '${name}' does not occur in what was learned from; ${advice}`);
  if (alerts.length === 0 && difference(largest) > LARGE_DIFFERENCE) {
    const { name, trained, evaluated } = largest;
    alerts.push(
      `'${name}' is ${percent(evaluated)} of the evaluation data but ${percent(trained)} of what was learned from; ${advice}`,
    );
  }
  return alerts;
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
