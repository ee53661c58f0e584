import { type ColumnBlock, TextColumn } from '../../src/datasource/block.js';
import { ValueDictionary } from '../../src/datasource/dictionary.js';
import type { Attribute, Schema } from '../../src/schema/schema.js';

/** A value as a test writes it: null or absent is missing (NUMERIC, BINARY) or empty (CATEGORICAL, TEXT). */
export type Cell = string | number | null | undefined;
export type Row = Readonly<Record<string, Cell>>;

/** `{ age: 'NUMERIC', text: 'TEXT' }` as attributes of a schema. */
export function attributesOf(types: Readonly<Record<string, Attribute['attributeType']>>): Attribute[] {
  return Object.entries(types).map(([attributeName, attributeType]) => ({ attributeName, attributeType }));
}

/** A schema of these attributes. */
export function schemaOf(
  types: Readonly<Record<string, Attribute['attributeType']>>,
  members: Partial<Schema> = {},
): Schema {
  return {
    version: '1.0',
    rowId: null,
    rowWeight: null,
    targetAttributeName: null,
    dataFormat: 'CSV',
    dataFileContainsHeader: true,
    attributes: attributesOf(types),
    excludedAttributeNames: [],
    ...members,
  };
}

/** A data source made of plain objects; its dictionaries grow from block to block. */
export class TestSource {
  private readonly dictionaries = new Map<string, ValueDictionary>();

  constructor(private readonly attributes: readonly Attribute[]) {
    for (const { attributeName, attributeType } of attributes) {
      if (attributeType === 'CATEGORICAL' || attributeType === 'TEXT') {
        this.dictionaries.set(attributeName, new ValueDictionary());
      }
    }
  }

  /** The rows as one block. TEXT is split on white space. */
  block(rows: readonly Row[]): ColumnBlock {
    return {
      columns: new Map(this.attributes.map((a) => [a.attributeName, this.column(a, rows)])),
      rowCount: rows.length,
      dictionaries: this.dictionaries,
      rejected: new Uint8Array(rows.length),
      byteOffsets: Float64Array.from(rows, (_, i) => i),
      lines: Float64Array.from(rows, (_, i) => i + 1),
      issues: [],
      source: 'test',
    };
  }

  private column({ attributeName: name, attributeType }: Attribute, rows: readonly Row[]) {
    const cells = rows.map((row) => row[name] ?? null);
    switch (attributeType) {
      case 'NUMERIC':
        return Float64Array.from(cells, (cell) => (cell === null ? Number.NaN : Number(cell)));
      case 'BINARY':
        return Uint8Array.from(cells, (cell) => (cell === null ? 2 : Number(cell)));
      case 'CATEGORICAL':
        return Uint32Array.from(cells, (cell) => this.intern(name, String(cell ?? '')));
      case 'TEXT': {
        const tokens = cells.map((cell) =>
          String(cell ?? '')
            .split(/\s+/)
            .filter(Boolean),
        );
        const offsets = new Uint32Array(rows.length + 1);
        for (const [i, words] of tokens.entries()) offsets[i + 1] = offsets[i] + words.length;
        const codes = Uint32Array.from(tokens.flat(), (token) => this.intern(name, token));
        return new TextColumn(offsets, codes, this.dictionaries.get(name) as ValueDictionary);
      }
    }
  }

  private intern(name: string, text: string): number {
    return (this.dictionaries.get(name) as ValueDictionary).intern(text);
  }
}

/** Indices 0 .. count - 1. */
export function allRows(count: number): Uint32Array {
  return Uint32Array.from({ length: count }, (_, i) => i);
}
