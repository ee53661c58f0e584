import type { ColumnBlock, RecordIssue } from './block.js';
import type { Rejections } from './rejections.js';

/** Which records belong to a part of the data. */
export type RecordTest = (recordIndex: number, byteOffset: number) => boolean;

/** All records belong to the part; rows are selected sooner than by another test that says so. */
export const everyRecord: RecordTest = () => true;

/** Picks the rows of a block that belong to a part of the data and can be used, and rejects those that cannot. */
export class RowSelector {
  #recordIndex = 0;
  readonly #firstRows = new FirstRows();

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
    const isUsable = usability(block, this.target);
    if (this.keep !== everyRecord || !isUsable.everywhere()) return this.#selectSome(block, isUsable.at);
    this.#recordIndex += rowCount;
    return this.#firstRows.take(rowCount);
  }

  #selectSome(block: ColumnBlock, isUsable: (row: number) => boolean): Uint32Array {
    const { rowCount, byteOffsets, startOffset = 0 } = block;
    const { keep } = this;
    const rows = new Uint32Array(rowCount);
    let count = 0;
    for (let row = 0; row < rowCount; row++) {
      const kept = keep(this.#recordIndex + row, startOffset + byteOffsets[row]);
      if (!isUsable(row)) this.rejections.add(block, row, () => this.#reason(block, row), kept);
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

/** Rows from the first on, of one block after the other. */
export class FirstRows {
  #all = new Uint32Array(0);

  /** @returns 0, 1, 2, … count - 1; not to be written to */
  take(count: number): Uint32Array {
    if (this.#all.length < count) this.#all = new Uint32Array(count).map((_, row) => row);
    return this.#all.subarray(0, count);
  }
}

/** Were all rows read, and do they have a value of the attribute, whatever its type? */
export function areUsable(block: ColumnBlock, attribute: string): boolean {
  return usability(block, attribute).everywhere();
}

/** Which rows were read and have a value of the attribute, if one is named, whatever its type. */
function usability(
  { columns, rejected }: ColumnBlock,
  attribute: string | undefined,
): { everywhere(): boolean; at(row: number): boolean } {
  const wasRead = { everywhere: () => isWithout(rejected, 1), at: (row: number) => rejected[row] === 0 };
  if (attribute === undefined) return wasRead;
  const column = columns.get(attribute) as unknown;
  if (column instanceof Float64Array) {
    return {
      everywhere: () => wasRead.everywhere() && isWithout(column, Number.NaN),
      at: (row) => wasRead.at(row) && !Number.isNaN(column[row]),
    };
  }
  if (!(column instanceof Uint8Array || column instanceof Uint32Array)) {
    throw new TypeError(`attribute '${attribute}' cannot be a target`);
  }
  const missing = column instanceof Uint8Array ? 2 : 0;
  return {
    everywhere: () => wasRead.everywhere() && isWithout(column, missing),
    at: (row) => wasRead.at(row) && column[row] !== missing,
  };
}

const isWithout = (column: Float64Array | Uint8Array | Uint32Array, value: number): boolean => !column.includes(value);
