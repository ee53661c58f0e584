/** Counts of numbers in bins of equal width; the first and the last bin may also hold what lies beyond them. */
export interface Histogram {
  /** Ascending; bin i reaches from `edges[i]` to `edges[i + 1]`, the upper edge not included. One more than bins. */
  readonly edges: readonly number[];
  /** Numbers in each bin. They add up to the number of values. */
  readonly counts: readonly number[];
  /** True when the first bin also holds values below `edges[0]`. */
  readonly openBelow: boolean;
  /** True when the last bin also holds values from the last edge on. */
  readonly openAbove: boolean;
}

/** What a histogram is made from: a `NumericSummary`, for one. */
export interface Distribution {
  readonly count: number;
  readonly min: number;
  readonly max: number;
  quantiles(fractions: readonly number[]): number[];
  /** How many values are at most `value`. */
  rank(value: number): number;
}

/** Share of the values that a far tail may hold and still be put into an open bin at that end. */
const TAIL = 0.005;
/** A tail is far when it is longer than this many times the range of the other values. */
const FAR = 1;

/**
 * A histogram with at most the given number of bins, of width 1, 2 or 5 times a power of ten. Far tails of half a percent of
 * the values are put into the bin at their end, which is then open.
 *
 * @param options.bins at most; 2 or more. Default 20
 * @param options.decimals digits after the point that the values have; bins are then whole multiples of the last digit's unit
 *   and their edges lie half a unit below it, so that each bin holds as many possible values. Undefined: any values
 * @returns undefined when there is no value
 */
export function histogram(
  values: Distribution,
  options: { bins?: number; decimals?: number } = {},
): Histogram | undefined {
  if (values.count === 0) return undefined;
  const bins = options.bins ?? 20;
  const [low, high] = shownRange(values);
  const unit = options.decimals === undefined ? 0 : 10 ** -options.decimals;
  const width = Math.max(niceWidth(high / bins - low / bins), unit) || niceWidth(Math.abs(low) / bins) || 1;
  let wide = width;
  let edges = edgesOf(low, high, wide, unit);
  while (edges.length > bins + 1) edges = edgesOf(low, high, (wide = niceWidth(wide * 1.5)), unit);
  const upTo = edges.map((edge) => values.rank(below(edge)));
  const last = edges.length - 1;
  const counts = edges.slice(1).map((_, i) => (i + 1 === last ? values.count : upTo[i + 1]) - (i === 0 ? 0 : upTo[i]));
  return { edges, counts, openBelow: values.min < edges[0], openAbove: values.max >= edges[last] };
}

function shownRange(values: Distribution): [number, number] {
  const [low, high] = values.quantiles([TAIL, 1 - TAIL]);
  const far = FAR * (high - low);
  if (far === 0) return [values.min, values.max];
  return [low - values.min > far ? low : values.min, values.max - high > far ? high : values.max];
}

/** The least of 1, 2, 5, 10, … times a power of ten that is no less than a width; 0 for 0. */
function niceWidth(width: number): number {
  if (!(width > 0)) return 0;
  const power = 10 ** Math.floor(Math.log10(width));
  for (const step of [1, 2, 5, 10]) if (step * power >= width * (1 - 1e-9)) return step * power;
  return 10 * power;
}

function edgesOf(low: number, high: number, width: number, unit: number): number[] {
  const first = Math.floor(low / width + 1e-9);
  const last = Math.floor(high / width + 1e-9);
  const edges: number[] = [];
  for (let i = first; i <= last + 1; i++) edges.push(clean(i * width - unit / 2));
  return edges;
}

/** Without the noise of binary fractions in its last digits. */
const clean = (value: number): number => Number(value.toPrecision(14));

const bits = new BigInt64Array(1);
const double = new Float64Array(bits.buffer);

/** The greatest double that is less than a finite one. */
function below(value: number): number {
  if (value === 0) return -Number.MIN_VALUE;
  double[0] = value;
  bits[0] += value > 0 ? -1n : 1n;
  return double[0];
}

/** The bin of a value: the first or last one for values beyond the edges. */
export function binOf({ edges, counts }: Histogram, value: number): number {
  let low = 0;
  let high = counts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (value >= edges[middle]) low = middle;
    else high = middle - 1;
  }
  return low;
}
