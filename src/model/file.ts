import { InvalidInput } from '../errors.js';
import { FeatureSpace } from '../features/dictionary.js';
import { VERSION } from '../version.js';
import { checkState } from './check-state.js';
import type { ModelState } from './state.js';

/**
 * The model file.
 *
 *     create-ml-model 1 head=<bytes> weights=<bytes> sha256=<64 hex digits>\n
 *     <head: one JSON object, UTF-8, one member per line>
 *     <weights: f64 little-endian, features x outputs, then f64 share of observations per feature>
 *
 * The checksum covers head and weights. Numbers in the head are written with `JSON.stringify`, so they read back exactly.
 */
const FORMAT_VERSION = 1;
const FIRST_LINE = /^create-ml-model (\d+) head=(\d+) weights=(\d+) sha256=([0-9a-f]{64})\n/;
const FIRST_LINE_LIMIT = 160;
const CHECKSUM_DIGITS = 64;

type Head = Omit<ModelState, 'features' | 'weights' | 'featureShares'> & {
  readonly software: string;
  readonly features: unknown;
};

/** The bytes of a model file; the same model gives the same bytes. */
export async function encodeModel(state: ModelState): Promise<Uint8Array> {
  const { features, weights, featureShares, ...rest } = state;
  const encoder = new TextEncoder();
  const lines = Object.entries({ software: `create-ml-model ${VERSION}`, ...rest }).map(
    ([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)},\n`,
  );
  const head = [encoder.encode(`{\n${lines.join('')}"features": `), ...features.json(), encoder.encode('\n}\n')];
  const numbers = [littleEndian(weights), littleEndian(featureShares)];
  const beginning = `create-ml-model ${FORMAT_VERSION} head=${sizeOf(head)} weights=${sizeOf(numbers)} sha256=`;
  const bytes = joined([encoder.encode(`${beginning}${'0'.repeat(CHECKSUM_DIGITS)}\n`), ...head, ...numbers]);
  const checksum = await sha256(bytes.subarray(beginning.length + CHECKSUM_DIGITS + 1));
  bytes.set(encoder.encode(checksum), beginning.length);
  return bytes;
}

function sizeOf(parts: readonly Uint8Array[]): number {
  return parts.reduce((sum, { length }) => sum + length, 0);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(sizeOf(parts));
  let end = 0;
  for (const part of parts) {
    bytes.set(part, end);
    end += part.length;
  }
  return bytes;
}

/**
 * @param name the file's name, for messages
 * @throws InvalidInput when the bytes are not a whole, undamaged model of a known format
 */
export async function decodeModel(bytes: Uint8Array, name: string): Promise<ModelState> {
  const firstLine = FIRST_LINE.exec(new TextDecoder('latin1').decode(bytes.subarray(0, FIRST_LINE_LIMIT)));
  if (firstLine === null) {
    throw new InvalidInput(`${name}: not a model file`, { hint: 'give a file that create-ml-model wrote' });
  }
  const [line, version, headLength, weightsLength, checksum] = firstLine;
  if (Number(version) !== FORMAT_VERSION) {
    throw new InvalidInput(`${name}: model format ${version}; this version reads format ${FORMAT_VERSION}`, {
      hint: 'update create-ml-model, or train the model again',
    });
  }
  const body = bytes.subarray(line.length);
  if (body.length !== Number(headLength) + Number(weightsLength)) {
    throw new InvalidInput(
      `${name}: ${body.length} bytes after the first line where ${Number(headLength) + Number(weightsLength)} are announced`,
      { hint: 'the file is cut short or was changed: copy it again' },
    );
  }
  if ((await sha256(body)) !== checksum) {
    throw new InvalidInput(`${name}: the checksum does not match`, { hint: 'the file is damaged: copy it again' });
  }
  return assemble(body, Number(headLength), name);
}

function assemble(body: Uint8Array, headLength: number, name: string): ModelState {
  try {
    const {
      software,
      features: featureJson,
      ...rest
    } = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body.subarray(0, headLength))) as Head;
    const features = FeatureSpace.fromJSON(featureJson);
    const numbers = fromLittleEndian(body.subarray(headLength));
    const weightCount = features.size * rest.outputs;
    if (numbers.length !== weightCount + features.size) {
      throw new Error(`${numbers.length} numbers by ${software} for ${features.size} features`);
    }
    const weights = numbers.slice(0, weightCount);
    const state = { ...rest, features, weights, featureShares: numbers.slice(weightCount) };
    checkState(state);
    return state;
  } catch (error) {
    throw new InvalidInput(`${name}: the model cannot be read: ${(error as Error).message}`, {
      hint: 'train the model again',
      cause: error,
    });
  }
}

/** As they stand in memory: typed arrays over kernel memory are little-endian, or nothing would work. */
function littleEndian({ buffer, byteOffset, byteLength }: Float64Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function fromLittleEndian(bytes: Uint8Array): Float64Array {
  if (bytes.length % 8 !== 0) throw new Error(`${bytes.length} bytes of weights`);
  return new Float64Array(new Uint8Array(bytes).buffer);
}

async function sha256(bytes: Uint8Array): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
