import { type Column, type ColumnBlock, type ColumnHome, type Dictionary, TextColumn } from '../datasource/block.js';
import type { BlockArrays } from './arrays.js';

/** A block of what the tokenizer has read. @param home where its columns are, if they are in place */
export function makeBlock(
  { rowCount, byteOffsets, lines, rejected, columns, issues, reduced }: BlockArrays,
  dictionaries: ReadonlyMap<string, Dictionary>,
  source: string,
  home?: ColumnHome,
): ColumnBlock {
  const named = columns.map(({ name, values, tokens }): [string, Column] => {
    return [name, tokens ? new TextColumn(values as Uint32Array, tokens, dictionaries.get(name)!) : values];
  });
  return {
    columns: new Map(named),
    rowCount,
    dictionaries,
    rejected,
    byteOffsets,
    lines,
    issues,
    source,
    home,
    reduced,
  };
}
