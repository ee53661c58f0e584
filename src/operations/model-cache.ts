import { stat } from 'node:fs/promises';
import { InvalidInput } from '../errors.js';
import type { Model } from '../model.js';
import type { Entity } from '../store/entity.js';
import type { Store } from '../store/store.js';
import { alive, internal, nameOf } from './errors.js';
import { scoreThreshold } from './ml-models.js';
import { modelPath } from './paths.js';
import { hasEndpoint } from './realtime.js';
import { ServiceError } from './service.js';

/** Memory that a model takes, as a multiple of its file: weights, texts of features and the tables to find them. */
const BYTES_PER_FILE_BYTE = 4;

/** A model that can predict now. */
export interface MountedModel {
  readonly model: Model;
  /** The object's, not the file's. */
  readonly scoreThreshold: number;
}

interface Entry extends MountedModel {
  /** Identity of the file: device, number, size and time. */
  readonly file: string;
  readonly bytes: number;
  /** State of the store in which the object was looked at. */
  readonly version: number;
}

/**
 * Models of real-time endpoints, loaded when first asked for. The store is only looked at again when somebody has changed it,
 * the file only read again when it is another one. Beyond the limit, those that were used least recently are dropped.
 */
export class ModelCache {
  readonly #entries = new Map<string, Entry>();
  readonly #loading = new Map<string, { readonly version: number; readonly entry: Promise<Entry> }>();
  #bytes = 0;
  #ownChanges = 0;

  constructor(
    readonly store: Store,
    readonly home: string,
    /** Memory for models, bytes; one is always kept. */
    readonly limitBytes: number,
  ) {}

  /** Say that this process has changed the store. */
  changed(): void {
    this.#ownChanges++;
  }

  /** The model, if it is loaded and nothing has changed since it was looked at. */
  ready(id: string): MountedModel | undefined {
    const entry = this.#entries.get(id);
    if (entry === undefined || entry.version !== this.#version()) return undefined;
    if (this.#entries.size > 1) this.#touch(id, entry);
    return entry;
  }

  /**
   * The model, loaded if need be.
   *
   * @throws ServiceError ResourceNotFoundException, PredictorNotMountedException
   */
  mount(id: string): Promise<MountedModel> {
    const version = this.#version();
    const loading = this.#loading.get(id);
    // Who asks after a change must not get what was looked at before it.
    if (loading?.version === version) return loading.entry;
    const begun = { version, entry: this.#mount(id, version) };
    this.#loading.set(id, begun);
    const forget = (): void => {
      if (this.#loading.get(id) === begun) this.#loading.delete(id);
    };
    begun.entry.then(forget, forget);
    return begun.entry;
  }

  #version(): number {
    return this.store.dataVersion() * 2 ** 20 + (this.#ownChanges % 2 ** 20);
  }

  async #mount(id: string, version: number): Promise<Entry> {
    const entity = alive(this.store.get('MLModel', id), 'MLModel', id);
    if (!hasEndpoint(entity)) throw notMounted(entity);
    const path = modelPath(this.home, id);
    const known = this.#entries.get(id);
    try {
      const { dev, ino, size, mtimeMs } = await stat(path);
      const file = `${dev} ${ino} ${size} ${mtimeMs}`;
      const model = known?.file === file ? known.model : await loadFile(path);
      const entry = { model, file, version, bytes: size * BYTES_PER_FILE_BYTE, scoreThreshold: scoreThreshold(entity) };
      this.#touch(id, entry);
      return entry;
    } catch (error) {
      this.#drop(id);
      throw asInternal(error, id);
    }
  }

  #touch(id: string, entry: Entry): void {
    this.#drop(id);
    this.#entries.set(id, entry);
    this.#bytes += entry.bytes;
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes <= this.limitBytes || oldest === id) break;
      this.#drop(oldest);
    }
  }

  #drop(id: string): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    this.#entries.delete(id);
    this.#bytes -= entry.bytes;
  }
}

async function loadFile(path: string): Promise<Model> {
  const { loadModel } = await import('../node.js');
  return loadModel(path);
}

function notMounted({ id, status }: Entity): ServiceError {
  const what = status === 'COMPLETED' ? 'has no real-time endpoint. Hint: create one' : `is ${status}, not COMPLETED`;
  return new ServiceError('PredictorNotMountedException', `The ${nameOf('MLModel', id)} ${what}`);
}

/** The client can do nothing about a file that is missing or damaged, and is not told where it is. */
function asInternal(error: unknown, id: string): unknown {
  const absent = (error as NodeJS.ErrnoException).code === 'ENOENT';
  if (!absent && !(error instanceof InvalidInput)) return error;
  const why = absent ? 'is missing' : 'cannot be read';
  const where = `Hint: put back models/${id}.model in the home folder, or train the model again under another id`;
  return internal(`The ${nameOf('MLModel', id)} cannot predict: its file ${why}. ${where}`, error);
}
