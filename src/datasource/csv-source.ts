import { ParallelParser, type ParserThreads } from '../csv/parallel.js';
import { type CsvParser, openParser } from '../csv/parser.js';
import { readCsv } from '../csv/read.js';
import { otherWork } from '../other-work.js';
import type { ColumnBlock, ColumnPlan } from './block.js';
import { type ByteSource, becameShorter, type FileParts } from './bytes.js';
import { BlockCache, type DataSource, type ReadOptions, type WatchOptions } from './source.js';
import { watchedBlocks } from './watched.js';
import { worthThreads } from './worth-threads.js';

/** Bytes of columns that are kept in memory after the first reading instead of being parsed again, unless told otherwise. */
const KEPT_BYTES = 64 * 2 ** 20;
/** Stored size up to which files are parsed, not only scanned, to count their records: they will fit the cache. */
const PARSE_TO_COUNT_BYTES = 16 * 2 ** 20;
/** Compressed files are taken for this many times their size. */
const UNPACKED_RATIO = 8;

/** Other work of the process gets its turn so often. */
const TURN_MS = 40;

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
  /** The kernel. */
  readonly module: WebAssembly.Module;
  /** Threads to parse large files with; the blocks do not depend on them. */
  readonly threads?: ParserThreads;
  /** Columns that take no more are kept after the first reading instead of being parsed again; default 64 MiB. */
  readonly keptBytes?: number;
}

/**
 * CSV files as one data source: parsed on every reading, unless the columns are few enough to keep.
 *
 * Each file begins at line 1 and byte 0, and `block.source` names it. Where there are several, blocks carry `startOffset`,
 * the number of bytes in the files before.
 */
export function openCsvSource(
  { name, files }: DataFiles,
  { header, plan, module, threads, keptBytes = KEPT_BYTES }: CsvSourceOptions,
): CsvSource {
  const options = { header, source: name };
  const open = (columns: readonly ColumnPlan[]): CsvParser => openParser(module, columns, options);
  const sizeInBytes = sum(files, (file) => file.sizeInBytes);
  const worth = threads !== undefined && worthThreads(sizeInBytes, threads);
  const parallel = worth ? new ParallelParser(threads, module, plan, options) : undefined;
  const parser = parallel ?? open(plan);
  const packed = files.some(({ compressed }) => compressed);
  const cache = new BlockCache(keptBytes, packed ? undefined : sizeInBytes);
  const read: DataSource['read'] = ({ passing = false, last, isEnough, reduction } = {}) => {
    return cache.read(
      readFiles(files, parser, () => passing && !cache.isKeeping, reduction),
      { last, isEnough },
    );
  };

  const countBlocks = async (blocks: AsyncIterable<ColumnBlock>, options: WatchOptions): Promise<number> => {
    let count = 0;
    for await (const block of watchedBlocks(blocks, options)) count += block.rowCount;
    return count;
  };

  return {
    name,
    sizeInBytes,
    get keptBytes() {
      return cache.keptBytes;
    },
    read,
    close: () => parallel?.close(),
    countRecords(options = {}) {
      if (cache.blocks || unpackedBytes(files) <= PARSE_TO_COUNT_BYTES) return countBlocks(read(), options);
      const skipAll = plan.map((column) => ({ name: column.name, kind: 'skip' as const }));
      return countBlocks(readFiles(files, open(skipAll)), options);
    },
  };
}

/** What parsing has set aside is to be given back. */
export interface CsvSource extends DataSource {
  close(): void;
}

/**
 * Read files one after another, once.
 *
 * @param reusesBuffers asked before each block: may it overwrite the one before?
 * @param reduction as in `ReadOptions`
 */
export async function* readFiles(
  files: readonly ByteSource[],
  parser: CsvParser | ParallelParser,
  reusesBuffers: () => boolean = () => false,
  reduction?: ReadOptions['reduction'],
): AsyncGenerator<ColumnBlock> {
  let startOffset = 0;
  for (const file of files) {
    const blocks =
      parser instanceof ParallelParser
        ? parser.read(file, reusesBuffers, reduction)
        : readAlone(file, parser, reusesBuffers);
    let step = await blocks.next();
    try {
      for (; !step.done; step = await blocks.next()) {
        yield files.length === 1 ? step.value : { ...step.value, startOffset };
      }
      startOffset += step.value;
    } finally {
      if (!step.done) await blocks.return(0);
    }
  }
}

/** @returns bytes of the file, unpacked */
async function* readAlone(
  file: ByteSource,
  parser: CsvParser,
  reusesBuffers: () => boolean,
): AsyncGenerator<ColumnBlock, number> {
  if (file.openParts !== undefined) return yield* readPlain(file, await file.openParts(), parser, reusesBuffers);
  const counted = new CountedBytes(file.open());
  parser.reusesBuffer = reusesBuffers();
  for await (const block of readCsv(counted, parser, file.name)) {
    yield block;
    parser.reusesBuffer = reusesBuffers();
  }
  return counted.byteCount;
}

/** Read a file straight to where it is parsed; other work of the process gets its turn in between. */
async function* readPlain(
  { name }: ByteSource,
  parts: FileParts,
  parser: CsvParser,
  reusesBuffers: () => boolean,
): AsyncGenerator<ColumnBlock, number> {
  let offset = 0;
  const read = (into: Uint8Array): number => {
    const count = parts.read(into, offset);
    if (count === 0 && offset < parts.sizeInBytes) throw becameShorter(name);
    return count;
  };
  try {
    parser.reset(name);
    const { pass } = parser;
    for (let count = -1, turn = performance.now(); count !== 0; offset += count) {
      const pulled = parser.pull(read);
      parser.reusesBuffer = reusesBuffers();
      let step = pulled.next();
      for (; !step.done; step = pulled.next()) {
        yield step.value;
        parser.mustBeIn(pass);
        parser.reusesBuffer = reusesBuffers();
      }
      count = step.value;
      if (performance.now() - turn < TURN_MS) continue;
      await otherWork();
      parser.mustBeIn(pass);
      turn = performance.now();
    }
    yield* parser.end();
    return offset;
  } finally {
    await parts.close();
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
