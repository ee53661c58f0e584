import { BIAS_FEATURE } from '../../src/features/rows.js';

export type Task = 'logistic' | 'squared' | 'softmax';
export type Form = 'sparse' | 'sparse ones' | 'dense';

/** A target and feature values; the bias is added by the trial. */
export interface Observation {
  readonly target: number;
  readonly values: ReadonlyMap<number, number>;
  /** Default 1. */
  readonly weight?: number;
}

/** Uniform in [0, 1): xorshift32 (Marsaglia 2003). */
export function randomNumbers(seed: number): () => number {
  let state = (Math.imul(seed, 2654435761) ^ 0x9e3779b9) | 1;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
  for (let i = 0; i < 8; i++) next();
  return next;
}

/**
 * Observations of a random linear model with noise.
 *
 * @param present share of features that a row contains
 * @param weighted rows have weights of 0 .. 3, every tenth or so 0; default: no weights
 */
export function randomObservations(
  task: Task,
  form: Form,
  {
    seed,
    rowCount,
    featureCount,
    outputs = 1,
    present = 0.5,
    weighted = false,
  }: {
    seed: number;
    rowCount: number;
    featureCount: number;
    outputs?: number;
    present?: number;
    weighted?: boolean;
  },
): Observation[] {
  const random = randomNumbers(seed);
  const noise = () => random() + random() + random() - 1.5;
  const truth = Array.from({ length: featureCount * outputs }, () => 2 * noise());
  const drawWeights = randomNumbers(seed + 1);
  const drawWeight = (): { weight?: number } =>
    weighted ? { weight: drawWeights() < 0.1 ? 0 : Math.fround(3 * drawWeights()) } : {};
  return Array.from({ length: rowCount }, () => {
    const values = new Map<number, number>();
    const margins = new Float64Array(outputs);
    for (let feature = BIAS_FEATURE + 1; feature < featureCount; feature++) {
      if (random() >= present) continue;
      const isOne = form === 'sparse ones' || (form === 'sparse' && feature % 3 === 0);
      const value = isOne ? 1 : Math.fround(2 * noise()) || 1;
      values.set(feature, value);
      for (let k = 0; k < outputs; k++) margins[k] += truth[feature * outputs + k] * value;
    }
    const noisy = margins.map((margin) => margin + noise());
    if (task === 'squared') return { target: Math.fround(noisy[0]), values, ...drawWeight() };
    if (task === 'logistic') return { target: noisy[0] > 0 ? 1 : -1, values, ...drawWeight() };
    return { target: noisy.indexOf(Math.max(...noisy)), values, ...drawWeight() };
  });
}
