import { describe, expect, it } from 'vitest';
import { checkRecipe } from '../../src/recipe/check.js';
import { defaultRecipe } from '../../src/recipe/default.js';
import { parseRecipe } from '../../src/recipe/parse.js';
import { schemaOf } from '../helpers/blocks.js';
import { statisticsOf } from '../helpers/recipe-statistics.js';

const rowsOf = (count: number, value: (i: number) => number) =>
  Array.from({ length: count }, (_, i) => ({ x: value(i), z: i }));

function binsFor(rowCount: number, value: (i: number) => number): string {
  const recipe = defaultRecipe(schemaOf({ x: 'NUMERIC' }), statisticsOf(rowsOf(rowCount, value)));
  return recipe.outputs.find((output) => output.startsWith('quantile_bin')) as string;
}

describe('the default recipe', () => {
  it('does not name a group like an attribute', () => {
    const schema = schemaOf({ NUMERIC_VARS_QB_10: 'NUMERIC', x: 'NUMERIC' });
    const rows = Array.from({ length: 100 }, (_, i) => ({ NUMERIC_VARS_QB_10: i, x: i }));
    const recipe = defaultRecipe(schema, statisticsOf(rows));
    expect(Object.keys(recipe.groups)).toEqual(['NUMERIC_VARS_QB_10_']);
    expect(checkRecipe(parseRecipe(recipe), schema).outputs).toHaveLength(2);
  });

  it("has the service's shape: binaries, categories, numbers in bins, text", () => {
    const schema = schemaOf(
      { age: 'NUMERIC', '1stFlrSF': 'NUMERIC', job: 'CATEGORICAL', note: 'TEXT', y: 'BINARY' },
      { targetAttributeName: 'y' },
    );
    const rows = Array.from({ length: 5000 }, (_, i) => ({ age: i, '1stFlrSF': i % 7 }));
    const recipe = defaultRecipe(schema, statisticsOf(rows));
    // 5,000 / 20 = 250 for age; '1stFlrSF' forms 7 bins of about 714 whatever the number asked for
    expect(recipe).toEqual({
      groups: { NUMERIC_VARS_QB_20: "group('age')", NUMERIC_VARS_QB_500: "group('1stFlrSF')" },
      assignments: {},
      outputs: [
        'ALL_BINARY',
        'ALL_CATEGORICAL',
        'quantile_bin(NUMERIC_VARS_QB_20,20)',
        'quantile_bin(NUMERIC_VARS_QB_500,500)',
        'ALL_TEXT',
      ],
    });
    expect(Object.keys(recipe)).toEqual(['groups', 'assignments', 'outputs']);
    expect(checkRecipe(parseRecipe(recipe), schema).outputs.map((output) => output.text)).toEqual([
      'job',
      'quantile_bin(age,20)',
      "quantile_bin('1stFlrSF',500)",
      'note',
    ]);
  });

  it('leaves out binaries and text where the schema has none', () => {
    expect(defaultRecipe(schemaOf({ job: 'CATEGORICAL' }), statisticsOf([])).outputs).toEqual(['ALL_CATEGORICAL']);
  });

  it('bins with 250 observations each on average, at least 10 bins', () => {
    expect(binsFor(100, (i) => i)).toBe('quantile_bin(NUMERIC_VARS_QB_10,10)');
    expect(binsFor(4999, (i) => i)).toBe('quantile_bin(NUMERIC_VARS_QB_10,10)');
    expect(binsFor(5000, (i) => i)).toBe('quantile_bin(NUMERIC_VARS_QB_20,20)');
    expect(binsFor(50_000, (i) => i)).toBe('quantile_bin(NUMERIC_VARS_QB_200,200)');
    expect(binsFor(125_000, (i) => i)).toBe('quantile_bin(NUMERIC_VARS_QB_500,500)');
  });

  it('counts the bins that really form', () => {
    expect(binsFor(1000, (i) => i % 4)).toBe('quantile_bin(NUMERIC_VARS_QB_500,500)');
    expect(binsFor(1000, (i) => i % 5)).toBe('quantile_bin(NUMERIC_VARS_QB_10,10)');
  });

  it('leaves out target, row ID and excluded attributes', () => {
    const schema = schemaOf(
      { x: 'NUMERIC', z: 'NUMERIC', y: 'NUMERIC' },
      { targetAttributeName: 'y', excludedAttributeNames: ['z'] },
    );
    expect(defaultRecipe(schema, statisticsOf(rowsOf(10, (i) => i))).groups).toEqual({
      NUMERIC_VARS_QB_10: "group('x')",
    });
  });
});
