import type { DenseColumn } from '../features/dense-encoder.js';
import { DENSE_HEADER_WORDS, FIRST_FEATURE, type RowLayout } from '../features/rows.js';
import {
  CENTRES,
  COLUMN_WORDS,
  COUNTS,
  DEVIATIONS,
  ENTRY_BYTES,
  MEANS,
  NO_PLACE,
  stateBytes,
  WORK_WORDS,
  workWords,
} from '../kernel/settle-kernel.js';
import { otherWork } from '../other-work.js';
import { type RunsToSettle, settlingGroups, settlingRuns } from '../threads/settle-role.js';
import { type Correction, type Corrections, correctionsOf } from './corrections.js';
import type { Form, Known, OpenedKernel, SettledRows } from './provisional-rows.js';
import { listRuns, partsOfRuns, type Run } from './row-runs.js';
import { settleOnThreads } from './settle-threads.js';
import { closeStride } from './shards.js';
import type { VisitingOrder } from './shuffle.js';

/** Encoded rows in the order of the data. */
export interface Encoded extends OpenedKernel {
  readonly address: number;
  readonly rowCount: number;
  /** Bytes from one to the next. */
  readonly stride: number;
}

/** Dense rows. */
interface EncodedDense extends OpenedKernel, Omit<Form, 'layout'> {
  /** In the order of the data. */
  readonly runs: readonly Run[];
  readonly layout: RowLayout & { readonly form: 'dense' };
}

/** Threads that have nothing else to do settle more than others. */
const PARTS_PER_THREAD = 12;
/** Rows that are settled before other work of the process gets its turn. */
const ROWS_PER_CALL = 1 << 14;

/**
 * Give encoded rows their final values and places, and count their features.
 *
 * @returns undefined where they would not be as precise as rows that are encoded anew, or need more room
 */
export async function settleRows(encoded: EncodedDense, known: Known): Promise<SettledRows | undefined> {
  const corrections = correctionsOf(encoded, known);
  const { layout, densePlan } = known.encoder;
  if (corrections === undefined) return undefined;
  const { kernel, memory, runs } = encoded;
  const { columns } = densePlan!;
  const stride = closeStride(layout);
  const rowCount = runs.reduce((sum, run) => sum + run.rowCount, 0);
  const [{ address }] = runs;
  const isOneRun = runs.length === 1;
  const starts = isOneRun ? undefined : memory.allocate(4 * rowCount, 64);
  const mark = memory.mark();
  const threads = isOneRun ? 1 : (known.crew?.size ?? 1);
  const works = Array.from({ length: threads }, () => writeWork(encoded, wordsOf(corrections), columns, stride));
  const addresses = works.map((work) => work.address);
  if (starts === undefined) {
    await settleGroups({ ...encoded, address, rowCount, stride }, known, addresses[0], kernel.settleDense);
  } else await settleInPlace(encoded, starts, addresses, known);
  for (const run of runs) numberClasses({ ...encoded, ...run, stride }, known);
  for (const [i, work] of works.entries()) {
    known.encoder.countDense(i === 0 ? rowCount : 0, countsOf(encoded, columns, work));
  }
  memory.release(mark);
  return { kernel, memory, places: { address, stride, starts }, layout };
}

/** What one thread settles by. */
interface Work {
  /** As `settleDense` takes it. */
  readonly address: number;
  readonly table: Table;
  /** Address of the columns that the kernel was given, if it was. */
  readonly moves: number | undefined;
}

function writeWork(
  encoded: EncodedDense,
  corrections: readonly WordCorrection[],
  columns: readonly DenseColumn[],
  stride: number,
): Work {
  const { memory } = encoded;
  const table = writeTable(encoded, corrections);
  const moves = movesOf(columns, stride);
  const list = memory.allocate(4 * moves.length);
  memory.u32.set(moves, list / 4);
  const columnCount = moves.length / COLUMN_WORDS;
  const address = memory.allocate(4 * WORK_WORDS);
  const { from, entries } = table;
  const scratch = memory.allocate(stride);
  memory.u32.set(
    workWords({ recordBytes: stride, from, table: table.address, entries, columns: list, columnCount, scratch }),
    address / 4,
  );
  return { address, table, moves: columnCount === 0 ? undefined : list };
}

/**
 * Settle rows where they are, part by part on the threads of the crew.
 *
 * @param starts address of u32[rows], written: where each row is, in visiting order
 * @param works what each thread settles by, as the kernel takes it
 */
async function settleInPlace(
  { kernel, memory, runs, layout }: EncodedDense,
  starts: number,
  works: readonly number[],
  { crew, module, order, signal }: Known,
): Promise<void> {
  const stride = closeStride(layout);
  const parts = partsOfRuns(runs, stride, works.length * PARTS_PER_THREAD);
  const jobs = parts.map(
    (runs) =>
      (slot: number): RunsToSettle => ({ runs, stride, work: works[slot] }),
  );
  const slots = Array.from(works.keys());
  const settled = crew && settleOnThreads(crew, slots, { module, memory: memory.memory }, jobs, signal);
  const rowCount = runs.reduce((sum, run) => sum + run.rowCount, 0);
  listRuns(runs, stride, order, memory.u32.subarray(starts / 4, starts / 4 + rowCount));
  if (settled !== undefined) await settled;
  else for (const job of jobs) await inTurns(settlingRuns(kernel, job(0)), signal);
}

/**
 * Settle rows and take them to their places.
 *
 * @param work as `settle` takes it
 * @param settle a function of the kernel
 */
export async function settleGroups(
  { kernel, memory, rowCount, address, stride }: Encoded,
  { order, crew, module, signal }: Known,
  work: number,
  settle: (rows: number, rowCount: number, work: number) => void,
): Promise<void> {
  const { groupRows } = order;
  const groupCount = Math.floor(rowCount / groupRows);
  const groupBytes = groupRows * stride;
  const places = memory.allocate(4 * groupCount);
  const state = memory.allocate(stateBytes(groupBytes));
  const { u32 } = memory;
  placeGroups(order, u32.subarray(places / 4, places / 4 + groupCount));
  u32.set([0, NO_PLACE], state / 4);
  const most = ROWS_PER_CALL / groupRows;
  const groups = { state, address, groupRows, groupCount, places, work, most };
  if (crew !== undefined) {
    // The last thread: this one has other rows to look at meanwhile.
    await settleOnThreads(crew, [crew.size - 1], { module, memory: memory.memory }, [() => groups], signal);
  } else await inTurns(settlingGroups(kernel, groups), signal);
  settle(address + groupCount * groupBytes, rowCount - groupCount * groupRows, work);
}

/** Other work of the process gets its turn after each step. */
async function inTurns(steps: Iterable<void>, signal: AbortSignal | undefined): Promise<void> {
  for (const _ of steps) {
    await otherWork();
    signal?.throwIfAborted();
  }
}

/** Where each group belongs. Apart from what waits, for which the compiler takes long. */
function placeGroups(order: VisitingOrder, places: Uint32Array): void {
  const { groupRows } = order;
  for (let group = 0; group < places.length; group++) places[group] = order(group * groupRows) / groupRows;
}

/** A correction of a word of all records. */
interface WordCorrection extends Correction {
  readonly word: number;
}

/** Of the words that do not stay as they are. */
function wordsOf({ target, outputs }: Corrections): WordCorrection[] {
  const words: WordCorrection[] = outputs.flatMap((output, i) =>
    output === undefined ? [] : { word: wordOf(i), ...output },
  );
  return target === undefined ? words : [{ word: 0, ...target }, ...words];
}

/** Word of a provisional record that an output stands in. */
const wordOf = (output: number): number => DENSE_HEADER_WORDS + FIRST_FEATURE + output;

/** As kernels read it. */
interface Table {
  readonly address: number;
  /** Byte offset of its first words inside a record. */
  readonly from: number;
  readonly entries: number;
}

/** Begins behind the header where that stays as it is. */
function writeTable({ memory, layout: { width } }: EncodedDense, corrections: readonly WordCorrection[]): Table {
  const firstWord = corrections.some(({ word }) => word === 0) ? 0 : DENSE_HEADER_WORDS;
  const words = DENSE_HEADER_WORDS + width - firstWord;
  const entries = words / 4;
  const table = { address: memory.allocate(entries * ENTRY_BYTES), from: 4 * firstWord, entries };
  const { f64, u32 } = memory;
  u32.fill(0, table.address / 4, (table.address + entries * ENTRY_BYTES) / 4);
  for (let word = firstWord; word < firstWord + words; word++) f64[tableIndex(table, word, DEVIATIONS, 8)] = 1;
  for (const { word, centre, mean, deviation } of corrections) {
    f64[tableIndex(table, word, CENTRES, 8)] = centre;
    f64[tableIndex(table, word, MEANS, 8)] = mean;
    f64[tableIndex(table, word, DEVIATIONS, 8)] = deviation;
  }
  return table;
}

/** Index of what belongs to a word of a record, in elements of so many bytes. */
function tableIndex({ address, from }: Table, word: number, offset: number, bytes: number): number {
  const place = word - from / 4;
  return (address + Math.floor(place / 4) * ENTRY_BYTES + offset) / bytes + (place % 4);
}

/** As `settleDense` takes columns; none when all features stand where they stood. */
function movesOf(columns: readonly DenseColumn[], recordBytes: number): Uint32Array {
  const stay = columns.every(({ feature, missingFeature }, i) => feature === FIRST_FEATURE + i && missingFeature === 0);
  if (stay) return new Uint32Array(0);
  const offsetOf = (feature: number): number => (feature === 0 ? recordBytes : 4 * (DENSE_HEADER_WORDS + feature));
  return Uint32Array.from(
    columns.flatMap(({ feature, missingFeature }, i) => [
      4 * wordOf(i),
      offsetOf(feature),
      offsetOf(missingFeature),
      0,
    ]),
  );
}

/** Targets that are codes become the numbers of their classes. */
export function numberClasses(
  { memory, address, rowCount, stride }: Encoded,
  { scale, targetStatistics }: Known,
): void {
  if (scale.type !== 'MULTICLASS' || targetStatistics.type !== 'MULTICLASS') return;
  const numbers = new Map(scale.classes.map((name, number) => [name, number]));
  const { classes } = targetStatistics;
  const ofCode = new Float32Array(1 + Math.max(...classes.map(({ code }) => code)));
  for (const { value, code } of classes) ofCode[code] = numbers.get(value)!;
  const { f32 } = memory;
  for (let row = 0, at = address / 4; row < rowCount; row++, at += stride / 4) f32[at] = ofCode[f32[at]];
}

/** Rows that contain each feature. */
function countsOf(
  { memory: { u32 }, layout: { width } }: EncodedDense,
  columns: readonly DenseColumn[],
  { table, moves }: Work,
): Uint32Array {
  const counts = new Uint32Array(width);
  for (const [i, { feature, missingFeature }] of columns.entries()) {
    const missing = moves === undefined ? 0 : u32[moves / 4 + i * COLUMN_WORDS + 3];
    counts[feature] += u32[tableIndex(table, wordOf(i), COUNTS, 4)] - missing;
    counts[missingFeature] += missing;
  }
  return counts;
}
