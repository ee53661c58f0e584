import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openParser } from '../../src/csv/parser.js';
import type { ColumnBlock } from '../../src/datasource/block.js';
import { pickRows } from '../../src/datasource/pick-rows.js';
import { kernelModule } from '../../src/kernel/load.js';
import type { Schema } from '../../src/schema/schema.js';
import { type DataStatistics, StatisticsCollector } from '../../src/statistics/statistics.js';

const NAMES = ['a', 'b'];
const schema: Schema = {
  version: '1.0',
  targetAttributeName: 'b',
  dataFormat: 'CSV',
  dataFileContainsHeader: false,
  rowId: null,
  rowWeight: null,
  excludedAttributeNames: [],
  attributes: NAMES.map((attributeName) => ({ attributeName, attributeType: 'NUMERIC' })),
};
const plan = NAMES.map((name) => ({ name, kind: 'numeric' as const }));
const field = fc.oneof(
  { weight: 20, arbitrary: fc.double({ noNaN: true, min: -1e9, max: 1e9 }).map(String) },
  { weight: 1, arbitrary: fc.constantFrom('', 'x', '-0') },
);
const lines = fc.array(fc.tuple(field, field), { minLength: 1, maxLength: 40 });

/** @param change of each block before it is counted */
function statisticsOf(
  csv: string,
  inPlace: boolean,
  change = (block: ColumnBlock): ColumnBlock => block,
): DataStatistics {
  const collector = new StatisticsCollector(schema, { quantilesOf: new Set(), module: kernelModule() });
  const parser = openParser(kernelModule(), plan, { header: false, source: 'a.csv', blockSize: 8 });
  parser.reusesBuffer = inPlace;
  const count = (blocks: Iterable<ColumnBlock>): void => {
    for (const block of blocks) {
      expect(block.home !== undefined).toBe(inPlace);
      const changed = change(block);
      collector.add(
        changed,
        Uint32Array.from({ length: changed.rowCount }, (_, row) => row),
      );
    }
  };
  count(parser.push(new TextEncoder().encode(csv)));
  count(parser.end());
  return collector.finish();
}

const numbersOf = (found: DataStatistics): unknown =>
  NAMES.map((name) => {
    const { quantiles, rank, ...numbers } = found.numeric(name);
    return numbers;
  });

describe('statistics of blocks that stay where they were parsed', () => {
  it('are those of copies', () => {
    fc.assert(
      fc.property(lines, (rows) => {
        const csv = rows.map((fields) => `${fields.join(',')}\n`).join('');
        expect(numbersOf(statisticsOf(csv, true))).toEqual(numbersOf(statisticsOf(csv, false)));
      }),
    );
  });

  it('are those of the copied rows when rows of them are copied', () => {
    const odd = (block: ColumnBlock): ColumnBlock =>
      pickRows(
        block,
        Uint32Array.from({ length: block.rowCount >> 1 }, (_, i) => 2 * i + 1),
      );
    const csv = Array.from({ length: 32 }, (_, i) => `${i},${i % 2}\n`).join('');
    const found = statisticsOf(csv, true, odd);
    expect(found.numeric('a').mean).toBe(16);
    expect(found.numeric('b')).toMatchObject({ min: 1, max: 1, count: 16 });
  });
});
