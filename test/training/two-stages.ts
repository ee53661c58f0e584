import {
  BIAS_FEATURE,
  DENSE_HEADER_WORDS,
  headWords,
  PADDING_FEATURE,
  SPARSE_HEADER_WORDS,
} from '../../src/features/rows.js';
import { GradientState, gradientPass } from '../../src/kernel/gradient-state.js';
import { placeHead } from '../../src/kernel/head.js';
import { kernelModule } from '../../src/kernel/load.js';
import { scratchBytes } from '../../src/kernel/memory.js';
import type { Objective } from '../../src/training/objective.js';
import { type RefineInput, refine } from '../../src/training/refine.js';
import { firstStagePasses } from '../../src/training/stages.js';
import { randomNumbers } from '../kernel/observations.js';
import type { EncodedData } from './encoded-data.js';

/** Rows in the order in which they are visited. */
export type Order = 'cursors' | 'shuffled' | 'sorted, cursors';

export function visitingOrder({ rows, targets }: EncodedData, order: Order): Uint32Array {
  if (order === 'shuffled') {
    const random = randomNumbers(9);
    const shuffled = rows.slice();
    for (let last = shuffled.length - 1; last > 0; last--) {
      const other = Math.floor(random() * (last + 1));
      [shuffled[last], shuffled[other]] = [shuffled[other], shuffled[last]];
    }
    return shuffled;
  }
  const file =
    order === 'cursors'
      ? rows
      : Uint32Array.from(
          [...rows.keys()].sort((a, b) => targets[a] - targets[b] || a - b),
          (i) => rows[i],
        );
  const begin = (cursor: number): number => Math.floor((cursor * file.length) / 256);
  const visited: number[] = [];
  for (let step = 0; visited.length < file.length; step++) {
    for (let s = 0; s < 256; s++) {
      const cursor = (37 * s) % 256;
      if (begin(cursor) + step < begin(cursor + 1)) visited.push(file[begin(cursor) + step]);
    }
  }
  return Uint32Array.from(visited);
}

/** What an objective needs of a data set. */
type RowsInMemory = Pick<EncodedData, 'kernel' | 'memory' | 'layout' | 'type' | 'outputs' | 'featureCount'>;

/** The rows of a data set as one shard, and how often they were passed over. */
export class MemoryObjective<Data extends RowsInMemory = RowsInMemory> implements Objective {
  readonly featureCount: number;
  readonly outputs: number;
  readonly rowCount: number;
  evaluations = 0;
  readonly list: number;
  readonly #state: GradientState;
  /** Addresses of sums over the rows. */
  readonly #sums: readonly number[];

  constructor(
    readonly data: Data,
    readonly order: Uint32Array,
  ) {
    const { memory, layout, featureCount, outputs } = data;
    this.featureCount = featureCount;
    this.outputs = outputs;
    this.rowCount = order.length;
    this.list = memory.allocate(4 * order.length);
    memory.u32.set(order, this.list / 4);
    this.#state = new GradientState(memory, layout, featureCount, outputs);
    this.#sums = [0, 1].map(() => memory.allocate(8 * featureCount * outputs));
  }

  #pass(): number {
    const { kernel, type } = this.data;
    for (let row = 0; row < this.rowCount; row += 2048) {
      gradientPass(kernel, type, this.list + 4 * row, Math.min(2048, this.rowCount - row), this.#state);
    }
    return this.#state.lossSum(kernel) / this.rowCount;
  }

  async evaluate(weights: Float64Array, gradient: Float64Array, curvature?: Float64Array): Promise<number> {
    this.evaluations++;
    this.#state.load(weights, curvature ? 'curvature' : 'gradient');
    const loss = this.#pass();
    const { memory, kernel } = this.data;
    const [first, second] = this.#sums.map((address) => memory.f64.subarray(address / 8, address / 8 + weights.length));
    first.fill(0);
    second.fill(0);
    this.#state.addTo(kernel, this.#sums[0], curvature && this.#sums[1]);
    gradient.set(first.map((sum) => sum / this.rowCount));
    curvature?.set(second.map((sum) => sum / this.rowCount));
    return loss;
  }

  async sample(count: number): Promise<{ words: Uint32Array; starts: Uint32Array }> {
    const { memory, layout } = this.data;
    const step = Math.max(1, this.rowCount / count);
    const starts: number[] = [];
    const words: number[] = [];
    for (let i = 0; i < Math.min(count, this.rowCount); i++) {
      const row = this.order[Math.floor(i * step)] / 4;
      const size =
        layout.form === 'dense'
          ? DENSE_HEADER_WORDS + layout.width
          : SPARSE_HEADER_WORDS + headWords(layout) + 4 * memory.u32[row + 1];
      starts.push(words.length);
      for (let word = 0; word < size; word++) words.push(memory.u32[row + word]);
    }
    return { words: Uint32Array.from(words), starts: Uint32Array.from(starts) };
  }
}

/** Averages and last weights of stage 1, in one shard. */
export function firstStage(
  { data, list, rowCount }: MemoryObjective<EncodedData>,
  passes: number,
  l1: number,
  l2: number,
): { averages: Float64Array; last: Float64Array } {
  const { kernel, memory, layout, type, outputs, featureCount, rowsPerFeature, bias } = data;
  const dense = layout.form === 'dense';
  const width = dense ? layout.width : featureCount;
  const padded = outputs === 1 ? 1 : Math.ceil(outputs / 4) * 4;
  const record = outputs === 1 ? 4 : 4 + 3 * padded;
  const floats = dense ? width * (1 + 4 * outputs) : featureCount * record;
  const address = memory.allocate(4 * floats);
  const sums = memory.allocate(8 * width * outputs);
  const scratch = memory.allocate(scratchBytes(layout, outputs, 4096));
  const head = placeHead(memory, layout);
  memory.f32.fill(0, address / 4, address / 4 + floats);
  memory.f64.fill(0, sums / 8, sums / 8 + width * outputs);
  const first = outputs === 1 ? 0 : 4;
  const at = (j: number, k: number): number => address / 4 + (dense ? width * (1 + 3 * k) + j : j * record + first + k);
  for (let j = 0; j < featureCount; j++) {
    const c = j === BIAS_FEATURE || rowsPerFeature[j] === 0 ? 0 : rowCount / rowsPerFeature[j];
    memory.f32[address / 4 + (dense ? j : j * record + (outputs === 1 ? 3 : 0))] = c;
  }
  for (let k = 0; k < outputs; k++) {
    memory.f32[at(BIAS_FEATURE, k)] = bias[k];
    memory.f32[at(PADDING_FEATURE, k) + (dense ? width : padded)] = 1e30;
  }
  for (let pass = 1; pass <= passes; pass++) {
    if (layout.form === 'dense') {
      if (type === 'MULTICLASS') kernel.trainSoftmaxDense(list, rowCount, width, address, outputs, 1, l1, l2, scratch);
      else if (type === 'BINARY') kernel.trainLogisticDense(list, rowCount, width, address, 1, l1, l2, scratch);
      else kernel.trainSquaredDense(list, rowCount, width, address, 1, l1, l2, scratch);
      if (pass <= 2) memory.f64.fill(0, sums / 8, sums / 8 + width * outputs);
      kernel.foldAveragesDense(address, width, outputs, rowCount, sums);
    } else {
      if (type === 'MULTICLASS') {
        kernel.trainSoftmaxSparse(list, rowCount, head, address, outputs, 1, l1, l2, scratch);
      } else if (type === 'BINARY') kernel.trainLogisticSparse(list, rowCount, head, address, 1, l1, l2, scratch);
      else kernel.trainSquaredSparse(list, rowCount, head, address, 1, l1, l2, scratch);
      if (pass <= 2) memory.f64.fill(0, sums / 8, sums / 8 + width * outputs);
      kernel.foldAveragesSparse(address, featureCount, outputs, rowCount, sums);
    }
  }
  const steps = rowCount * Math.max(1, passes - 1);
  const averages = new Float64Array(featureCount * outputs);
  const last = new Float64Array(featureCount * outputs);
  for (let j = BIAS_FEATURE; j < featureCount; j++) {
    for (let k = 0; k < outputs; k++) {
      last[j * outputs + k] = memory.f32[at(j, k)];
      averages[j * outputs + k] = memory.f64[sums / 8 + (dense ? k * width + j : j * outputs + k)] / steps;
    }
  }
  return { averages, last };
}

export interface Amounts {
  readonly l1?: number;
  readonly l2?: number;
  /** Strength of the prior; default 1. */
  readonly tau?: number;
}

/** All that `refine` needs but the passes, after `stageOne` passes of stage 1. */
export function refineInput(
  objective: MemoryObjective<EncodedData>,
  stageOne: number,
  amounts: Amounts = {},
): RefineInput {
  const { l1 = 0, tau = 1 } = amounts;
  const l2 = (amounts.l2 ?? (l1 > 0 ? 0 : 1e-6)) + tau / objective.rowCount;
  const { data } = objective;
  const nullModel = new Float64Array(data.featureCount * data.outputs);
  nullModel.set(data.bias, BIAS_FEATURE * data.outputs);
  const { averages, last } = firstStage(objective, stageOne, l1, l2);
  const { type, layout } = data;
  return {
    objective,
    type,
    layout,
    module: kernelModule(),
    candidates: [averages, last],
    nullModel,
    l1,
    l2,
    passes: 1,
  };
}

/** Weights after `maxPasses` passes of both stages. */
export async function train(
  objective: MemoryObjective<EncodedData>,
  maxPasses: number,
  amounts: Amounts = {},
  more: Pick<RefineInput, 'tolerance'> = {},
): Promise<Float64Array> {
  const stageOne = firstStagePasses({
    maxPasses,
    features: objective.featureCount - 1,
    outputs: objective.outputs,
    hasL1: (amounts.l1 ?? 0) > 0,
  });
  const input = refineInput(objective, stageOne, amounts);
  if (stageOne === maxPasses) return input.candidates[0];
  return (await refine({ ...input, ...more, passes: maxPasses - stageOne })).weights;
}

/** F of weights. */
export async function objectiveAt({ objective, l1, l2 }: RefineInput, weights: Float64Array): Promise<number> {
  const { outputs } = objective;
  let penalty = 0;
  weights.forEach((w, i) => {
    if (i < BIAS_FEATURE * outputs || i >= (BIAS_FEATURE + 1) * outputs) penalty += (l2 / 2) * w * w + l1 * Math.abs(w);
  });
  return (await objective.evaluate(weights, new Float64Array(weights.length))) + penalty;
}
