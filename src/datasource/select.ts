import type { ColumnBlock, RecordIssue } from './block.js';
import type { Rejections } from './rejections.js';

/** Which records belong to a part of the data. */
export type RecordTest = (recordIndex: number, byteOffset: number) => boolean;

/** All records belong to the part; rows are selected sooner than by another test that says so. */
export const everyRecord: RecordTest = () => true;

/** Picks the rows of a block that belong to a part of the data and can be used, and rejects those that cannot. */
export class RowSelector {
  #recordIndex = 0;
  /** 0, 1, 2, … */
  #all = new Uint32Array(0);

  /**
   * @param target attribute that must have a valid value; undefined: none
   * @param keep which records belong to the part
   */
  constructor(
    readonly target: string | undefined,
    readonly keep: RecordTest,
    readonly rejections: Rejections,
  ) {}

  /** @returns indices of rows, ascending; not to be written to */
  select(block: ColumnBlock): Uint32Array {
    const { rowCount } = block;
    const usable = usableRows(block, this.target);
    if (this.keep === everyRecord && usable.count === rowCount) {
      this.#recordIndex += rowCount;
      return this.#firstRows(rowCount);
    }
    return this.#selectSome(block, usable.flags);
  }

  #firstRows(count: number): Uint32Array {
    if (this.#all.length < count) this.#all = new Uint32Array(count).map((_, row) => row);
    return this.#all.subarray(0, count);
  }

  #selectSome(block: ColumnBlock, usable: Uint8Array): Uint32Array {
    const { rowCount, byteOffsets, startOffset = 0 } = block;
    const { keep } = this;
    const rows = new Uint32Array(rowCount);
    let count = 0;
    for (let row = 0; row < rowCount; row++) {
      const kept = keep(this.#recordIndex + row, startOffset + byteOffsets[row]);
      if (usable[row] === 0) this.rejections.add(block, row, () => this.#reason(block, row), kept);
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

/** Which rows were read and have a value of the attribute, if one is named, whatever its type: 1 for each, and how many. */
function usableRows(
  { columns, rowCount, rejected }: ColumnBlock,
  attribute: string | undefined,
): { readonly flags: Uint8Array; readonly count: number } {
  const flags = new Uint8Array(rowCount);
  const column = attribute === undefined ? rejected : (columns.get(attribute) as unknown);
  if (column === rejected) for (let row = 0; row < rowCount; row++) flags[row] = Number(rejected[row] === 0);
  else if (column instanceof Float64Array) flagNumbers(column, rejected, flags);
  else if (column instanceof Uint8Array) flagOthers(column, 2, rejected, flags);
  else if (column instanceof Uint32Array) flagOthers(column, 0, rejected, flags);
  else throw new TypeError(`attribute '${attribute}' cannot be a target`);
  let count = 0;
  for (let row = 0; row < rowCount; row++) count += flags[row];
  return { flags, count };
}

function flagNumbers(column: Float64Array, rejected: Uint8Array, flags: Uint8Array): void {
  for (let row = 0; row < flags.length; row++) {
    flags[row] = Number(!Number.isNaN(column[row])) & Number(rejected[row] === 0);
  }
}

function flagOthers(column: Uint8Array | Uint32Array, missing: number, rejected: Uint8Array, flags: Uint8Array): void {
  for (let row = 0; row < flags.length; row++) {
    flags[row] = Number(column[row] !== missing) & Number(rejected[row] === 0);
  }
}
