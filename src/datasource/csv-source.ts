import { openParser } from '../csv/parser.js';
import { readCsv } from '../csv/read.js';
import type { ColumnBlock, ColumnPlan } from './block.js';
import type { ByteSource } from './bytes.js';
import { BlockCache, type DataSource } from './source.js';

/** Columns that are kept in memory after the first reading instead of being parsed again, bytes. */
const CACHE_BYTES = 64 * 2 ** 20;
/** Stored size up to which a file is parsed, not only scanned, to count its records: it will fit the cache. */
const PARSE_TO_COUNT_BYTES = 16 * 2 ** 20;

export interface CsvSourceOptions {
  readonly header: boolean;
  readonly plan: readonly ColumnPlan[];
  /** The plain build of the WebAssembly module. */
  readonly module: WebAssembly.Module;
}

/** CSV bytes as a data source: parsed on every reading, unless the columns are few enough to keep. */
export function openCsvSource(bytes: ByteSource, { header, plan, module }: CsvSourceOptions): DataSource {
  const parser = openParser(module, plan, { header, source: bytes.name });
  const cache = new BlockCache(CACHE_BYTES);
  const read = (): AsyncIterable<ColumnBlock> => cache.read(readCsv(bytes.open(), parser));

  const countBlocks = async (blocks: AsyncIterable<ColumnBlock>): Promise<number> => {
    let count = 0;
    for await (const block of blocks) count += block.rowCount;
    return count;
  };

  return {
    name: bytes.name,
    sizeInBytes: bytes.sizeInBytes,
    read,
    countRecords() {
      const small =
        (bytes.sizeInBytes ?? Number.POSITIVE_INFINITY) * (bytes.compressed ? 8 : 1) <= PARSE_TO_COUNT_BYTES;
      if (cache.blocks || small) return countBlocks(read());
      const skipAll = plan.map(({ name }) => ({ name, kind: 'skip' as const }));
      return countBlocks(readCsv(bytes.open(), openParser(module, skipAll, { header, source: bytes.name })));
    },
  };
}
