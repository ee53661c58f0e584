import { Rejections } from '../datasource/rejections.js';
import { everyRecord, RowSelector } from '../datasource/select.js';
import { watched } from '../datasource/watched.js';
import type { Encoder } from '../features/encode.js';
import type { KernelMemory } from '../kernel/memory.js';
import { TargetReader } from '../model/target.js';
import type { FittedRecipe } from '../recipe/fitted.js';
import type { StagedRows, StagingOptions } from './dataset.js';
import { DenseThreads } from './dense-threads.js';
import { HeldOutSample, sampleOf } from './held-out-sample.js';
import { reading } from './progress.js';
import { learnedRows } from './row-weights.js';
import { recordTargets } from './target.js';
import type { Prepared, TrainInput } from './train.js';

/** Threads to encode dense rows with, where they run already and the columns were kept, which nobody will overwrite. */
export function denseThreads(
  { source, resources: { crew }, module }: TrainInput,
  memory: KernelMemory,
): StagingOptions['openThreads'] {
  if (!crew?.isRunning || !source.keptBytes) return undefined;
  return (plan) => new DenseThreads(crew, module, memory, plan);
}

/** A sample of what is not learned from, to be filled while rows are encoded. */
export function openHeldOut({ heldOut, schema }: TrainInput): HeldOutSample | undefined {
  if (heldOut === undefined) return undefined;
  return new HeldOutSample(schema.targetAttributeName!, schema.rowWeight, heldOut.keep ?? everyRecord);
}

/** Held-out rows of another source, while they are read. */
export interface OtherRows {
  readonly sample: HeldOutSample;
  /** Other threads parse them, at the same time as what follows. */
  readonly isBeside: boolean;
  /** Resolves when all have been read; rejects with what the reading failed with. */
  whole(): Promise<void>;
}

/**
 * Read the sample of held-out rows of another source, if there is one: at the same time as what follows where other threads
 * parse, else at once.
 */
export async function readOther(input: TrainInput, recipe: FittedRecipe): Promise<OtherRows | undefined> {
  const { heldOut, schema, resources, signal } = input;
  const source = await heldOut?.open?.({ targetAttributeName: schema.targetAttributeName!, recipe });
  if (source === undefined) return undefined;
  const sample = openHeldOut(input)!;
  const isBeside = resources.crew?.isRunning === true;
  const reading = sampleOf(source, sample, isBeside ? { signal } : input);
  // Awaited by whoever needs all of them; an error until then is not unhandled.
  reading.catch(() => {});
  if (!isBeside) await reading;
  return { sample, isBeside, whole: () => reading };
}

/**
 * Encode all rows, unless they are there.
 *
 * @param heldOut to be filled with held-out rows of the same source
 */
export async function encodeRows(
  input: TrainInput,
  { scale, weightTotals, first }: Prepared,
  encoder: Encoder,
  staged: StagedRows,
  heldOut: HeldOutSample | undefined,
): Promise<void> {
  if (staged.isComplete) return;
  const target = input.schema.targetAttributeName!;
  const reader = new TargetReader(target, scale);
  const rejections = new Rejections();
  const selector = new RowSelector(target, input.keep, rejections);
  for await (const block of watched(input.source, { ...reading('encode', input), last: input.isLast })) {
    const { rows: listed, weights } = learnedRows(block, selector, input.schema.rowWeight, rejections);
    heldOut?.add(block);
    const normalised = weights && weightTotals?.normalised(weights);
    const targets = recordTargets(reader.read(block, listed), scale, first.centres?.target);
    await staged.add(encoder, block, listed, targets, normalised);
  }
  await staged.settle(encoder);
}
