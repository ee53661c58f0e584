import { BIAS_FEATURE, FIRST_FEATURE, headWords, PADDING_FEATURE, SPARSE_HEADER_WORDS } from '../features/rows.js';
import type { KernelMemory } from '../kernel/memory.js';
import {
  CENTRES,
  DEVIATIONS,
  ENTRY_BYTES,
  MASKS,
  MEANS,
  MOST_LISTS,
  sparseWorkWords,
  WORK_WORDS,
} from '../kernel/settle-kernel.js';
import type { CodeOrder } from './code-order.js';
import { type Correction, type Corrections, correctionsOf } from './corrections.js';
import { provisionalFeatures, type SettledFeatures } from './provisional-features.js';
import type { Form, Known, SettledRows } from './provisional-rows.js';
import { type Encoded, numberClasses, settleGroups } from './settle-rows.js';

/** Sparse rows of cells, in the order of the data. */
export interface EncodedSparse extends Encoded {
  readonly form: Form;
  /** The bias, then a provisional feature for each number: `FIRST_FEATURE` and the number of its output. */
  readonly head: readonly number[];
  /** By categorical attribute. */
  readonly orders: ReadonlyMap<string, CodeOrder>;
  /** Rows in which the number of an output was missing. */
  readonly missingCounts: readonly number[];
  /** Of all records, but for their headers and heads. */
  readonly tailBytes: number;
}

/**
 * Give encoded rows their final values, features and places.
 *
 * @returns undefined where they would not be as precise as rows that are encoded anew, or have other features
 */
export async function settleSparseRows(encoded: EncodedSparse, known: Known): Promise<SettledRows | undefined> {
  const { kernel, memory, address, rowCount, stride, tailBytes } = encoded;
  const corrections = correctionsOf(encoded.form, known);
  if (corrections === undefined) return undefined;
  const words = finalWords(encoded, corrections);
  // Of all numbers only the bias would be left, which stands elsewhere then.
  if (words.length === 1) return undefined;
  const features = provisionalFeatures(encoded, known, corrections);
  if (features === undefined) return undefined;
  const { learned, numbers } = features;
  const mark = memory.mark();
  await settleGroups(encoded, known, writeWork(encoded, corrections, features, words), kernel.settleSparse);
  numberClasses(encoded, known);
  memory.release(mark);
  const head = words.map((word) => (word === 0 ? BIAS_FEATURE : numbers.get(outputOf(encoded, word))!));
  const layout = { form: 'sparse', head } as const;
  const bytes = tailBytes + rowCount * 4 * (SPARSE_HEADER_WORDS + headWords(layout));
  const remap = Uint32Array.from({ length: learned.features.size }, (_, feature) => feature);
  return { kernel, memory, places: { address, stride, bytes }, layout, learned: { ...learned, remap } };
}

/** Output that a word of the head belongs to, which is not the first. */
function outputOf({ head }: EncodedSparse, word: number): number {
  return head[word] - FIRST_FEATURE;
}

/** Words of the head but those of numbers that have no feature. */
function finalWords(encoded: EncodedSparse, { outputs }: Corrections): number[] {
  const words = Array.from(encoded.head.keys());
  return words.filter((word) => word === 0 || outputs[outputOf(encoded, word)] !== undefined);
}

/** @returns address of what `settleSparse` works by */
function writeWork(
  encoded: EncodedSparse,
  corrections: Corrections,
  { lists, numbers }: SettledFeatures,
  words: readonly number[],
): number {
  const { memory, head, stride } = encoded;
  const headGroups = Math.ceil(head.length / 4);
  const table = memory.allocate(headGroups * ENTRY_BYTES);
  const work = memory.allocate(4 * WORK_WORDS);
  for (let word = 0; word < 4 * headGroups; word++) {
    const output = word === 0 || word >= head.length ? undefined : outputOf(encoded, word);
    const isKept = word === 0 || (output !== undefined && numbers.get(output) !== PADDING_FEATURE);
    writeEntry(memory, table, word, output === undefined ? undefined : corrections.outputs[output], isKept);
  }
  const { target } = corrections;
  const isWhole = words.length === head.length;
  const sparseWork = {
    recordBytes: stride,
    headGroups,
    table,
    lists: writeLists(memory, lists),
    finalWords: words.length,
    sources: isWhole ? 0 : place(memory, Uint32Array.from(words)),
    targets: target === undefined ? 0 : place(memory, Float64Array.of(target.centre, target.mean, target.deviation)),
  };
  memory.u32.set(sparseWorkWords(sparseWork), work / 4);
  return work;
}

function writeEntry(
  { f64, u32 }: KernelMemory,
  table: number,
  word: number,
  { centre, mean, deviation }: Correction = { centre: 0, mean: 0, deviation: 1 },
  isKept: boolean,
): void {
  const entry = table + Math.floor(word / 4) * ENTRY_BYTES;
  const at = entry / 8 + (word % 4);
  f64[at + CENTRES / 8] = centre;
  f64[at + MEANS / 8] = mean;
  f64[at + DEVIATIONS / 8] = deviation;
  u32[(entry + MASKS) / 4 + (word % 4)] = isKept ? 0xffffffff : 0;
}

/** @returns address of the addresses of the lists */
function writeLists(memory: KernelMemory, lists: readonly Uint32Array[]): number {
  const addresses = new Uint32Array(MOST_LISTS);
  addresses.set(lists.map((list) => place(memory, list)));
  return place(memory, addresses);
}

/** Copy an array into kernel memory. */
function place(memory: KernelMemory, array: Uint32Array | Float64Array): number {
  const address = memory.allocate(array.byteLength);
  if (array instanceof Float64Array) memory.f64.set(array, address / 8);
  else memory.u32.set(array, address / 4);
  return address;
}
