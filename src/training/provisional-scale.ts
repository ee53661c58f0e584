import type { ColumnBlock } from '../datasource/block.js';
import type { RecipeStatistics } from '../recipe/statistics.js';

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

/** Whether numbers that were rounded to single precision as distances to a centre are as good as the numbers themselves. */
export function isPrecise(centre: number, mean: number, deviation: number): boolean {
  if (!(deviation > LEAST_DEVIATION && deviation < MOST_DEVIATION)) return false;
  return Math.abs(mean - centre) <= MOST_DISTANCE * deviation;
}
