const GREATEST_SINGLE = (2 - 2 ** -23) * 2 ** 127;

/** The nearest number within the range of single precision; NaN stays NaN. */
export function withinSingle(value: number): number {
  return Math.max(-GREATEST_SINGLE, Math.min(GREATEST_SINGLE, value));
}
