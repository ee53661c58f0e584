// Every so many-th of a list of numbers in ascending order, by counting them in buckets. Plain twin: src/statistics/thin.ts.

/** Cells of equal width over the range of the values. */
const CELLS: i32 = 256;
/** One in so many values tells how many buckets a cell gets. */
const DENSITY_STEP: usize = 4;
const VALUES_PER_BUCKET: f64 = 8;
/** Values of different size that a bucket may hold. */
const CROWDED: u32 = 32;

/**
 * Count values in buckets: 8 values on average in each, as evenly as 256 cells of the range allow.
 *
 *     value ──▶ cell ──▶ bucket, linearly within the cell
 *
 * Those below the range, those above it, and those of buckets in which more than 32 crowd that are not all equal are set
 * apart.
 *
 * values     f64[count]  no NaN; their order changes
 * low        lower end of the range
 * scale      CELLS / width of the range
 * cells      f64[2 CELLS]   scratch
 * bucketOf   u16[count]     scratch
 * counts     u32[count / 8 + CELLS]  written: values in each bucket
 * held       f64[the same]           written: the last one of each
 * crowded    u8[the same]            written: 1 where the values were set apart
 * apart      f64[count]     written: values set apart, in no order
 * found      u32[2]         written: buckets; values below the range
 * returns    how many were set apart
 */
export function statisticsFill(
  values: usize,
  count: i32,
  low: f64,
  scale: f64,
  cells: usize,
  bucketOf: usize,
  counts: usize,
  held: usize,
  crowded: usize,
  apart: usize,
  found: usize,
): i32 {
  const buckets = assignBuckets(values, count, low, scale, cells);
  memory.fill(counts, 0, buckets << 2);
  memory.fill(crowded, 0, buckets);
  const end = values + (<usize>count << 3);
  let below: u32 = 0;
  let beyond = apart;
  let bucketEnd = bucketOf;
  let within = values;
  const lows = f64x2.splat(low);
  const scales = f64x2.splat(scale);
  const zeros = f64x2.splat(0);
  const limits = f64x2.splat(<f64>CELLS);
  for (let p = values; p < end; p += 16) {
    const pair = v128.load(p);
    const t = f64x2.mul(f64x2.sub(pair, lows), scales);
    const inside = v128.and(f64x2.ge(t, zeros), f64x2.lt(t, limits));
    if (p + 8 < end && i64x2.all_true(inside)) {
      const cell = i32x4.trunc_sat_f64x2_s_zero(t);
      const a = v128.load(cells + (<usize>i32x4.extract_lane(cell, 0) << 4));
      const b = v128.load(cells + (<usize>i32x4.extract_lane(cell, 1) << 4));
      const firsts = v128.shuffle<f64>(a, b, 0, 2);
      const widths = v128.shuffle<f64>(a, b, 1, 3);
      const bucket = i32x4.trunc_sat_f64x2_s_zero(f64x2.add(firsts, f64x2.mul(t, widths)));
      const bucketA = <usize>i32x4.extract_lane(bucket, 0);
      const bucketB = <usize>i32x4.extract_lane(bucket, 1);
      store<f64>(held + (bucketA << 3), f64x2.extract_lane(pair, 0));
      store<f64>(held + (bucketB << 3), f64x2.extract_lane(pair, 1));
      store<u32>(counts + (bucketA << 2), load<u32>(counts + (bucketA << 2)) + 1);
      store<u32>(counts + (bucketB << 2), load<u32>(counts + (bucketB << 2)) + 1);
      store<u32>(bucketEnd, <u32>bucketA | (<u32>bucketB << 16));
      v128.store(within, pair);
      bucketEnd += 4;
      within += 16;
      continue;
    }
    for (let q = p; q < end && q < p + 16; q += 8) {
      const value = q == p ? f64x2.extract_lane(pair, 0) : f64x2.extract_lane(pair, 1);
      const t = (value - low) * scale;
      if (t >= 0 && t < <f64>CELLS) {
        const cell = cells + (<usize>(<i32>t) << 4);
        const bucket = <usize>(<i32>(load<f64>(cell) + t * load<f64>(cell, 8)));
        store<f64>(held + (bucket << 3), value);
        store<u32>(counts + (bucket << 2), load<u32>(counts + (bucket << 2)) + 1);
        store<u16>(bucketEnd, <u16>bucket);
        store<f64>(within, value);
        bucketEnd += 2;
        within += 8;
      } else {
        below += <u32>(t < 0);
        store<f64>(beyond, value);
        beyond += 8;
      }
    }
  }
  store<u32>(found, <u32>buckets);
  store<u32>(found, below, 4);
  beyond = takeCrowd(values, within, bucketOf, <u32>buckets, counts, held, crowded, beyond);
  return <i32>((beyond - apart) >> 3);
}

/**
 * Give each cell buckets by its share of the values: bucket of a value at position t = first + t * width.
 *
 * cells     f64[CELLS][2]  written: first, width
 * returns   number of buckets
 */
function assignBuckets(values: usize, count: i32, low: f64, scale: f64, cells: usize): usize {
  for (let cell = 0; cell < CELLS; cell++) store<f64>(cells + (<usize>cell << 4), 1, 8);
  const end = values + (<usize>count << 3);
  for (let p = values; p < end; p += 8 * DENSITY_STEP) {
    const t = (load<f64>(p) - low) * scale;
    if (t >= 0 && t < <f64>CELLS) {
      const cell = cells + (<usize>(<i32>t) << 4);
      store<f64>(cell, load<f64>(cell, 8) + 1, 8);
    }
  }
  const step = <f64>DENSITY_STEP;
  const bucketsPerValue = step / VALUES_PER_BUCKET / (1 + (step * <f64>CELLS) / <f64>count);
  let first: f64 = 0;
  for (let cell = 0; cell < CELLS; cell++) {
    const p = cells + (<usize>cell << 4);
    const width = load<f64>(p, 8) * bucketsPerValue;
    store<f64>(p, first - <f64>cell * width);
    store<f64>(p, width, 8);
    first += width;
  }
  return <usize>(<i32>first) + 1;
}

/** Set the values of crowded buckets apart too. @returns the end of those set apart */
function takeCrowd(
  values: usize,
  end: usize,
  bucketOf: usize,
  buckets: u32,
  counts: usize,
  held: usize,
  crowded: usize,
  apartEnd: usize,
): usize {
  let most: u32 = 0;
  for (let bucket: u32 = 0; bucket < buckets; bucket++) most = max(most, load<u32>(counts + (bucket << 2)));
  if (most <= CROWDED) return apartEnd;
  let mixed = false;
  for (let p = values, b = bucketOf; p < end; p += 8, b += 2) {
    const bucket = <usize>load<u16>(b);
    if (load<f64>(held + (bucket << 3)) != load<f64>(p) && load<u32>(counts + (bucket << 2)) > CROWDED) {
      store<u8>(crowded + bucket, 1);
      mixed = true;
    }
  }
  if (!mixed) return apartEnd;
  for (let p = values, b = bucketOf; p < end; p += 8, b += 2) {
    store<f64>(apartEnd, load<f64>(p));
    apartEnd += <usize>load<u8>(crowded + <usize>load<u16>(b)) << 3;
  }
  return apartEnd;
}

/**
 * Two ascending lists as one, without a branch to mispredict.
 *
 * a, b      f64[]  readable for 8 bytes past their ends
 * result    f64[]  written
 */
export function statisticsMerge(a: usize, aEnd: usize, b: usize, bEnd: usize, result: usize): void {
  while (a < aEnd && b < bEnd) {
    const x = load<f64>(a);
    const y = load<f64>(b);
    const second = <usize>(y < x);
    store<f64>(result, select<f64>(y, x, second != 0));
    b += second << 3;
    a += (1 - second) << 3;
    result += 8;
  }
  memory.copy(result, a, aEnd - a);
  memory.copy(result + (aEnd - a), b, bEnd - b);
}

/**
 * The values of rank first, first + step, … from buckets and what was set apart; see `statisticsFill`.
 *
 * apart     f64[]  ascending
 * below     how many of them are below the first bucket
 * result    f64[length]  written, ascending
 */
export function statisticsPick(
  counts: usize,
  held: usize,
  crowded: usize,
  buckets: u32,
  apart: usize,
  below: u32,
  step: u32,
  first: u32,
  result: usize,
  length: u32,
): void {
  const end = result + (<usize>length << 3);
  let rank = first;
  let taken = below;
  let from = below;
  for (; rank < below; rank += step, result += 8) store<f64>(result, load<f64>(apart + (<usize>rank << 3)));
  for (let bucket: u32 = 0; bucket < buckets; bucket++) {
    const upTo = from + load<u32>(counts + (bucket << 2));
    if (load<u8>(crowded + bucket) == 0) {
      const value = load<f64>(held + (bucket << 3));
      for (; rank < upTo; rank += step, result += 8) store<f64>(result, value);
    } else {
      for (; rank < upTo; rank += step, result += 8) {
        store<f64>(result, load<f64>(apart + (<usize>(taken + rank - from) << 3)));
      }
      taken += upTo - from;
    }
    from = upTo;
  }
  for (; result < end; rank += step, result += 8) {
    store<f64>(result, load<f64>(apart + (<usize>(taken + rank - from) << 3)));
  }
}
