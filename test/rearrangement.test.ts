import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { describeData, evaluate, InvalidInput, trainModel } from '../src/node.js';
import { fixture } from './helpers/cli.js';

const data = fixture('iris.csv');
const part = (percentBegin: number, percentEnd: number, rest: object = {}): object => ({
  splitting: { percentBegin, percentEnd, ...rest },
});

describe('a rearrangement', () => {
  it('chooses what is learned from, as text or object', async () => {
    const random = part(0, 70, { strategy: 'random', strategyParams: { randomSeed: '1' } });
    const model = await trainModel({ data, target: 'species', rearrangement: random });
    const same = await trainModel({ data, target: 'species', rearrangement: JSON.stringify(random) });
    expect(same.weights()).toEqual(model.weights());
    const split = await trainModel({ data, target: 'species', split: { strategy: 'random' }, seed: '1' });
    expect(model.training.observationCount).toBe(split.training.observationCount);
  });

  it('goes by position unless it is random: 0 to 34 percent of iris are 51 flowers of two kinds', async () => {
    const model = await trainModel({ data, target: 'species', rearrangement: part(0, 34) });
    expect(model.training.observationCount).toBe(51);
    expect(model.classes).toEqual(['Iris-setosa', 'Iris-versicolor']);
  });

  it('chooses what is evaluated on; complements add up', async () => {
    const model = await trainModel({ data, target: 'species' });
    const counts: number[] = [];
    for (const complement of [false, true]) {
      const rearrangement = part(20, 60, { strategy: 'random', complement });
      counts.push((await evaluate(model, data, { rearrangement })).observationCount);
    }
    expect(counts[0] + counts[1]).toBe(150);
    expect(counts[0]).toBeGreaterThan(40);
    expect(counts[0]).toBeLessThan(80);
  });

  it('chooses what is described', async () => {
    const { insights } = await describeData({ data, rearrangement: part(0, 10) });
    expect(insights.observationCount).toBe(15);
  });

  it('is checked, and excludes a split', async () => {
    const bad = trainModel({ data, target: 'species', rearrangement: part(0, 101) });
    await expect(bad).rejects.toThrow('DataRearrangement: splitting.percentEnd: 101');
    const both = trainModel({ data, target: 'species', rearrangement: part(0, 10), split: {} });
    await expect(both).rejects.toBeInstanceOf(InvalidInput);
  });
});

describe('the own schema of evaluation data', () => {
  it('names the columns of data without a header, in another order', async () => {
    const [header, ...lines] = (await readFile(data, 'utf8')).trim().split('\n');
    const turned = lines.map((line) => line.split(',').reverse().join(',')).join('\n');
    const names = header.split(',').reverse();
    const attributes = names.map((attributeName) => ({
      attributeName,
      attributeType: attributeName === 'species' ? 'CATEGORICAL' : 'NUMERIC',
    }));
    const schema = { version: '1.0', targetAttributeName: 'species', attributes };
    const model = await trainModel({ data, target: 'species' });
    async function* stream(): AsyncGenerator<Uint8Array> {
      yield new TextEncoder().encode(`${turned}\n`);
    }
    const figures = async (...args: Parameters<typeof model.evaluate>): Promise<unknown> => {
      const { alerts, ...rest } = await model.evaluate(...args);
      return rest;
    };
    expect(await figures(stream(), { schema })).toEqual(await figures(data));
    const narrow = { ...schema, attributes: attributes.slice(1), targetAttributeName: null };
    await expect(model.evaluate(stream(), { schema: narrow })).rejects.toThrow("the model needs the column 'species'");
  });
});
