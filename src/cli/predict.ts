import { once } from 'node:events';
import { writeWhole } from '../datasource/files.js';
import { InvalidInput } from '../errors.js';
import { loadModel } from '../node.js';
import { compileLess } from './engine-flags.js';
import { findModel } from './find-model.js';
import { checkOutput } from './outputs.js';
import type { PredictFlags } from './predict-command.js';
import { interruptSignal } from './run.js';

/** `predict MODEL FILE` or `predict MODEL --record JSON`. */
export async function predict(modelName: string, file: string | undefined, flags: PredictFlags): Promise<void> {
  if ((file === undefined) === (flags.record === undefined)) {
    throw new InvalidInput(file === undefined ? 'nothing to predict' : 'both a file and --record are given', {
      hint: 'give a CSV file, - for standard input, or --record with a JSON object',
    });
  }
  const modelFile = await findModel(modelName, flags.home);
  if (flags.out !== undefined) await checkOutput('--out', flags.out, [file, modelFile]);
  const model = await loadModel(modelFile);
  if (flags.record !== undefined) {
    const prediction = { Prediction: model.predict(readRecord(flags.record)) };
    await write(`${JSON.stringify(prediction, null, 4)}\n`, flags.out);
    return;
  }
  compileLess();
  const counts = { totalRecordCount: 0, invalidRecordCount: 0 };
  const pieces = model.predictBatch(file === '-' ? process.stdin : file!, counts, interruptSignal());
  if (flags.out === undefined) await writeOut(pieces);
  else await writeWhole(flags.out, pieces);
  if (counts.invalidRecordCount > 0) {
    process.stderr.write(
      `${counts.invalidRecordCount} of ${counts.totalRecordCount} observations could not be read and left a blank line\n`,
    );
  }
}

function readRecord(text: string): Record<string, unknown> {
  let record: unknown;
  try {
    record = JSON.parse(text);
  } catch (cause) {
    throw new InvalidInput(`--record: not JSON: ${(cause as Error).message}`, { hint: EXAMPLE, cause });
  }
  if (typeof record !== 'object' || record === null || Array.isArray(record)) {
    throw new InvalidInput(`--record: '${text}' is not a JSON object`, { hint: EXAMPLE });
  }
  return record as Record<string, unknown>;
}

const EXAMPLE = `give the attributes as an object: '{"age":"44","job":"services"}'`;

async function write(text: string, out: string | undefined): Promise<void> {
  if (out === undefined) await writeOut([text]);
  else await writeWhole(out, [text]);
}

/** To standard output, at the speed of its reader. */
async function writeOut(pieces: Iterable<string> | AsyncIterable<string>): Promise<void> {
  for await (const piece of pieces) {
    if (!process.stdout.write(piece)) await once(process.stdout, 'drain');
  }
}
