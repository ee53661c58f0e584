import type { BlockReducer } from '../datasource/reduce.js';
import { type BlockArrays, copyArrays, reducedArrays } from './arrays.js';
import { makeBlock } from './block.js';
import type { Segment } from './segments.js';
import type { CsvTokenizer } from './tokenizer.js';

/** What parsing one segment gives. Lines and offsets count from the beginning of the segment. */
export interface ParsedSegment {
  readonly blocks: readonly BlockArrays[];
  /** Per column with values: those that the tokenizer met for the first time, in order of their codes. */
  readonly newTexts: readonly (readonly [column: string, texts: readonly string[]])[];
  /** Lines that the segment ends. */
  readonly lineCount: number;
  /** Its end is the end of a record, as that of every segment must be. */
  readonly isWhole: boolean;
}

/** A segment that is read where it is parsed. */
export interface ReadSegment extends Pick<Segment, 'isFirst' | 'isLast'> {
  readonly length: number;
  /** @param offset in the segment; no more bytes are asked for than it has */
  read(into: Uint8Array, offset: number): void;
}

function* pullAll(
  tokenizer: CsvTokenizer,
  { length, read }: Pick<ReadSegment, 'length' | 'read'>,
): Generator<BlockArrays> {
  for (let offset = 0; offset < length; ) {
    offset += yield* tokenizer.pull((into) => {
      const count = Math.min(into.length, length - offset);
      read(into.subarray(0, count), offset);
      return count;
    });
  }
}

/**
 * Parse a segment by itself.
 *
 * @param known codes per column that earlier segments have brought; updated
 * @param reducer makes something of blocks; default: they are handed over
 * @throws InvalidInput for bytes that are not UTF-8; its line is that of the segment
 */
export function parseSegment(
  tokenizer: CsvTokenizer,
  { isFirst, isLast, ...content }: Segment | ReadSegment,
  known: Map<string, number>,
  reducer?: BlockReducer,
): ParsedSegment {
  tokenizer.resetTo({ isFirst, line: 1, byteOffset: 0 });
  const { segmentCount } = tokenizer;
  tokenizer.reusesBuffer = reducer !== undefined;
  const blocks: BlockArrays[] = [];
  const takeAll = (given: Iterable<BlockArrays>): void => {
    for (const block of given) blocks.push(reducer === undefined ? block : reduce(tokenizer, block, reducer));
  };
  takeAll('bytes' in content ? tokenizer.push(content.bytes) : pullAll(tokenizer, content));
  const isWhole = isLast || tokenizer.segmentCount > segmentCount;
  if (isLast) takeAll(tokenizer.end());
  const newTexts = Array.from(tokenizer.dictionaries, ([column, dictionary]) => {
    const texts: string[] = [];
    for (let code = known.get(column) ?? 1; code < dictionary.size; code++) texts.push(dictionary.text(code));
    known.set(column, dictionary.size);
    return [column, texts] as const;
  });
  return { blocks, newTexts, lineCount: tokenizer.line - 1, isWhole };
}

/** @param block overwritten when the tokenizer goes on */
function reduce(tokenizer: CsvTokenizer, block: BlockArrays, reducer: BlockReducer): BlockArrays {
  if (block.issues.length > 0 || block.rejected.includes(1)) return copyArrays(block);
  const made = reducer.reduce(makeBlock(block, tokenizer.dictionaries, tokenizer.source, tokenizer.homeOf(block)));
  return made === undefined ? copyArrays(block) : reducedArrays(block, reducer.kept, made);
}
