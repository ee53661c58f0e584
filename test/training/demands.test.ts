import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DataRecord } from '../../src/datasource/records.js';
import { type Model, type TrainModelOptions, trainModel } from '../../src/node.js';
import { randomNumbers } from '../kernel/observations.js';

const TARGETS = { BINARY: 'BINARY', MULTICLASS: 'CATEGORICAL', REGRESSION: 'NUMERIC' } as const;
type Type = keyof typeof TARGETS;
const TYPES = Object.keys(TARGETS) as Type[];

/** Some correlated numbers and a noisy target of a type. */
function numbers(count: number, type: Type, seed = 1): { a: number; b: number; c: number; y: string | number }[] {
  const random = randomNumbers(seed);
  const bell = (): number => random() + random() + random() - 1.5;
  return Array.from({ length: count }, () => {
    const a = bell();
    const b = a + bell();
    const c = 3 * bell();
    const margin = a - b + c / 2 + bell();
    const kinds = ['low', 'middle', 'high'];
    const y = { BINARY: +(margin > 0), MULTICLASS: kinds[margin < -1 ? 0 : margin < 1 ? 1 : 2], REGRESSION: margin }[
      type
    ];
    return { a, b, c, y };
  });
}

function schemaOf(type: Type, attributes: Readonly<Record<string, string>>): object {
  return {
    version: '1.0',
    targetAttributeName: 'y',
    dataFormat: 'CSV',
    dataFileContainsHeader: true,
    attributes: Object.entries({ ...attributes, y: TARGETS[type] }).map(([attributeName, attributeType]) => ({
      attributeName,
      attributeType,
    })),
  };
}

const NUMBERS = { a: 'NUMERIC', b: 'NUMERIC', c: 'NUMERIC' };
const RECIPE = { outputs: ['ALL_NUMERIC'] };

const learn = (data: readonly DataRecord[], type: Type, more: Partial<TrainModelOptions> = {}): Promise<Model> =>
  trainModel({ data, schema: schemaOf(type, NUMBERS), recipe: RECIPE, ...more });

/** What a model answers, as numbers: scores, or values. */
function answers(model: Model, rows: readonly DataRecord[]): number[] {
  return rows.flatMap((row) => {
    const { predictedScores, predictedValue } = model.predict(row);
    return predictedValue === undefined ? Object.values(predictedScores!) : [predictedValue];
  });
}

const distance = (a: readonly number[], b: readonly number[]): number =>
  Math.max(...a.map((value, i) => Math.abs(value - b[i])));

describe('what is predicted', () => {
  for (const type of TYPES) {
    it(`does not depend on the units or origins of numbers: ${type}`, async () => {
      const rows = numbers(600, type);
      const expected = answers(await learn(rows, type), rows);
      const exponent = fc.integer({ min: -6, max: 6 });
      const change = fc.record({
        powers: fc.tuple(exponent, exponent, exponent),
        shift: fc.constantFrom(0, 1000, -1000),
      });
      await fc.assert(
        fc.asyncProperty(change, async ({ powers, shift }) => {
          const changed = rows.map(({ a, b, c, y }) => ({
            a: (a + shift) * 10 ** powers[0],
            b: b * 10 ** powers[1] + shift * 10 ** powers[1],
            c: c * 10 ** powers[2],
            y,
          }));
          expect(distance(answers(await learn(changed, type), changed), expected)).toBeLessThan(1e-6);
        }),
        { numRuns: 12 },
      );
    });
  }

  it('is as large as the target is', async () => {
    const rows = numbers(600, 'REGRESSION');
    const expected = answers(await learn(rows, 'REGRESSION'), rows);
    const scale = Math.max(...expected.map(Math.abs));
    for (const factor of [1e9, 1e-9, -1e9]) {
      const changed = rows.map((row) => ({ ...row, y: Number(row.y) * factor }));
      const found = answers(await learn(changed, 'REGRESSION'), rows).map((value) => value / factor);
      expect(distance(found, expected) / scale).toBeLessThan(1e-6);
    }
  });
});

/** Whether a model answers every row with the shares of the classes, or the mean. */
async function expectConstant(model: Model, rows: readonly DataRecord[]): Promise<void> {
  expect(model.state.weights.every(Number.isFinite)).toBe(true);
  const { target, outputs } = model.state;
  const expected =
    target.type === 'BINARY' ? [target.positiveShare] : target.type === 'MULTICLASS' ? target.shares : [target.mean];
  for (const row of rows) {
    const found = answers(model, [row]);
    expect(found).toHaveLength(outputs);
    // The shares of classes are smoothed by 0.01 / observations.
    const tolerance = target.type === 'MULTICLASS' ? 0.02 / model.training.observationCount : 1e-6;
    expect(distance(found, expected)).toBeLessThan(tolerance * Math.max(1, ...expected.map(Math.abs)));
  }
}

describe('data that tell nothing give the constant model:', () => {
  for (const type of TYPES) {
    for (const passes of [1, 3, 10]) {
      const parameters = { 'sgd.maxPasses': passes };
      const targets = numbers(50, type).map(({ y }) => y);

      it(`constant numbers, ${type}, ${passes} passes`, async () => {
        const rows = targets.map((y) => ({ a: 7, b: 0, c: -1e30, y }));
        await expectConstant(await learn(rows, type, { parameters }), rows);
      });

      it(`missing numbers, ${type}, ${passes} passes`, async () => {
        const rows = targets.map((y) => ({ a: null, b: null, c: null, y }));
        await expectConstant(await learn(rows, type, { parameters }), rows);
      });

      it(`no features, ${type}, ${passes} passes`, async () => {
        const rows = targets.map((y) => ({ name: 'the same', y }));
        const schema = schemaOf(type, { name: 'CATEGORICAL' });
        const none = { ...schema, excludedAttributeNames: ['name'] };
        await expectConstant(await trainModel({ data: rows, schema: none, parameters }), rows);
      });
    }
  }

  for (const count of [1, 2]) {
    it(`${count} equal row${count === 1 ? '' : 's'}, REGRESSION`, async () => {
      const rows = Array.from({ length: count }, () => ({ a: 1, b: 2, c: 3, y: 42.5 }));
      await expectConstant(await learn(rows, 'REGRESSION'), rows);
    });
  }

  it('a constant target, REGRESSION', async () => {
    const rows = numbers(100, 'REGRESSION').map((row) => ({ ...row, y: -3e7 }));
    await expectConstant(await learn(rows, 'REGRESSION'), rows);
  });
});

describe('a target of one class gives a finite constant model:', () => {
  for (const [type, y] of [
    ['BINARY', 1],
    ['BINARY', 0],
    ['MULTICLASS', 'a'],
  ] as const) {
    for (const count of [1, 100]) {
      for (const prior of ['1', 'auto']) {
        it(`${type} ${y}, ${count} observation${count === 1 ? '' : 's'}, prior ${prior}`, async () => {
          const rows = numbers(count, 'BINARY').map((row) => ({ ...row, y }));
          const options = { parameters: { 'trainer.prior': prior }, evaluationData: rows };
          const model = await learn(rows, type, options);
          expect(model.state.weights.every(Number.isFinite)).toBe(true);
          const sure = type === 'MULTICLASS' || y === 1 ? 1 : 0;
          for (const answer of answers(model, [...rows, { a: 1e9, b: null, c: -7, y }])) {
            expect(Math.abs(answer - sure)).toBeLessThan(0.011 / count);
            if (type === 'BINARY') expect(answer).not.toBe(sure);
          }
          expect(model.training.passes).toHaveLength(1);
          const { logLoss } = model.evaluation!;
          expect(Math.abs(model.training.passes[0].loss - logLoss!)).toBeLessThan(1e-9);
          expect(logLoss).toBeLessThan(0.011 / count);
        });
      }
    }
  }

  it('within its size, whatever the number of features', async () => {
    const rows = Array.from({ length: 3000 }, (_, i) => ({ word: `w${i}`, y: 1 }));
    const schema = schemaOf('BINARY', { word: 'CATEGORICAL' });
    const parameters = { 'sgd.maxMLModelSizeInBytes': '100000' };
    const model = await trainModel({ data: rows, schema, recipe: { outputs: ['ALL_CATEGORICAL'] }, parameters });
    expect(model.state.weights.length).toBeLessThanOrEqual(1 + Math.floor(100000 / 96));
    expect(model.training.droppedFeatureCount).toBeGreaterThan(1900);
    expect(answers(model, [{ word: 'w7', y: null }])[0]).toBeGreaterThan(0.999);
  });
});
