import { Rejections } from '../datasource/rejections.js';
import { everyRecord, RowSelector } from '../datasource/select.js';
import { watched } from '../datasource/watched.js';
import type { Encoder } from '../features/encode.js';
import type { KernelMemory } from '../kernel/memory.js';
import { TargetReader } from '../model/target.js';
import type { StagedRows, StagingOptions } from './dataset.js';
import { DenseThreads } from './dense-threads.js';
import { HeldOutSample, sampleOf } from './held-out-sample.js';
import { reading } from './progress.js';
import { learnedRows } from './row-weights.js';
import { recordTargets } from './target.js';
import type { Prepared, TrainInput } from './train.js';

/** Threads to encode dense rows with, where they run already and the columns were kept, which nobody will overwrite. */
export function denseThreads(
  { source, resources: { crew }, modules }: TrainInput,
  memory: KernelMemory,
): StagingOptions['openThreads'] {
  if (!crew?.isRunning || !source.keptBytes) return undefined;
  return (plan) => new DenseThreads(crew, modules.shared, memory, plan);
}

/** A sample of what is not learned from, to be filled while rows are encoded. */
export function openHeldOut({ heldOut, schema }: TrainInput): HeldOutSample | undefined {
  if (heldOut === undefined) return undefined;
  return new HeldOutSample(schema.targetAttributeName!, schema.rowWeight, heldOut.keep ?? everyRecord);
}

/** Encode all rows, unless they are there, and read the sample of held-out ones: at the same time where other threads parse. */
export async function readRows(
  input: TrainInput,
  prepared: Prepared,
  encoder: Encoder,
  staged: StagedRows,
  sample: HeldOutSample | undefined,
): Promise<void> {
  const { heldOut, schema, resources, signal } = input;
  const targetAttributeName = schema.targetAttributeName!;
  const other = await heldOut?.open?.({ targetAttributeName, recipe: prepared.recipe });
  const encodeRows = async (): Promise<void> => {
    if (!staged.isComplete) await encode(input, prepared, encoder, staged, heldOut?.keep && sample);
  };
  if (other === undefined) return encodeRows();
  if (!resources.crew?.isRunning) {
    await sampleOf(other, sample!, input);
    return encodeRows();
  }
  const readings = await Promise.allSettled([sampleOf(other, sample!, { signal }), encodeRows()]);
  for (const ended of readings) if (ended.status === 'rejected') throw ended.reason;
}

async function encode(
  input: TrainInput,
  { scale, weightTotals, first }: Prepared,
  encoder: Encoder,
  staged: StagedRows,
  heldOut: HeldOutSample | undefined,
): Promise<void> {
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
