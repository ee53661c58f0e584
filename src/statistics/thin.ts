import { sortNumbers } from './sort.js';

/** Shorter and longer lists are sorted. */
const MIN_LENGTH = 4096;
const MAX_LENGTH = 131_072;
/** Cells of equal width. */
export const CELLS = 256;
/** Values that tell the range of the cells. */
const RANGE_SAMPLES = 256;
/** Width on either side of them, which most values outside of a narrow sample lie in, as a share of the range. */
const MARGIN = 1 / 32;
/** One in so many values tells how many buckets a cell gets. */
const DENSITY_STEP = 4;
export const VALUES_PER_BUCKET = 8;
/** Values of different size that a bucket may hold. */
const CROWDED = 32;

/** Bucket of a value at position t in the cells: base[cell] + t * width[cell]. */
const base = new Float64Array(CELLS);
const width = new Float64Array(CELLS);
/** Work space, as long as the longest list so far. */
let space = workSpace(0);

function workSpace(length: number) {
  const limit = length / VALUES_PER_BUCKET + CELLS;
  return {
    bucketOf: new Uint16Array(length),
    counts: new Uint32Array(limit),
    /** A value of each bucket. */
    held: new Float64Array(limit),
    /** 1 for buckets in which different values crowd. */
    crowded: new Uint8Array(limit),
    /** Values that are sorted after all: those beyond the cells, and those of crowded buckets. */
    apart: new Float64Array(length),
  };
}

/**
 * Every so many-th value in ascending order: those of rank `first`, `first + step`, … of a list, or values beside them.
 *
 * Instead of sorting, values are counted in buckets, and the last one of a bucket stands for all that are in it:
 *
 *     sample ──▶ 256 cells of equal width over the sample's range; a cell owns buckets by its share of the values
 *     value ──▶ cell ──▶ bucket, linearly within the cell
 *
 * A bucket holds 8 values on average. So a value's rank is off by less than 32, by about 3 mostly; equal values are not off at
 * all. Values beyond the range, and those of buckets in which more than 32 crowd that are not all equal, are sorted.
 * `KernelNumbers` runs the same steps in WebAssembly, with the same answers.
 *
 * @param values no NaN; their order may be changed
 * @param step 1 or more
 * @param first 0 .. step - 1
 * @returns ascending
 */
export function thin(values: Float64Array, step: number, first: number): Float64Array {
  const result = new Float64Array(Math.ceil((values.length - first) / step));
  const range = fits(values.length, step) ? takeRange(values) : { low: 0, scale: 0 };
  if (isRange(range)) {
    const { low, scale } = range;
    if (space.bucketOf.length < values.length) space = workSpace(values.length);
    pick(fillBuckets(values, low, scale, assignBuckets(values, low, scale)), step, first, result);
    return result;
  }
  sortNumbers(values);
  for (let i = 0, rank = first; i < result.length; i++, rank += step) result[i] = values[rank];
  return result;
}

/** Are values counted in buckets, as long as their range allows? */
export function fits(length: number, step: number): boolean {
  return length >= MIN_LENGTH && length <= MAX_LENGTH && step > 1;
}

/**
 * The range of a list: between the third least and the third greatest of a sample at even distances, and a little on either
 * side.
 *
 * @returns low end, and cells by width; there is a range when that is above 0 and finite
 */
export function takeRange(values: Float64Array): { low: number; scale: number } {
  const step = values.length / RANGE_SAMPLES;
  let [low, low1, low2] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  let [high, high1, high2] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < RANGE_SAMPLES; i++) {
    const value = values[(i * step) | 0];
    if (value < low) {
      low = Math.max(value, low1);
      low1 = Math.max(Math.min(value, low1), low2);
      low2 = Math.min(value, low2);
    }
    if (value > high) {
      high = Math.min(value, high1);
      high1 = Math.min(Math.max(value, high1), high2);
      high2 = Math.max(value, high2);
    }
  }
  const margin = (high - low) * MARGIN;
  return { low: low - margin, scale: CELLS / (high - low + 2 * margin) };
}

/** Has the range a width that can be cut into cells? */
export function isRange({ scale }: { readonly scale: number }): boolean {
  return scale > 0 && scale < Number.POSITIVE_INFINITY;
}

/** @returns the number of buckets */
function assignBuckets(values: Float64Array, low: number, scale: number): number {
  width.fill(1);
  for (let i = 0; i < values.length; i += DENSITY_STEP) {
    const t = (values[i] - low) * scale;
    if (t >= 0 && t < CELLS) width[t | 0]++;
  }
  const bucketsPerValue = DENSITY_STEP / VALUES_PER_BUCKET / (1 + (DENSITY_STEP * CELLS) / values.length);
  let first = 0;
  for (let cell = 0; cell < CELLS; cell++) {
    width[cell] *= bucketsPerValue;
    base[cell] = first - cell * width[cell];
    first += width[cell];
  }
  return Math.floor(first) + 1;
}

interface Filled {
  readonly bucketCount: number;
  /** Values below the first bucket, those of crowded buckets, and values above the last bucket: ascending. */
  readonly apart: Float64Array;
  /** How many of them are below the first bucket. */
  readonly below: number;
}

function fillBuckets(values: Float64Array, low: number, scale: number, bucketCount: number): Filled {
  const { bucketOf, counts, held, apart } = space;
  counts.fill(0, 0, bucketCount);
  let below = 0;
  let beyond = 0;
  let within = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    const t = (value - low) * scale;
    if (t >= 0 && t < CELLS) {
      const cell = t | 0;
      const bucket = (base[cell] + t * width[cell]) | 0;
      counts[bucket]++;
      held[bucket] = value;
      bucketOf[within] = bucket;
      values[within++] = value;
    } else {
      if (t < 0) below++;
      apart[beyond++] = value;
    }
  }
  const found = apart.subarray(0, beyond + takeCrowd(values.subarray(0, within), bucketCount, beyond));
  sortNumbers(found);
  return { bucketCount, apart: found, below };
}

/** Adds the values of crowded buckets to those set apart; @returns how many they are */
function takeCrowd(values: Float64Array, bucketCount: number, offset: number): number {
  const { bucketOf, counts, held, crowded, apart } = space;
  crowded.fill(0, 0, bucketCount);
  let most = 0;
  for (let bucket = 0; bucket < bucketCount; bucket++) if (counts[bucket] > most) most = counts[bucket];
  if (most <= CROWDED) return 0;
  let mixed = false;
  for (let i = 0; i < values.length; i++) {
    const bucket = bucketOf[i];
    if (held[bucket] !== values[i] && counts[bucket] > CROWDED) {
      crowded[bucket] = 1;
      mixed = true;
    }
  }
  if (!mixed) return 0;
  let to = offset;
  for (let i = 0; i < values.length; i++) if (crowded[bucketOf[i]] !== 0) apart[to++] = values[i];
  return to - offset;
}

/** The values of the wanted ranks, from the buckets and what was set apart. */
function pick({ bucketCount, apart, below }: Filled, step: number, first: number, result: Float64Array): void {
  const { counts, held, crowded } = space;
  let to = 0;
  let rank = first;
  let taken = below;
  let from = below;
  for (; rank < below; rank += step) result[to++] = apart[rank];
  for (let bucket = 0; bucket < bucketCount; bucket++) {
    const upTo = from + counts[bucket];
    if (crowded[bucket] === 0) {
      for (; rank < upTo; rank += step) result[to++] = held[bucket];
    } else {
      for (; rank < upTo; rank += step) result[to++] = apart[taken + rank - from];
      taken += counts[bucket];
    }
    from = upTo;
  }
  for (; to < result.length; rank += step) result[to++] = apart[taken + rank - from];
}
