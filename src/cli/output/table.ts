import { OutputError } from './errors.js';
import { typeName } from './query/types.js';
import { drawTable, type LayoutOptions, type Section } from './table-layout.js';
import {
  compareText,
  isEmpty,
  isList,
  isNumber,
  isScalar,
  isStructure,
  messageText,
  type Structure,
  toNumber,
  type Value,
} from './value.js';

/**
 * Tables, as `--output table` prints them: one section per structure with a row of its scalars, sorted by name, and a nested
 * section for each other member. Nothing for an empty value.
 *
 * @param title of the outermost section: the operation's name
 */
export function writeTable(title: string, value: Value, options: LayoutOptions): string {
  const builder = new TableBuilder();
  return builder.add(title, value, 0) ? drawTable(builder.sections, options) : '';
}

interface OpenSection extends Section {
  headers: readonly string[];
  readonly rows: string[][];
  cellCount: number | undefined;
}

class TableBuilder {
  readonly sections: OpenSection[] = [];

  /** Returns false, and adds nothing, when the value is empty. */
  add(title: string | undefined, value: Value, level: number): boolean {
    if (isFalsy(value)) return false;
    if (title !== undefined) this.open(title, level);
    if (isStructure(value)) this.addStructure(value, level);
    else if (isList(value)) this.addList(value, level, title);
    return true;
  }

  private addList(list: readonly Value[], level: number, title: string | undefined): void {
    if (isStructure(list[0])) {
      this.addStructures(list, level, title);
      return;
    }
    for (const item of list) {
      if (isScalar(item)) this.addRow([item]);
      else if (isList(item) && item.every(isScalar)) this.addRow(item);
      else if (isStructure(item)) this.addRow([...item.keys()]);
      else this.add(undefined, item, 0);
    }
  }

  /** A single scalar is a row of its name and value. */
  private addStructure(structure: Structure, level: number): void {
    const { scalars, others } = memberNames([structure]);
    const cells = scalars.map((name) => structure.get(name)!);
    if (scalars.length === 1) this.addRow([scalars[0], cells[0]]);
    else if (scalars.length > 1) {
      this.setHeaders(scalars);
      this.addRow(cells);
    }
    for (const name of others) this.add(name, structure.get(name)!, level + 1);
  }

  /** All elements share one header, unless some have nested members. */
  private addStructures(list: readonly Value[], level: number, title: string | undefined): void {
    const structures = list.map((element) => {
      if (isStructure(element)) return element;
      throw new OutputError(
        typeof element === 'string'
          ? "string indices must be integers, not 'str'"
          : `'${typeName(element)}' object is not iterable`,
        255,
      );
    });
    const { scalars, others } = memberNames(structures);
    this.setHeaders(scalars);
    structures.forEach((structure, index) => {
      if (index > 0 && others.length > 0) {
        this.open(title ?? '', level);
        this.setHeaders(scalars);
      }
      this.addRow(scalars.map((name) => structure.get(name) ?? (structure.has(name) ? null : '')));
      for (const name of others) if (structure.has(name)) this.add(name, structure.get(name)!, level + 1);
    });
  }

  private open(title: string, level: number): void {
    this.sections.push({ title, level, headers: [], rows: [], cellCount: undefined });
  }

  private setHeaders(headers: readonly string[]): void {
    const section = this.sections.at(-1)!;
    if (section.rows.length > 0 && headers.length > section.rows[0].length) {
      throw new OutputError('list index out of range', 255);
    }
    section.headers = headers;
    section.cellCount ??= headers.length;
  }

  private addRow(cells: readonly Value[]): void {
    const section = this.sections.at(-1)!;
    section.cellCount ??= cells.length;
    if (cells.length !== section.cellCount) {
      throw new OutputError(`Row should have ${section.cellCount} elements, instead it has ${cells.length}`, 255);
    }
    section.rows.push(cells.map(messageText));
  }
}

/** Empty, or a scalar that counts as false. */
function isFalsy(value: Value): boolean {
  if (!isScalar(value)) return isEmpty(value);
  return !value || (isNumber(value) && toNumber(value) === 0);
}

function memberNames(structures: readonly Structure[]): { scalars: string[]; others: string[] } {
  const scalars = new Set<string>();
  const others = new Set<string>();
  for (const structure of structures) {
    for (const [name, value] of structure) (isScalar(value) ? scalars : others).add(name);
  }
  return { scalars: [...scalars].sort(compareText), others: [...others].sort(compareText) };
}
