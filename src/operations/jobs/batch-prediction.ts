import { basename } from 'node:path';
import { rearrangedRecords } from '../../datasource/rearrangement.js';
import type { Model } from '../../model.js';
import { type BatchCounts, batchHeader, predictBlocks } from '../../prediction/batch.js';
import { openForModel } from '../../prediction/plan.js';
import type { Entity } from '../../store/entity.js';
import type { DataFile } from '../locations/location.js';
import type { Message } from '../service.js';
import { GzipObject } from './gzip-object.js';
import { loadKept } from './load-kept.js';
import { type OpenDataSource, observations, type WorkContext, withDataSource } from './work.js';

interface Request {
  readonly MLModelId: string;
  readonly BatchPredictionDataSourceId: string;
  readonly OutputUri: string;
}

/**
 * Predict every observation of a data source. Under `OutputUri`:
 *
 *     batch-prediction/result/<id>-<input file name>.gz   a header, and a line per observation, blank if not processed
 *     batch-prediction/<id>.manifest                      {"<input URI>":"<result URI>", …}, written last
 */
export async function predictInBatch(entity: Entity, context: WorkContext): Promise<Message> {
  const { MLModelId, BatchPredictionDataSourceId, OutputUri } = entity.request as unknown as Request;
  const folder = `${OutputUri.replace(/\/$/, '')}/batch-prediction`;
  const model = await loadKept(MLModelId, context);
  return withDataSource(BatchPredictionDataSourceId, context, async (source) => {
    const results = resultUris(source.data.files, `${folder}/result/${entity.id}-`);
    const counts = await predictFiles(model, source, results, context);
    const manifest = source.data.files.map(({ path, uri }) => [uri, results.get(path)]);
    await context.places.write(`${folder}/${entity.id}.manifest`, once(JSON.stringify(Object.fromEntries(manifest))));
    return { TotalRecordCount: counts.totalRecordCount, InvalidRecordCount: counts.invalidRecordCount };
  });
}

/** By path of the input file; files of the same name in different folders are told apart by a number. */
function resultUris(files: readonly DataFile[], prefix: string): Map<string, string> {
  const taken = new Set<string>();
  const uris = new Map<string, string>();
  for (const { path } of files) {
    let name = basename(path);
    for (let i = 2; taken.has(name); i++) name = `${i}-${basename(path)}`;
    taken.add(name);
    uris.set(path, `${prefix}${name}.gz`);
  }
  return uris;
}

/** @param results where the predictions of each file go, by its path, in order of reading */
async function predictFiles(
  model: Model,
  { data, schema, rearrangement }: OpenDataSource,
  results: ReadonlyMap<string, string>,
  { places, signal, progress }: WorkContext,
): Promise<BatchCounts> {
  const counts: BatchCounts = { totalRecordCount: 0, invalidRecordCount: 0 };
  const input = await model.environment.openInput(data.path, signal);
  let output: { readonly source: string; readonly object: GzipObject } | undefined;
  try {
    const opened = await openForModel(model.state, input, 'label', schema);
    const header = batchHeader(model.state, opened);
    const begin = async (source: string): Promise<void> => {
      await output?.object.finish();
      output = { source, object: new GzipObject(places, results.get(source)!) };
      await output.object.write(header);
    };
    const begun = new Set<string>();
    const keep = await rearrangedRecords(rearrangement, opened.source, { signal });
    for await (const { source, text } of predictBlocks(model.scorer, opened, counts, { signal, keep })) {
      if (source !== output?.source) await begin(source);
      begun.add(source);
      await output!.object.write(text);
      progress(`${observations(counts.totalRecordCount)} predicted`);
    }
    for (const source of results.keys()) if (!begun.has(source)) await begin(source);
    await output?.object.finish();
    return counts;
  } catch (error) {
    await output?.object.abandon(error as Error);
    throw error;
  } finally {
    await input.close();
  }
}

async function* once(text: string): AsyncGenerator<string> {
  yield text;
}
