import type { ColumnBlock, ColumnPlan } from '../datasource/block.js';
import type { DataSource } from '../datasource/source.js';
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
 * for one that could not be processed. Columns: `tag` when the schema has a row id, `trueLabel` when the target is read,
 * then `bestAnswer,score` (BINARY), one score per class (MULTICLASS) or `score` (REGRESSION).
 *
 * @param source must read the row id as raw text, the target as raw text or, when BINARY, as 0 and 1
 * @param counts added to as blocks are read
 * @yields pieces of the CSV text
 */
export async function* predictBatch(
  scorer: Scorer,
  source: DataSource,
  plan: readonly ColumnPlan[],
  counts: BatchCounts,
): AsyncGenerator<string> {
  const { state } = scorer;
  const readTarget = plan.some(({ name, kind }) => name === state.targetAttributeName && kind !== 'skip');
  const prefixes = [
    ...(state.schema.rowId === null ? [] : [state.schema.rowId]),
    ...(readTarget ? [state.targetAttributeName] : []),
  ];
  yield `${header(state, readTarget).map(csvField).join(',')}\n`;
  for await (const block of source.read()) {
    counts.totalRecordCount += block.rowCount;
    yield predictBlock(scorer, block, prefixes, counts);
  }
}

function header({ schema, target }: ModelState, readTarget: boolean): string[] {
  const prefix = [...(schema.rowId === null ? [] : ['tag']), ...(readTarget ? ['trueLabel'] : [])];
  if (target.type === 'BINARY') return [...prefix, 'bestAnswer', 'score'];
  return [...prefix, ...(target.type === 'MULTICLASS' ? target.classes : ['score'])];
}

function predictBlock(scorer: Scorer, block: ColumnBlock, prefixes: readonly string[], counts: BatchCounts): string {
  const { state } = scorer;
  const rows = Uint32Array.from({ length: block.rowCount }, (_, row) => row).filter((row) => block.rejected[row] === 0);
  counts.invalidRecordCount += block.rowCount - rows.length;
  const values = scorer.margins(block, rows);
  const texts = prefixes.map((name) => prefixTexts(block, name));
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
