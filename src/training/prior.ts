import { applyRemap } from '../features/remap.js';
import {
  BIAS_FEATURE,
  DENSE_WEIGHT_WORD,
  type RowLayout,
  remappedLayout,
  SPARSE_WEIGHT_WORD,
} from '../features/rows.js';
import type { PriorChoice } from '../model/state.js';
import { countRows } from './count-rows.js';
import type { FitInput } from './fit-input.js';
import { HeldOutRows } from './held-out.js';
import { refine, refineVectors } from './refine.js';
import { openSample } from './refine-start.js';
import { SampleObjective } from './sample-objective.js';
import { sampleRows } from './sample-rows.js';
import type { Sample } from './sampled-rows.js';
import { recordWords } from './shards.js';
import { hashText, randomIntegers } from './shuffle.js';
import type { Vectors } from './vectors.js';

/** Strengths to choose from; the strongest first, so that each is a good start for the next one. */
const STRENGTHS = [100, 30, 10, 3, 1, 0.3];
/** What is taken where the prior matters little. */
const USUAL = 1;
/** With so many observations per feature the data outweighs any of the priors. */
const ENOUGH_ROWS_PER_FEATURE = 20;
/** Observations that the trials look at, at most. */
const MOST_ROWS = 5000;
/** The observations are cut into so many parts, of which one is held out at a time, */
const PARTS = 10;
/** until so many have been held out, or for so many times. */
const ENOUGH_HELD_OUT = 500;
const MOST_TRIALS = 4;
/** So many strengths in a row that do worse than the one before end the search: the loss has one minimum. */
const ENOUGH_WORSE = 2;
/** Of stage 2, with each strength. */
const PASSES = 5;
/** Features whose correlation is seen to: the trials need not be exact. */
const BLOCK_FEATURES = 64;

/**
 * Choose the strength of the prior on the weights: the one of 0.3, 1, 3, 10, 30 and 100 with which a model that learns from
 * nine tenths of the observations does best on the others. Stage 2 goes from the null model to the strongest and on to the next,
 * until weaker ones only do worse.
 *
 * @throws the signal's reason when it is aborted
 */
export async function choosePrior(input: FitInput): Promise<PriorChoice> {
  const { plan, memory, spill, featureCount, seed } = input;
  if (plan.rowCount < PARTS || plan.rowCount >= ENOUGH_ROWS_PER_FEATURE * (featureCount - BIAS_FEATURE - 1)) {
    return { chosen: USUAL, trials: [], heldOutCount: 0 };
  }
  const { sample, ...left } = withoutAbsent(
    await sampleRows(plan, memory, spill?.rows, MOST_ROWS),
    plan.layout,
    featureCount,
  );
  const known = { ...input, plan: { ...plan, layout: left.layout }, featureCount: left.featureCount };
  const parts = randomParts(sample.starts.length, seed);
  const trials: Trial[] = [];
  let heldOutCount = 0;
  for (let part = 0; part < MOST_TRIALS && heldOutCount < ENOUGH_HELD_OUT; part++) {
    const trial = new Trial(known, sample, (row) => parts[row] === part);
    if (!(trial.heldOut.totalWeight > 0)) continue;
    trials.push(trial);
    heldOutCount += trial.heldOut.rowCount;
  }
  const tried = trials.length === 0 ? [] : await tryStrengths(trials);
  const best = tried.reduce((least, one) => (one.heldOutLoss < least.heldOutLoss ? one : least), {
    prior: USUAL,
    heldOutLoss: tried.find(({ prior }) => prior === USUAL)?.heldOutLoss ?? Number.POSITIVE_INFINITY,
  });
  return { chosen: best.prior, trials: tried, heldOutCount };
}

/** The mean loss on what the trials hold out, for each strength until weaker ones only do worse; the weakest first. */
async function tryStrengths(trials: readonly Trial[]): Promise<PriorChoice['trials']> {
  const weight = trials.reduce((sum, { heldOut }) => sum + heldOut.totalWeight, 0);
  const tried: { readonly prior: number; readonly heldOutLoss: number }[] = [];
  let worse = 0;
  for (const prior of STRENGTHS) {
    let sum = 0;
    for (const trial of trials) sum += (await trial.loss(prior)) * trial.heldOut.totalWeight;
    const heldOutLoss = sum / weight;
    worse = tried.length > 0 && heldOutLoss > tried[0].heldOutLoss ? worse + 1 : 0;
    tried.unshift({ prior, heldOutLoss });
    if (worse === ENOUGH_WORSE) break;
  }
  return tried;
}

/** A number from 0 to PARTS - 1 for each row, each as often as the others. */
function randomParts(rowCount: number, seed: string): Uint8Array {
  const parts = Uint8Array.from({ length: rowCount }, (_, row) => row % PARTS);
  const random = randomIntegers(hashText(seed));
  for (let last = rowCount - 1; last > 0; last--) {
    const other = random(last + 1);
    [parts[last], parts[other]] = [parts[other], parts[last]];
  }
  return parts;
}

/** One division of a sample into rows to learn from and rows that are held out. */
class Trial {
  readonly heldOut: HeldOutRows;
  readonly #objective: SampleObjective;
  readonly #vectors: Vectors;
  /** Where the next strength begins. */
  #weights: Float64Array | undefined;

  constructor(
    readonly input: FitInput,
    sample: Sample,
    isHeldOut: (row: number) => boolean,
  ) {
    const { module, type, outputs, featureCount, plan, signal } = input;
    const { layout } = plan;
    const learned = pickRecords(sample, layout, (row) => !isHeldOut(row));
    this.heldOut = new HeldOutRows(module, layout, type, outputs, featureCount);
    this.heldOut.add(pickRecords(sample, layout, isHeldOut));
    const rows = openSample(learned, { module: module, layout, outputs, signal });
    this.#objective = new SampleObjective(rows, learned, type, featureCount);
    this.#vectors = refineVectors(module, featureCount * outputs);
  }

  /** The loss on the held-out rows with a strength; begins where the last call ended. */
  async loss(prior: number): Promise<number> {
    const { type, outputs, featureCount, options, bias, module, plan, signal } = this.input;
    const nullModel = new Float64Array(featureCount * outputs);
    nullModel.set(bias, BIAS_FEATURE * outputs);
    const { rows } = this.#objective;
    const mark = rows.memory.mark();
    const { weights } = await refine({
      objective: this.#objective,
      type,
      layout: plan.layout,
      module: module,
      sample: rows,
      vectors: this.#vectors,
      candidates: this.#weights === undefined ? [] : [this.#weights],
      nullModel,
      l1: options.l1,
      l2: options.l2 + prior / rows.count,
      passes: PASSES,
      blockFeatures: BLOCK_FEATURES,
      signal,
    });
    rows.memory.release(mark);
    this.#weights = weights;
    return this.heldOut.loss(weights);
  }
}

/** Copies of some of the records. */
function pickRecords({ words, starts }: Sample, layout: RowLayout, isWanted: (row: number) => boolean): Sample {
  const weightWord = layout.form === 'dense' ? DENSE_WEIGHT_WORD : SPARSE_WEIGHT_WORD;
  const floats = new Float32Array(words.buffer, words.byteOffset, words.length);
  const wanted = starts.filter((start, row) => floats[start + weightWord] > 0 && isWanted(row));
  let length = 0;
  for (const start of wanted) length += recordWords(words, start, layout);
  const picked = new Uint32Array(length);
  let end = 0;
  const places = wanted.map((start) => {
    const size = recordWords(words, start, layout);
    picked.set(words.subarray(start, start + size), end);
    end += size;
    return end - size;
  });
  return { words: picked, starts: places };
}

/** Records of a sample with the features renumbered that are in them; dense ones as they are. */
function withoutAbsent(
  sample: Sample,
  layout: RowLayout,
  featureCount: number,
): { readonly sample: Sample; readonly layout: RowLayout; readonly featureCount: number } {
  if (layout.form === 'dense') return { sample, layout, featureCount };
  const counts = countRows(sample, layout, featureCount);
  const numbers = new Uint32Array(featureCount);
  let size = BIAS_FEATURE;
  for (let feature = BIAS_FEATURE; feature < featureCount; feature++)
    if (counts[feature] > 0) numbers[feature] = size++;
  const words = sample.words.slice();
  applyRemap(words, sample.starts, layout, numbers);
  return { sample: { words, starts: sample.starts }, layout: remappedLayout(layout, numbers), featureCount: size };
}
