import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Encoder, openEncoder } from '../../src/features/encode.js';
import { kernelModule } from '../../src/kernel/load.js';
import { checkRecipe } from '../../src/recipe/check.js';
import { fitRecipe } from '../../src/recipe/fit.js';
import { parseRecipe } from '../../src/recipe/parse.js';
import { allRows, attributesOf, type Row, schemaOf, TestSource } from '../helpers/blocks.js';
import { statisticsOf } from '../helpers/recipe-statistics.js';
import { EncodedRows } from '../helpers/records.js';

const TYPES = { x: 'NUMERIC', y: 'NUMERIC', z: 'NUMERIC', b: 'BINARY', job: 'CATEGORICAL', text: 'TEXT' } as const;
const RECIPES = {
  'numbers and binary values': ['x', 'y', 'z', 'b'],
  'a mixture': ['x', 'y', 'job', 'b', 'quantile_bin(x,5)', 'z', 'text'],
};

const numbers = fc.oneof(fc.double({ noNaN: true, min: -100, max: 100 }), fc.constantFrom(0, 1e300, -1e300, null));
const rowOf: fc.Arbitrary<Row> = fc.record({
  x: numbers,
  y: numbers,
  z: fc.constant(1),
  b: fc.constantFrom(0, 1, null),
  job: fc.constantFrom('', 'cook', 'admin.'),
  text: fc.constantFrom('', 'a b', 'b c b'),
});

/** Numbers too large to learn from may still come later. */
const moderate = (row: Row): Row =>
  Object.fromEntries(Object.entries(row).map(([name, cell]) => [name, Math.abs(Number(cell)) > 1e9 ? 5 : cell]));

function learned(outputs: string[], rows: readonly Row[]) {
  const recipe = fitRecipe(checkRecipe(parseRecipe({ outputs }), schemaOf(TYPES)), statisticsOf(rows));
  const encoder = openEncoder(recipe, { learn: true });
  encoder.prepare(new TestSource(attributesOf(TYPES)).block(rows), allRows(rows.length));
  return { recipe, features: encoder.finish({ maxFeatures: 1000 }).features };
}

describe('margins', () => {
  for (const [name, recipeOutputs] of Object.entries(RECIPES)) {
    for (const outputs of [1, 3]) {
      it(`of ${name}, ${outputs} outputs: the kernel adds as the columns do, bit by bit`, () => {
        fc.assert(
          fc.property(
            fc.array(rowOf, { minLength: 20, maxLength: 700 }),
            fc.infiniteStream(fc.double({ noNaN: true, min: -3, max: 3 })),
            fc.infiniteStream(fc.integer({ min: 0, max: 3 })),
            (rows, draws, skips) => {
              const { recipe, features } = learned(recipeOutputs, rows.map(moderate));
              const weights = Float64Array.from({ length: features.size * outputs }, () => draws.next().value!);
              weights.fill(0, 0, outputs);
              const listed = allRows(rows.length).filter(() => skips.next().value! > 0);
              const block = new TestSource(attributesOf(TYPES)).block(rows);
              const score = (encoder: Encoder): Float64Array => {
                const margins = new Float64Array(listed.length * outputs).fill(7);
                encoder.score(block, listed, weights, outputs, margins);
                return margins;
              };
              const plain = score(openEncoder(recipe, { features }));
              expect(score(openEncoder(recipe, { features, module: kernelModule() }))).toEqual(plain);

              const records = new EncodedRows(openEncoder(recipe, { features }).layout);
              records.add(openEncoder(recipe, { features }), block, listed);
              for (let i = 0; i < Math.min(50, listed.length); i++) {
                for (let k = 0; k < outputs; k++) {
                  const terms = Array.from(records.features(i), ([f, value]) => value * weights[f * outputs + k]);
                  const size = terms.reduce((sum, term) => sum + Math.abs(term), 0);
                  const sum = terms.reduce((sum, term) => sum + term, 0);
                  expect(Math.abs(plain[i * outputs + k] - sum)).toBeLessThanOrEqual(1e-14 * size);
                }
              }
            },
          ),
          { numRuns: 30 },
        );
      });
    }
  }
});
