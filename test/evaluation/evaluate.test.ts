import { describe, expect, it } from 'vitest';
import { evaluateSource } from '../../src/evaluation/evaluate.js';
import { Scorer } from '../../src/model/score.js';
import { type BinaryEvaluation, InvalidInput, type Model, trainModel } from '../../src/node.js';
import { attributesOf, type Row, TestSource } from '../helpers/blocks.js';

const attributes = attributesOf({ x: 'NUMERIC', w: 'NUMERIC', y: 'BINARY' });
const records = Array.from({ length: 200 }, (_, i) => ({ x: i % 20, y: (i * 7) % 20 < i % 20 ? 1 : 0 }));

async function model(): Promise<Model> {
  return trainModel({ data: records, target: 'y', modelType: 'BINARY', recipe: { outputs: ['x'] } });
}

/** A model whose schema has row weights, evaluated on rows. */
async function evaluated(rows: readonly Row[], rowWeight: string | null): Promise<BinaryEvaluation> {
  const trained = await model();
  const state = { ...trained.state, schema: { ...trained.state.schema, rowWeight } };
  const source = new TestSource(attributes);
  const block = source.block(rows);
  const data = {
    name: 'test',
    sizeInBytes: undefined,
    countRecords: async () => rows.length,
    read: async function* () {
      yield block;
    },
  };
  return (await evaluateSource(new Scorer(state), data)) as BinaryEvaluation;
}

describe('evaluation with row weights', () => {
  const rows = records.slice(0, 60).map((record, i) => ({ ...record, w: i % 4 }));

  it('equals that of each row repeated, in every figure', async () => {
    const repeated = rows.flatMap((row) => new Array<Row>(row.w).fill(row));
    const { observationCount, alerts, ...weighted } = await evaluated(rows, 'w');
    const expected = await evaluated(repeated, null);
    expect(observationCount).toBe(60);
    expect(weighted.totalWeight).toBe(repeated.length);
    for (const [name, value] of Object.entries(weighted)) {
      const other = expected[name as keyof BinaryEvaluation];
      if (typeof value === 'number') expect(value).toBeCloseTo(other as number, 12);
      else expect(value).toEqual(other);
    }
    expect(weighted.auc).not.toBeCloseTo((await evaluated(rows, null)).auc!, 3);
  });

  it('leaves out rows without a valid weight, and counts them', async () => {
    const bad = [...rows, { x: 1, y: 0, w: null }, { x: 1, y: 0, w: -2 }];
    const evaluation = await evaluated(bad, 'w');
    expect(evaluation.observationCount).toBe(60);
    expect(evaluation.rejectedCount).toBe(2);
  });

  it('needs a weight above 0', async () => {
    const none = rows.map((row) => ({ ...row, w: 0 }));
    await expect(evaluated(none, 'w')).rejects.toThrow('the weight of all 60 observations is 0');
    await expect(evaluated([{ x: 1, w: 1 }], 'w')).rejects.toBeInstanceOf(InvalidInput);
  });
});

describe('evaluation', () => {
  it('says when the data is what was learned from, however it is held', async () => {
    const trained = await model();
    const csv = `x,y\n${records.map(({ x, y }) => `${x},${y}`).join('\n')}\n`;
    const stream = (text: string): AsyncIterable<Uint8Array> =>
      (async function* () {
        yield new TextEncoder().encode(text);
      })();
    for (const data of [records, stream(csv)]) {
      expect((await trained.evaluate(data)).alerts.join()).toMatch(/this is the data that the model was trained on/);
    }
    const other = [...records.slice(1), records[0]];
    expect((await trained.evaluate(other)).alerts).toEqual([]);
  });

  it('names attributes that are missing or additional', async () => {
    const data = records.slice(50).map((record) => ({ ...record, extra: 1 }));
    expect((await (await model()).evaluate(data)).alerts).toEqual([
      'attributes that the training data does not have, ignored: extra',
    ]);
  });

  it('gives for a part that was kept no alert of being learned from', async () => {
    const split = { strategy: 'random' } as const;
    const trained = await trainModel({ data: records, target: 'y', modelType: 'BINARY', split, seed: 2 });
    expect(trained.evaluation?.alerts).toEqual([]);
    const again = await trained.evaluate(records);
    expect(again.alerts[0]).toMatch(/it learned from \d+ of its 200 observations/);
  });
});
