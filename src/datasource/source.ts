import type { ColumnBlock, TextColumn } from './block.js';

/** How somebody follows a reading. */
export interface WatchOptions {
  readonly signal?: AbortSignal;
  /** @param observationCount observations read so far */
  onRead?(observationCount: number): void;
}

/** Observations that can be read block by block, from the beginning, as often as needed. */
export interface DataSource {
  /** Where the data comes from, for messages. */
  readonly name: string;
  /** Stored size, when known. */
  readonly sizeInBytes: number | undefined;
  /**
   * One reading at a time. Dictionary codes are the same in every reading.
   *
   * @param options.passing each block may be overwritten when the next one is asked for; default: blocks may be kept
   */
  read(options?: { readonly passing?: boolean }): AsyncIterable<ColumnBlock>;
  /** Number of records, rejected ones included. */
  countRecords(options?: WatchOptions): Promise<number>;
}

/** Memory that a block keeps, bytes: its typed columns, one number per row and 40 bytes per raw text. */
function blockBytes(block: ColumnBlock): number {
  let bytes = block.rowCount * 17;
  for (const column of block.columns.values()) {
    if (ArrayBuffer.isView(column)) bytes += column.byteLength;
    else if (Array.isArray(column)) bytes += column.length * 40;
    else bytes += (column as TextColumn).codes.byteLength + block.rowCount * 4;
  }
  return bytes;
}

/** So many times too large, judging by the first block, is too large. */
const SURE_RATIO = 1.1;

/** Keeps the blocks of the first complete reading, if they take no more than `limitBytes`, and replays them. */
export class BlockCache {
  #blocks: ColumnBlock[] | undefined;
  #tooLarge = false;

  /** @param sizeInBytes of the source, unpacked, when known */
  constructor(
    readonly limitBytes: number,
    readonly sizeInBytes?: number,
  ) {}

  /** The blocks of the whole source, once known to fit. */
  get blocks(): readonly ColumnBlock[] | undefined {
    return this.#blocks;
  }

  /** Blocks are being kept, and must not be overwritten. */
  get isKeeping(): boolean {
    return !this.#tooLarge;
  }

  async *read(blocks: AsyncIterable<ColumnBlock>): AsyncGenerator<ColumnBlock> {
    if (this.#blocks) {
      yield* this.#blocks;
      return;
    }
    const kept: ColumnBlock[] = [];
    let bytes = 0;
    for await (const block of blocks) {
      if (!this.#tooLarge) {
        if (kept.length === 0) this.#tooLarge = this.#expectedBytes(block) > SURE_RATIO * this.limitBytes;
        bytes += blockBytes(block);
        kept.push(block);
        if (bytes > this.limitBytes) {
          this.#tooLarge = true;
          kept.length = 0;
        }
      }
      yield block;
    }
    if (!this.#tooLarge) this.#blocks = kept;
  }

  /** What all blocks will take if they are like the first one; 0 when that cannot be told. */
  #expectedBytes(first: ColumnBlock): number {
    const stored = first.byteOffsets[first.rowCount - 1] - first.byteOffsets[0];
    return this.sizeInBytes !== undefined && stored > 0 ? (blockBytes(first) / stored) * this.sizeInBytes : 0;
  }
}
