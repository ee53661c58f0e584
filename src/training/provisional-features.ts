import type { LearnedFeatures } from '../features/encode.js';
import type { Learned } from '../features/learner.js';
import { Numbering } from '../features/numbering.js';
import { countedCategories, countedSlots } from '../features/open-column.js';
import { featureLimit } from '../features/pruning.js';
import { BIAS_FEATURE, FIRST_FEATURE, PADDING_FEATURE, SPARSE_HEADER_WORDS } from '../features/rows.js';
import { selectFeatures } from '../features/selection.js';
import type { FittedOutput } from '../recipe/fitted.js';
import type { Corrections } from './corrections.js';
import type { Known } from './provisional-rows.js';
import { mayVanish, scaledBy } from './provisional-scale.js';
import type { EncodedSparse } from './settle-sparse-rows.js';

/** The features of settled sparse rows. */
export interface SettledFeatures {
  readonly learned: LearnedFeatures;
  /** Final features by list and place in it, as provisional records refer to them. */
  readonly lists: readonly Uint32Array[];
  /** Final features of the numbers, by output. */
  readonly numbers: ReadonlyMap<number, number>;
}

/**
 * The features that an encoder would have learned of the rows one by one.
 *
 * @returns undefined where it might have forgotten some, and counted others too often
 */
export function provisionalFeatures(
  encoded: EncodedSparse,
  known: Known,
  corrections: Corrections,
): SettledFeatures | undefined {
  const numbering = new Numbering();
  const outputs = known.recipe.outputs.map((output, i) => learnedOf(output, i, encoded, known, corrections, numbering));
  if (numbering.size - FIRST_FEATURE >= featureLimit(known.maxFeatures)) return undefined;
  const learned = selectFeatures(
    outputs.map((output) => output.learned),
    numbering,
    encoded.rowCount,
    known.mostKept,
  );
  const finals = outputs.map(({ learned: { features } }) => features.map((feature) => learned.remap[feature]));
  const lists = outputs.map(({ codes, codeCount }, i) => {
    if (codes === undefined) return finals[i];
    const list = new Uint32Array(codeCount);
    for (let j = 0; j < codes.length; j++) list[codes[j]] = finals[i][j];
    return list;
  });
  const numbers = known.recipe.outputs.flatMap(({ kind }, i) =>
    kind === 'number' ? [[i, finals[i][0]] as const] : [],
  );
  return { learned, lists: [Uint32Array.of(PADDING_FEATURE, BIAS_FEATURE), ...lists], numbers: new Map(numbers) };
}

/** What was learned of an output; of categories, their codes and how many there are in the dictionary, too. */
interface LearnedOutput {
  readonly learned: Learned;
  readonly codes?: readonly number[];
  readonly codeCount: number;
}

function learnedOf(
  output: FittedOutput,
  i: number,
  encoded: EncodedSparse,
  { statistics }: Known,
  corrections: Corrections,
  numbering: Numbering,
): LearnedOutput {
  if (output.kind === 'categories') {
    const { counts, dictionary } = statistics.categorical(output.attribute);
    const codes = encoded.orders.get(output.attribute)!.codes(counts);
    const rowCounts = Uint32Array.from(codes, (code) => counts[code]);
    return {
      learned: countedCategories(output, numbering, codes, rowCounts, dictionary),
      codes,
      codeCount: counts.length,
    };
  }
  if (output.kind !== 'number' && output.kind !== 'binary') throw new Error(`not encoded: ${output.expression}`);
  let rowCounts: Uint32Array;
  if (output.kind === 'binary') {
    const { positives, missing } = statistics.binary(output.attribute);
    rowCounts = Uint32Array.of(positives, missing);
  } else rowCounts = Uint32Array.of(valuesIn(encoded, i, corrections), encoded.missingCounts[i]);
  return { learned: countedSlots(output, numbering, rowCounts), codeCount: 0 };
}

/** Rows whose number becomes something else than 0. */
function valuesIn(encoded: EncodedSparse, output: number, { outputs }: Corrections): number {
  const { memory, address, rowCount, stride, head, missingCounts } = encoded;
  const correction = outputs[output];
  if (correction === undefined) return 0;
  const values = rowCount - missingCounts[output];
  if (!mayVanish(correction)) return values;
  const { f32 } = memory;
  let zeros = 0;
  const word = SPARSE_HEADER_WORDS + head.indexOf(FIRST_FEATURE + output);
  for (let row = 0, at = address / 4 + word; row < rowCount; row++, at += stride / 4) {
    zeros += Number(scaledBy(correction, f32[at]) === 0);
  }
  return values - zeros;
}
