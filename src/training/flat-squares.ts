import { BIAS_FEATURE } from '../features/rows.js';
import type { FitInput } from './fit-input.js';

/** Variance of the margins by the prior, up to which the second derivative of the logistic loss counts as the same for all rows. */
const FLAT = 2;

/**
 * The mean square of each feature, where the prior alone keeps margins near those of the null model: weights of variance
 * 1 / (n l2) each give the margin of a sparse row x the variance x'x / (n l2), of which the mean over the rows is at most 2. One
 * output, no L1.
 *
 * @param l2 per observation, the prior included
 * @returns f64[featureCount]; undefined where the prior is weaker
 */
export function flatSquares(
  {
    rowsPerFeature,
    outputs,
    options,
    plan,
    isNumber,
  }: Pick<FitInput, 'rowsPerFeature' | 'outputs' | 'options' | 'isNumber' | 'plan'>,
  l2: number,
): Float64Array | undefined {
  if (outputs > 1 || options.l1 > 0 || plan.layout.form === 'dense') return undefined;
  const squares = rowsPerFeature.map((rows, feature) => (isNumber(feature) ? 1 : rows / plan.rowCount));
  let sum = 0;
  for (let feature = BIAS_FEATURE + 1; feature < squares.length; feature++) sum += squares[feature];
  squares[BIAS_FEATURE] = 1;
  return sum <= FLAT * plan.rowCount * l2 ? squares : undefined;
}
