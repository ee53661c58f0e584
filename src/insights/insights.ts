import type { AttributeType } from '../schema/schema.js';
import type { Association, Correlation } from './association.js';

/** A value and how often it occurs. */
export interface ValueCount<Value> {
  readonly value: Value;
  readonly count: number;
}

/** Counts of numbers in bins of equal width; see `histogram`. */
export interface HistogramInsight {
  readonly edges: readonly number[];
  readonly counts: readonly number[];
  readonly openBelow: boolean;
  readonly openAbove: boolean;
  readonly classShares?: ClassShares;
}

/**
 * For each class of the target, in order, its share of the rows in each bin or with each value. Only where there is a target
 * of at most 8 classes.
 */
export type ClassShares = readonly (readonly number[])[];

interface Common {
  readonly name: string;
  readonly isTarget: boolean;
  /** Rows looked at. */
  readonly observations: number;
  /** Rows without a valid value. */
  readonly missing: number;
  /** Rows whose field holds something that is no value of the type; they count as missing. */
  readonly invalid: number;
  /** With the target; absent for the target itself and where there is none. */
  readonly correlation?: Correlation;
  /** What is odd about the attribute, for people. */
  readonly warnings: readonly string[];
}

/** Where there is no number, `min` to `standardDeviation` and the quantiles are null. */
export interface NumericInsight extends Common {
  readonly type: 'NUMERIC';
  readonly count: number;
  readonly min: number | null;
  readonly max: number | null;
  readonly mean: number | null;
  readonly median: number | null;
  readonly variance: number | null;
  readonly standardDeviation: number | null;
  /** By percentile: `1`, `5`, `25`, `50`, `75`, `95`, `99`. */
  readonly percentiles: Readonly<Record<string, number | null>>;
  readonly distinct: number;
  /** False when `distinct` is an estimate, within 0.81 % (standard error). */
  readonly distinctIsExact: boolean;
  readonly mostFrequent: readonly ValueCount<number>[];
  /** False when the counts of `mostFrequent` may be too high. */
  readonly mostFrequentIsExact: boolean;
  readonly histogram?: HistogramInsight;
}

export interface BinaryInsight extends Common {
  readonly type: 'BINARY';
  readonly negatives: number;
  readonly positives: number;
  /** Of the rows with a value; null when there is none. */
  readonly percentTrue: number | null;
  /** Of the rows with 0 and with 1. */
  readonly classShares?: ClassShares;
}

export interface CategoricalInsight extends Common {
  readonly type: 'CATEGORICAL';
  readonly distinct: number;
  readonly mostFrequent: readonly ValueCount<string>[];
  /** Of the rows with each of `mostFrequent`. */
  readonly classShares?: ClassShares;
  readonly leastFrequent: readonly ValueCount<string>[];
  /** Rows with a value that is not among `mostFrequent`. */
  readonly otherCount: number;
  /** Most telling first. */
  readonly associated: readonly Association[];
}

/** A word and what is known of it. */
export interface WordInsight {
  readonly word: string;
  readonly count: number;
  /** Records that hold it. */
  readonly records: number;
  /** Share of records that hold it, 0 .. 1. */
  readonly share: number;
  /** Entropy of holding it, bits: what words are ranked by without a target. */
  readonly entropy: number;
}

export interface TextInsight extends Common {
  readonly type: 'TEXT';
  /** White-space tokens. */
  readonly totalWords: number;
  /** Distinct words, in lower case and without punctuation at their ends. */
  readonly uniqueWords: number;
  readonly wordsPerRecord: { readonly min: number; readonly max: number; readonly mean: number };
  /** Characters of the words. */
  readonly wordLength: { readonly min: number; readonly max: number };
  readonly mostFrequent: readonly WordInsight[];
  /** Ranked by entropy. */
  readonly prominent: readonly WordInsight[];
  /** With the target, most telling first. */
  readonly associated: readonly Association[];
}

export type AttributeInsight = NumericInsight | BinaryInsight | CategoricalInsight | TextInsight;

/** The target and how it is distributed. */
export interface TargetInsight {
  readonly name: string;
  readonly type: Exclude<AttributeType, 'TEXT'>;
  /** Of the target in its classes (10 bins of a NUMERIC one), bits. */
  readonly entropy: number;
  /** Classes, or bins of a NUMERIC target, and their rows in the sample. */
  readonly classes: readonly ValueCount<string>[];
}

/** What can be seen of a data source. Plain data: JSON holds all of it. */
export interface DataInsights {
  readonly observationCount: number;
  readonly target?: TargetInsight;
  /** Rows that attributes were compared with the target in. */
  readonly sample: { readonly rowCount: number; readonly complete: boolean };
  /** In the order of the schema. */
  readonly attributes: readonly AttributeInsight[];
  /** What is odd about the data as a whole, for people. */
  readonly warnings: readonly string[];
}
