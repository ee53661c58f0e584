import type { ColumnBlock } from './block.js';

/** Makes something of blocks where they are parsed, so that most of their columns need not be handed over. */
export interface BlockReducer {
  /** Attributes whose columns are needed all the same. */
  readonly kept: readonly string[];
  /**
   * @param block without issues; overwritten afterwards
   * @returns plain data; undefined: all of its columns are needed
   */
  reduce(block: ColumnBlock): object | undefined;
}

/** Begins to reduce blocks in the thread that parses them. @param reduction as `ReadOptions.reduction` gives it */
export type OpenReducer = (reduction: object) => BlockReducer;
