import { UNRESOLVED } from './code-maps.js';
import { BIAS_FEATURE, PADDING_FEATURE, SPARSE_HEADER_WORDS, SPARSE_WEIGHT_WORD } from './rows.js';
import { withinSingle } from './single.js';
import {
  BEFORE,
  BINARY,
  CATEGORIES,
  CENTRE,
  CODES,
  COLUMN_WORDS,
  DEPTH,
  DIVISOR,
  EDGES,
  FEATURE,
  GRID,
  HEAD_SLOT,
  KEPT,
  KIND,
  LAST_CELL,
  LOW,
  MAP,
  MEAN,
  MISSING_BIN,
  MISSING_COUNT,
  MISSING_FEATURE,
  NUMBERS,
  ROUNDED,
  SCALE,
  type SparseKernel,
  TILE_ROWS,
  VALUES,
} from './sparse-kernel.js';

/** assembly/encode-sparse.ts in plain TypeScript; slots only tell it where values go, it neither reads nor writes them. */
export function plainSparseKernel(memory: { readonly buffer: ArrayBufferLike }): SparseKernel {
  return {
    encodeSparse(
      columns,
      columnCount,
      list,
      begin,
      rowCount,
      slots,
      head,
      _tail,
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
          return Array.from({ length: columnCount }, (_, i) =>
            cellOf(views, columns / 4 + i * COLUMN_WORDS, row, slots),
          );
        });
        if (tile.some((cells) => cells.some(({ feature }) => feature === UNRESOLVED))) return first;
        for (const [i, cells] of tile.entries()) {
          for (const [i, cell] of cells.entries()) countCell(views, columns / 4 + i * COLUMN_WORDS, cell, counts);
          const record = u32[places / 4 + first + i] / 4;
          u32[totals / 4] += writeRecord(views, record, cells, head);
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

/** A feature of a row, 0 for none. */
interface Cell {
  readonly feature: number;
  /** Where it is in the head. */
  readonly place?: number;
  /** There; all others are 1. */
  readonly value?: number;
  /** There is NaN in the head, and the feature behind it. */
  readonly isMissing?: boolean;
}

/** @param column word at which it begins */
function cellOf(views: Views, column: number, row: number, slots: number): Cell {
  const { f64, u32, u8 } = views;
  const values = u32[column + VALUES];
  const kind = u32[column + KIND];
  const featureAt = (i: number): Cell => ({ feature: u32[u32[column + MAP] / 4 + i] });
  if (kind === CATEGORIES) return featureAt(u32[values / 4 + row]);
  if (kind === CODES) return { feature: u32[column + FEATURE] + u32[values / 4 + row] };
  if (kind === BINARY) {
    const value = u8[values + row];
    if (value === 0) return { feature: PADDING_FEATURE };
    return { feature: u32[column + (value === 1 ? FEATURE : MISSING_FEATURE)] };
  }
  const x = f64[values / 8 + row];
  if (kind === NUMBERS) return numberCell(views, column, x, slots);
  if (Number.isNaN(x)) return featureAt(u32[column + MISSING_BIN]);
  return featureAt(kind === GRID ? gridBin(views, column, x) : treeBin(views, column, x));
}

function countCell({ u32 }: Views, column: number, { feature, isMissing }: Cell, counts: number): void {
  if (u32[column + KIND] === CODES) return;
  const isKept = u32[column + KIND] <= BINARY && u32[column + KEPT] !== 0;
  if (isMissing) u32[column + MISSING_COUNT]++;
  else if (!isKept) u32[counts / 4 + feature]++;
}

function numberCell({ f64, u32 }: Views, column: number, number: number, slots: number): Cell {
  const place = (u32[column + HEAD_SLOT] - slots) / (4 * TILE_ROWS);
  const mean = f64[(column + MEAN) / 2];
  if (u32[column + KEPT] !== 0) {
    const isMissing = Number.isNaN(number);
    const feature = u32[column + (isMissing ? MISSING_FEATURE : FEATURE)];
    return { feature, place, value: number - mean, isMissing };
  }
  const centre = f64[(column + CENTRE) / 2];
  const x = u32[column + ROUNDED] === 0 ? number : Math.fround(number - centre) + centre;
  const z = Math.fround((x - mean) / f64[(column + DIVISOR) / 2]);
  if (Number.isNaN(z)) return { feature: u32[column + MISSING_FEATURE] };
  const feature = z === 0 ? PADDING_FEATURE : u32[column + FEATURE];
  return { feature, place, value: withinSingle(z) };
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

/** @returns groups of features behind the head */
function writeRecord({ f32, u32 }: Views, record: number, cells: readonly Cell[], headGroups: number): number {
  const present = cells.filter(({ feature }) => feature !== PADDING_FEATURE);
  const tail = present.flatMap(({ feature, value, isMissing }) => (value === undefined || isMissing ? feature : []));
  if (headGroups === 0) tail.unshift(BIAS_FEATURE);
  const groups = Math.ceil(tail.length / 4);
  const head = record + SPARSE_HEADER_WORDS;
  const first = head + 4 * headGroups;
  u32.fill(0, record, first + 4 * groups);
  u32[record + 1] = groups;
  if (headGroups > 0) f32[head] = 1;
  for (const { feature, place, value, isMissing } of cells) {
    if (value !== undefined && (feature !== PADDING_FEATURE || isMissing)) f32[head + place!] = value;
  }
  u32.set(tail, first);
  return groups;
}
