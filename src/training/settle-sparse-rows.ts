import type { Encoder } from '../features/encode.js';
import { headWords, PADDING_FEATURE, remappedLayout, SPARSE_HEADER_WORDS } from '../features/rows.js';
import {
  CENTRES,
  DEVIATIONS,
  ENTRY_BYTES,
  MASKS,
  MEANS,
  sparseWorkWords,
  WORK_WORDS,
} from '../kernel/settle-kernel.js';
import { type Correction, type Corrections, correctionsOf } from './corrections.js';
import type { Form, Known, SettledRows } from './provisional-rows.js';
import { mayVanish, scaledBy } from './provisional-scale.js';
import { type Encoded, numberClasses, settleGroups } from './settle-rows.js';

/** Sparse rows of cells, in the order of the data. */
export interface EncodedSparse extends Encoded {
  readonly form: Form;
  /** Has learned their features. */
  readonly learner: Encoder;
  /** Of all records, but for their headers and heads. */
  readonly tailBytes: number;
}

/**
 * Give encoded rows their final values, features and places.
 *
 * @returns undefined where they would not be as precise as rows that are encoded anew, or not have the same features
 */
export async function settleSparseRows(encoded: EncodedSparse, known: Known): Promise<SettledRows | undefined> {
  const { kernel, memory, address, rowCount, stride, learner, tailBytes } = encoded;
  const corrections = correctionsOf(encoded.form, known);
  if (corrections === undefined || !learnsTheSame(encoded, known)) return undefined;
  const numbers = numbersOf(encoded, corrections);
  if (numbers.length > 0 && numbers.every(({ correction }) => correction === undefined)) return undefined;
  for (const { word, feature, correction } of numbers) {
    const zeros = zerosIn(encoded, word, correction);
    if (zeros > 0) learner.uncount(feature, zeros);
  }
  const learned = known.finish(learner);
  const head = finalHead(encoded, numbers);
  const mark = memory.mark();
  const work = writeWork(encoded, corrections, numbers, head, learned.remap);
  await settleGroups(encoded, known, work, kernel.settleSparse);
  numberClasses(encoded, known);
  memory.release(mark);
  const layout = remappedLayout({ form: 'sparse', head }, learned.remap);
  const bytes = tailBytes + rowCount * 4 * (SPARSE_HEADER_WORDS + headWords({ form: 'sparse', head }));
  const remap = Uint32Array.from({ length: learned.features.size }, (_, feature) => feature);
  return { kernel, memory, places: { address, stride, bytes }, layout, learned: { ...learned, remap } };
}

/** Has the learner all features, and under the same names, that the recipe's own encoder would have learned? */
function learnsTheSame({ form, learner }: EncodedSparse, { recipe, maxFeatures }: Known): boolean {
  if (learner.mayForget(maxFeatures)) return false;
  return recipe.outputs.every(
    ({ kind, prefix }, i) => form.outputs[i]?.kind === kind && form.outputs[i].prefix === prefix,
  );
}

/** A number of the head. */
interface HeadNumber {
  /** Of the head. */
  readonly word: number;
  readonly feature: number;
  /** undefined: it has no feature. */
  readonly correction: Correction | undefined;
}

function numbersOf({ learner }: EncodedSparse, { outputs }: Corrections): HeadNumber[] {
  const { head, columns } = learner.sparsePlan!;
  return columns.flatMap((column, i) =>
    column.kind === 'number'
      ? { word: head.indexOf(column.feature), feature: column.feature, correction: outputs[i] }
      : [],
  );
}

/** Rows whose number becomes 0, or has no feature; a missing one is none. */
function zerosIn({ memory, address, rowCount, stride }: EncodedSparse, word: number, correction?: Correction): number {
  if (correction !== undefined && !mayVanish(correction)) return 0;
  const { f32 } = memory;
  let zeros = 0;
  for (let row = 0, at = address / 4 + SPARSE_HEADER_WORDS + word; row < rowCount; row++, at += stride / 4) {
    const x = f32[at];
    const isZero = correction === undefined ? !Number.isNaN(x) : scaledBy(correction, x) === 0;
    zeros += Number(isZero);
  }
  return zeros;
}

/** The head without the numbers that have no feature. */
function finalHead({ learner }: EncodedSparse, numbers: readonly HeadNumber[]): number[] {
  const gone = new Set(numbers.flatMap(({ feature, correction }) => (correction === undefined ? feature : [])));
  return learner.sparsePlan!.head.filter((feature) => !gone.has(feature));
}

/** @returns address of what `settleSparse` works by */
function writeWork(
  { memory, learner, stride }: EncodedSparse,
  { target }: Corrections,
  numbers: readonly HeadNumber[],
  final: readonly number[],
  remap: Uint32Array,
): number {
  const { head } = learner.sparsePlan!;
  const headGroups = Math.ceil(head.length / 4);
  const table = memory.allocate(headGroups * ENTRY_BYTES);
  const remapAt = memory.allocate(4 * remap.length);
  const sources = memory.allocate(4 * final.length);
  const targets = memory.allocate(3 * 8);
  const work = memory.allocate(4 * WORK_WORDS);
  const { f64, u32 } = memory;
  const entryOf = (word: number): number => table + Math.floor(word / 4) * ENTRY_BYTES;
  const setCorrection = (word: number, { centre, mean, deviation }: Correction): void => {
    const at = entryOf(word) / 8 + (word % 4);
    f64[at + CENTRES / 8] = centre;
    f64[at + MEANS / 8] = mean;
    f64[at + DEVIATIONS / 8] = deviation;
  };
  for (let word = 0; word < 4 * headGroups; word++) {
    setCorrection(word, { centre: 0, mean: 0, deviation: 1 });
    const isLeft = word < head.length && remap[head[word]] !== PADDING_FEATURE;
    u32[(entryOf(word) + MASKS) / 4 + (word % 4)] = isLeft ? 0xffffffff : 0;
  }
  for (const { word, correction } of numbers) if (correction !== undefined) setCorrection(word, correction);
  u32.set(remap, remapAt / 4);
  u32.set(
    final.map((feature) => head.indexOf(feature)),
    sources / 4,
  );
  if (target !== undefined) f64.set([target.centre, target.mean, target.deviation], targets / 8);
  const words = {
    recordBytes: stride,
    headGroups,
    table,
    remap: remapAt,
    finalWords: final.length,
    sources: final.length === head.length ? 0 : sources,
    targets: target === undefined ? 0 : targets,
  };
  u32.set(sparseWorkWords(words), work / 4);
  return work;
}
