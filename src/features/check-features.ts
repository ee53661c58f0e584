import { featureCount, type OutputFeatures, slotCount } from './dictionary.js';

const MEMBERS: Readonly<Record<string, string>> = {
  number: 'slots',
  binary: 'slots',
  bins: 'slots',
  categories: 'texts',
  tokens: 'texts',
  pairs: 'bigrams',
  cross: 'items',
};
const GREATEST_DISTANCE = 9;

/**
 * Make sure that JSON describes the features of an output.
 *
 * @param where its JSON path
 * @param crossed as a part of a cross
 * @throws Error naming the path and the value
 */
export function checkOutputFeatures(output: OutputFeatures | null, where: string, crossed = false): void {
  if (typeof output !== 'object' || output === null) throw new Error(`${where}: expected an object`);
  if (typeof output.prefix !== 'string') throw new Error(`${where}.prefix: expected a string`);
  const member = Object.hasOwn(MEMBERS, output.kind) ? MEMBERS[output.kind] : undefined;
  if (member === undefined || (crossed && (output.kind === 'cross' || output.kind === 'number'))) {
    throw new Error(`${where}.kind: unknown kind ${JSON.stringify(output.kind)}`);
  }
  if (!(member in output)) throw new Error(`${where}.${member}: missing`);
  if (output.kind === 'cross') checkCross(output, where);
  else if (output.kind === 'pairs') checkPairs(output, where);
  else if ('texts' in output) checkDistinct(output.texts, `${where}.texts`, isString);
  else checkSlots(output, where, crossed);
}

function checkSlots(output: Extract<OutputFeatures, { slots: unknown }>, where: string, crossed: boolean): void {
  if (output.kind === 'bins') checkDistinct(output.edges, `${where}.edges`, (edge) => typeof edge === 'number');
  const end = slotCount(output, crossed);
  checkDistinct(output.slots, `${where}.slots`, (slot) => isIndex(slot, end));
}

function checkPairs({ words, bigrams }: Extract<OutputFeatures, { kind: 'pairs' }>, where: string): void {
  checkDistinct(words, `${where}.words`, isString);
  const valid = (value: unknown, i: number): boolean =>
    i % 3 === 2 ? isIndex(value, GREATEST_DISTANCE + 1) : isIndex(value, Math.max(1, words.length));
  checkList(bigrams, `${where}.bigrams`, valid);
  if (bigrams.length % 3 !== 0)
    throw new Error(`${where}.bigrams: ${bigrams.length} numbers, not three for each feature`);
}

function checkCross({ parts, items }: Extract<OutputFeatures, { kind: 'cross' }>, where: string): void {
  if (!Array.isArray(parts) || parts.length < 2) throw new Error(`${where}.parts: expected an array of two or more`);
  if (!Array.isArray(items) || items.length !== parts.length) {
    throw new Error(`${where}.items: expected as many lists as there are parts`);
  }
  for (const [i, part] of parts.entries()) {
    checkOutputFeatures(part, `${where}.parts[${i}]`, true);
    const itemCount = featureCount(part);
    checkList(items[i], `${where}.items[${i}]`, (item) => isIndex(item, itemCount));
    if (items[i].length !== items[0].length) throw new Error(`${where}.items[${i}]: not as long as the first`);
  }
}

function isString(value: unknown): boolean {
  return typeof value === 'string';
}

function isIndex(value: unknown, end: number): boolean {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) < end;
}

function checkList(list: unknown, where: string, valid: (item: unknown, i: number) => boolean): void {
  if (!Array.isArray(list)) throw new Error(`${where}: expected an array`);
  const wrong = list.findIndex((item, i) => !valid(item, i));
  if (wrong >= 0) throw new Error(`${where}[${wrong}]: unexpected value ${JSON.stringify(list[wrong])}`);
}

function checkDistinct(list: unknown, where: string, valid: (item: unknown) => boolean): void {
  checkList(list, where, valid);
  if (new Set(list as unknown[]).size !== (list as unknown[]).length) throw new Error(`${where}: a value occurs twice`);
}
