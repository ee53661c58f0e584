import type { Cells } from './cells.js';
import type { ListColumn } from './list-column.js';
import { type HeadCells, RecordBuffer, type SparseRecords } from './records.js';
import { SPARSE_HEADER_WORDS } from './rows.js';
import { TokenColumn } from './token-column.js';
import { Numbers32, type TokenMemory } from './token-memory.js';

/** Words that are written behind the records. */
const SLACK_WORDS = 4;
/** Most words of a record besides its features: header, bias, padding. */
const MOST_OTHERS = SPARSE_HEADER_WORDS + 4;

/** @param head where the values of cells go that are in the head */
export function openRecords(
  cells: Cells,
  lists: readonly ListColumn[],
  head: HeadCells,
  memory: TokenMemory,
): SparseRecords {
  const [first] = lists;
  const isText = cells.stride === 0 && lists.length === 1 && first instanceof TokenColumn;
  return isText ? new TokenRecords(memory, first) : new RecordBuffer(cells, lists, head);
}

/** Records of rows that have nothing but the features of tokens, made in the memory that these are in. */
class TokenRecords implements SparseRecords {
  length = 0;
  rowCount = 0;
  private readonly buffer: Numbers32;
  private readonly rowStarts: Numbers32;

  constructor(
    private readonly memory: TokenMemory,
    private readonly column: TokenColumn,
  ) {
    this.buffer = new Numbers32(memory);
    this.rowStarts = new Numbers32(memory);
  }

  get words(): Uint32Array {
    return this.buffer.words;
  }

  get starts(): Uint32Array {
    return this.rowStarts.words;
  }

  clear(rowCount: number): void {
    this.length = 0;
    this.rowCount = 0;
    this.rowStarts.reserve(rowCount);
  }

  add(rowCount: number): void {
    const { buffer, rowStarts, column } = this;
    buffer.reserve(this.length + column.offsets[rowCount] + rowCount * MOST_OTHERS + SLACK_WORDS);
    const to = buffer.address + 4 * this.length;
    const starts = rowStarts.address + 4 * this.rowCount;
    const end = this.memory.kernel.writeTokenRecords(column.state, to, buffer.address, starts);
    this.length = ((end >>> 0) - buffer.address) / 4;
    this.rowCount += rowCount;
  }
}
