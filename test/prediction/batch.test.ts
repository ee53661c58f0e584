import { describe, expect, it } from 'vitest';
import { type Model, trainModel } from '../../src/node.js';

const schema = {
  version: '1.0',
  rowId: 'id',
  targetAttributeName: 'y',
  dataFileContainsHeader: true,
  attributes: [
    { attributeName: 'id', attributeType: 'CATEGORICAL' },
    { attributeName: 'x', attributeType: 'NUMERIC' },
    { attributeName: 'y', attributeType: 'BINARY' },
  ],
};
const records = Array.from({ length: 60 }, (_, i) => ({ id: `n${i}`, x: i, y: Number(i > 30) }));

async function predict(model: Model, csv: string): Promise<string[]> {
  async function* stream(): AsyncGenerator<Uint8Array> {
    yield new TextEncoder().encode(csv);
  }
  let text = '';
  for await (const piece of model.predictBatch(stream())) text += piece;
  return text.trimEnd().split('\n');
}

describe('a batch prediction', () => {
  it('has a tag whenever the row id is there, a label whenever the target is', async () => {
    const model = await trainModel({ data: records, schema });
    const cases = [
      ['id,x,y\nn1,3,1\n', 'tag,trueLabel,bestAnswer,score', 'n1,1,0,'],
      ['id,x\nn1,3\n', 'tag,bestAnswer,score', 'n1,0,'],
      ['x,y\n3,1\n', 'trueLabel,bestAnswer,score', '1,0,'],
      ['x\n3\n', 'bestAnswer,score', '0,'],
    ];
    for (const [csv, header, line] of cases) {
      const lines = await predict(model, csv);
      expect(lines[0]).toBe(header);
      expect(lines[1].startsWith(line)).toBe(true);
    }
  });
});

describe('one prediction after another', () => {
  it('equals the prediction of a batch', async () => {
    const model = await trainModel({ data: records, schema, recipe: { outputs: ['quantile_bin(x, 5)', 'x'] } });
    for (const x of ['0', '17.5', '59', '', '1e3']) {
      const [, line] = await predict(model, `x\n${x === '' ? '""' : x}\n`);
      const { predictedLabel, predictedScores } = model.predict({ x });
      const [answer, score] = line.split(',');
      expect(predictedLabel).toBe(answer);
      // Batch files have seven digits.
      expect(predictedScores![predictedLabel!] / Number(score)).toBeCloseTo(1, 6);
    }
  });

  it('takes a threshold in place of the model’s', async () => {
    const model = await trainModel({ data: records, schema });
    const score = Object.values(model.predict({ x: 40 }).predictedScores!)[0];
    expect(model.predict({ x: 40 }, { scoreThreshold: score - 0.01 }).predictedLabel).toBe('1');
    expect(model.predict({ x: 40 }, { scoreThreshold: score + 0.01 }).predictedLabel).toBe('0');
  });
});
