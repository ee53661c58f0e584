import type { ColumnBlock } from '../datasource/block.js';
import { Rejections } from '../datasource/rejections.js';
import { RowSelector } from '../datasource/select.js';
import { watched } from '../datasource/watched.js';
import { applyLink } from '../model/link.js';
import type { Scorer } from '../model/score.js';
import type { ModelState } from '../model/state.js';
import { csvField } from './format.js';
import { LineWriter } from './lines.js';
import type { OpenForModel } from './plan.js';

/** Observations read, and those that could not be processed. */
export interface BatchCounts {
  totalRecordCount: number;
  invalidRecordCount: number;
}

export interface BatchOptions {
  readonly signal?: AbortSignal;
  /** Which records to predict; default: all. */
  keep?(recordIndex: number, byteOffset: number): boolean;
}

/** Predictions of the observations of one block. */
export interface BatchPiece {
  /** File that the observations are from. */
  readonly source: string;
  /** Whole lines of CSV, without a header. */
  readonly text: string;
}

/**
 * Predictions as CSV in the service's batch format: a header, then a line per observation in input order; a blank line
 * for one that could not be processed. Columns: `tag` when the row id is read, `trueLabel` when the target is,
 * then `bestAnswer,score` (BINARY), one score per class (MULTICLASS) or `score` (REGRESSION).
 *
 * @param opened reads the row id as raw text, the target as raw text or, when BINARY, as 0 and 1
 * @param counts added to as blocks are read
 * @yields pieces of the CSV text
 * @throws InvalidInput when more than 10,000 observations could not be processed
 */
export async function* predictBatch(
  scorer: Scorer,
  opened: OpenForModel,
  counts: BatchCounts,
  options: BatchOptions = {},
): AsyncGenerator<string> {
  yield batchHeader(scorer.state, opened);
  for await (const { text } of predictBlocks(scorer, opened, counts, options)) yield text;
}

/** The header of a batch prediction, a line of CSV. */
export function batchHeader(state: ModelState, opened: OpenForModel): string {
  return `${[...prefixesOf(state, opened).map(({ title }) => title), ...answerColumns(state)].map(csvField).join(',')}\n`;
}

/** `predictBatch` without the header, block by block. */
export async function* predictBlocks(
  scorer: Scorer,
  opened: OpenForModel,
  counts: BatchCounts,
  { signal, keep = () => true }: BatchOptions = {},
): AsyncGenerator<BatchPiece> {
  const prefixes = prefixesOf(scorer.state, opened);
  const rejections = new Rejections();
  let kept: number[] = [];
  const note = (row: number, isKept: boolean): boolean => {
    if (isKept) kept.push(row);
    return isKept;
  };
  let first = 0;
  const selector = new RowSelector(undefined, (index, offset) => note(index - first, keep(index, offset)), rejections);
  const lines = new LineWriter();
  for await (const block of watched(opened.source, { signal, last: true })) {
    kept = [];
    writeBlock(lines, scorer, block, selector.select(block), kept, prefixes);
    first += block.rowCount;
    counts.totalRecordCount += kept.length;
    counts.invalidRecordCount = rejections.count;
    if (kept.length > 0) yield { source: block.source, text: lines.take() };
  }
}

interface Prefix {
  /** In the header. */
  readonly title: string;
  readonly name: string;
}

function prefixesOf(state: ModelState, { plan, rowId }: OpenForModel): Prefix[] {
  const isRead = (attribute: string | null): attribute is string =>
    plan.some(({ name, kind }) => name === attribute && kind !== 'skip');
  const labels = [
    ['tag', rowId],
    ['trueLabel', state.targetAttributeName],
  ] as const;
  return labels.flatMap(([title, name]) => (isRead(name) ? [{ title, name }] : []));
}

function answerColumns({ target }: ModelState): readonly string[] {
  if (target.type === 'BINARY') return ['bestAnswer', 'score'];
  return target.type === 'MULTICLASS' ? target.classes : ['score'];
}

/**
 * A line per row that is kept; a blank one for a row that cannot be processed.
 *
 * @param rows those that can, a part of `kept`
 */
function writeBlock(
  lines: LineWriter,
  scorer: Scorer,
  block: ColumnBlock,
  rows: Uint32Array,
  kept: readonly number[],
  prefixes: readonly Prefix[],
): void {
  const { target, outputs, scoreThreshold } = scorer.state;
  const values = scorer.margins(block, rows);
  const texts = prefixes.map(({ name }) => prefixTexts(block, name));
  let i = 0;
  for (const row of kept) {
    if (rows[i] === row) {
      for (const text of texts) lines.text(text(row));
      const first = i++ * outputs;
      applyLink(target.type, values, first, outputs);
      if (target.type === 'BINARY') lines.digit(values[first] >= scoreThreshold ? 1 : 0);
      for (let k = 0; k < outputs; k++) lines.score(values[first + k]);
    }
    lines.endLine();
  }
}

function prefixTexts(block: ColumnBlock, name: string): (row: number) => string {
  const column = block.columns.get(name);
  if (column instanceof Uint8Array) return (row) => (column[row] === 2 ? '' : String(column[row]));
  return (row) => (column as string[])[row];
}
