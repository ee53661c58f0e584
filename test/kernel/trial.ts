import {
  BIAS_FEATURE,
  DENSE_HEADER_WORDS,
  DENSE_WEIGHT_WORD,
  headWords,
  PADDING_FEATURE,
  type RowLayout,
  SPARSE_HEADER_WORDS,
  SPARSE_WEIGHT_WORD,
} from '../../src/features/rows.js';
import { placeHead } from '../../src/kernel/head.js';
import { instantiateKernel, openMemory } from '../../src/kernel/instantiate.js';
import type { Kernel } from '../../src/kernel/kernel.js';
import { kernelModule } from '../../src/kernel/load.js';
import { KernelMemory, scratchBytes } from '../../src/kernel/memory.js';
import { referenceKernel } from '../../src/kernel/reference.js';
import { type Form, type Observation, randomNumbers, type Task } from './observations.js';

export interface Implementation {
  readonly name: string;
  open(): { kernel: Kernel; memory: KernelMemory };
}

export const reference: Implementation = {
  name: 'reference',
  open() {
    const memory = openMemory();
    const kernel = referenceKernel(memory);
    return { kernel, memory: new KernelMemory(memory, kernel) };
  },
};

export const simd: Implementation = {
  name: 'SIMD kernel',
  open() {
    const memory = openMemory();
    const kernel = instantiateKernel(kernelModule(), memory);
    return { kernel, memory: new KernelMemory(memory, kernel) };
  },
};

export interface TrialOptions {
  readonly task: Task;
  readonly form: Form;
  readonly outputs?: number;
  /** Padding and bias included. */
  readonly featureCount: number;
  readonly observations: readonly Observation[];
  /** Bytes to leave free before the data. */
  readonly offset?: number;
}

export interface Steps {
  readonly first?: number;
  readonly count?: number;
  readonly firstStep?: number;
  readonly l1?: number;
  readonly l2?: number;
}

/** A model in training in its own kernel memory. */
export class Trial {
  readonly kernel: Kernel;
  readonly memory: KernelMemory;
  readonly layout: RowLayout;
  readonly outputs: number;
  readonly weightFloats: number;
  readonly #options: TrialOptions;
  readonly #rows: number;
  readonly #weights: number;
  readonly #head: number;
  readonly #scratch: number;

  constructor(implementation: Implementation, options: TrialOptions) {
    ({ kernel: this.kernel, memory: this.memory } = implementation.open());
    this.#options = options;
    this.outputs = options.outputs ?? 1;
    const { form, featureCount, observations } = options;
    this.memory.allocate(options.offset ?? 0);
    this.layout =
      form === 'dense'
        ? { form: 'dense', width: Math.ceil(featureCount / 8) * 8 }
        : { form: 'sparse', head: form === 'sparse' ? headOf(observations) : [] };
    const padded = Math.ceil(this.outputs / 4) * 4;
    this.weightFloats =
      this.layout.form === 'dense'
        ? this.layout.width * (1 + 3 * this.outputs)
        : featureCount * (this.outputs === 1 ? 4 : 4 + 3 * padded);
    this.#head = placeHead(this.memory, this.layout);
    const addresses = observations.map((observation) => this.#writeRow(observation));
    this.#rows = this.memory.allocate(4 * observations.length);
    this.memory.u32.set(addresses, this.#rows / 4);
    this.#weights = this.memory.allocate(4 * this.weightFloats);
    const groups = Math.max(...observations.map(({ values }) => Math.ceil((values.size + 1) / 4)));
    this.#scratch = this.memory.allocate(scratchBytes(this.layout, this.outputs, groups));
    this.memory.f32.fill(0, this.#weights / 4, this.#weights / 4 + this.weightFloats);
    this.#initialise();
  }

  /** Address of the table of the rows' head, 0 for none. */
  get head(): number {
    return this.#head;
  }

  /** Address of the list of rows. */
  get rows(): number {
    return this.#rows;
  }

  #writeRow({ target, values, weight = 1 }: Observation): number {
    const all = [[BIAS_FEATURE, 1] as const, ...values];
    if (this.layout.form === 'dense') {
      const words = DENSE_HEADER_WORDS + this.layout.width;
      const row = this.memory.allocate(4 * words) / 4;
      const { f32 } = this.memory;
      f32.fill(0, row, row + words);
      f32[row] = target;
      f32[row + DENSE_WEIGHT_WORD] = weight;
      for (const [feature, value] of all) f32[row + DENSE_HEADER_WORDS + feature] = value;
      return row * 4;
    }
    const { head } = this.layout;
    const length = headWords(this.layout);
    const tail = all.flatMap(([feature]) => (head.includes(feature) ? [] : feature));
    const size = Math.ceil(tail.length / 4) * 4;
    const row = this.memory.allocate(4 * (SPARSE_HEADER_WORDS + length + size), 4) / 4;
    const { f32, u32 } = this.memory;
    f32[row] = target;
    u32[row + 1] = size / 4;
    f32[row + SPARSE_WEIGHT_WORD] = weight;
    u32[row + 3] = 0;
    const first = row + SPARSE_HEADER_WORDS + length;
    f32.fill(0, row + SPARSE_HEADER_WORDS, first);
    u32.fill(PADDING_FEATURE, first, first + size);
    u32.set(tail, first);
    for (const [feature, value] of all) {
      if (head.includes(feature)) f32[row + SPARSE_HEADER_WORDS + head.indexOf(feature)] = value;
    }
    return row * 4;
  }

  #initialise(): void {
    const { observations, featureCount } = this.#options;
    for (let k = 0; k < this.outputs; k++) this.setCurvature(PADDING_FEATURE, 1e30, k);
    for (let feature = BIAS_FEATURE + 1; feature < featureCount; feature++) {
      const rows = observations.filter(({ values }) => (values.get(feature) ?? 0) !== 0).length;
      this.memory.f32[this.#cAt(feature)] = rows > 0 ? observations.length / rows : 0;
    }
  }

  #stride(): number {
    if (this.layout.form === 'dense') return this.layout.width;
    return this.outputs === 1 ? 1 : Math.ceil(this.outputs / 4) * 4;
  }

  #at(feature: number, k: number): number {
    const base = this.#weights / 4;
    if (this.layout.form === 'dense') return base + this.layout.width * (1 + 3 * k) + feature;
    return this.outputs === 1 ? base + 4 * feature : base + feature * (4 + 3 * this.#stride()) + 4 + k;
  }

  #cAt(feature: number): number {
    const base = this.#weights / 4;
    if (this.layout.form === 'dense') return base + feature;
    return this.outputs === 1 ? base + 4 * feature + 3 : base + feature * (4 + 3 * this.#stride());
  }

  weight(feature: number, k = 0): number {
    return this.memory.f32[this.#at(feature, k)];
  }

  setWeight(feature: number, value: number, k = 0): void {
    this.memory.f32[this.#at(feature, k)] = value;
  }

  curvature(feature: number, k = 0): number {
    return this.memory.f32[this.#at(feature, k) + this.#stride()];
  }

  setCurvature(feature: number, value: number, k = 0): void {
    this.memory.f32[this.#at(feature, k) + this.#stride()] = value;
  }

  /** D */
  delay(feature: number, k = 0): number {
    return this.memory.f32[this.#at(feature, k) + 2 * this.#stride()];
  }

  c(feature: number): number {
    return this.memory.f32[this.#cAt(feature)];
  }

  /** All weights, feature major. */
  weights(): number[] {
    const { featureCount } = this.#options;
    return Array.from({ length: featureCount * this.outputs }, (_, i) =>
      this.weight(Math.floor(i / this.outputs), i % this.outputs),
    );
  }

  /** All floats that the weights occupy. */
  raw(): Float32Array {
    return this.memory.f32.slice(this.#weights / 4, this.#weights / 4 + this.weightFloats);
  }

  train({ first = 0, count, firstStep = 1, l1 = 0, l2 = 0 }: Steps = {}): number {
    const { task, observations } = this.#options;
    const rows = this.#rows + 4 * first;
    const rowCount = count ?? observations.length - first;
    const { kernel, layout, outputs } = this;
    const weights = this.#weights;
    const scratch = this.#scratch;
    if (layout.form === 'dense') {
      const { width } = layout;
      if (task === 'softmax') {
        return kernel.trainSoftmaxDense(rows, rowCount, width, weights, outputs, firstStep, l1, l2, scratch);
      }
      const train = task === 'logistic' ? kernel.trainLogisticDense : kernel.trainSquaredDense;
      return train(rows, rowCount, width, weights, firstStep, l1, l2, scratch);
    }
    const head = this.#head;
    if (task === 'softmax') {
      return kernel.trainSoftmaxSparse(rows, rowCount, head, weights, outputs, firstStep, l1, l2, scratch);
    }
    const train = task === 'logistic' ? kernel.trainLogisticSparse : kernel.trainSquaredSparse;
    return train(rows, rowCount, head, weights, firstStep, l1, l2, scratch);
  }

  /** Fold `steps` steps into new sums; returns the averages, feature major. */
  averages(steps: number): number[] {
    const { featureCount } = this.#options;
    const width = this.layout.form === 'dense' ? this.layout.width : featureCount;
    const sums = this.memory.allocate(8 * width * this.outputs);
    this.memory.f64.fill(0, sums / 8, sums / 8 + width * this.outputs);
    if (this.layout.form === 'dense') {
      this.kernel.foldAveragesDense(this.#weights, width, this.outputs, steps, sums);
    } else {
      this.kernel.foldAveragesSparse(this.#weights, featureCount, this.outputs, steps, sums);
    }
    const { f64 } = this.memory;
    return Array.from({ length: featureCount * this.outputs }, (_, i) => {
      const feature = Math.floor(i / this.outputs);
      const k = i % this.outputs;
      return f64[sums / 8 + (this.layout.form === 'dense' ? k * width + feature : i)] / steps;
    });
  }

  /** Margins of all observations, row major, with double precision weights w[feature * outputs + k]. */
  scores(weights: Float64Array): Float64Array {
    const { featureCount, observations } = this.#options;
    const { layout, outputs, kernel } = this;
    const width = layout.form === 'dense' ? layout.width : featureCount;
    const address = this.memory.allocate(8 * width * outputs);
    const margins = this.memory.allocate(8 * observations.length * outputs);
    const { f64 } = this.memory;
    f64.fill(0, address / 8, address / 8 + width * outputs);
    weights.forEach((weight, i) => {
      const place = layout.form === 'dense' ? (i % outputs) * width + Math.floor(i / outputs) : i;
      f64[address / 8 + place] = weight;
    });
    if (layout.form === 'dense') {
      kernel.scoreDense(this.#rows, observations.length, width, address, outputs, margins);
    } else {
      kernel.scoreSparse(this.#rows, observations.length, this.#head, address, outputs, margins);
    }
    return this.memory.f64.slice(margins / 8, margins / 8 + observations.length * outputs);
  }
}

/** The bias and the features that have another value than 1 somewhere. */
function headOf(observations: readonly Observation[]): number[] {
  const features = observations.flatMap(({ values }) =>
    [...values].flatMap(([feature, x]) => (x === 1 ? [] : feature)),
  );
  return [...new Set([BIAS_FEATURE, ...features])];
}

/** Gives every weight but the padding's a value in [-scale / 2, scale / 2]. */
export function scatter(trial: Trial, featureCount: number, seed: number, scale = 1): void {
  const random = randomNumbers(seed);
  for (let feature = BIAS_FEATURE; feature < featureCount; feature++) {
    for (let k = 0; k < trial.outputs; k++) {
      trial.setWeight(feature, scale * (random() - 0.5), k);
      trial.setCurvature(feature, 10 * random(), k);
    }
  }
}

export function valuesWithBias({ values }: Observation): [number, number][] {
  return [[BIAS_FEATURE, 1], ...values];
}

export function marginOf(trial: Trial, observation: Observation, k = 0): number {
  return valuesWithBias(observation).reduce((sum, [feature, x]) => sum + trial.weight(feature, k) * x, 0);
}
