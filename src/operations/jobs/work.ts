import { InvalidInput } from '../../errors.js';
import { formatCount } from '../../format-count.js';
import type { Schema } from '../../schema/schema.js';
import type { Entity, EntityKind, Message } from '../../store/entity.js';
import type { Store } from '../../store/store.js';
import type { JobContext } from '../../store/work.js';
import { dataLocation, dataSpec, knownSchema } from '../data-sources.js';
import { alive } from '../errors.js';
import type { OpenData, Place } from '../locations/location.js';
import { ServiceError } from '../service.js';

export interface WorkContext extends JobContext {
  readonly places: Place;
}

/** @returns what was found, as facts of the object */
export type JobWork = (entity: Entity, context: WorkContext) => Promise<Message>;

/** Data of a data source, open. */
export interface OpenDataSource {
  readonly data: OpenData;
  readonly schema: Schema;
  /** JSON text; undefined: all of the data. */
  readonly rearrangement: string | undefined;
}

/**
 * Work on the data of a data source that is COMPLETED.
 *
 * @throws InvalidInput with URIs in place of paths
 */
export async function withDataSource<T>(
  id: string,
  { store, places, signal }: WorkContext,
  body: (opened: OpenDataSource) => Promise<T>,
): Promise<T> {
  const entity = stillThere(store, 'DataSource', id);
  const schema = knownSchema(entity);
  if (schema === undefined) throw new Error(`data source '${id}' has no schema`);
  const rearrangement = dataSpec(entity).DataRearrangement || undefined;
  return withData(dataLocation(dataSpec(entity)), places, signal, (data) => body({ data, schema, rearrangement }));
}

/** Work on the data at a URI, and close it. @throws InvalidInput with URIs in place of paths */
export async function withData<T>(
  uri: string,
  places: Place,
  signal: AbortSignal,
  body: (data: OpenData) => Promise<T>,
): Promise<T> {
  const data = await places.openData(uri, signal);
  try {
    return await body(data);
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    const show = (text: string): string => text.replaceAll(data.path, uri);
    throw new InvalidInput(show(error.message), { hint: error.hint && show(error.hint), cause: error });
  } finally {
    await data.close();
  }
}

/** @throws InvalidInput when the object was deleted since the job was claimed */
export function stillThere(store: Store, kind: EntityKind, id: string): Entity {
  try {
    return alive(store.get(kind, id), kind, id);
  } catch (error) {
    if (error instanceof ServiceError) throw new InvalidInput(error.message, { cause: error });
    throw error;
  }
}

/** `12,000 observations` */
export function observations(count: number): string {
  return `${formatCount(count)} observation${count === 1 ? '' : 's'}`;
}
