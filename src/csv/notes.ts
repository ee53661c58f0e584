import type { RecordIssue } from '../datasource/block.js';
import * as layout from './layout.js';
import { decodeText, excerpt, undouble } from './text.js';
import type { WorkColumn, Workspace } from './workspace.js';

const INVALID_BINARY = 'not a BINARY value (0, n, no, f, false, 1, y, yes, t, true)';
const FAULTS: Readonly<Record<number, string>> = {
  [layout.FAULT_TOO_LONG]: 'longer than 102,400 bytes',
  [layout.FAULT_OPEN_TOO_LONG]: 'a quote is not closed within 102,400 bytes',
  [layout.FAULT_OPEN]: 'a quote is not closed before the end of the file',
  [layout.FAULT_AFTER_QUOTE]: 'text after a closing quote',
};

/** What the host adds to a block: numbers and strings that the kernel does not make, and what is wrong with the records. */
export class BlockNotes {
  issues: RecordIssue[] = [];
  readonly #texts = new Map<number, string[]>();
  readonly #columns: readonly (WorkColumn | undefined)[];
  readonly #fieldCount: number;

  constructor(
    private readonly work: Workspace,
    fieldCount: number,
  ) {
    const columns: (WorkColumn | undefined)[] = new Array(fieldCount).fill(undefined);
    for (const column of work.columns) columns[column.field] = column;
    this.#columns = columns;
    this.#fieldCount = fieldCount;
  }

  /** Do what the kernel noted; while the input that the notes point to is still there. */
  take(): void {
    const { work } = this;
    const count = work.word(work.state, layout.NOTE_COUNT);
    const first = work.word(work.state, layout.NOTES);
    for (let i = 0; i < count; i++) this.#do(first + i * layout.NOTE_BYTES);
    work.setWord(work.state, layout.NOTE_COUNT, 0);
  }

  /** The strings of a raw column; '' in rejected rows. Begins a new list. */
  takeTexts(field: number, rowCount: number): string[] {
    const texts = this.#texts.get(field) ?? [];
    this.#texts.delete(field);
    const all = new Array<string>(rowCount);
    for (let row = 0; row < rowCount; row++) all[row] = texts[row] ?? '';
    return all;
  }

  takeIssues(): RecordIssue[] {
    const { issues } = this;
    this.issues = [];
    // The kernel reads several records column by column.
    return issues.sort((a, b) => a.row - b.row);
  }

  clear(): void {
    this.issues = [];
    this.#texts.clear();
  }

  #do(address: number): void {
    const { u8, u32 } = this.work.regions;
    const at = address / 4;
    const kind = u32[at];
    const row = u32[at + 1];
    const field = u32[at + 2];
    const start = u32[at + 3];
    const end = start + u32[at + 4];
    const detail = u32[at + 5];
    if (kind === layout.NOTE_RAW) {
      const text = decodeText(u8, start, end);
      this.#setText(field, row, detail > 0 ? undouble(text) : text);
    } else if (kind === layout.NOTE_NUMBER) {
      this.#setNumber(field, row, start, end);
    } else if (kind === layout.NOTE_RECORD) {
      this.issues.push({ row, kind: 'record', reason: this.#reason(detail), text: excerpt(u8, start, end) });
    } else {
      const reason = kind === layout.NOTE_INVALID_NUMBER ? 'not a number' : INVALID_BINARY;
      this.#addInvalid(field, row, reason, excerpt(u8, start, end, detail > 0));
    }
  }

  #setText(field: number, row: number, text: string): void {
    const texts = this.#texts.get(field);
    if (texts) texts[row] = text;
    else {
      const created: string[] = [];
      created[row] = text;
      this.#texts.set(field, created);
    }
  }

  #setNumber(field: number, row: number, start: number, end: number): void {
    const { u8, f64 } = this.work.regions;
    const value = Number(decodeText(u8, start, end));
    const finite = Number.isFinite(value);
    const values = this.work.word(this.#column(field).address, layout.VALUES);
    f64[values / 8 + row] = finite ? value : Number.NaN;
    if (!finite) this.#addInvalid(field, row, 'too large for a number', excerpt(u8, start, end));
  }

  #addInvalid(field: number, row: number, reason: string, text: string): void {
    this.issues.push({ row, kind: 'value', reason, attribute: this.#column(field).name, text });
  }

  #column(field: number): WorkColumn {
    return this.#columns[field]!;
  }

  #reason(fault: number): string {
    if (fault < layout.FAULT_FIELDS) return FAULTS[fault];
    const found = fault - layout.FAULT_FIELDS;
    const expected = this.#fieldCount;
    return `${found} field${found === 1 ? '' : 's'} where ${expected} ${expected === 1 ? 'is' : 'are'} expected`;
  }
}
