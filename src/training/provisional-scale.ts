import type { ColumnBlock } from '../datasource/block.js';
import type { RecipeStatistics } from '../recipe/statistics.js';
import type { Correction } from './corrections.js';

/** Rows that centres are taken from. */
export const SAMPLE_ROWS = 256;
/** Numbers so many deviations away from 0 are given another centre. */
const NEAR_ZERO = 2;
/** A mean may turn out to be so many deviations away from the centre: single precision then still gives 2^-21 of a deviation. */
const MOST_DISTANCE = 8;
/** Deviations beyond these could leave the range of single precision. */
const LEAST_DEVIATION = 1e-30;
const MOST_DEVIATION = 1e30;

/** What some numbers of a column look like. */
interface Sample {
  /** Near the mean: 0, or a multiple of a power of two, so that whole numbers and their distances to it are exact. */
  readonly centre: number;
  readonly variance: number;
  readonly missing: number;
}

function sampleOf(values: Float64Array, rows: Uint32Array): Sample {
  const known = Array.from(rows, (row) => values[row]).filter((value) => !Number.isNaN(value));
  const mean = known.reduce((sum, value) => sum + value / known.length, 0);
  const variance = known.reduce((sum, value) => sum + (value - mean) ** 2 / known.length, 0);
  const isConstant = known.every((value) => value === known[0]);
  const missing = rows.length - known.length;
  if (known.length === 0 || isConstant) return { centre: known[0] ?? 0, variance: 0, missing };
  return { centre: roundCentre(mean, Math.sqrt(variance)), variance, missing };
}

function roundCentre(mean: number, deviation: number): number {
  if (Math.abs(mean) <= NEAR_ZERO * deviation) return 0;
  const unit = 2 ** Math.floor(Math.log2(deviation));
  return Math.round(mean / unit) * unit;
}

/** Statistics of some rows, with the centre of a number for its mean; undefined when one cannot be represented. */
export function sampleStatistics(
  block: ColumnBlock,
  rows: Uint32Array,
  attributes: Iterable<string>,
): RecipeStatistics | undefined {
  const samples = new Map<string, Sample>();
  for (const attribute of attributes) {
    const column = block.columns.get(attribute);
    if (!(column instanceof Float64Array)) continue;
    const sample = sampleOf(column, rows);
    if (!Number.isFinite(sample.centre) || !Number.isFinite(sample.variance)) return undefined;
    samples.set(attribute, sample);
  }
  return {
    observationCount: rows.length,
    numeric(name) {
      const { centre, variance, missing } = samples.get(name)!;
      const quantiles = (): never => {
        throw new Error(`no quantiles of '${name}' are known`);
      };
      return { mean: centre, variance, missing, count: rows.length - missing || 1, quantiles };
    },
    binary: (name) => ({ missing: rows.filter((row) => (block.columns.get(name) as Uint8Array)[row] === 2).length }),
  };
}

/**
 * Targets as provisional records hold them: classes by their codes.
 *
 * @param centre subtracted from numbers
 */
export function provisionalTargets(
  block: ColumnBlock,
  rows: Uint32Array,
  target: string,
  centre: number,
): Float32Array {
  const column = block.columns.get(target) as Float64Array | Uint8Array | Uint32Array;
  const targets = new Float32Array(rows.length);
  if (column instanceof Uint8Array) {
    for (let i = 0; i < rows.length; i++) targets[i] = column[rows[i]] === 1 ? 1 : -1;
  } else {
    for (let i = 0; i < rows.length; i++) targets[i] = column[rows[i]] - centre;
  }
  return targets;
}

/** Whether numbers that were rounded to single precision as distances to a centre are as good as the numbers themselves. */
export function isPrecise(centre: number, mean: number, deviation: number): boolean {
  if (!(deviation > LEAST_DEVIATION && deviation < MOST_DEVIATION)) return false;
  return Math.abs(mean - centre) <= MOST_DISTANCE * deviation;
}

/** A number as it will be, in single precision, given its distance to the centre. */
export function scaledBy({ centre, mean, deviation }: Correction, x: number): number {
  return Math.fround((x + centre - mean) / deviation);
}

/** Can a number in single precision become 0? Only those next to the mean could: what becomes 0 lies side by side. */
export function mayVanish(correction: Correction): boolean {
  const single = Float32Array.of(correction.mean - correction.centre);
  const bits = new Int32Array(single.buffer);
  const nearest = bits[0];
  const isZero = single[0] === 0;
  const candidates = [-1, 0, 1].map((step) => {
    bits[0] = isZero ? Math.abs(step) : nearest + step;
    return isZero ? step * single[0] : single[0];
  });
  return candidates.some((x) => scaledBy(correction, x) === 0);
}
