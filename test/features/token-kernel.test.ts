import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FeatureSpace } from '../../src/features/dictionary.js';
import { type LearnedFeatures, openEncoder } from '../../src/features/encode.js';
import { checkRecipe } from '../../src/recipe/check.js';
import { fitRecipe } from '../../src/recipe/fit.js';
import type { FittedRecipe } from '../../src/recipe/fitted.js';
import { parseRecipe } from '../../src/recipe/parse.js';
import type { AttributeType } from '../../src/schema/schema.js';
import { allRows, attributesOf, type Row, schemaOf, TestSource } from '../helpers/blocks.js';
import { naiveFeatures } from '../helpers/naive-encoder.js';
import { statisticsOf } from '../helpers/recipe-statistics.js';
import { EncodedRows, sorted } from '../helpers/records.js';

const TYPES: Record<string, AttributeType> = { b: 'BINARY', text: 'TEXT' };
const module = new WebAssembly.Module(readFileSync('build/kernel.wasm'));

function fit(outputs: string[], rows: readonly Row[]): FittedRecipe {
  return fitRecipe(checkRecipe(parseRecipe({ outputs }), schemaOf(TYPES)), statisticsOf(rows));
}

interface Encoded extends LearnedFeatures {
  /** Words of the records of each block, under provisional numbers. */
  readonly records: Uint32Array[];
  /** Of the rows, with the features that were learned. */
  readonly fixed: EncodedRows;
}

/** Learn from blocks that come from two sources in turn, each with a dictionary of its own, then encode all rows. */
function encode(recipe: FittedRecipe, rows: readonly Row[], maxFeatures: number, kernel?: WebAssembly.Module): Encoded {
  const encoder = openEncoder(recipe, { learn: true, maxFeatures, module: kernel });
  const sources = [new TestSource(attributesOf(TYPES)), new TestSource(attributesOf(TYPES))];
  const records: Uint32Array[] = [];
  const blockRows = Math.ceil(rows.length / 5);
  for (let i = 0; i < rows.length; i += blockRows) {
    const block = sources[(i / blockRows) % 2].block(rows.slice(i, i + blockRows));
    const words = new Uint32Array(encoder.prepare(block, allRows(block.rowCount)));
    const targets = new Float32Array(block.rowCount);
    encoder.write(words, new Float32Array(words.buffer), 0, targets, new Uint32Array(block.rowCount));
    records.push(words);
  }
  const learned = encoder.finish({ maxFeatures });
  const scoring = openEncoder(recipe, { features: learned.features, module: kernel });
  const fixed = new EncodedRows(scoring.layout);
  fixed.add(scoring, new TestSource(attributesOf(TYPES)).block(rows), allRows(rows.length));
  return { ...learned, records, fixed };
}

/** Rows, with given features. */
function encodeFixed(recipe: FittedRecipe, rows: readonly Row[], features: FeatureSpace): EncodedRows {
  const encoder = openEncoder(recipe, { features, module });
  const encoded = new EncodedRows(encoder.layout);
  encoded.add(encoder, new TestSource(attributesOf(TYPES)).block(rows), allRows(rows.length));
  return encoded;
}

/** As tests can compare them. */
function plain({ features, remap, rowsPerFeature, droppedCount, records }: Encoded): object {
  return { outputs: features.outputs, remap, rowsPerFeature, droppedCount, records };
}

/** Numbers from 0 to count - 1, small ones more often; the same in each run. */
function drawer(): (count: number) => number {
  let state = 1;
  return (count) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) ** 3 * count);
  };
}

describe('tokens in the kernel module', () => {
  it('have the features of tokens in TypeScript, which are those of the texts', () => {
    const word = fc.constantFrom('a', 'b', 'B.', 'c', '...', 'd', 'É', 'a-b', 'f', 'g');
    const row = fc.record({ text: fc.array(word, { maxLength: 12 }).map((words) => words.join(' ')) });
    const shape = fc.tuple(
      fc.integer({ min: 2, max: 5 }),
      fc.constantFrom('text', 'no_punct(text)', 'lowercase(text)'),
      fc.boolean(),
    );
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 30 }), shape, (rows, [length, text, isAlone]) => {
        const runs = `ngram(${text},${length})`;
        const recipe = fit(isAlone ? [runs] : [runs, text], rows);
        const found = encode(recipe, rows, 1e6, module);
        expect(plain(found)).toEqual(plain(encode(recipe, rows, 1e6)));
        for (const [i, one] of rows.entries())
          expect(found.fixed.texts(i, found.features)).toEqual(sorted([...naiveFeatures(recipe, one)]));
      }),
      { numRuns: 60 },
    );
  });

  it('are the same for a model that was read from its file, also when only some features are left', () => {
    const draw = drawer();
    const rows = Array.from({ length: 300 }, () => ({
      text: Array.from({ length: draw(20) }, () => `w${draw(40)}`).join(' '),
    }));
    const recipe = fit(['ngram(text,4)', 'text'], rows);
    const { features, restrict } = encode(recipe, rows, 1e6, module);
    const survivors = Uint32Array.from({ length: features.size }, (_, i) => i).filter((i) => i < 2 || i % 3 === 0);
    for (const space of [features, restrict(survivors)]) {
      const read = FeatureSpace.fromJSON(JSON.parse(JSON.stringify(space)));
      const found = encodeFixed(recipe, rows, space);
      const expected = encodeFixed(recipe, rows, read);
      for (let i = 0; i < rows.length; i++) expect(found.texts(i, space)).toEqual(expected.texts(i, read));
    }
    const left = restrict(survivors);
    expect(Array.from(survivors, (_, i) => left.text(i))).toEqual(Array.from(survivors, (i) => features.text(i)));
    expect(left.size).toBe(survivors.length);
  });

  it('are forgotten alike when there are too many', () => {
    const draw = drawer();
    const rows = Array.from({ length: 5000 }, (_, i) => ({
      b: i % 2,
      text: Array.from({ length: draw(30) }, () => `w${draw(3000)}${draw(9) === 8 ? ',' : ''}`).join(' '),
    }));
    const recipe = fit(['ngram(no_punct(text),2)', 'ngram(text,3)', 'cartesian(text,b)'], rows);
    const found = encode(recipe, rows, 2000, module);
    expect(found.droppedCount).toBeGreaterThan(50_000);
    expect(plain(found)).toEqual(plain(encode(recipe, rows, 2000)));
  });

  it('are told apart in a row of any length', () => {
    const draw = drawer();
    const long = Array.from({ length: 20_000 }, () => `w${draw(500)}`).join(' ');
    const rows = [{ text: 'w1 w2' }, { text: long }, { text: '' }, { text: 'w2 w1 w2 w1 w2' }];
    const recipe = fit(['ngram(text,3)'], rows);
    for (const kernel of [module, undefined]) {
      const { fixed, features } = encode(recipe, rows, 1e6, kernel);
      for (const [i, row] of rows.entries())
        expect(fixed.texts(i, features)).toEqual(sorted([...naiveFeatures(recipe, row)]));
    }
  });
});
