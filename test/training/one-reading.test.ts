import { describe, expect, it } from 'vitest';
import type { DataRecord } from '../../src/datasource/records.js';
import { type Model, type TrainModelOptions, trainModel } from '../../src/node.js';
import { randomNumbers } from '../kernel/observations.js';

const ROWS = 3000;
const TARGETS = { BINARY: 'BINARY', MULTICLASS: 'CATEGORICAL', REGRESSION: 'NUMERIC' } as const;
type Type = keyof typeof TARGETS;
const ATTRIBUTES = { a: 'NUMERIC', b: 'NUMERIC', c: 'NUMERIC', d: 'BINARY', k: 'CATEGORICAL', m: 'CATEGORICAL' };
const RECIPES = { dense: ['ALL_NUMERIC', 'ALL_BINARY'], sparse: ['k', 'ALL_NUMERIC', 'm', 'ALL_BINARY'] };
type Form = keyof typeof RECIPES;

/** What is special about some numbers of the data, row by row. */
interface Special {
  readonly a?: (x: number, row: number) => number | '';
  readonly c?: (x: number, row: number) => number | '';
  readonly d?: (x: number, row: number) => number | '';
  readonly y?: (y: number, row: number) => number;
}

/** Numbers at a distance from 0, a binary value and a target of a type; the weight is always the same. */
function records(type: Type, { a, c, d, y: shown }: Special = {}, count = ROWS): DataRecord[] {
  const random = randomNumbers(7);
  const bell = (): number => random() + random() + random() - 1.5;
  const kinds = ['so', 'by', 'at'];
  return Array.from({ length: count }, (_, row) => {
    const x = { a: bell(), b: 50 + 3 * bell(), c: Math.floor(8 * random()), d: Number(random() < 0.3) };
    const k = Math.floor(6 * random());
    const m = Math.floor(400 * random() ** 3);
    const margin = x.a - (x.b - 50) / 3 + x.c / 8 + x.d + bell() + (k - 3) / 4;
    const y = { BINARY: +(margin > 1), MULTICLASS: margin < 0 ? 0 : margin < 2 ? 1 : 2, REGRESSION: 400 + margin }[
      type
    ];
    return {
      ...x,
      k: k === 0 ? '' : `k${k}`,
      m: `m${m}`,
      a: a === undefined ? x.a : a(x.a, row),
      c: c === undefined ? x.c : c(x.c, row),
      d: d === undefined ? x.d : d(x.d, row),
      y: type === 'MULTICLASS' ? kinds[y] : (shown?.(y, row) ?? y),
      w: 1,
    };
  });
}

/** Train, and note how often the data were read. */
async function learn(
  form: Form,
  data: DataRecord[],
  type: Type,
  isWeighted: boolean,
  more: Partial<TrainModelOptions> = {},
) {
  const attributes = { ...ATTRIBUTES, w: 'NUMERIC', y: TARGETS[type] };
  const schema = {
    version: '1.0',
    targetAttributeName: 'y',
    ...(isWeighted ? { rowWeight: 'w' } : { excludedAttributeNames: ['w'] }),
    dataFormat: 'CSV',
    dataFileContainsHeader: true,
    attributes: Object.entries(attributes).map(([attributeName, attributeType]) => ({ attributeName, attributeType })),
  };
  const purposes = new Set<string>();
  const onProgress: TrainModelOptions['onProgress'] = (progress) => {
    if (progress.event === 'read') purposes.add(progress.purpose);
  };
  const recipe = { outputs: RECIPES[form] };
  const model = await trainModel({ data, schema, recipe, onProgress, ...more });
  return { model, isOneReading: !purposes.has('encode') };
}

/** As `learn`, with the bytes of the memories that were opened for several threads, which are those with rows in them. */
async function learnMeasured(form: Form, data: DataRecord[]) {
  const { Memory } = WebAssembly;
  const opened: WebAssembly.Memory[] = [];
  WebAssembly.Memory = class extends Memory {
    constructor(descriptor: WebAssembly.MemoryDescriptor) {
      super(descriptor);
      if (descriptor.shared) opened.push(this);
    }
  };
  try {
    const { isOneReading } = await learn(form, data, 'BINARY', false, { parameters: { 'sgd.maxPasses': 1 } });
    return { isOneReading, bytes: opened.reduce((sum, { buffer }) => sum + buffer.byteLength, 0) };
  } finally {
    WebAssembly.Memory = Memory;
  }
}

/** Largest difference of scores or, in units of 1, values. */
function distance(one: Model, other: Model, rows: readonly DataRecord[]): number {
  const answers = (model: Model, row: DataRecord): number[] => {
    const { predictedScores, predictedValue } = model.predict(row);
    return predictedValue === undefined ? Object.values(predictedScores!) : [predictedValue];
  };
  const distances = rows.flatMap((row) => {
    const others = answers(other, row);
    return answers(one, row).map((answer, i) => Math.abs(answer - others[i]));
  });
  return Math.max(...distances);
}

/** Data with weights that say nothing are read twice: by another way to the same model. */
async function expectSame(form: Form, data: DataRecord[], type: Type, isOneReading: boolean): Promise<void> {
  const one = await learn(form, data, type, false);
  const two = await learn(form, data, type, true);
  expect([one.isOneReading, two.isOneReading]).toEqual([isOneReading, false]);
  // Numbers are rounded to single precision twice, each time by up to 5e-7 of a deviation.
  expect(distance(one.model, two.model, data.slice(0, 500))).toBeLessThan(2e-6);
  expect(one.model.state.featureShares).toEqual(two.model.state.featureShares);
  expect(one.model.state.features).toEqual(two.model.state.features);
}

/** By both ways to the same weights. */
async function expectSameBits(
  form: Form,
  data: DataRecord[],
  type: Type,
  isOneReading: boolean,
  more: Partial<TrainModelOptions> = {},
): Promise<void> {
  const large = await learn(form, data, type, false, more);
  const small = await learn(form, data, type, false, { memory: '1M', ...more });
  expect([large.isOneReading, small.isOneReading]).toEqual([isOneReading, false]);
  expect(small.model.state.features).toEqual(large.model.state.features);
  expect(small.model.state.featureShares).toEqual(large.model.state.featureShares);
  expect(small.model.state.weights).toEqual(large.model.state.weights);
}

for (const form of ['dense', 'sparse'] as const)
  describe(`encoding ${form} rows while the statistics are gathered`, () => {
    for (const type of Object.keys(TARGETS) as Type[]) {
      it(`gives the model of a second reading: ${type}`, () => expectSame(form, records(type), type, true));
    }

    it('gives missing values the features that they have otherwise', async () => {
      const data = records('BINARY', {
        a: (x, row) => (row > 2000 && row % 10 === 0 ? '' : x),
        d: (x, row) => (row > 2000 && row % 7 === 0 ? '' : x),
      });
      await expectSame(form, data, 'BINARY', true);
    });

    it('leaves out what turns out to be constant', () =>
      expectSame(form, records('BINARY', { a: () => 3.7 }), 'BINARY', true));

    it('counts values at the mean as absent, as otherwise', async () => {
      const data = records('BINARY', { a: (_, row) => (row % 100 === 0 ? 1 : row % 100 === 50 ? -1 : 0) });
      await expectSame(form, data, 'BINARY', true);
    });

    it('holds in the units that values have', async () => {
      await expectSame(form, records('REGRESSION', { a: (x) => 1e9 * x, y: (y) => 1e-9 * y }), 'REGRESSION', true);
      await expectSame(form, records('BINARY', { a: (x) => 1e-12 * (x + 1000) }), 'BINARY', true);
    });

    it('keeps the order of unshuffled rows', async () => {
      const parameters = { 'sgd.shuffleType': 'none' };
      const one = await learn(form, records('BINARY'), 'BINARY', false, { parameters });
      const two = await learn(form, records('BINARY'), 'BINARY', true, { parameters });
      expect([one.isOneReading, two.isOneReading]).toEqual([true, false]);
      expect(distance(one.model, two.model, records('BINARY').slice(0, 500))).toBeLessThan(2e-6);
    });

    it('is given up where the first rows are unlike the others', async () => {
      const a = (x: number, row: number): number => (row < 256 ? 1e6 + x : x);
      await expectSame(form, records('BINARY', { a }, 20_000), 'BINARY', false);
    });

    it('leaves its memory to the rows of the second reading where it is given up', async () => {
      const a = (x: number, row: number): number => (row < 256 ? 1e6 + x : x);
      const measure = (special: Special): ReturnType<typeof learnMeasured> =>
        learnMeasured(form, records('BINARY', special, 100_000));
      const kept = await measure({});
      const again = await measure({ a });
      expect([kept.isOneReading, again.isOneReading]).toEqual([true, false]);
      expect(again.bytes / kept.bytes).toBeLessThan(1.2);
    });

    it('is given up for numbers beyond single precision', async () => {
      await expectSame(form, records('BINARY', { a: (x) => 1e50 * x }), 'BINARY', false);
    });

    it('is not begun with few rows', async () => {
      expect((await learn(form, records('BINARY').slice(0, 200), 'BINARY', false)).isOneReading).toBe(false);
    });

    for (const type of Object.keys(TARGETS) as Type[]) {
      it(`gives the same model, bit by bit, where rows do not fit in memory: ${type}`, async () => {
        const data = records(type, { a: (x, row) => (row % 9 === 1 ? '' : 30 + x / 7) }, 25_000);
        const large = await learn(form, data, type, false);
        const small = await learn(form, data, type, false, { memory: '1M' });
        expect([large.isOneReading, small.isOneReading]).toEqual([true, false]);
        expect(small.model.state.weights).toEqual(large.model.state.weights);
      });
    }

    it('takes infinite numbers for missing ones', () =>
      expectSameBits(
        form,
        records('REGRESSION', { a: (x, row) => (row % 500 === 3 ? (x < 0 ? -1 : 1) * Infinity : 5 + x / 100) }, 30_000),
        'REGRESSION',
        true,
      ));

    it('samples the held-out rows, too', async () => {
      const data = records('BINARY');
      const held: Partial<TrainModelOptions> = { split: { trainPercent: 70 } };
      const one = await learn(form, data, 'BINARY', false, held);
      const two = await learn(form, data, 'BINARY', true, held);
      expect([one.isOneReading, two.isOneReading]).toEqual([true, false]);
      const losses = ({ model }: typeof one) => model.training.passes.map(({ heldOutLoss }) => heldOutLoss);
      losses(one).forEach((loss, i) => expect(loss).toBeCloseTo(losses(two)[i]!, 6));
    });
  });

describe('encoding sparse rows while the statistics are gathered, bit by bit', () => {
  const late = (x: number, row: number): number | '' => (row > 15_000 && row % 10 === 0 ? '' : x);

  it('makes room for a number that is missing late', () =>
    expectSameBits('sparse', records('BINARY', { a: late }, 30_000), 'BINARY', true));

  it('is given up where more numbers are missing late than there is room for', () =>
    expectSameBits('sparse', records('BINARY', { a: late, c: late }, 30_000), 'BINARY', false));

  it('leaves constants out of the head', () =>
    expectSameBits(
      'sparse',
      records('MULTICLASS', { c: (_, row) => (row % 7 === 0 ? '' : 3) }, 30_000),
      'MULTICLASS',
      true,
    ));

  it('is not begun where no number seems to vary', () => {
    const same = records('BINARY', { a: () => 1, c: () => 2 }, 30_000).map((record) => ({ ...record, b: 3 }));
    return expectSameBits('sparse', same, 'BINARY', false);
  });

  it('numbers categories by their first row to learn from', () =>
    expectSameBits('sparse', records('BINARY', {}, 30_000), 'BINARY', true, { split: { trainPercent: 50 } }));

  it('is given up where categories may have to be forgotten', () => {
    const data = records('BINARY', {}, 30_000).map((record, row) => ({ ...record, m: `m${row % 5000}` }));
    return expectSameBits('sparse', data, 'BINARY', false, { parameters: { 'sgd.maxMLModelSizeInBytes': '110000' } });
  });

  it('keeps the most frequent of the categories that are too many', () => {
    const data = records('BINARY', {}, 30_000).map((record, row) => ({ ...record, m: `m${(row * row) % 1901}` }));
    return expectSameBits('sparse', data, 'BINARY', true, { parameters: { 'sgd.maxMLModelSizeInBytes': '100000' } });
  });
});
