import { type Column, type ColumnBlock, TextColumn } from './block.js';

/** A block of some rows of another one; its columns are copies. It carries no issues. */
export function pickRows(block: ColumnBlock, rows: Uint32Array): ColumnBlock {
  const columns = Array.from(block.columns, ([name, column]) => [name, pickColumn(column, rows)] as const);
  return {
    ...block,
    columns: new Map(columns),
    rowCount: rows.length,
    rejected: pickValues(block.rejected, rows),
    byteOffsets: pickNumbers(block.byteOffsets, rows),
    lines: pickNumbers(block.lines, rows),
    issues: [],
  };
}

/** Cells that rows of a block have: one per attribute, and one per token of a text. */
export function cellCount({ columns }: ColumnBlock, rows: Uint32Array): number {
  let count = rows.length * columns.size;
  for (const column of columns.values()) {
    if (!(column instanceof TextColumn)) continue;
    for (const row of rows) count += column.offsets[row + 1] - column.offsets[row];
  }
  return count;
}

function pickColumn(column: Column, rows: Uint32Array): Column {
  if (column instanceof TextColumn) return pickTexts(column, rows);
  return column instanceof Float64Array ? pickNumbers(column, rows) : pickValues(column, rows);
}

/** Some numbers of a column. A loop of its own, which the compiler does not have to make for other arrays. */
export function pickNumbers(column: Float64Array, rows: Uint32Array): Float64Array {
  // Ascending rows, each once.
  if (rows.length === column.length) return column.slice();
  const picked = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) picked[i] = column[rows[i]];
  return picked;
}

/** A typed array, or an array of texts. */
type Values = { [row: number]: number } | { [row: number]: string };

function pickValues<Column extends Values>(column: Column, rows: Uint32Array): Column {
  const picked = new (column.constructor as new (length: number) => Column)(rows.length);
  for (let i = 0; i < rows.length; i++) picked[i] = column[rows[i]];
  return picked;
}

function pickTexts({ offsets, codes, dictionary }: TextColumn, rows: Uint32Array): TextColumn {
  const picked = new Uint32Array(rows.length + 1);
  for (let i = 0; i < rows.length; i++) picked[i + 1] = picked[i] + offsets[rows[i] + 1] - offsets[rows[i]];
  const tokens = new Uint32Array(picked[rows.length]);
  for (let i = 0; i < rows.length; i++) {
    tokens.set(codes.subarray(offsets[rows[i]], offsets[rows[i] + 1]), picked[i]);
  }
  return new TextColumn(picked, tokens, dictionary);
}
