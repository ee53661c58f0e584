import { random } from './csv-data.js';
import { zipf } from './recipe-data.js';

/** What a work load is made of: the header and one row after another, target `y` first. */
export interface Workload {
  readonly name: string;
  readonly title: string;
  readonly modelType: 'BINARY' | 'MULTICLASS' | 'REGRESSION';
  readonly rowCount: number;
  readonly header: string;
  /** Attribute types in column order, target first. */
  readonly types: readonly string[];
  readonly recipe: readonly string[];
  /** @returns a generator of rows, fixed by the seed; the truth behind them does not depend on it */
  rows(seed: number): () => string;
}

/** Normally distributed: Box, Muller (1958). */
function normals(next: () => number): () => number {
  return () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
}

const columns = (prefix: string, count: number): string[] => Array.from({ length: count }, (_, i) => `${prefix}${i}`);
const sigmoid = (margin: number): number => 1 / (1 + Math.exp(-margin));
const vector = (count: number, draw: () => number): Float64Array => Float64Array.from({ length: count }, draw);

/** Numbers that depend on their left neighbour, with a scale and a place of their own. */
function numbers(count: number, next: () => number): { draw: () => Float64Array; write: (x: Float64Array) => string } {
  const normal = normals(next);
  const z = new Float64Array(count);
  return {
    draw() {
      for (let i = 0; i < count; i++) z[i] = i > 0 ? 0.5 * z[i - 1] + 0.866 * normal() : normal();
      return z;
    },
    write(x) {
      let text = '';
      for (let i = 0; i < count; i++) text += `,${(x[i] * 10 ** (i % 4) + (i % 3) * 5).toFixed(4)}`;
      return text;
    },
  };
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

const W1: Workload = {
  name: 'W1',
  title: '30 numeric, binary',
  modelType: 'BINARY',
  rowCount: 1_000_000,
  header: ['y', ...columns('n', 30)].join(','),
  types: ['BINARY', ...columns('n', 30).map(() => 'NUMERIC')],
  recipe: ['ALL_NUMERIC'],
  rows(seed) {
    const truth = vector(30, normals(random(101))).map((w) => w * 0.4);
    const next = random(seed);
    const { draw, write } = numbers(30, next);
    return () => {
      const x = draw();
      return `${next() < sigmoid(dot(truth, x) - 0.5) ? 1 : 0}${write(x)}`;
    };
  },
};

const SIZES = [2, 5, 10, 20, 50, 100, 500, 1000, 5000, 10_000];

const W2: Workload = {
  name: 'W2',
  title: '10 numeric, 10 categorical of 2 to 10,000 values (Zipf), binary',
  modelType: 'BINARY',
  rowCount: 1_000_000,
  header: ['y', ...columns('n', 10), ...columns('c', 10)].join(','),
  types: ['BINARY', ...columns('n', 10).map(() => 'NUMERIC'), ...columns('c', 10).map(() => 'CATEGORICAL')],
  recipe: ['ALL_NUMERIC', 'ALL_CATEGORICAL'],
  rows(seed) {
    const truthNormal = normals(random(102));
    const truth = vector(10, truthNormal).map((w) => w * 0.3);
    const effects = SIZES.map((size) => vector(size, truthNormal).map((w) => w * 0.4));
    const next = random(seed);
    const { draw, write } = numbers(10, next);
    const ranks = SIZES.map((size) => zipf(size, next));
    return () => {
      const x = draw();
      let margin = dot(truth, x) - 0.3;
      let text = write(x);
      for (let c = 0; c < SIZES.length; c++) {
        const value = ranks[c]();
        margin += effects[c][value];
        text += `,v${c}_${value}`;
      }
      return `${next() < sigmoid(margin) ? 1 : 0}${text}`;
    };
  },
};

const VOCABULARY = 50_000;
const FOLLOWERS = 20;

const W3: Workload = {
  name: 'W3',
  title: 'texts of about 100 words, unigrams and bigrams, binary',
  modelType: 'BINARY',
  rowCount: 200_000,
  header: 'y,t',
  types: ['BINARY', 'TEXT'],
  recipe: ['ngram(t,2)'],
  rows(seed) {
    const fixed = random(103);
    const words = Array.from({ length: VOCABULARY }, (_, i) => `w${i.toString(36)}`);
    const normal = normals(fixed);
    const tone = vector(VOCABULARY, () => (fixed() < 0.1 ? normal() * 0.35 : 0));
    const pairTone = vector(VOCABULARY * FOLLOWERS, () => (fixed() < 0.05 ? normal() * 0.5 : 0));
    const fixedRank = zipf(VOCABULARY, fixed);
    const followers = Uint32Array.from({ length: VOCABULARY * FOLLOWERS }, fixedRank);
    const next = random(seed);
    const rank = zipf(VOCABULARY, next);
    const follower = zipf(FOLLOWERS, next);
    return () => {
      const length = 80 + Math.floor(next() * 41);
      let word = rank();
      let text = words[word];
      let margin = tone[word];
      for (let i = 1; i < length; i++) {
        if (next() < 0.6) {
          const pair = word * FOLLOWERS + follower();
          margin += pairTone[pair];
          word = followers[pair];
        } else {
          word = rank();
        }
        margin += tone[word];
        text += ` ${words[word]}`;
      }
      return `${next() < sigmoid(margin) ? 1 : 0},${text}`;
    };
  },
};

const CLASSES = 7;
const ONE_HOT = [4, 40];

const W4: Workload = {
  name: 'W4',
  title: '10 numeric, 44 one-hot, 7 classes',
  modelType: 'MULTICLASS',
  rowCount: 200_000,
  header: ['y', ...columns('n', 10), ...columns('b', 44)].join(','),
  types: ['CATEGORICAL', ...columns('n', 10).map(() => 'NUMERIC'), ...columns('b', 44).map(() => 'NUMERIC')],
  recipe: ['ALL_NUMERIC'],
  rows(seed) {
    const truthNormal = normals(random(104));
    const truth = Array.from({ length: CLASSES }, () => vector(10, truthNormal).map((w) => w * 0.6));
    const effects = Array.from({ length: CLASSES }, () => vector(44, truthNormal).map((w) => w * 0.8));
    const next = random(seed);
    const { draw, write } = numbers(10, next);
    const ranks = ONE_HOT.map((size) => zipf(size, next));
    return () => {
      const x = draw();
      const chosen = [ranks[0](), ONE_HOT[0] + ranks[1]()];
      const odds = truth.map((w, k) => Math.exp(dot(w, x) + effects[k][chosen[0]] + effects[k][chosen[1]]));
      let left = next() * odds.reduce((a, b) => a + b);
      let label = 0;
      while (label < CLASSES - 1 && left >= odds[label]) left -= odds[label++];
      let text = `${label + 1}${write(x)}`;
      for (let i = 0; i < 44; i++) text += i === chosen[0] || i === chosen[1] ? ',1' : ',0';
      return text;
    };
  },
};

const W5: Workload = {
  name: 'W5',
  title: '20 numeric, regression',
  modelType: 'REGRESSION',
  rowCount: 1_000_000,
  header: ['y', ...columns('n', 20)].join(','),
  types: ['NUMERIC', ...columns('n', 20).map(() => 'NUMERIC')],
  recipe: ['ALL_NUMERIC'],
  rows(seed) {
    const truth = vector(20, normals(random(105)));
    const next = random(seed);
    const noise = normals(next);
    const { draw, write } = numbers(20, next);
    return () => {
      const x = draw();
      return `${(100 + 10 * dot(truth, x) + 15 * noise()).toFixed(3)}${write(x)}`;
    };
  },
};

export const WORKLOADS: readonly Workload[] = [W1, W2, W3, W4, W5];
