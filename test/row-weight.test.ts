import { describe, expect, it } from 'vitest';
import { PADDING_FEATURE } from '../src/features/rows.js';
import {
  crossValidate,
  InvalidInput,
  loadModel,
  type Model,
  type MulticlassEvaluation,
  type TrainModelOptions,
  trainModel,
} from '../src/node.js';
import { temporaryFolder } from './helpers/cli.js';
import { randomNumbers } from './kernel/observations.js';

const folder = temporaryFolder();

interface Row {
  readonly w: number | string | null;
  readonly x: number;
  readonly z: number;
  readonly colour: string;
  readonly size: number;
  readonly kind: string;
  readonly sold: number;
}

/** Noisy targets of each type, and whole weights that go with the class. */
function makeRows(count: number): (Row & { w: number })[] {
  const random = randomNumbers(11);
  return Array.from({ length: count }, () => {
    const [x, z] = [random() * 4 - 2, random() * 4 - 2];
    const colour = ['red', 'green', 'blue'][Math.floor(random() * 3)];
    const margin = x + (colour === 'red' ? 1 : 0) + 3 * (random() - 0.5);
    const kind = margin < -0.5 ? 'low' : margin > 0.7 ? 'high' : 'middle';
    return {
      w: margin > 0 ? 1 + Math.floor(random() * 3) : 1,
      x,
      z,
      colour,
      size: 5 * margin,
      kind,
      sold: +(margin > 0),
    };
  });
}

const TYPES = { w: 'NUMERIC', x: 'NUMERIC', z: 'NUMERIC', colour: 'CATEGORICAL' } as const;
const TARGETS = { sold: 'BINARY', kind: 'CATEGORICAL', size: 'NUMERIC' } as const;
type Target = keyof typeof TARGETS;
/** Sparse rows of ones, sparse rows with values, dense rows. */
const RECIPES = [
  ['ALL_CATEGORICAL', 'quantile_bin(ALL_NUMERIC,5)'],
  ['ALL_CATEGORICAL', 'ALL_NUMERIC'],
  ['ALL_NUMERIC'],
].map((outputs) => ({ outputs }));

function schemaOf(target: Target, rowWeight: string | null, types: Record<string, string> = TYPES): object {
  const attributes = Object.entries({ ...types, [target]: TARGETS[target] });
  return {
    version: '1.0',
    rowWeight,
    targetAttributeName: target,
    dataFormat: 'CSV',
    dataFileContainsHeader: true,
    attributes: attributes.map(([attributeName, attributeType]) => ({ attributeName, attributeType })),
    excludedAttributeNames: rowWeight === null && 'w' in types ? ['w'] : [],
  };
}

const dataOf = (rows: readonly Row[], target: Target): Record<string, unknown>[] =>
  rows.map(({ w, x, z, colour, [target]: value }) => ({ w, x, z, colour, [target]: value }));

function fit(
  rows: readonly Row[],
  target: Target,
  rowWeight: string | null,
  options: Partial<TrainModelOptions> = {},
): Promise<Model> {
  return trainModel({ data: dataOf(rows, target), schema: schemaOf(target, rowWeight), ...options });
}

const numbersOf = ({ state }: Model): unknown[] => [state.weights, state.target, state.training.passes];
const rows = makeRows(400);

for (const target of ['sold', 'kind', 'size'] as const) {
  for (const recipe of RECIPES) {
    describe(`training with row weights, ${TARGETS[target]} target, ${recipe.outputs}`, () => {
      it('gives the same model for a weight of 1, or another constant, as without weights', async () => {
        const expected = numbersOf(await fit(rows, target, null, { recipe }));
        for (const w of [1, 0.1]) {
          const equal = rows.map((row) => ({ ...row, w }));
          expect(numbersOf(await fit(equal, target, 'w', { recipe }))).toEqual(expected);
        }
        expect(numbersOf(await fit(rows, target, 'w', { recipe }))).not.toEqual(expected);
      });

      it('does not depend on the scale of the weights', async () => {
        const larger = rows.map((row) => ({ ...row, w: row.w * 1024 }));
        const expected = numbersOf(await fit(rows, target, 'w', { recipe }));
        expect(numbersOf(await fit(larger, target, 'w', { recipe }))).toEqual(expected);
      });

      it('gives the same model for a weight of 0 as without the row', async () => {
        const some = rows.map((row, i) => (i % 5 === 1 ? { ...row, w: 0, colour: `unseen ${i}` } : row));
        const left = await fit(some, target, 'w', { recipe });
        expect(numbersOf(left)).toEqual(
          numbersOf(
            await fit(
              rows.filter((_, i) => i % 5 !== 1),
              target,
              'w',
              { recipe },
            ),
          ),
        );
        expect(left.training.observationCount).toBe(320);
        expect(left.training.rejectedCount).toBe(0);
      });
    });
  }

  it(`comes to the model of repeated rows: ${TARGETS[target]} target`, async () => {
    const parameters = { 'sgd.maxPasses': 400, 'trainer.prior': 0, 'sgd.l2RegularizationAmount': 0.01 };
    // Without numbers: their scales do not count weights.
    const options = { recipe: { outputs: ['ALL_CATEGORICAL'] }, parameters };
    const repeated = rows.flatMap((row) => new Array<Row>(row.w).fill(row));
    const expected = await fit(repeated, target, null, options);
    const actual = await fit(rows, target, 'w', options);
    const plain = await fit(rows, target, null, options);
    expect(scaleOf(actual)).toEqual(scaleOf(expected));
    expect(scaleOf(plain)).not.toEqual(scaleOf(expected));
    // The order of rows differs, and so does the noise of their steps.
    expect(distance(actual, expected)).toBeLessThan(2e-2);
    expect(distance(plain, expected)).toBeGreaterThan(5e-2);
  });
}

/** Shares, or mean and standard deviation, to ten digits. */
function scaleOf({ state }: Model): unknown {
  return JSON.parse(JSON.stringify(state.target), (_, value) =>
    typeof value === 'number' ? value.toPrecision(10) : value,
  );
}

/** Largest distance of a weight, relative to the largest weight. */
function distance(actual: Model, expected: Model): number {
  const [found, sought] = [centred(actual), centred(expected)];
  const size = Math.max(...[...sought.values()].map(Math.abs));
  return Math.max(...[...sought].map(([name, weight]) => Math.abs(weight - found.get(name)!))) / size;
}

/** Weights by feature and class, those of a feature less their mean: a softmax does not change when all biases do. */
function centred({ state: { weights, outputs, features } }: Model): Map<string, number> {
  const entries = Array.from(weights, (weight, i): [string, number] => {
    const first = i - (i % outputs);
    const mean = weights.slice(first, first + outputs).reduce((sum, other) => sum + other) / outputs;
    const feature = first / outputs;
    const name = feature === PADDING_FEATURE ? 'padding' : features.text(feature);
    return [`${name} ${i - first}`, outputs === 1 ? weight : weight - mean];
  });
  return new Map(entries);
}

describe('a row weight', () => {
  const recipe = RECIPES[1];

  it('is never a feature', async () => {
    const model = await fit(rows, 'sold', 'w', { recipe: { outputs: ['ALL_INPUTS'] } });
    const features = model.weights().map(({ feature }) => feature);
    expect(features).toContain('x');
    expect(features).not.toContain('w');
    await expect(fit(rows, 'sold', 'w', { recipe: { outputs: ['w'] } })).rejects.toThrow("'w' is the row weight");
    const standard = await fit(rows, 'sold', 'w');
    expect(standard.state.recipeText).toContain('x');
    expect(standard.state.recipeText).not.toContain('w');
  });

  it('counts in the evaluation of the part that was kept, and of other data', async () => {
    const split = { strategy: 'sequential', trainPercent: 70 } as const;
    const sum = (part: readonly { w: number }[]): number => part.reduce((total, { w }) => total + w, 0);
    const model = await fit(rows, 'sold', 'w', { recipe, split });
    expect(model.evaluation?.observationCount).toBe(120);
    expect(model.evaluation?.totalWeight).toBe(sum(rows.slice(280)));
    const data = dataOf(rows.slice(0, 50), 'sold');
    expect((await model.evaluate(data)).totalWeight).toBe(sum(rows.slice(0, 50)));

    const path = folder.file('weighted.model');
    await model.save(path);
    expect((await (await loadModel(path)).evaluate(data)).totalWeight).toBe(sum(rows.slice(0, 50)));
    const unweighted = data.map(({ w: _, ...row }) => row);
    expect((await model.evaluate(unweighted)).totalWeight).toBe(50);
  });

  it('counts in the shares of classes that alerts compare', async () => {
    const split = { strategy: 'random' } as const;
    const model = await fit(rows, 'kind', 'w', { recipe, split, seed: 1 });
    const evaluation = model.evaluation as MulticlassEvaluation;
    expect(evaluation.alerts.filter((alert) => alert.includes('share'))).toEqual([]);
  });

  it('works in folds', async () => {
    const { folds } = await crossValidate({ data: dataOf(rows, 'sold'), schema: schemaOf('sold', 'w'), recipe });
    const total = folds.reduce((sum, { evaluation }) => sum + evaluation.totalWeight, 0);
    expect(total).toBe(rows.reduce((sum, { w }) => sum + w, 0));
  });

  it('that is missing, negative, infinite or no number rejects its row', async () => {
    const csv = (part: readonly Row[]): AsyncIterable<Uint8Array> => {
      const lines = part.map(({ w, x, z, colour, sold }) => [w, x, z, colour, sold].join());
      return (async function* () {
        yield new TextEncoder().encode(`w,x,z,colour,sold\n${lines.join('\n')}\n`);
      })();
    };
    const bad = ['', -1, '-1e300', 'many', 'inf'].map((w, i) => ({ ...rows[i], w }));
    const options = { schema: schemaOf('sold', 'w'), recipe };
    const model = await trainModel({ data: csv([...bad, ...rows]), ...options });
    expect(model.training.rejectedCount).toBe(5);
    expect(model.training.observationCount).toBe(400);
    expect(numbersOf(model)).toEqual(numbersOf(await trainModel({ data: csv(rows), ...options })));
    await expect(trainModel({ data: csv(bad), ...options })).rejects.toThrow(
      "no observation to learn from; 5 could not be used, the first on line 2: no weight in 'w'",
    );
  });

  it('of 0 in all rows leaves nothing to learn', async () => {
    const none = fit(
      rows.map((row) => ({ ...row, w: 0 })),
      'sold',
      'w',
    );
    await expect(none).rejects.toThrow('the weight of all 400 observations is 0');
    await expect(none).rejects.toBeInstanceOf(InvalidInput);
  });

  it('may have any size, unless the sum is infinite', async () => {
    const sizes = [1e-300, 1, 1e300];
    for (const target of ['sold', 'kind', 'size'] as const) {
      const model = await fit(
        rows.map((row, i) => ({ ...row, w: sizes[i % 3] })),
        target,
        'w',
        { recipe },
      );
      expect([...model.state.weights].every(Number.isFinite)).toBe(true);
    }
    const infinite = fit(
      rows.map((row, i) => ({ ...row, w: i % 2 ? 1e308 : 1 })),
      'sold',
      'w',
    );
    await expect(infinite).rejects.toThrow("the weights in 'w' are too large");
  });

  it.each(['CATEGORICAL', 'BINARY', 'TEXT'])('cannot be %s', async (type) => {
    const schema = schemaOf('sold', 'w', { ...TYPES, w: type });
    const result = trainModel({ data: dataOf(rows, 'sold'), schema });
    await expect(result).rejects.toThrow(`rowWeight 'w' is of type ${type}, which cannot be a weight`);
    await expect(result).rejects.toBeInstanceOf(InvalidInput);
  });
});
