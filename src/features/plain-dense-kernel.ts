import {
  BINARY,
  CENTRE,
  COLUMN_WORDS,
  COUNT,
  type DenseKernel,
  DIVISOR,
  KEPT,
  KIND,
  MEAN,
  MISSING_COUNT,
  MISSING_SLOT,
  ROUNDED,
  SLOT,
  TILE_ROWS,
  VALUES,
} from './dense-kernel.js';
import { DENSE_HEADER_WORDS, DENSE_WEIGHT_WORD } from './rows.js';
import { withinSingle } from './single.js';

/** assembly/encode-dense.ts in plain TypeScript. */
export function plainDenseKernel(memory: { readonly buffer: ArrayBufferLike }): DenseKernel {
  return {
    encodeDense(columns, columnCount, list, rowCount, slots, width, targets, weights, places, stride) {
      const views = viewsOf(memory.buffer);
      for (let first = 0; first < rowCount; first += TILE_ROWS) {
        const count = Math.min(TILE_ROWS, rowCount - first);
        for (let column = 0; column < columnCount; column++) {
          const rowOf = (i: number): number => (list === 0 ? first + i : views.u32[list / 4 + first + i]);
          fillSlots(views, columns / 4 + column * COLUMN_WORDS, rowOf, count);
        }
        for (let row = first; row < first + count; row++) {
          const record = stride === 0 ? views.u32[places / 4 + row] : places + row * stride;
          writeRow(views, slots / 4 + row - first, width, record / 4, targets / 4 + row, weights / 4 + row);
        }
      }
    },
  };
}

interface Views {
  readonly f32: Float32Array;
  readonly f64: Float64Array;
  readonly u32: Uint32Array;
  readonly u8: Uint8Array;
}

function viewsOf(buffer: ArrayBufferLike): Views {
  return {
    f32: new Float32Array(buffer),
    f64: new Float64Array(buffer),
    u32: new Uint32Array(buffer),
    u8: new Uint8Array(buffer),
  };
}

/** What one column is in the first rows of a tile. */
function fillSlots({ f32, f64, u32, u8 }: Views, column: number, rowOf: (i: number) => number, count: number): void {
  const values = u32[column + VALUES];
  const slot = u32[column + SLOT] / 4;
  const missingSlot = u32[column + MISSING_SLOT] / 4;
  const mean = f64[(column + MEAN) / 2];
  const divisor = f64[(column + DIVISOR) / 2];
  const isBinary = u32[column + KIND] === BINARY;
  const isRounded = u32[column + ROUNDED] !== 0;
  const centre = f64[(column + CENTRE) / 2];
  const rounded = (x: number): number => (isRounded ? Math.fround(x - centre) + centre : x);
  const missing = u32[column + KEPT] === 0 ? 0 : Number.NaN;
  for (let i = 0; i < count; i++) {
    const row = rowOf(i);
    const value = isBinary
      ? binaryOf(u8[values + row])
      : Math.fround((rounded(f64[values / 8 + row]) - mean) / divisor);
    const isMissing = Number.isNaN(value);
    f32[slot + i] = isMissing ? missing : withinSingle(value);
    if (missingSlot > 0) f32[missingSlot + i] = Number(isMissing);
    u32[column + COUNT] += Number(value !== 0 && !isMissing);
    u32[column + MISSING_COUNT] += Number(isMissing);
  }
}

/** 0, 1 or, for a missing value, NaN. */
const binaryOf = (value: number): number => (value === 2 ? Number.NaN : value);

/** What the words from `slot` on are becomes a record; target and weight are words, too. */
function writeRow(
  { f32, u32 }: Views,
  slot: number,
  width: number,
  record: number,
  target: number,
  weight: number,
): void {
  u32.fill(0, record, record + DENSE_HEADER_WORDS);
  f32[record] = f32[target];
  f32[record + DENSE_WEIGHT_WORD] = f32[weight];
  for (let feature = 0; feature < width; feature++) {
    f32[record + DENSE_HEADER_WORDS + feature] = f32[slot + feature * TILE_ROWS];
  }
}
