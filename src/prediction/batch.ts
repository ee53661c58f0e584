import type { ColumnBlock } from '../datasource/block.js';
import { Rejections } from '../datasource/rejections.js';
import { everyRecord, type RecordTest, RowSelector } from '../datasource/select.js';
import { watched } from '../datasource/watched.js';
import { applyLink } from '../model/link.js';
import type { Scorer } from '../model/score.js';
import type { ModelState } from '../model/state.js';
import { csvField } from './format.js';
import { KernelLines } from './kernel-lines.js';
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
  readonly keep?: RecordTest;
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
  { signal, keep = everyRecord }: BatchOptions = {},
): AsyncGenerator<BatchPiece> {
  const prefixes = prefixesOf(scorer.state, opened);
  const rejections = new Rejections();
  let kept: number[] = [];
  let first = 0;
  const noted: RecordTest = (index, offset) => {
    const isKept = keep(index, offset);
    if (isKept) kept.push(index - first);
    return isKept;
  };
  const selector = new RowSelector(undefined, keep === everyRecord ? keep : noted, rejections);
  const writer = new BlockWriter(scorer, prefixes);
  for await (const block of watched(opened.source, { signal, last: true })) {
    kept = [];
    const rows = selector.select(block);
    const count = keep === everyRecord ? block.rowCount : kept.length;
    writer.write(block, rows, keep === everyRecord ? undefined : kept);
    first += block.rowCount;
    counts.totalRecordCount += count;
    counts.invalidRecordCount = rejections.count;
    if (count > 0) yield { source: block.source, text: writer.take() };
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

/** Labels of a block: BINARY values, or the texts of others. */
type Labels = Uint8Array | string[];

/** Writes the lines of blocks. */
class BlockWriter {
  readonly #lines: LineWriter;
  readonly #kernelLines: KernelLines | undefined;

  constructor(
    private readonly scorer: Scorer,
    private readonly prefixes: readonly Prefix[],
  ) {
    const { module, state } = scorer;
    this.#lines = new LineWriter(prefixes.length + 1 + state.outputs);
    this.#kernelLines = module && prefixes.length <= 1 ? new KernelLines(state.outputs, module) : undefined;
  }

  take(): string {
    return this.#lines.take();
  }

  /**
   * A line per row that is kept; a blank one for a row that cannot be processed.
   *
   * @param rows those that can, a part of `kept`
   * @param kept undefined: all
   */
  write(block: ColumnBlock, rows: Uint32Array, kept: readonly number[] | undefined): void {
    const { target, outputs, scoreThreshold } = this.scorer.state;
    const scores = this.scorer.margins(block, rows);
    for (let first = 0; first < scores.length; first += outputs) applyLink(target.type, scores, first, outputs);
    const labels = this.prefixes.map(({ name }) => block.columns.get(name) as unknown as Labels);
    const [label] = labels;
    if (rows.length === block.rowCount && this.#kernelLines !== undefined && !Array.isArray(label)) {
      const cutOff = target.type === 'BINARY' ? scoreThreshold : undefined;
      this.#kernelLines.write(scores, label, cutOff, this.#append, (row) => this.#writeRow(labels, row, scores, row));
      return;
    }
    const lineCount = kept === undefined ? block.rowCount : kept.length;
    for (let line = 0, i = 0; line < lineCount; line++) {
      const row = kept === undefined ? line : kept[line];
      if (rows[i] === row) this.#writeRow(labels, row, scores, i++);
      else this.#lines.endLine();
    }
  }

  readonly #append = (lines: Uint8Array): void => this.#lines.append(lines);

  /** @param i index of the row's scores */
  #writeRow(labels: readonly Labels[], row: number, scores: Float64Array, i: number): void {
    const { target, outputs, scoreThreshold } = this.scorer.state;
    for (let p = 0; p < labels.length; p++) {
      const label = labels[p][row];
      if (typeof label === 'string') this.#lines.text(label);
      else this.#lines.bit(label);
    }
    const first = i * outputs;
    if (target.type === 'BINARY') this.#lines.bit(scores[first] >= scoreThreshold ? 1 : 0);
    for (let k = first; k < first + outputs; k++) this.#lines.score(scores[k]);
    this.#lines.endLine();
  }
}
