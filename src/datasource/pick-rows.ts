import { ColumnTable } from 'arquero';
import { type ColumnBlock, TextColumn } from './block.js';

/** A block of some rows of another one; its columns are copies. It carries no issues. */
export function pickRows(block: ColumnBlock, rows: Uint32Array): ColumnBlock {
  const names = block.table.columnNames();
  const columns = names.map((name) => [name, pickColumn(block.table.column(name), rows)]);
  return {
    ...block,
    table: new ColumnTable(Object.fromEntries(columns), names),
    rowCount: rows.length,
    rejected: pickValues(block.rejected, rows),
    byteOffsets: pickValues(block.byteOffsets, rows),
    lines: pickValues(block.lines, rows),
    issues: [],
  };
}

/** Cells that rows of a block have: one per attribute, and one per token of a text. */
export function cellCount({ table }: ColumnBlock, rows: Uint32Array): number {
  let count = rows.length * table.numCols();
  for (const name of table.columnNames()) {
    const column: unknown = table.column(name);
    if (!(column instanceof TextColumn)) continue;
    for (const row of rows) count += column.offsets[row + 1] - column.offsets[row];
  }
  return count;
}

function pickColumn(column: unknown, rows: Uint32Array): unknown {
  if (column instanceof TextColumn) return pickTexts(column, rows);
  return pickValues(column as Float64Array, rows);
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
