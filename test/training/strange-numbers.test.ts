import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TrainModelOptions } from '../../src/train-model.js';
import { randomNumbers } from '../kernel/observations.js';
import { eager, modelFile } from './helpers.js';

const ROWS = 12_000;
/** So many that rows take more than the least memory. */
const PLAIN = Array.from({ length: 20 }, (_, i) => `plain${i}`);

/** @param x uniform, -1 to 1 */
type Numbers = (x: number, row: number) => number | '';

/** Beyond single precision, below it, constant, and otherwise unlike what the first rows lead to expect. */
const STRANGE: Readonly<Record<string, Numbers>> = {
  denormal: (x) => x * 1e-310,
  tiny: (x) => x * 1e-40,
  nearLeast: (x) => x * 1e-30,
  nearGreatest: (x) => x * 1e30,
  beyondSingle: (x) => x * 1e39,
  beyondSingleOnce: (x, row) => (row === 5000 ? 1e39 : x),
  tooLarge: (x) => x * 1e300,
  infinite: (x, row) => (row % 500 === 3 ? Number.POSITIVE_INFINITY : x),
  zeros: (x) => (x < 0 ? -0 : 0),
  constant: () => 3.7,
  constantAtFirst: (x, row) => (row < 300 ? 2 : x),
  constantButForTheLast: (_, row) => (row === ROWS - 1 ? 2 : 1),
  farAway: (x) => 1e12 + x,
  farAwayAtFirst: (x, row) => (row < 300 ? 1e6 + x : x),
  missing: () => '',
  missingLate: (x, row) => (row > 6000 && row % 10 === 0 ? '' : x),
  missingAtFirst: (x, row) => (row < 300 ? '' : x),
};

const cases = fc.record({
  strange: fc.subarray(Object.keys(STRANGE), { minLength: 1, maxLength: 3 }),
  target: fc.constantFrom('BINARY', 'CATEGORICAL', 'NUMERIC'),
  targetUnit: fc.constantFrom(1, 1, 1e-30, 1e30, 1e200),
  hasCategories: fc.boolean(),
  shuffleType: fc.constantFrom('auto', 'none'),
  threads: fc.constantFrom(1, 2, 3, 8),
});

type Case = typeof cases extends fc.Arbitrary<infer T> ? T : never;

function optionsFor({ strange, target, targetUnit, hasCategories, shuffleType }: Case): TrainModelOptions {
  const random = randomNumbers(5);
  const data = Array.from({ length: ROWS }, (_, row) => {
    const record: Record<string, number | string> = { k: `k${Math.floor(9 * random())}` };
    for (const name of PLAIN) record[name] = 2 * random() - 1;
    for (const name of strange) record[name] = STRANGE[name](2 * random() - 1, row);
    const margin = Number(record.plain0) + Number(record.plain1) + 0.5 * random();
    const y = { BINARY: +(margin > 0.3), CATEGORICAL: `class ${Math.floor(margin + 3)}`, NUMERIC: targetUnit * margin };
    return { ...record, y: y[target] };
  });
  const names = [...PLAIN, ...strange];
  const attributes = [
    { attributeName: 'k', attributeType: 'CATEGORICAL' },
    ...names.map((attributeName) => ({ attributeName, attributeType: 'NUMERIC' })),
    { attributeName: 'y', attributeType: target },
  ];
  const schema = {
    version: '1.0',
    targetAttributeName: 'y',
    dataFormat: 'CSV',
    dataFileContainsHeader: true,
    attributes,
  };
  const recipe = { outputs: hasCategories ? ['ALL_NUMERIC', 'k'] : ['ALL_NUMERIC'] };
  return { data, schema, recipe, parameters: { 'sgd.maxPasses': 3, 'sgd.shuffleType': shuffleType } };
}

/** The model's checksum and all, or why there is none. */
async function outcome(options: TrainModelOptions): Promise<string> {
  return modelFile(options, eager).then(
    (file) => file.toString('latin1'),
    (error: Error) => `${error.name}: ${error.message}`,
  );
}

describe('a model of strange numbers', { timeout: 120_000 }, () => {
  it('is the same, byte by byte, whatever memory and threads it is made with', () =>
    fc.assert(
      fc.asyncProperty(cases, async (given) => {
        const options = optionsFor(given);
        const expected = await outcome({ ...options, threads: 1, memory: '1G' });
        expect(expected).not.toMatch(/^(?:Type|Range)?Error/);
        // What does not fit is encoded in a second reading.
        expect((await outcome({ ...options, threads: given.threads, memory: '1M' })) === expected).toBe(true);
      }),
      { numRuns: 15 },
    ));
});
