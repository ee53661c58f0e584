import { InvalidInput } from '../errors.js';
import { BIAS_FEATURE, type RowLayout } from '../features/rows.js';
import type { Kernel } from '../kernel/kernel.js';
import { type KernelMemory, scratchBytes } from '../kernel/memory.js';
import { KernelWeights } from '../kernel/weights.js';
import type { PassProgress } from '../model/state.js';
import type { ModelType } from '../model/types.js';
import { otherWork } from '../other-work.js';
import type { TrainingOptions } from './options.js';

/** Rows between two looks at the clock. */
const ROWS_PER_CALL = 2048;
/** Steps after which the running average moves to double precision. */
const STEPS_PER_FOLD = 1 << 18;
/** Largest penalty of a single step; it leaves nothing of any weight, and larger ones would leave single precision. */
const STRONGEST_PENALTY = 1e12;
/** Time after which other work of the process gets its turn, ms. */
const TURN_MS = 40;

export interface FitInput {
  readonly kernel: Kernel;
  readonly memory: KernelMemory;
  readonly type: ModelType;
  readonly layout: RowLayout;
  /** Address of u32[rowCount], the addresses of the row records in the order of every pass. */
  readonly order: number;
  readonly rowCount: number;
  readonly featureCount: number;
  /** Largest number of index groups in a sparse row. */
  readonly maxGroups: number;
  readonly outputs: number;
  /** Rows that contain each feature, whatever their weights. */
  readonly rowsPerFeature: Float64Array;
  /** Starting bias per output. */
  readonly bias: Float64Array;
  readonly options: TrainingOptions;
  readonly signal?: AbortSignal;
  onPass?(progress: PassProgress): void;
  /** Share of all passes that is done, 0 .. 1. */
  onShare?(share: number): void;
}

/**
 * Stage 1: curvature-adaptive implicit stochastic gradient descent with averaging. The average begins anew with pass 2.
 *
 * Per-coordinate rates: Duchi, Hazan, Singer (2011); implicit steps: Kulis, Bartlett (2010), Toulis, Airoldi (2017);
 * averaging: Polyak, Juditsky (1992); lazy penalties: Langford, Li, Zhang (2009), Duchi, Singer (2009).
 *
 * @returns averaged weights f64[featureCount * outputs], feature major, and the loss of each pass
 */
export async function fit(input: FitInput): Promise<{ weights: Float64Array; passes: PassProgress[] }> {
  const { kernel, memory, options, rowCount } = input;
  const weights = new KernelWeights(memory, input.layout, input.featureCount, input.outputs);
  weights.initialise(inverseShares(input), BIAS_FEATURE, input.bias);
  const train = trainer(
    input,
    weights.address,
    memory.allocate(scratchBytes(input.layout, input.outputs, input.maxGroups)),
  );
  const passes: PassProgress[] = [];
  let turn = performance.now();

  for (let pass = 1; pass <= options.maxPasses; pass++) {
    if (pass === 2) weights.clearAverages();
    let lossSum = 0;
    let foldedRows = 0;
    for (let row = 0; row < rowCount; row += ROWS_PER_CALL) {
      const end = Math.min(row + ROWS_PER_CALL, rowCount);
      lossSum += train(row, end - row, row - foldedRows + 1);
      if (end - foldedRows >= STEPS_PER_FOLD || end === rowCount) {
        weights.foldAverages(kernel, end - foldedRows);
        foldedRows = end;
      }
      if (performance.now() - turn > TURN_MS) {
        input.onShare?.((pass - 1 + end / rowCount) / options.maxPasses);
        await otherWork();
        input.signal?.throwIfAborted();
        turn = performance.now();
      }
    }
    passes.push({ pass, loss: lossSum / rowCount });
    if (!Number.isFinite(lossSum)) throw diverged(pass);
    input.onPass?.(passes[pass - 1]);
  }
  const averages = weights.averages();
  if (!averages.every(Number.isFinite)) throw diverged(options.maxPasses);
  return { weights: averages, passes };
}

function diverged(pass: number): InvalidInput {
  return new InvalidInput(`training left the range of numbers in pass ${pass}`, {
    hint: 'lower the regularization amounts and trainer.prior, or look for extreme values in the data',
  });
}

/** rows / rows containing the feature: how much stronger a penalty must be that acts only when the feature occurs. */
function inverseShares({ rowsPerFeature, rowCount }: FitInput): Float64Array {
  const shares = rowsPerFeature.map((rows) => (rows > 0 ? rowCount / rows : 0));
  shares[BIAS_FEATURE] = 0;
  return shares;
}

/** The kernel for a model type and row layout, as a function of the first row, the row count and the step number. */
function trainer(
  input: FitInput,
  weights: number,
  scratch: number,
): (row: number, rows: number, step: number) => number {
  const { kernel, layout, order, outputs, type } = input;
  const rarest = input.rowsPerFeature.reduce(
    (least, rows) => (rows > 0 ? Math.min(least, rows) : least),
    input.rowCount,
  );
  const strongest = (STRONGEST_PENALTY * rarest) / input.rowCount;
  const l1 = Math.min(input.options.l1, strongest);
  const l2 = Math.min(input.options.l2 + input.options.prior / input.rowCount, strongest);
  if (layout.form === 'dense') {
    const { width } = layout;
    if (type === 'MULTICLASS') {
      return (row, rows, step) =>
        kernel.trainSoftmaxDense(order + row * 4, rows, width, weights, outputs, step, l1, l2, scratch);
    }
    const dense = (type === 'BINARY' ? kernel.trainLogisticDense : kernel.trainSquaredDense).bind(kernel);
    return (row, rows, step) => dense(order + row * 4, rows, width, weights, step, l1, l2, scratch);
  }
  const valued = layout.valued ? 1 : 0;
  if (type === 'MULTICLASS') {
    return (row, rows, step) =>
      kernel.trainSoftmaxSparse(order + row * 4, rows, valued, weights, outputs, step, l1, l2, scratch);
  }
  const sparse = (type === 'BINARY' ? kernel.trainLogisticSparse : kernel.trainSquaredSparse).bind(kernel);
  return (row, rows, step) => sparse(order + row * 4, rows, valued, weights, step, l1, l2, scratch);
}
