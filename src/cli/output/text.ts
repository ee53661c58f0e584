import { OutputError } from './errors.js';
import { typeName } from './query/types.js';
import {
  compareText,
  isList,
  isScalar,
  isStructure,
  messageText,
  type Scalar,
  type Structure,
  scalarText,
  sortedMembers,
  type Value,
} from './value.js';

/**
 * Lines of tab-separated fields, as `--output text` prints them: the scalars of a structure on one line, sorted by name, then
 * its lists and structures, each line after the upper-cased name. Tabs and line ends in values are not escaped.
 */
export function writeText(value: Value): string {
  return [...lines(value, undefined, undefined)].map((line) => `${line}\n`).join('');
}

function* lines(value: Value, name: string | undefined, columns: readonly string[] | undefined): Iterable<string> {
  if (isStructure(value)) yield* structureLines(value, name, columns);
  else if (isList(value)) yield* listLines(value, name);
  else yield scalarText(value as Scalar);
}

function* structureLines(
  structure: Structure,
  name: string | undefined,
  columns: readonly string[] | undefined,
): Iterable<string> {
  const members = sortedMembers(structure);
  const scalars = columns ?? members.filter(([, value]) => isScalar(value)).map(([member]) => member);
  if (scalars.length > 0) {
    const fields = scalars.map((member) => messageText(structure.get(member) ?? (structure.has(member) ? null : '')));
    yield withName(name, fields.join('\t'));
  }
  for (const [member, value] of members) {
    if (!scalars.includes(member)) yield* lines(value, member, undefined);
  }
}

function* listLines(list: readonly Value[], name: string | undefined): Iterable<string> {
  if (list.length === 0) return;
  if (list.some(isStructure)) {
    const columns = scalarNames(list);
    for (const element of list) yield* lines(element, name, columns);
    return;
  }
  const scalars = list.filter(isScalar);
  if (name !== undefined) for (const element of scalars) yield withName(name, scalarText(element));
  else if (scalars.length > 0) yield scalars.map(scalarText).join('\t');
  for (const element of list) if (!isScalar(element)) yield* lines(element, name, undefined);
}

function withName(name: string | undefined, text: string): string {
  return name === undefined ? text : `${name.toUpperCase()}\t${text}`;
}

/** The names of all members that are scalars in some element. */
function scalarNames(list: readonly Value[]): string[] {
  const names = new Set<string>();
  for (const element of list) {
    if (!isStructure(element)) throw new OutputError(`'${typeName(element)}' object has no attribute 'items'`, 255);
    for (const [name, value] of element) if (isScalar(value)) names.add(name);
  }
  return [...names].sort(compareText);
}
