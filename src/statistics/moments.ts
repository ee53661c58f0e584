/** Sums over the finite ones of a list of numbers. Without any, the others than `count` mean nothing. */
export interface Moments {
  readonly count: number;
  /** The first of them, from which distances are measured so that sums of squares keep their digits. */
  readonly shift: number;
  /** Of x - shift. */
  readonly sum: number;
  /** Of (x - shift)^2. */
  readonly squares: number;
  readonly min: number;
  readonly max: number;
}

const LANES = 4;

/**
 * Sums in four lanes, value i in lane i mod 4 up to the last whole four, added as (0 + 2) + (1 + 3), the rest one by one. Twin
 * of `statisticsMoments` in assembly/statistics-moments.ts.
 *
 * @param values changed: finite ones move to the front, -0 becomes 0
 */
export function momentsOf(values: Float64Array): Moments {
  const count = keepFinite(values);
  const shift = values[0];
  let min = shift;
  let max = shift;
  const sums = [0, 0, 0, 0];
  const squares = [0, 0, 0, 0];
  const whole = count - (count % LANES);
  for (let i = 0; i < whole; i++) {
    const distance = values[i] - shift;
    sums[i % LANES] += distance;
    squares[i % LANES] += distance * distance;
  }
  let sum = sums[0] + sums[2] + (sums[1] + sums[3]);
  let square = squares[0] + squares[2] + (squares[1] + squares[3]);
  for (let i = whole; i < count; i++) {
    const distance = values[i] - shift;
    sum += distance;
    square += distance * distance;
  }
  for (let i = 0; i < count; i++) {
    if (values[i] < min) min = values[i];
    if (values[i] > max) max = values[i];
  }
  return { count, shift, sum, squares: square, min, max };
}

function keepFinite(values: Float64Array): number {
  let count = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] + 0;
    values[count] = value;
    count += Number(value - value === 0) | 0;
  }
  return count;
}
