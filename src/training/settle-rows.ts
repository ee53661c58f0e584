import type { DenseColumn } from '../features/dense-encoder.js';
import { DENSE_HEADER_WORDS, FIRST_FEATURE, type RowLayout } from '../features/rows.js';
import type { Kernel } from '../kernel/kernel.js';
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
import type { GroupsToSettle } from '../threads/settle-role.js';
import { type Correction, type Corrections, correctionsOf } from './corrections.js';
import type { Form, Known, OpenedKernel, SettledRows } from './provisional-rows.js';
import { settleOnThread } from './settle-thread.js';
import { closeStride } from './shards.js';
import type { VisitingOrder } from './shuffle.js';

/** Encoded rows in the order of the data. */
export interface Encoded extends OpenedKernel {
  readonly address: number;
  readonly rowCount: number;
  /** Bytes from one to the next. */
  readonly stride: number;
}

interface EncodedDense extends Omit<Encoded, 'stride'>, Omit<Form, 'layout'> {
  readonly layout: RowLayout & { readonly form: 'dense' };
}

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
  const { kernel, memory, rowCount, address } = encoded;
  const stride = closeStride(layout);
  const mark = memory.mark();
  const table = writeTable(encoded, wordsOf(corrections));
  const moves = movesOf(densePlan!.columns, stride);
  const columns = memory.allocate(4 * moves.length);
  memory.u32.set(moves, columns / 4);
  const columnCount = moves.length / COLUMN_WORDS;
  const work = memory.allocate(4 * WORK_WORDS);
  const { from, entries } = table;
  const scratch = memory.allocate(stride);
  memory.u32.set(
    workWords({ recordBytes: stride, from, table: table.address, entries, columns, columnCount, scratch }),
    work / 4,
  );
  await settleGroups({ ...encoded, stride }, known, work, kernel.settleDense);
  numberClasses({ ...encoded, stride }, known);
  known.encoder.countDense(
    rowCount,
    countsOf(encoded, densePlan!.columns, table, columnCount === 0 ? undefined : columns),
  );
  memory.release(mark);
  return { kernel, memory, places: { address, stride }, layout };
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
  if (crew !== undefined) await settleOnThread(crew, { module, memory: memory.memory, groups }, signal);
  else await settleHere(kernel, groups, signal);
  settle(address + groupCount * groupBytes, rowCount - groupCount * groupRows, work);
}

async function settleHere(kernel: Kernel, groups: GroupsToSettle, signal: AbortSignal | undefined): Promise<void> {
  const { state, address, groupRows, groupCount, places, work, most } = groups;
  for (let settled = most; settled === most; ) {
    settled = kernel.settleGroups(state, address, groupRows, groupCount, places, work, most);
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

/**
 * Rows that contain each feature.
 *
 * @param moves address of the columns that the kernel was given, if it was
 */
function countsOf(
  { memory: { u32 }, layout: { width } }: EncodedDense,
  columns: readonly DenseColumn[],
  table: Table,
  moves: number | undefined,
): Uint32Array {
  const counts = new Uint32Array(width);
  for (const [i, { feature, missingFeature }] of columns.entries()) {
    const missing = moves === undefined ? 0 : u32[moves / 4 + i * COLUMN_WORDS + 3];
    counts[feature] += u32[tableIndex(table, wordOf(i), COUNTS, 4)] - missing;
    counts[missingFeature] += missing;
  }
  return counts;
}
