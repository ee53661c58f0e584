import { describe, expect, it } from 'vitest';
import { type BinaryEvaluation, trainModel } from '../../src/node.js';
import { fixture } from '../helpers/cli.js';
import { randomNumbers } from '../kernel/observations.js';
import { environmentWith, makeRows, modelFile, schemaOf } from './helpers.js';

/** Texts of words of which each tells a little, or nothing, of the target. */
function wideRows(count: number, strength: number, seed: number): { text: string; sold: number }[] {
  const random = randomNumbers(7);
  const weights = Float64Array.from({ length: 3000 }, () => strength * (random() + random() + random() - 1.5));
  const next = randomNumbers(seed);
  return Array.from({ length: count }, () => {
    const words = new Set(Array.from({ length: 40 }, () => Math.floor(3000 * next() ** 2)));
    let margin = 0;
    for (const word of words) margin += weights[word];
    return { text: [...words].map((word) => `w${word}`).join(' '), sold: +(next() < 1 / (1 + Math.exp(-margin))) };
  });
}

const SCHEMA = {
  version: '1.0',
  targetAttributeName: 'sold',
  dataFormat: 'CSV',
  dataFileContainsHeader: true,
  attributes: [
    { attributeName: 'text', attributeType: 'TEXT' },
    { attributeName: 'sold', attributeType: 'BINARY' },
  ],
};

async function lossWith(prior: string, strength: number): Promise<{ loss: number; chosen: number | undefined }> {
  const model = await trainModel({
    data: wideRows(800, strength, 1),
    evaluationData: wideRows(2000, strength, 2),
    schema: SCHEMA,
    recipe: { outputs: ['text'] },
    parameters: { 'trainer.prior': prior },
  });
  return { loss: (model.evaluation as BinaryEvaluation).logLoss, chosen: model.training.prior?.chosen };
}

describe('trainer.prior=auto', () => {
  it('comes near the best of the strengths where it matters', async () => {
    for (const strength of [0.3, 3]) {
      const auto = await lossWith('auto', strength);
      expect([3, 10, 30]).toContain(auto.chosen);
      const given = await Promise.all(['0.3', '1', '3', '10', '30', '100'].map((prior) => lossWith(prior, strength)));
      const losses = given.map(({ loss }) => loss);
      expect(auto.loss).toBeLessThan(1.03 * Math.min(...losses));
      expect(auto.loss).toBeLessThan(0.97 * losses[1]);
      expect(given.map(({ chosen }) => chosen)).toEqual(new Array(6).fill(undefined));
    }
  });

  it('trains as with the chosen strength given, and tells what it tried', async () => {
    const options = { data: fixture('sms.csv'), target: 'label' };
    const auto = await trainModel({ ...options, parameters: { 'trainer.prior': 'auto' } });
    const { chosen, trials, heldOutCount } = auto.training.prior!;
    expect(trials.map(({ prior }) => prior)).toEqual([0.3, 1, 3, 10, 30, 100]);
    expect(Math.min(...trials.map(({ heldOutLoss }) => heldOutLoss))).toBe(
      trials.find(({ prior }) => prior === chosen)!.heldOutLoss,
    );
    expect(chosen).toBe(0.3);
    expect(heldOutCount).toBeGreaterThan(300);
    expect(auto.training.parameters['trainer.prior']).toBe('auto');
    const given = await trainModel({ ...options, parameters: { 'trainer.prior': String(chosen) } });
    expect(given.state.weights).toEqual(auto.state.weights);
  });

  it('does not try strengths below those that only do worse', async () => {
    const { trials, chosen } = (
      await trainModel({ data: wideRows(800, 0.3, 1), schema: SCHEMA, recipe: { outputs: ['text'] } })
    ).training.prior!;
    const losses = trials.map(({ heldOutLoss }) => heldOutLoss);
    expect(trials.map(({ prior }) => prior)).toEqual([0.3, 1, 3, 10, 30, 100].slice(-trials.length));
    expect(trials.length).toBeLessThan(6);
    expect(losses[0]).toBeGreaterThan(losses[1]);
    expect(losses[1]).toBeGreaterThan(losses[2]);
    expect(trials.find(({ prior }) => prior === chosen)!.heldOutLoss).toBe(Math.min(...losses));
  });

  it('is the default, and takes 1 without trials where observations are many', async () => {
    const { training } = await trainModel({
      data: makeRows(2000),
      schema: schemaOf('size', null),
      recipe: { outputs: ['x'] },
    });
    expect(training.parameters['trainer.prior']).toBe('auto');
    expect(training.prior).toEqual({ chosen: 1, trials: [], heldOutCount: 0 });
  });

  it('depends on the seed, not on threads or memory', async () => {
    const data = makeRows(21_000);
    const options = {
      data,
      schema: schemaOf('kind', 'w'),
      recipe: { outputs: ['text', 'ngram(text,2)', 'x'] },
    } as const;
    const environment = environmentWith({ leastThreadedBytes: 0 });
    const parameters = { 'sgd.maxPasses': 4, 'trainer.prior': 'auto' };
    const first = await modelFile({ ...options, parameters, threads: 1 }, environment);
    expect(first.toString('latin1')).toMatch(/"prior":\{"chosen":[\d.]+,"trials":\[\{/);
    for (const more of [{ threads: 2 }, { threads: 3, memory: '1M' }]) {
      expect((await modelFile({ ...options, parameters, ...more }, environment)).equals(first)).toBe(true);
    }
  });

  it('can do with next to nothing', async () => {
    for (const count of [2, 9, 10, 15]) {
      const data = Array.from({ length: count }, (_, i) => ({ text: `a${i} b${i % 3}`, sold: i % 2 }));
      const { training } = await trainModel({ data, schema: SCHEMA, recipe: { outputs: ['text'] } });
      expect([0.3, 1, 3, 10, 30, 100]).toContain(training.prior!.chosen);
    }
  });
});
