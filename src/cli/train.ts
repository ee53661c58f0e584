import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { parseRearrangement } from '../datasource/rearrangement.js';
import { InvalidInput } from '../errors.js';
import { performanceMetrics } from '../evaluation/evaluation.js';
import type { Model } from '../model.js';
import { trainModel } from '../node.js';
import type { TrainModelOptions } from '../train-model.js';
import type { OnProgress } from '../training/progress.js';
import { compileLess, markAtOnce } from './engine-flags.js';
import { ENTITY_ID, homeFolder, modelPath, randomModelId } from './home.js';
import { checkOutput } from './outputs.js';
import { progressDisplay } from './progress.js';
import { describePart, readRearrangement } from './rearrangement.js';
import { refuseTakenId } from './refuse-taken-id.js';
import { type Kept, reportData, reportFeatures, reportResult } from './report.js';
import { interruptSignal, workWithoutReader } from './run.js';
import type { TrainFlags } from './train-command.js';
import { trainingOptions } from './training-flags.js';

/** `create-ml-model FILE`: train, evaluate, keep the model, report. */
export async function trainFromFile(file: string | undefined, flags: TrainFlags): Promise<void> {
  const began = performance.now();
  if (file === undefined) {
    throw new InvalidInput('no CSV file is given', { hint: 'create-ml-model FILE --target NAME; see --help' });
  }
  if (flags.html !== undefined && flags.dataRearrangement !== undefined && flags.evaluate === undefined) {
    throw new InvalidInput('--html: there is no evaluation to write', {
      hint: 'name data to evaluate on with --evaluate, or split the file with --split instead of --data-rearrangement',
    });
  }
  const id = flags.mlModelId ?? randomModelId();
  if (!ENTITY_ID.test(id)) {
    throw new InvalidInput(`--ml-model-id: '${id}' is not an id`, { hint: "1 to 64 letters, digits, '-', '_' or '.'" });
  }
  const display = progressDisplay(flags.progress);
  const print = (text: string): void => {
    display.clear();
    if (flags.output === 'report') process.stdout.write(text);
  };
  workWithoutReader();
  const path = await outputPath(file, id, flags);
  const options = await readFlags(file, flags);
  const rowsPerSecond = new Map<number, number>();
  const onProgress = announce(file, learnedPart(options), print, (progress) => {
    if (progress.event === 'pass') rowsPerSecond.set(progress.pass, progress.rowsPerSecond);
    display.onProgress(progress);
  });
  const model = await trainModel({ ...options, onProgress, signal: interruptSignal() }).finally(display.clear);
  const kept: Kept = { id, path, sizeInBytes: await model.save(path) };
  if (flags.html !== undefined) {
    const { writeEvaluationPage } = await import('./evaluate-page.js');
    const source = flags.evaluate ?? (file === '-' ? 'standard input' : file);
    await writeEvaluationPage(flags.html, model, model.evaluation!, source);
  }
  const elapsedMs = Math.round(performance.now() - began);
  const evaluated = flags.evaluate === undefined ? 'not learned from' : `of ${flags.evaluate}`;
  if (flags.output === 'report') print(reportResult(model, kept, file, { evaluated, elapsedMs, rowsPerSecond }));
  else process.stdout.write(`${JSON.stringify(jsonResult(model, kept, elapsedMs), null, 4)}\n`);
}

async function readFlags(file: string, flags: TrainFlags): Promise<TrainModelOptions> {
  const splits = flags.evaluate === undefined && flags.dataRearrangement === undefined;
  return {
    ...trainingOptions(file, flags),
    split: splits ? { strategy: flags.split, trainPercent: readPercent(flags) } : undefined,
    rearrangement: await readRearrangement(flags.dataRearrangement),
    evaluationData: flags.evaluate,
    checkpoint: flags.checkpoint,
  };
}

/** Which part of the data is learned from, for the report. */
function learnedPart({ split, rearrangement }: TrainModelOptions): string {
  if (rearrangement !== undefined) return describePart(parseRearrangement(rearrangement));
  return split === undefined ? 'all' : `${split.strategy ?? 'sequential'} ${split.trainPercent ?? 70} %`;
}

/** Prints the parts of the report as soon as they are known. */
function announce(file: string, part: string, print: (text: string) => void, onProgress: OnProgress): OnProgress {
  let schema: Parameters<typeof reportData>[1] | undefined;
  return (progress) => {
    if (progress.event === 'schema') {
      schema = progress;
      compileLess();
      markAtOnce();
    }
    if (progress.event === 'statistics') print(reportData(file, schema!, progress, part));
    if (progress.event === 'features') print(reportFeatures(progress));
    onProgress(progress);
  };
}

function readPercent({ trainPercent }: TrainFlags): number | undefined {
  if (trainPercent === undefined || /^[1-9]\d?$/.test(trainPercent))
    return trainPercent === undefined ? undefined : Number(trainPercent);
  throw new InvalidInput(`--train-percent: '${trainPercent}' is not a share`, {
    hint: 'give a whole number from 1 to 99',
  });
}

/** Where the model will be written; checked before the work that leads there. */
async function outputPath(file: string, id: string, flags: TrainFlags): Promise<string> {
  const inputs = [file, flags.schema, flags.recipe, flags.evaluate];
  if (flags.html !== undefined) await checkOutput('--html', flags.html, inputs);
  if (flags.modelOut !== undefined) {
    await checkOutput('--model-out', flags.modelOut, inputs);
    return flags.modelOut;
  }
  const home = homeFolder(flags.home);
  if (flags.mlModelId !== undefined) await refuseTakenId(home, id);
  const path = modelPath(home, id);
  try {
    await mkdir(dirname(path), { recursive: true });
  } catch (cause) {
    throw new InvalidInput(`${dirname(path)}: the folder cannot be made`, {
      hint: 'name another with --home, or write the model with --model-out',
      cause,
    });
  }
  await checkOutput('--home', path, inputs);
  return path;
}

function jsonResult(model: Model, { id, path, sizeInBytes }: Kept, elapsedMs: number): object {
  const { evaluation } = model;
  return {
    MLModelId: id,
    MLModelType: model.type,
    PerformanceMetrics: { Properties: evaluation ? performanceMetrics(evaluation) : {} },
    LogLoss: evaluation?.logLoss ?? null,
    Baseline: evaluation?.baseline ?? null,
    ObservationCount: {
      Training: model.training.observationCount,
      Evaluation: evaluation?.observationCount ?? 0,
    },
    SizeInBytes: sizeInBytes,
    ElapsedMs: elapsedMs,
    ModelPath: path,
  };
}
