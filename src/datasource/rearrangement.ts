import { InvalidInput } from '../errors.js';
import { parseJson } from '../schema/json.js';
import { suggest } from '../suggest.js';
import { everyRecord } from './select.js';
import type { DataSource, WatchOptions } from './source.js';
import { type Split, splitter } from './split.js';

const SOURCE = 'DataRearrangement';
const MEMBERS = ['splitting', 'randomSeed'];
const SPLITTING_MEMBERS = ['percentBegin', 'percentEnd', 'complement', 'strategy', 'strategyParams', 'randomSeed'];
const PARAMETERS = ['randomSeed'];
const EXAMPLE = 'write {"splitting":{"percentBegin":0,"percentEnd":70,"strategy":"random"}}';

type JsonObject = Readonly<Record<string, unknown>>;

/**
 * Read the service's DataRearrangement, which says what part of the data a data source is.
 *
 *     {"splitting":{"percentBegin":70,"percentEnd":100,"complement":false,
 *                   "strategy":"random","strategyParams":{"randomSeed":"s3://bucket/file.csv"}}}
 *
 * Defaults: percentBegin 0 and percentEnd 100, so that neither means all of the data; complement false; strategy
 * sequential; seed ''. `complement` may be the text "true" or "false"; the seed may be a whole number, and may stand in
 * `splitting` or at the top level as in older samples. A member that is null counts as absent.
 *
 * @param json JSON text, or the parsed document
 * @throws InvalidInput naming the JSON path and the value, for unknown members, values out of range, seeds that differ
 * @see Amazon Machine Learning Developer Guide, "DataRearrangement parameter"
 */
export function parseRearrangement(json: string | object): Split {
  const document = readObject(typeof json === 'string' ? parseJson(json, SOURCE) : json, '', MEMBERS);
  const splitting = readObject(document.splitting ?? {}, 'splitting', SPLITTING_MEMBERS);
  const parameters = readObject(splitting.strategyParams ?? {}, 'splitting.strategyParams', PARAMETERS);
  const split: Split = {
    strategy: readStrategy(splitting.strategy),
    percentBegin: readPercent(splitting.percentBegin, 'percentBegin', 0),
    percentEnd: readPercent(splitting.percentEnd, 'percentEnd', 100),
    complement: readComplement(splitting.complement),
    seed: readSeed([
      ['splitting.strategyParams.randomSeed', parameters.randomSeed],
      ['splitting.randomSeed', splitting.randomSeed],
      ['randomSeed', document.randomSeed],
    ]),
  };
  splitter(split, 0);
  return split;
}

/**
 * Which records of a source a rearrangement takes. Counts them first where it goes by positions.
 *
 * @param rearrangement JSON text, or the parsed document; undefined: all records
 * @returns a function of the record's index in the data (from 0) and its byte offset in it
 * @throws InvalidInput as `parseRearrangement`
 */
export async function rearrangedRecords(
  rearrangement: string | object | undefined,
  source: DataSource,
  options: WatchOptions = {},
): Promise<(recordIndex: number, byteOffset: number) => boolean> {
  if (rearrangement === undefined) return everyRecord;
  const split = parseRearrangement(rearrangement);
  const whole = split.percentBegin === 0 && split.percentEnd === 100;
  const counts = split.strategy === 'sequential' && !whole;
  return splitter(split, counts ? await source.countRecords(options) : undefined);
}

function readObject(value: unknown, path: string, members: readonly string[]): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw problem(path, `must be a JSON object, found ${describe(value)}`, EXAMPLE);
  }
  for (const name of Object.keys(value)) {
    if (members.includes(name)) continue;
    const close = suggest(name, members);
    throw problem(
      path === '' ? name : `${path}.${name}`,
      'not a member of a data rearrangement',
      `${close ? `did you mean '${close}'? ` : ''}Members: ${members.join(', ')}`,
    );
  }
  return value as JsonObject;
}

function readPercent(value: unknown, name: string, absent: number): number {
  if (value === undefined || value === null) return absent;
  const path = `splitting.${name}`;
  if (typeof value !== 'number') {
    throw problem(path, `must be a whole number from 0 to 100, found ${describe(value)}`, 'write it without quotes');
  }
  if (Number.isInteger(value) && value >= 0 && value <= 100) return value;
  throw problem(path, `${value} is not a whole number from 0 to 100`, 'percentages have no fractions');
}

function readComplement(value: unknown): boolean {
  if (value === undefined || value === null) return false;
  if (typeof value === 'boolean') return value;
  if (value === 'true' || value === 'false') return value === 'true';
  throw problem('splitting.complement', `must be true or false, found ${describe(value)}`, 'write true or false');
}

function readStrategy(value: unknown): Split['strategy'] {
  if (value === undefined || value === null) return 'sequential';
  if (value === 'sequential' || value === 'random') return value;
  const close = typeof value === 'string' ? suggest(value, ['sequential', 'random']) : undefined;
  throw problem(
    'splitting.strategy',
    `unknown strategy ${describe(value)}`,
    close ? `did you mean '${close}'?` : "write 'sequential' or 'random'",
  );
}

/** The one seed that is given, wherever it stands. */
function readSeed(places: readonly (readonly [path: string, value: unknown])[]): string {
  let found: { path: string; seed: string } | undefined;
  for (const [path, value] of places) {
    if (value === undefined || value === null) continue;
    if (typeof value !== 'string' && !Number.isSafeInteger(value)) {
      throw problem(path, `must be a text, found ${describe(value)}`, 'write the seed in double quotes');
    }
    const seed = String(value);
    if (found && found.seed !== seed) {
      throw problem(path, `'${seed}' contradicts ${found.path}, which is '${found.seed}'`, 'remove one of them');
    }
    found ??= { path, seed };
  }
  return found?.seed ?? '';
}

function problem(path: string, what: string, hint: string): InvalidInput {
  return new InvalidInput(`${SOURCE}: ${path === '' ? '' : `${path}: `}${what}`, { hint });
}

/** A value for messages, at most 80 characters. */
function describe(value: unknown): string {
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object' && value !== null) return 'an object';
  if (typeof value === 'string') return `'${value.length > 78 ? `${value.slice(0, 77)}…` : value}'`;
  return String(value);
}
