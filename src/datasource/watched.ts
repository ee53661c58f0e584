import { otherWork } from '../other-work.js';
import type { ColumnBlock } from './block.js';
import type { DataSource, ReadOptions, WatchOptions } from './source.js';

/**
 * Reads a source block by block, reports how far it is, and lets other work of the process run in between. A block may be
 * overwritten when the next one is asked for.
 */
export function watched(
  source: DataSource,
  options: WatchOptions & Pick<ReadOptions, 'last' | 'isEnough' | 'reduction'>,
): AsyncGenerator<ColumnBlock> {
  const { last, isEnough, reduction } = options;
  return watchedBlocks(source.read({ passing: true, last, isEnough, reduction }), options);
}

/** `watched`, for blocks that are being read already. */
export async function* watchedBlocks(
  blocks: AsyncIterable<ColumnBlock>,
  options: WatchOptions,
): AsyncGenerator<ColumnBlock> {
  let observationCount = 0;
  for await (const block of blocks) {
    yield block;
    observationCount += block.rowCount;
    options.onRead?.(observationCount);
    await otherWork();
    options.signal?.throwIfAborted();
  }
}
