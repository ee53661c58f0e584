import type { ColumnBlock, ColumnPlan } from '../datasource/block.js';
import { Rejections } from '../datasource/rejections.js';
import { RowSelector } from '../datasource/select.js';
import type { DataSource } from '../datasource/source.js';
import { watched } from '../datasource/watched.js';
import { applyLink } from '../model/link.js';
import type { Scorer } from '../model/score.js';
import type { ModelState } from '../model/state.js';
import { csvField, formatScore } from './format.js';

/** Observations read, and those that could not be processed. */
export interface BatchCounts {
  totalRecordCount: number;
  invalidRecordCount: number;
}

/**
 * Predictions as CSV in the service's batch format: a header, then a line per observation in input order; a blank line
 * for one that could not be processed. Columns: `tag` when the row id is read, `trueLabel` when the target is,
 * then `bestAnswer,score` (BINARY), one score per class (MULTICLASS) or `score` (REGRESSION).
 *
 * @param source must read the row id as raw text, the target as raw text or, when BINARY, as 0 and 1
 * @param counts added to as blocks are read
 * @yields pieces of the CSV text
 * @throws InvalidInput when more than 10,000 observations could not be processed
 */
export async function* predictBatch(
  scorer: Scorer,
  source: DataSource,
  plan: readonly ColumnPlan[],
  counts: BatchCounts,
  signal?: AbortSignal,
): AsyncGenerator<string> {
  const { state } = scorer;
  const isRead = (attribute: string | null): attribute is string =>
    plan.some(({ name, kind }) => name === attribute && kind !== 'skip');
  const labels = [
    ['tag', state.schema.rowId],
    ['trueLabel', state.targetAttributeName],
  ] as const;
  const prefixes = labels.flatMap(([title, name]) => (isRead(name) ? [{ title, name }] : []));
  yield `${[...prefixes.map(({ title }) => title), ...answerColumns(state)].map(csvField).join(',')}\n`;
  const rejections = new Rejections();
  const selector = new RowSelector(undefined, () => true, rejections);
  for await (const block of watched(source, { signal })) {
    const rows = selector.select(block);
    counts.totalRecordCount += block.rowCount;
    counts.invalidRecordCount = rejections.count;
    yield predictBlock(scorer, block, rows, prefixes);
  }
}

function answerColumns({ target }: ModelState): readonly string[] {
  if (target.type === 'BINARY') return ['bestAnswer', 'score'];
  return target.type === 'MULTICLASS' ? target.classes : ['score'];
}

function predictBlock(
  scorer: Scorer,
  block: ColumnBlock,
  rows: Uint32Array,
  prefixes: readonly { name: string }[],
): string {
  const { state } = scorer;
  const values = scorer.margins(block, rows);
  const texts = prefixes.map(({ name }) => prefixTexts(block, name));
  const lines = new Array<string>(block.rowCount).fill('');
  const { outputs } = state;
  for (let i = 0; i < rows.length; i++) {
    let line = '';
    for (const text of texts) line += `${csvField(text(rows[i]))},`;
    applyLink(state.target.type, values, i * outputs, outputs);
    if (state.target.type === 'BINARY') line += values[i] >= state.scoreThreshold ? '1,' : '0,';
    line += formatScore(values[i * outputs]);
    for (let k = 1; k < outputs; k++) line += `,${formatScore(values[i * outputs + k])}`;
    lines[rows[i]] = line;
  }
  return `${lines.join('\n')}\n`;
}

function prefixTexts(block: ColumnBlock, name: string): (row: number) => string {
  const column = block.table.column(name) as unknown;
  if (column instanceof Uint8Array) return (row) => (column[row] === 2 ? '' : String(column[row]));
  return (row) => (column as string[])[row];
}
