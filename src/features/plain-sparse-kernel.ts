import { UNRESOLVED } from './code-maps.js';
import { BIAS_FEATURE, PADDING_FEATURE, SPARSE_HEADER_WORDS, SPARSE_WEIGHT_WORD } from './rows.js';
import { withinSingle } from './single.js';
import {
  BEFORE,
  BINARY,
  CATEGORIES,
  COLUMN_WORDS,
  DEPTH,
  DIVISOR,
  EDGES,
  FEATURE,
  GRID,
  KIND,
  LAST_CELL,
  LOW,
  MAP,
  MEAN,
  MISSING_BIN,
  MISSING_FEATURE,
  NUMBERS,
  SCALE,
  type SparseKernel,
  TILE_ROWS,
  VALUES,
} from './sparse-kernel.js';

/** assembly/encode-sparse.ts in plain TypeScript; what slots hold it neither reads nor writes. */
export function plainSparseKernel(memory: { readonly buffer: ArrayBufferLike }): SparseKernel {
  return {
    encodeSparse(
      columns,
      columnCount,
      list,
      begin,
      rowCount,
      _slots,
      valued,
      targets,
      weights,
      places,
      counts,
      totals,
    ) {
      const views = viewsOf(memory.buffer);
      const { u32, f32 } = views;
      for (let first = begin; first < rowCount; first += TILE_ROWS) {
        const tile = Array.from({ length: Math.min(TILE_ROWS, rowCount - first) }, (_, i) => {
          const row = list === 0 ? first + i : u32[list / 4 + first + i];
          return Array.from({ length: columnCount }, (_, i) => cellOf(views, columns / 4 + i * COLUMN_WORDS, row));
        });
        if (tile.some((cells) => cells.some(({ feature }) => feature === UNRESOLVED))) return first;
        for (const [i, cells] of tile.entries()) {
          for (const { feature } of cells) u32[counts / 4 + feature]++;
          const record = u32[places / 4 + first + i] / 4;
          u32[totals / 4] += writeRecord(views, record, cells, valued !== 0);
          f32[record] = f32[targets / 4 + first + i];
          f32[record + SPARSE_WEIGHT_WORD] = f32[weights / 4 + first + i];
        }
      }
      return rowCount;
    },
  };
}

interface Views {
  readonly f32: Float32Array;
  readonly f64: Float64Array;
  readonly u32: Uint32Array;
  readonly u16: Uint16Array;
  readonly u8: Uint8Array;
}

function viewsOf(buffer: ArrayBufferLike): Views {
  return {
    f32: new Float32Array(buffer),
    f64: new Float64Array(buffer),
    u32: new Uint32Array(buffer),
    u16: new Uint16Array(buffer),
    u8: new Uint8Array(buffer),
  };
}

/** A feature of a row, 0 for none, and its value. */
interface Cell {
  readonly feature: number;
  readonly value: number;
}

/** @param column word at which it begins */
function cellOf(views: Views, column: number, row: number): Cell {
  const { f64, u32, u8 } = views;
  const values = u32[column + VALUES];
  const kind = u32[column + KIND];
  const featureAt = (i: number): Cell => ({ feature: u32[u32[column + MAP] / 4 + i], value: 1 });
  if (kind === CATEGORIES) return featureAt(u32[values / 4 + row]);
  if (kind === BINARY) {
    const value = u8[values + row];
    if (value === 0) return { feature: PADDING_FEATURE, value: 1 };
    return { feature: u32[column + (value === 1 ? FEATURE : MISSING_FEATURE)], value: 1 };
  }
  const x = f64[values / 8 + row];
  if (kind === NUMBERS) return numberCell(views, column, x);
  if (Number.isNaN(x)) return featureAt(u32[column + MISSING_BIN]);
  return featureAt(kind === GRID ? gridBin(views, column, x) : treeBin(views, column, x));
}

function numberCell({ f64, u32 }: Views, column: number, x: number): Cell {
  const z = Math.fround((x - f64[(column + MEAN) / 2]) / f64[(column + DIVISOR) / 2]);
  if (Number.isNaN(z)) return { feature: u32[column + MISSING_FEATURE], value: 1 };
  const feature = z === 0 ? PADDING_FEATURE : u32[column + FEATURE];
  return { feature, value: withinSingle(z) };
}

function gridBin({ f64, u32, u16 }: Views, column: number, x: number): number {
  const t = (x - f64[(column + LOW) / 2]) * f64[(column + SCALE) / 2];
  const cell = Math.trunc(Math.max(0, Math.min(u32[column + LAST_CELL], t)));
  let bin = u16[u32[column + BEFORE] / 2 + cell];
  while (f64[u32[column + EDGES] / 8 + bin] <= x) bin++;
  return bin;
}

function treeBin({ f64, u32 }: Views, column: number, x: number): number {
  const depth = u32[column + DEPTH];
  let node = 1;
  for (let level = 0; level < depth; level++) node = 2 * node + Number(f64[u32[column + EDGES] / 8 + node] <= x);
  return node - 2 ** depth;
}

/** Features of a row and their values. @returns groups */
function writeRecord({ f32, u32 }: Views, record: number, cells: readonly Cell[], valued: boolean): number {
  const present = [{ feature: BIAS_FEATURE, value: 1 }, ...cells.filter(({ feature }) => feature !== PADDING_FEATURE)];
  const groups = Math.ceil(present.length / 4);
  const first = record + SPARSE_HEADER_WORDS;
  u32.fill(0, record, first + (valued ? 8 : 4) * groups);
  u32[record + 1] = groups;
  for (const [i, { feature, value }] of present.entries()) {
    u32[first + i] = feature;
    if (valued) f32[first + 4 * groups + i] = value;
  }
  return groups;
}
