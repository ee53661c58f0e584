import { InvalidInput } from '../errors.js';
import type { PassProgress, PriorChoice } from '../model/state.js';
import type { DescentState } from './descent.js';
import type { RefineState } from './refine.js';

/** Where the state of a training is kept between runs. */
export interface CheckpointStore {
  /** For messages. */
  readonly name: string;
  /** What was written last; undefined when there is nothing. */
  read(): Promise<Uint8Array | undefined>;
  /** Replace it, whole or not at all. */
  write(bytes: Uint8Array): Promise<void>;
  remove(): Promise<void>;
}

/** How far a training has come, beside its rows. */
export interface TrainingState {
  readonly passes: readonly PassProgress[];
  /** How the prior was chosen, if it was. */
  readonly prior?: PriorChoice;
  /** While stage 1 lasts. */
  readonly descent?: DescentState;
  /** Features that pruning left, ascending; absent when all are left. */
  readonly survivors?: Uint32Array;
  /** In stage 2. */
  readonly refine?: RefineState;
}

/** Share of the time that may go into writing checkpoints. */
const WRITING_SHARE = 0.05;

/**
 * Keeps the state of a training, so that a run that was killed can go on. A state belongs to one fingerprint: data, schema,
 * recipe, parameters and seed.
 *
 *     create-ml-model checkpoint 1 <fingerprint> head=<bytes> sha256=<64 hex digits of the rest>\n
 *     <head: JSON, arrays as { "array": kind, "length": n }>\n<the arrays, one after the other, little-endian>
 */
export class Checkpoint {
  #writtenAt = Number.NEGATIVE_INFINITY;
  #writingMs = 0;

  constructor(
    readonly store: CheckpointStore,
    readonly fingerprint: string,
  ) {}

  /**
   * @returns undefined when there is none
   * @throws InvalidInput when it belongs to another training, or is damaged
   */
  async read(): Promise<TrainingState | undefined> {
    const bytes = await this.store.read();
    if (bytes === undefined) return undefined;
    const [line, fingerprint, headLength, checksum] =
      FIRST_LINE.exec(new TextDecoder('latin1').decode(bytes.subarray(0, FIRST_LINE_LIMIT))) ?? [];
    const body = bytes.subarray(line?.length);
    if (line === undefined || (await sha256(body)) !== checksum) {
      throw new InvalidInput(`${this.store.name}: not a checkpoint, or a damaged one`, {
        hint: 'remove it to train from the beginning, or name another folder',
      });
    }
    if (fingerprint !== this.fingerprint) {
      throw new InvalidInput(
        `${this.store.name}: belongs to another training: data, schema, recipe, parameters, seed or version differ`,
        { hint: 'give what that training was given, name another folder, or remove this one to begin anew' },
      );
    }
    return decode(body, Number(headLength));
  }

  /** Write the state if the last time is long enough ago. */
  async offer(state: () => TrainingState): Promise<void> {
    const began = performance.now();
    if (began - this.#writtenAt < this.#writingMs / WRITING_SHARE) return;
    const { head, arrays } = encode(state());
    const body = joined([head, ...arrays]);
    const line = `create-ml-model checkpoint 1 ${this.fingerprint} head=${head.length} sha256=${await sha256(body)}\n`;
    await this.store.write(joined([new TextEncoder().encode(line), body]));
    this.#writtenAt = performance.now();
    this.#writingMs = this.#writtenAt - began;
  }

  remove(): Promise<void> {
    return this.store.remove();
  }
}

const FIRST_LINE = /^create-ml-model checkpoint 1 ([0-9a-f]{64}) head=(\d+) sha256=([0-9a-f]{64})\n/;
const FIRST_LINE_LIMIT = 240;

const KINDS = { f32: Float32Array, f64: Float64Array, u32: Uint32Array } as const;
type Kind = keyof typeof KINDS;

interface ArrayPlace {
  readonly array: Kind;
  readonly length: number;
}

function encode(state: TrainingState): { head: Uint8Array; arrays: Uint8Array[] } {
  const arrays: Uint8Array[] = [];
  const text = JSON.stringify(state, (_key, value: unknown) => {
    if (!ArrayBuffer.isView(value)) return value;
    const array = value as Float64Array;
    const kind = (Object.keys(KINDS) as Kind[]).find((name) => array instanceof KINDS[name]);
    if (kind === undefined) throw new Error('no such array in a checkpoint');
    arrays.push(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
    return { array: kind, length: array.length } satisfies ArrayPlace;
  });
  return { head: new TextEncoder().encode(`${text}\n`), arrays };
}

function decode(body: Uint8Array, headLength: number): TrainingState {
  let offset = headLength;
  return JSON.parse(new TextDecoder().decode(body.subarray(0, headLength)), (_key, value: unknown) => {
    const place = value as ArrayPlace | null;
    if (typeof place !== 'object' || place === null || !('array' in place)) return value;
    const kind = KINDS[place.array];
    const array = new kind(place.length);
    new Uint8Array(array.buffer).set(body.subarray(offset, offset + array.byteLength));
    offset += array.byteLength;
    return array;
  }) as TrainingState;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let end = 0;
  for (const part of parts) {
    all.set(part, end);
    end += part.length;
  }
  return all;
}

/** 64 hexadecimal digits. */
export async function sha256(...parts: readonly Uint8Array[]): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', joined(parts) as Uint8Array<ArrayBuffer>);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
