import { otherWork } from '../other-work.js';
import type { ColumnBlock } from './block.js';
import type { DataSource } from './source.js';

/** Reads a source block by block, reports how far it is, and lets other work of the process run in between. */
export async function* watched(
  source: DataSource,
  options: { readonly signal?: AbortSignal; onRead?(observationCount: number): void },
): AsyncGenerator<ColumnBlock> {
  let observationCount = 0;
  for await (const block of source.read()) {
    yield block;
    observationCount += block.rowCount;
    options.onRead?.(observationCount);
    await otherWork();
    options.signal?.throwIfAborted();
  }
}
