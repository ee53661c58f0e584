import type { Shape } from '../../operations/shapes.js';
import type { Value } from '../output/value.js';
import { readFloat, requireInteger } from './numbers.js';

/** Shorthand that cannot be read; the message shows the place. */
export class ShorthandError extends Error {
  override readonly name = 'ShorthandError';
}

/** Characters of a bare value: what a first one may start with, and how a value goes on. */
const START = '!#-&(-+\\--<>-Z\\\\-z|-\uffff';
const FIRST_NEXT = '\\s!#-&(-+\\--\\\\^-|~-\uffff';
const SECOND_NEXT = '\\s!#-&(-+\\--<>-\uffff';
const FIRST = new RegExp(`(?:\\\\,|[${START}])(?:\\\\,|[${FIRST_NEXT}])*`, 'uy');
const SECOND = new RegExp(`(?:\\\\,|[${START}])(?:\\\\,|[${SECOND_NEXT}])*`, 'uy');
const SINGLE_QUOTED = /'(?:\\\\|\\'|[^'])*'/y;
const DOUBLE_QUOTED = /"(?:\\\\|\\"|[^"])*"/y;
const KEY = /[A-Za-z0-9\-_.#/:]*/y;
const SPACE = /[ \t\n\r\v\f]*/y;

/**
 * Read the shorthand syntax of the AWS CLI: `key=value,key=[value,value],key={key=value}`.
 *
 * @returns a structure; values are text, lists and structures
 * @throws ShorthandError
 * @see AWS CLI user guide, "Using shorthand syntax"
 */
export function readShorthand(text: string): Map<string, Value> {
  return new ShorthandReader(text).parameter();
}

class ShorthandReader {
  private index = 0;

  constructor(private readonly text: string) {}

  /** parameter = key-values { "," key-values } */
  parameter(): Map<string, Value> {
    const members = new Map<string, Value>();
    let last = 0;
    for (;;) {
      const key = this.key();
      const value = this.values();
      if (members.has(key)) throw this.repeated(key, last + 1);
      members.set(key, value);
      last = this.index;
      if (this.atEnd()) return members;
      this.expect(',');
    }
  }

  /** key-values = key "=" [ list | structure | value { "," value } ] */
  private key(): string {
    const key = this.match(KEY)![0];
    this.expect('=');
    return key;
  }

  private values(): Value {
    if (this.atEnd()) return '';
    if (this.next() === '[') return this.list();
    if (this.next() === '{') return this.structure();
    return this.separatedValues();
  }

  /** One value, or several with commas between; the word before a "=" is the next key. */
  private separatedValues(): Value {
    const first = this.firstValue();
    this.match(SPACE);
    if (this.next() !== ',') return first;
    this.expect(',');
    const items: string[] = [first];
    for (;;) {
      try {
        const value = this.secondValue();
        this.match(SPACE);
        if (this.atEnd()) {
          items.push(value);
          return items;
        }
        this.expect(',');
        items.push(value);
      } catch (error) {
        if (!(error instanceof ShorthandError) || this.atEnd()) throw error;
        this.index = this.text.lastIndexOf(',', this.index);
        return items.length === 1 ? first : items;
      }
    }
  }

  /** list = "[" [ inner { "," inner } ] "]" */
  private list(): Value {
    const items: Value[] = [];
    this.expect('[');
    while (this.next() !== ']') {
      items.push(this.innerValue());
      this.separate(']');
    }
    this.index++;
    return items;
  }

  /** structure = "{" [ key "=" inner { "," key "=" inner } ] "}" */
  private structure(): Value {
    const members = new Map<string, Value>();
    this.expect('{');
    while (this.next() !== '}') {
      const key = this.key();
      const value = this.innerValue();
      this.separate('}');
      members.set(key, value);
    }
    this.index++;
    return members;
  }

  private innerValue(): Value {
    if (this.next() === '[') return this.list();
    return this.next() === '{' ? this.structure() : this.firstValue();
  }

  private separate(close: string): void {
    this.match(SPACE);
    if (this.next() === close) return;
    this.expectExactly(',');
    this.match(SPACE);
  }

  private firstValue(): string {
    return this.quoted() ?? bare(this.match(FIRST)?.[0] ?? '');
  }

  private secondValue(): string {
    const quoted = this.quoted();
    if (quoted !== undefined) return quoted;
    const found = this.match(SECOND);
    if (found === null) throw this.expected('<second>', '<none>');
    return bare(found[0]);
  }

  private quoted(): string | undefined {
    const quote = this.next();
    if (quote !== "'" && quote !== '"') return undefined;
    const found = this.match(quote === "'" ? SINGLE_QUOTED : DOUBLE_QUOTED);
    if (found === null) throw this.expected(quote === "'" ? '<singled quoted>' : '<double quoted>', '<none>');
    return found[0].slice(1, -1).replaceAll(`\\${quote}`, quote).replaceAll('\\\\', '\\');
  }

  private expect(character: string): void {
    this.match(SPACE);
    this.expectExactly(character);
    this.match(SPACE);
  }

  private expectExactly(character: string): void {
    if (this.next() !== character) throw this.expected(character, this.next() ?? 'EOF');
    this.index += character.length;
  }

  /** A character, not half of one. */
  private next(): string | undefined {
    const code = this.text.codePointAt(this.index);
    return code === undefined ? undefined : String.fromCodePoint(code);
  }

  private atEnd(): boolean {
    return this.index >= this.text.length;
  }

  private match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.index;
    const found = pattern.exec(this.text);
    if (found) this.index += found[0].length;
    return found;
  }

  private expected(what: string, received: string): ShorthandError {
    return new ShorthandError(`Expected: '${what}', received: '${received}' for input:\n${this.shownAt(this.index)}`);
  }

  private repeated(key: string, index: number): ShorthandError {
    return new ShorthandError(
      `Second instance of key "${key}" encountered for input:\n${this.shownAt(index)}\n` +
        'This is often because there is a preceding "," instead of a space.',
    );
  }

  /** The text with a mark under a place, on a line of its own. */
  private shownAt(index: number): string {
    const lineStart = this.text.slice(0, index).lastIndexOf('\n') + 1;
    const lineEnd = this.text.indexOf('\n', index);
    const end = lineEnd < 0 ? this.text.length : lineEnd;
    const column = Array.from(this.text.slice(lineStart, index)).length;
    return `${this.text.slice(0, end)}\n${' '.repeat(column)}^${this.text.slice(end)}`;
  }
}

const bare = (text: string): string => text.replaceAll('\\,', ',').trimEnd();

/**
 * Give values that were read from shorthand the types of their shape: numbers, booleans, and lists where one item was given.
 * What does not fit stays as it is, for the validation to refuse.
 */
export function fitShorthand(value: Value, shape: Shape): Value {
  if (shape.type === 'structure' && value instanceof Map) {
    return new Map([...value].map(([name, member]) => [name, fitMember(member, shape.members[name])]));
  }
  if (shape.type === 'map' && value instanceof Map) {
    return new Map([...value].map(([name, member]) => [name, fitMember(member, shape.value)]));
  }
  return shape.type === 'list' && Array.isArray(value) ? value.map((item) => fitMember(item, shape.item)) : value;
}

function fitMember(value: Value, shape: Shape | undefined): Value {
  if (shape === undefined) return value;
  if (shape.type === 'list' && !Array.isArray(value)) return [value];
  if (typeof value !== 'string') return fitShorthand(value, shape);
  if (shape.type === 'integer' || shape.type === 'long') return requireInteger(value);
  if (shape.type === 'float') return readFloat(value) ?? value;
  if (shape.type === 'boolean' && /^(true|false)$/i.test(value)) return value.toLowerCase() === 'true';
  return value;
}
