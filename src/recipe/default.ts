import type { Schema } from '../schema/schema.js';
import { Scope } from './scope.js';
import type { RecipeStatistics } from './statistics.js';
import { writeName } from './tokens.js';
import { quantileEdges } from './transforms/quantile-bin.js';

/** A recipe as a JSON document. */
export interface RecipeDocument {
  readonly groups: Readonly<Record<string, string>>;
  readonly assignments: Readonly<Record<string, string>>;
  readonly outputs: readonly string[];
}

const BIN_COUNTS = [500, 200, 100, 50, 20, 10];
const FEWEST_BINS = 10;
const OBSERVATIONS_PER_BIN = 250;

/**
 * The recipe for users who bring none, in the service's shape: binary and categorical attributes as they are, numbers in
 * quantile bins, text as single tokens.
 *
 * Each number gets the most bins of {10, 20, 50, 100, 200, 500} that hold at least 250 observations on average, counting
 * the bins that really form (tied values make fewer than asked for); 10 where that is none.
 *
 * @see Amazon Machine Learning developer guide, "Suggested recipes"; the service did not publish its own rule
 */
export function defaultRecipe(schema: Schema, statistics: RecipeStatistics): RecipeDocument {
  const probe = { where: 'default recipe', text: 'ALL_NUMERIC' };
  const namesByBins = new Map<number, string[]>();
  for (const { name } of new Scope(schema).resolveAttributes('ALL_NUMERIC', probe, 1)) {
    const bins = chooseBins(name, statistics);
    namesByBins.set(bins, [...(namesByBins.get(bins) ?? []), name]);
  }
  const groups: Record<string, string> = {};
  const binned: string[] = [];
  for (const [bins, names] of namesByBins) {
    const group = freeName(`NUMERIC_VARS_QB_${bins}`, schema);
    groups[group] = `group(${names.map((name) => writeName(name, true)).join(',')})`;
    binned.push(`quantile_bin(${group},${bins})`);
  }
  const types = new Set(schema.attributes.map((attribute) => attribute.attributeType));
  const outputs = [
    ...(types.has('BINARY') ? ['ALL_BINARY'] : []),
    'ALL_CATEGORICAL',
    ...binned,
    ...(types.has('TEXT') ? ['ALL_TEXT'] : []),
  ];
  return { groups, assignments: {}, outputs };
}

/** The name, with underscores behind it while an attribute has it. */
function freeName(name: string, schema: Schema): string {
  return schema.attributes.some(({ attributeName }) => attributeName === name) ? freeName(`${name}_`, schema) : name;
}

function chooseBins(attribute: string, source: RecipeStatistics): number {
  const statistics = source.numeric(attribute);
  const fits = (bins: number) =>
    source.observationCount / (quantileEdges(statistics, bins).length + 1) >= OBSERVATIONS_PER_BIN;
  return BIN_COUNTS.find(fits) ?? FEWEST_BINS;
}
