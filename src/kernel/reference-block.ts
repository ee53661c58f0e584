import type { Kernel } from './kernel.js';
import { type Bytes, denseRows, type Row, sparseRows } from './reference-rows.js';

interface Blocks {
  readonly outputs: number;
  readonly stride: number;
  /** Addresses. */
  readonly scales: number;
  readonly slots: number;
  readonly matrices: number;
}

/** The kernels that add up blocks of the Hessian in plain TypeScript. */
export function blockKernels(memory: Bytes): Pick<Kernel, 'addBlocksSparse' | 'addBlocksDense'> {
  return {
    addBlocksSparse: (rows, rowCount, head, scales, outputs, slots, stride, matrices) =>
      addBlocks(memory, sparseRows(memory, rows, rowCount, head), { outputs, stride, scales, slots, matrices }),
    addBlocksDense: (rows, rowCount, width, scales, outputs, slots, stride, matrices) =>
      addBlocks(memory, denseRows(memory, rows, rowCount, width), { outputs, stride, scales, slots, matrices }),
  };
}

function addBlocks({ buffer }: Bytes, rows: Iterable<Row>, blocks: Blocks): void {
  const f64 = new Float64Array(buffer);
  const i32 = new Int32Array(buffer);
  const { outputs, stride } = blocks;
  let scale = blocks.scales / 8;
  for (const { features, values } of rows) {
    const slots = features.map((feature) => i32[blocks.slots / 4 + feature]);
    for (let k = 0; k < outputs; k++, scale++) {
      const matrix = blocks.matrices / 8 + k * stride * stride;
      slots.forEach((row, a) => {
        slots.forEach((column, b) => {
          if (column >= 0 && column <= row) f64[matrix + row * stride + column] += f64[scale] * values[a] * values[b];
        });
      });
    }
  }
}
