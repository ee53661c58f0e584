import type { ColumnBlock, RecordIssue } from './block.js';
import type { Rejections } from './rejections.js';

/** Picks the rows of a block that belong to a part of the data and can be used, and rejects those that cannot. */
export class RowSelector {
  #recordIndex = 0;

  /**
   * @param target attribute that must have a valid value; undefined: none
   * @param keep which records belong to the part
   */
  constructor(
    readonly target: string | undefined,
    readonly keep: (recordIndex: number, byteOffset: number) => boolean,
    readonly rejections: Rejections,
  ) {}

  select(block: ColumnBlock): Uint32Array {
    const { rowCount, rejected, byteOffsets, startOffset = 0 } = block;
    const present = this.target === undefined ? undefined : presence(block, this.target);
    const rows = new Uint32Array(rowCount);
    let count = 0;
    for (let row = 0; row < rowCount; row++) {
      const kept = this.keep(this.#recordIndex + row, startOffset + byteOffsets[row]);
      const usable = rejected[row] === 0 && (present === undefined || present(row));
      if (!usable) this.rejections.add(block, row, () => this.#reason(block, row), kept);
      else if (kept) rows[count++] = row;
    }
    this.#recordIndex += rowCount;
    return rows.subarray(0, count);
  }

  #reason(block: ColumnBlock, row: number): string {
    const matches = (issue: RecordIssue): boolean =>
      issue.row === row && (issue.kind === 'record' || issue.attribute === this.target);
    const issue = block.issues.find(matches);
    if (issue === undefined) return `no value for the target '${this.target}'`;
    if (issue.kind === 'record') return issue.reason;
    return `column '${issue.attribute}': '${issue.text}' is ${issue.reason}`;
  }
}

/** Whether a row has a value of the attribute, whatever its type. */
function presence(block: ColumnBlock, attribute: string): (row: number) => boolean {
  const column = block.columns.get(attribute);
  if (column instanceof Float64Array) return (row) => !Number.isNaN(column[row]);
  if (column instanceof Uint8Array) return (row) => column[row] !== 2;
  if (column instanceof Uint32Array) return (row) => column[row] !== 0;
  throw new TypeError(`attribute '${attribute}' cannot be a target`);
}
