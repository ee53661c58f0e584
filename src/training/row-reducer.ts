import type { BlockReducer } from '../datasource/reduce.js';
import { areUsable, FirstRows } from '../datasource/select.js';
import { DenseEncoder, type DensePlan, denseWorkBytes } from '../features/dense-encoder.js';
import { instantiateKernel } from '../kernel/instantiate.js';
import { type RoomPlace, SharedRoom } from '../kernel/shared-room.js';
import { kernelNumbers } from '../statistics/kernel-numbers.js';
import { type Measured, measureBlock } from '../statistics/measure.js';
import { provisionalTargets } from './provisional-scale.js';
import { closeStride } from './shards.js';

/** How threads that parse encode dense rows and measure columns; plain data. */
export interface RowReduction {
  readonly module: WebAssembly.Module;
  /** That the rows are in. */
  readonly memory: WebAssembly.Memory;
  readonly room: RoomPlace;
  readonly plan: DensePlan;
  readonly target: string;
  /** Subtracted from targets that are numbers. */
  readonly targetCentre: number;
  /** Attributes to measure. */
  readonly measured: readonly string[];
}

/** What is left of a block beside the column of the target. */
export interface ReducedRows {
  /** Of its first record; the others follow closely. Classes are codes of the thread that has parsed them. */
  readonly address: number;
  readonly measured: Measured;
}

/** Encodes and measures blocks whose rows are all to be learned from. */
export function openRowReducer(reduction: RowReduction): BlockReducer {
  const { module, memory, plan, target, targetCentre, measured } = reduction;
  const room = new SharedRoom(memory, reduction.room);
  const stride = closeStride({ form: 'dense', width: plan.width });
  const numbers = kernelNumbers(module);
  const work = room.take(denseWorkBytes(plan));
  const encoder = work === undefined ? undefined : openEncoder(module, memory, plan, work);
  const firstRows = new FirstRows();
  return {
    kept: [target],
    reduce(block): ReducedRows | undefined {
      const { rowCount } = block;
      if (encoder === undefined || !areUsable(block, target)) return undefined;
      const address = room.take(rowCount * stride);
      if (address === undefined) return undefined;
      const rows = firstRows.take(rowCount);
      const found = measureBlock(block, rows, measured, numbers);
      encoder.encode(block, rows, address, provisionalTargets(block, rows, target, targetCentre));
      return { address, measured: found };
    },
  };
}

function openEncoder(module: WebAssembly.Module, memory: WebAssembly.Memory, plan: DensePlan, work: number) {
  return new DenseEncoder(plan, instantiateKernel(module, memory), memory, work);
}
