import type { ColumnBlock, TextColumn } from './block.js';

/** How somebody follows a reading. */
export interface WatchOptions {
  readonly signal?: AbortSignal;
  /** @param observationCount observations read so far */
  onRead?(observationCount: number): void;
}

/** How blocks are used. */
export interface ReadOptions {
  /** Each block may be overwritten when the next one is asked for; default: blocks may be kept. */
  readonly passing?: boolean;
  /** Nobody will read the source again: what is kept of it is given back block by block. */
  readonly last?: boolean;
  /** Asked after each block: will the source hardly be read again? Then nothing is kept from there on. */
  isEnough?(): boolean;
  /**
   * Asked before bytes are given to a thread: what is it to make of blocks, if other threads parse? Plain data for its `OpenReducer`;
   * undefined: nothing. Blocks that are `reduced` may come from then on; to be given only when nothing is kept any more.
   */
  reduction?(): object | undefined;
}

/** Observations that can be read block by block, from the beginning, as often as needed. */
export interface DataSource {
  /** Where the data comes from, for messages. */
  readonly name: string;
  /** Stored size, when known. */
  readonly sizeInBytes: number | undefined;
  /** Memory that columns take which are kept for the next reading, bytes; absent: none that could be given back. */
  readonly keptBytes?: number;
  /** One reading at a time. Dictionary codes are the same in every reading. */
  read(options?: ReadOptions): AsyncIterable<ColumnBlock>;
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
  #bytes = 0;
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

  /** Memory that the blocks take, once the whole source is known to fit. */
  get keptBytes(): number {
    return this.#blocks === undefined ? 0 : this.#bytes;
  }

  /** Blocks are being kept, and must not be overwritten. */
  get isKeeping(): boolean {
    return !this.#tooLarge;
  }

  /** @param options.last blocks are not kept, or not any longer; `isEnough` is asked while none have been kept */
  async *read(
    blocks: AsyncIterable<ColumnBlock>,
    { last = false, isEnough }: ReadOptions = {},
  ): AsyncGenerator<ColumnBlock> {
    if (this.#blocks) {
      yield* last ? this.#giveAway(this.#blocks) : this.#blocks;
      return;
    }
    const kept: ColumnBlock[] = [];
    let bytes = 0;
    if (last || this.limitBytes === 0) this.#tooLarge = true;
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
      if (isEnough?.()) {
        this.#tooLarge = true;
        kept.length = 0;
      }
    }
    if (this.#tooLarge) return;
    this.#blocks = kept;
    this.#bytes = bytes;
  }

  *#giveAway(blocks: ColumnBlock[]): Generator<ColumnBlock> {
    this.#blocks = undefined;
    this.#tooLarge = true;
    for (blocks.reverse(); blocks.length > 0; ) yield blocks.pop()!;
  }

  /** What all blocks will take if they are like the first one; 0 when that cannot be told. */
  #expectedBytes(first: ColumnBlock): number {
    const stored = first.byteOffsets[first.rowCount - 1] - first.byteOffsets[0];
    return this.sizeInBytes !== undefined && stored > 0 ? (blockBytes(first) / stored) * this.sizeInBytes : 0;
  }
}
