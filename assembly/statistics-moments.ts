// Moments of numbers. Plain twin: src/statistics/moments.ts.

/**
 * Sums over finite numbers, which move to the front of the list; -0 becomes 0.
 *
 *     lanes   sums of values 0, 4, 8 … | 1, 5, 9 … | 2, 6 … | 3, 7 …     added as (0 + 2) + (1 + 3)
 *
 * values    f64[count]
 * result    f64[5]  written: the first finite value s, sum of (x - s), sum of (x - s)^2, least, greatest x
 * returns   how many are finite
 */
export function statisticsMoments(values: usize, count: i32, result: usize): i32 {
  if (count == 0) return 0;
  // A number that is not finite leaves no sum finite.
  if (addMoments(values, count, result, true)) return count;
  const finite = keepFinite(values, count);
  if (finite > 0) addMoments(values, finite, result, true);
  return finite;
}

/**
 * `statisticsMoments` of a list that stays as it is.
 *
 * count     not 0
 * returns   1; 0: some may not be finite, the result means nothing
 */
export function statisticsMomentsInPlace(values: usize, count: i32, result: usize): i32 {
  return i32(addMoments(values, count, result, false));
}

/**
 * The moments of a list.
 *
 * changes   its zeros become 0
 * returns   whether the sum of (x - s) is finite
 */
// @ts-ignore: decorator
@inline
function addMoments(values: usize, count: i32, result: usize, changes: bool): bool {
  const zeros = f64x2.splat(0);
  const shift = load<f64>(values) + 0;
  const shifts = f64x2.splat(shift);
  let sumA = zeros;
  let sumB = zeros;
  let squaresA = zeros;
  let squaresB = zeros;
  let least = shifts;
  let greatest = shifts;
  let p = values;
  const whole = values + ((<usize>count >> 2) << 5);
  for (; p < whole; p += 32) {
    const a = f64x2.add(v128.load(p), zeros);
    const b = f64x2.add(v128.load(p, 16), zeros);
    if (changes) {
      v128.store(p, a);
      v128.store(p, b, 16);
    }
    const distanceA = f64x2.sub(a, shifts);
    const distanceB = f64x2.sub(b, shifts);
    sumA = f64x2.add(sumA, distanceA);
    sumB = f64x2.add(sumB, distanceB);
    squaresA = f64x2.add(squaresA, f64x2.mul(distanceA, distanceA));
    squaresB = f64x2.add(squaresB, f64x2.mul(distanceB, distanceB));
    least = f64x2.pmin(f64x2.pmin(least, a), b);
    greatest = f64x2.pmax(f64x2.pmax(greatest, a), b);
  }
  sumA = f64x2.add(sumA, sumB);
  squaresA = f64x2.add(squaresA, squaresB);
  let sum = f64x2.extract_lane(sumA, 0) + f64x2.extract_lane(sumA, 1);
  let squares = f64x2.extract_lane(squaresA, 0) + f64x2.extract_lane(squaresA, 1);
  let low = min(f64x2.extract_lane(least, 0), f64x2.extract_lane(least, 1));
  let high = max(f64x2.extract_lane(greatest, 0), f64x2.extract_lane(greatest, 1));
  for (const end = values + (<usize>count << 3); p < end; p += 8) {
    const x = load<f64>(p) + 0;
    if (changes) store<f64>(p, x);
    const distance = x - shift;
    sum += distance;
    squares += distance * distance;
    low = min(low, x);
    high = max(high, x);
  }
  store<f64>(result, shift);
  store<f64>(result, sum, 8);
  store<f64>(result, squares, 16);
  store<f64>(result, low, 24);
  store<f64>(result, high, 32);
  return sum - sum == 0;
}

/** Move finite numbers to the front. @returns how many there are */
function keepFinite(values: usize, count: i32): i32 {
  let to = values;
  for (let p = values, end = values + (<usize>count << 3); p < end; p += 8) {
    const x = load<f64>(p);
    store<f64>(to, x);
    to += <usize>(x - x == 0) << 3;
  }
  return <i32>((to - values) >> 3);
}
