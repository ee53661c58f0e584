import { type CsvParser, openParser } from '../csv/parser.js';
import { readCsv } from '../csv/read.js';
import type { ColumnBlock, ColumnPlan } from './block.js';
import type { ByteSource } from './bytes.js';
import { BlockCache, type DataSource, type WatchOptions } from './source.js';
import { watchedBlocks } from './watched.js';

/** Columns that are kept in memory after the first reading instead of being parsed again, bytes. */
const CACHE_BYTES = 64 * 2 ** 20;
/** Stored size up to which files are parsed, not only scanned, to count their records: they will fit the cache. */
const PARSE_TO_COUNT_BYTES = 16 * 2 ** 20;
/** Compressed files are taken for this many times their size. */
const UNPACKED_RATIO = 8;

/** One file, or several that are read one after another as one data source. */
export interface DataFiles {
  /** The file, or the folder that they are in. */
  readonly name: string;
  /** At least one. */
  readonly files: readonly ByteSource[];
}

export interface CsvSourceOptions {
  /** Each file begins with a header. */
  readonly header: boolean;
  readonly plan: readonly ColumnPlan[];
  /** The plain build of the WebAssembly module. */
  readonly module: WebAssembly.Module;
}

/**
 * CSV files as one data source: parsed on every reading, unless the columns are few enough to keep.
 *
 * Each file begins at line 1 and byte 0, and `block.source` names it. Where there are several, blocks carry `startOffset`,
 * the number of bytes in the files before.
 */
export function openCsvSource({ name, files }: DataFiles, { header, plan, module }: CsvSourceOptions): DataSource {
  const open = (columns: readonly ColumnPlan[]): CsvParser => openParser(module, columns, { header, source: name });
  const parser = open(plan);
  const cache = new BlockCache(CACHE_BYTES);
  const read = (): AsyncIterable<ColumnBlock> => cache.read(readFiles(files, parser));
  const sizeInBytes = sum(files, (file) => file.sizeInBytes);

  const countBlocks = async (blocks: AsyncIterable<ColumnBlock>, options: WatchOptions): Promise<number> => {
    let count = 0;
    for await (const block of watchedBlocks(blocks, options)) count += block.rowCount;
    return count;
  };

  return {
    name,
    sizeInBytes,
    read,
    countRecords(options = {}) {
      if (cache.blocks || unpackedBytes(files) <= PARSE_TO_COUNT_BYTES) return countBlocks(read(), options);
      const skipAll = plan.map((column) => ({ name: column.name, kind: 'skip' as const }));
      return countBlocks(readFiles(files, open(skipAll)), options);
    },
  };
}

/** Read files one after another, once. */
export async function* readFiles(files: readonly ByteSource[], parser: CsvParser): AsyncGenerator<ColumnBlock> {
  let startOffset = 0;
  for (const file of files) {
    const counted = new CountedBytes(file.open());
    for await (const block of readCsv(counted, parser, file.name)) {
      yield files.length === 1 ? block : { ...block, startOffset };
    }
    startOffset += counted.byteCount;
  }
}

/** Passes chunks on and counts their bytes. */
class CountedBytes implements AsyncIterable<Uint8Array> {
  byteCount = 0;

  constructor(private readonly chunks: AsyncIterable<Uint8Array>) {}

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    for await (const chunk of this.chunks) {
      this.byteCount += chunk.length;
      yield chunk;
    }
  }
}

/** Roughly; infinite when not known. */
function unpackedBytes(files: readonly ByteSource[]): number {
  return (
    sum(files, ({ sizeInBytes, compressed }) => sizeInBytes && sizeInBytes * (compressed ? UNPACKED_RATIO : 1)) ??
    Number.POSITIVE_INFINITY
  );
}

/** Undefined when one of the terms is. */
export function sum<T>(items: readonly T[], of: (item: T) => number | undefined): number | undefined {
  return items.reduce<number | undefined>((total, item) => {
    const term = of(item);
    return total === undefined || term === undefined ? undefined : total + term;
  }, 0);
}
