import { ColumnTable } from 'arquero';
import { type ColumnBlock, type Dictionary, TextColumn } from '../datasource/block.js';
import type { BlockArrays } from './arrays.js';

/** A block of what the tokenizer has read. */
export function makeBlock(
  { rowCount, byteOffsets, lines, rejected, columns, issues }: BlockArrays,
  dictionaries: ReadonlyMap<string, Dictionary>,
  source: string,
): ColumnBlock {
  const named = columns.map(({ name, values, tokens }) => {
    return [name, tokens ? new TextColumn(values as Uint32Array, tokens, dictionaries.get(name)!) : values] as const;
  });
  const names = named.map(([name]) => name);
  const table = new ColumnTable(Object.fromEntries(named), names);
  return { table, rowCount, dictionaries, rejected, byteOffsets, lines, issues, source };
}
