import { randomIntegers } from '../src/training/shuffle.js';
import { publicTask, type Task } from '../test/training/public-sets.js';

type Row = Record<string, string | number>;

/** The sets that stand in a folder, with the splits of their notes; those that are not there are left out. */
export function publicTasks(folder: string): Task[] {
  const sets = [
    ['adult', ['z', 'q']],
    ['banking', ['z', 'q']],
    ['covtype20k', ['z', 'q']],
    ['diamonds', ['z', 'q']],
    ['iris', ['z', 'q']],
    ['sms', ['words', 'pairs']],
  ] as const;
  return sets.flatMap(([set, recipes]) => recipes.flatMap((recipe) => publicTask(folder, set, recipe) ?? []));
}

/** Numbers in 0 .. 1, and Gaussian ones (Box, Muller). */
function generator(seed: number): { uniform(): number; normal(): number } {
  const integer = randomIntegers(seed);
  const uniform = (): number => (integer(2 ** 32) + 0.5) / 2 ** 32;
  return { uniform, normal: () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform()) };
}

export interface Wide {
  readonly rows: number;
  readonly features: number;
  /** Features per row. */
  readonly length: number;
  /** Share of the features that matter. */
  readonly informative: number;
  /** Standard deviation of their weights. */
  readonly strength: number;
  readonly type: 'BINARY' | 'REGRESSION';
}

const TEST_ROWS = 4000;

/** Rows of features whose frequencies follow Zipf's law, and a target that is linear in some of them, with noise. */
export function wideTask(wide: Wide, seed: number): Task {
  const { rows, features, length, informative, strength, type } = wide;
  const { uniform, normal } = generator(seed);
  const weights = Float64Array.from({ length: features }, () => (uniform() < informative ? strength * normal() : 0));
  const row = (): Row => {
    const seen = new Set<number>();
    while (seen.size < length) seen.add(Math.floor(features ** uniform()) - 1);
    let margin = 0;
    for (const feature of seen) margin += weights[feature];
    const y = type === 'BINARY' ? Number(uniform() < 1 / (1 + Math.exp(-margin))) : margin + normal();
    return { text: [...seen].map((feature) => `f${feature}`).join(' '), y };
  };
  return task(`wide ${type === 'BINARY' ? 'binary' : 'regression'} ${rows} x ${features}`, rows, row, type);
}

/** Texts of classes that differ in the frequencies of some of their words, as newsgroups do. */
export function topicTask(rows: number, classes: number, seed: number): Task {
  const vocabulary = 20_000;
  const { uniform, normal } = generator(seed);
  const word = (): number => Math.floor(vocabulary ** uniform()) - 1;
  const own = Array.from({ length: classes }, () => Array.from({ length: 300 }, word));
  const row = (): Row => {
    const kind = Math.floor(uniform() * classes);
    const length = Math.max(5, Math.round(Math.exp(4 + 0.6 * normal())));
    const share = 0.15 * uniform();
    const words = Array.from({ length }, () =>
      uniform() < share ? own[kind][Math.floor(300 * uniform() ** 2)] : word(),
    );
    return { text: words.map((number) => `w${number}`).join(' '), y: `class ${kind}` };
  };
  return task(`topics ${classes}, ${rows} texts`, rows, row, 'MULTICLASS');
}

function task(name: string, rows: number, row: () => Row, type: 'BINARY' | 'REGRESSION' | 'MULTICLASS'): Task {
  const data = Array.from({ length: rows }, row);
  const evaluationData = Array.from({ length: TEST_ROWS }, row);
  const attributeType = { BINARY: 'BINARY', REGRESSION: 'NUMERIC', MULTICLASS: 'CATEGORICAL' }[type];
  const schema = {
    version: '1.0',
    targetAttributeName: 'y',
    dataFormat: 'CSV',
    dataFileContainsHeader: true,
    attributes: [
      { attributeName: 'text', attributeType: 'TEXT' },
      { attributeName: 'y', attributeType },
    ],
  };
  return { name, options: { data, evaluationData, schema, recipe: { outputs: ['text'] } } };
}
