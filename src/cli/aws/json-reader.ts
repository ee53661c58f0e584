import { float, type Value } from '../output/value.js';

const SPACE = /[ \t\n\r]*/y;
const NUMBER = /(-?(?:0|[1-9]\d*))(\.\d+)?([eE][-+]?\d+)?/y;
const PLAIN = /(?:[^"\\\p{Cc}]|[\x7f-\x9f])*/uy;
const WORDS = new Map<string, Value>([
  ['null', null],
  ['true', true],
  ['false', false],
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
]);
const ESCAPED: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

/** JSON that cannot be read; the message is that of Python's `json`, as the AWS CLI shows it. */
export class JsonError extends Error {
  override readonly name = 'JsonError';

  constructor(problem: string, text: string, index: number) {
    const before = text.slice(0, index);
    const line = before.split('\n').length;
    const column = index - before.lastIndexOf('\n');
    super(`${problem}: line ${line} column ${column} (char ${index})`);
  }
}

/**
 * Read JSON (RFC 8259), `NaN` and `Infinity`. Structures keep the order of their members; of two with one name the last counts.
 *
 * @param newStructure makes what holds the members of a structure
 * @throws JsonError
 */
export function readJsonArgument(text: string, newStructure: () => Map<string, Value> = () => new Map()): Value {
  return new JsonReader(text, newStructure).read();
}

class JsonReader {
  private index = 0;

  constructor(
    private readonly text: string,
    private readonly newStructure: () => Map<string, Value>,
  ) {}

  read(): Value {
    if (this.text.startsWith('\ufeff'))
      throw new JsonError('Unexpected UTF-8 BOM (decode using utf-8-sig)', this.text, 0);
    this.skipSpace();
    const value = this.value();
    this.skipSpace();
    if (this.index < this.text.length) this.fail('Extra data');
    return value;
  }

  /** value = structure | list | string | word | number */
  private value(): Value {
    const next = this.text[this.index];
    if (next === '{') return this.structure();
    if (next === '[') return this.list();
    if (next === '"') return this.string();
    for (const [word, value] of WORDS) {
      if (!this.text.startsWith(word, this.index)) continue;
      this.index += word.length;
      return value;
    }
    const number = this.match(NUMBER);
    if (number === null) return this.fail('Expecting value');
    const isFloat = number[2] !== undefined || number[3] !== undefined;
    return isFloat ? float(Number(number[0])) : Number(number[0]);
  }

  /** structure = "{" [ name ":" value { "," name ":" value } ] "}" */
  private structure(): Value {
    const members = this.newStructure();
    this.index++;
    this.skipSpace();
    if (this.accept('}')) return members;
    for (;;) {
      if (this.text[this.index] !== '"') this.fail('Expecting property name enclosed in double quotes');
      const name = this.string();
      this.skipSpace();
      if (!this.accept(':')) this.fail("Expecting ':' delimiter");
      this.skipSpace();
      members.set(name, this.value());
      this.skipSpace();
      if (this.accept('}')) return members;
      if (!this.accept(',')) this.fail("Expecting ',' delimiter");
      this.skipSpace();
    }
  }

  /** list = "[" [ value { "," value } ] "]" */
  private list(): Value {
    const items: Value[] = [];
    this.index++;
    this.skipSpace();
    if (this.accept(']')) return items;
    for (;;) {
      items.push(this.value());
      this.skipSpace();
      if (this.accept(']')) return items;
      if (!this.accept(',')) this.fail("Expecting ',' delimiter");
      this.skipSpace();
    }
  }

  private string(): string {
    const start = this.index++;
    let text = '';
    for (;;) {
      text += this.match(PLAIN)![0];
      if (this.accept('"')) return text;
      if (this.index >= this.text.length) throw new JsonError('Unterminated string starting at', this.text, start);
      if (!this.accept('\\')) this.fail('Invalid control character at');
      if (this.index >= this.text.length) throw new JsonError('Unterminated string starting at', this.text, start);
      text += this.escaped();
    }
  }

  private escaped(): string {
    const letter = this.text[this.index]!;
    if (letter !== 'u') {
      const character = ESCAPED[letter];
      if (character === undefined) throw new JsonError('Invalid \\escape', this.text, this.index - 1);
      this.index++;
      return character;
    }
    const digits = this.text.slice(this.index + 1, this.index + 5);
    if (!/^[\da-fA-F]{4}$/.test(digits)) throw new JsonError('Invalid \\uXXXX escape', this.text, this.index);
    this.index += 5;
    return String.fromCharCode(Number.parseInt(digits, 16));
  }

  private skipSpace(): void {
    this.match(SPACE);
  }

  private match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.index;
    const found = pattern.exec(this.text);
    if (found) this.index += found[0].length;
    return found;
  }

  private accept(character: string): boolean {
    if (this.text[this.index] !== character) return false;
    this.index++;
    return true;
  }

  private fail(problem: string): never {
    throw new JsonError(problem, this.text, this.index);
  }
}
