import type { ColumnBlock } from '../datasource/block.js';
import { DenseEncoder, type DensePlan } from '../features/dense-encoder.js';
import { instantiateKernel } from '../kernel/instantiate.js';
import type { Port } from './crew.js';

/** What the thread is started with. */
export interface EncoderThreadData {
  /** Of the kernel, for shared memory. */
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly plan: DensePlan;
  /** Address of `denseWorkBytes(plan)` bytes. */
  readonly work: number;
}

/** Rows to encode, as `DenseEncoder.encode` takes them, with the planned columns; or the end, which is answered with counts. */
export type ToEncoder =
  | {
      readonly block: Pick<ColumnBlock, 'columns' | 'source'>;
      readonly rows: Uint32Array;
      readonly places: Uint32Array;
      readonly targets: Float32Array;
      readonly weights: Float32Array | undefined;
    }
  | { readonly end: true };

export type FromEncoder = { readonly counts: Uint32Array } | { readonly encoded: true };

/** Encodes dense rows to their places. */
export function play({ module, memory, plan, work }: EncoderThreadData, port: Port): void {
  const encoder = new DenseEncoder(plan, instantiateKernel(module, memory), memory, work);
  port.hear((message: ToEncoder) => {
    let answer: FromEncoder = { encoded: true };
    if ('end' in message) answer = { counts: encoder.takeCounts() };
    else encoder.encode(message.block, message.rows, message.places, message.targets, message.weights);
    port.answer(answer);
  });
}
