import {
  isEmpty,
  isList,
  isNumber,
  isScalar,
  isStructure,
  numberText,
  SampleTime,
  type Scalar,
  scalarText,
  sortedMembers,
  type Value,
} from './value.js';
import { characterClass, escapeCharacter } from './yaml-characters.js';
import { analyzeScalar } from './yaml-scalar.js';

/** Columns after which a scalar continues on the next line. */
const WIDTH = 80;
const INDENT = 2;
/** Bytes of the longest key that is written without `?`. */
const LONGEST_SIMPLE_KEY = 128;

/**
 * YAML in block style, keys sorted, as `--output yaml` prints it; ends with a line end. A list or structure that occurs more
 * than once (the same object) is written once, with an anchor `&id001`, and an alias `*id001` elsewhere.
 *
 * @param value a list or a structure
 * @see YAML 1.1; layout as libyaml's emitter has it
 */
export function writeYaml(value: Value): string {
  const emitter = new Emitter(anchors(value));
  emitter.node(value, { simpleKey: false, inMapping: false });
  return emitter.end();
}

/** Names for the objects that occur more than once, in the order in which the second occurrences are met. */
function anchors(root: Value): Map<Value, string> {
  const seen = new Set<Value>();
  const names = new Map<Value, string>();
  const visit = (value: Value): void => {
    if (isScalar(value)) return;
    if (seen.has(value)) {
      if (!names.has(value)) names.set(value, `id${String(names.size + 1).padStart(3, '0')}`);
      return;
    }
    seen.add(value);
    if (isStructure(value)) for (const [, member] of sortedMembers(value)) visit(member);
    else if (isList(value)) value.forEach(visit);
  };
  visit(root);
  return names;
}

interface Context {
  readonly simpleKey: boolean;
  readonly inMapping: boolean;
}

class Emitter {
  private readonly pieces: string[] = [];
  private readonly written = new Set<Value>();
  private column = 0;
  private indent = -INDENT;
  /** The last thing written was a blank. */
  private whitespace = true;
  /** Only blanks and indicators that may stand before nested blocks were written on this line. */
  private indention = true;

  constructor(private readonly anchors: ReadonlyMap<Value, string>) {}

  node(value: Value, context: Context): void {
    if (isScalar(value)) {
      this.scalar(value, !context.simpleKey);
      return;
    }
    const anchor = this.anchors.get(value);
    if (anchor !== undefined) {
      const isAlias = this.written.has(value);
      this.written.add(value);
      this.indicator(`${isAlias ? '*' : '&'}${anchor}`);
      if (isAlias) return;
    }
    if (isEmpty(value)) this.indicator(isList(value) ? '[]' : '{}');
    else if (isList(value)) this.list(value, context.inMapping);
    else if (isStructure(value)) this.structure(value);
  }

  end(): string {
    this.indent = 0;
    this.startLine();
    return this.pieces.join('');
  }

  private list(items: readonly Value[], inMapping: boolean): void {
    const outer = this.indent;
    if (!inMapping || this.indention) this.indent += INDENT;
    for (const item of items) {
      this.startLine();
      this.indicator('-', { keepsIndention: true });
      this.node(item, { simpleKey: false, inMapping: false });
    }
    this.indent = outer;
  }

  private structure(structure: ReadonlyMap<string, Value>): void {
    const outer = this.indent;
    this.indent += INDENT;
    for (const [name, value] of sortedMembers(structure)) {
      this.startLine();
      if (Buffer.byteLength(name) <= LONGEST_SIMPLE_KEY && !analyzeScalar(name).multiline) {
        this.node(name, { simpleKey: true, inMapping: true });
        this.indicator(':', { attached: true });
      } else {
        this.indicator('?', { keepsIndention: true });
        this.node(name, { simpleKey: false, inMapping: true });
        this.startLine();
        this.indicator(':', { keepsIndention: true });
      }
      this.node(value, { simpleKey: false, inMapping: true });
    }
    this.indent = outer;
  }

  private scalar(value: Scalar, mayBreak: boolean): void {
    this.indent += INDENT;
    if (typeof value === 'string') this.text(value, mayBreak);
    else this.plain(wordText(value), mayBreak);
    this.indent -= INDENT;
  }

  private text(text: string, mayBreak: boolean): void {
    const facts = analyzeScalar(text);
    if (facts.plain) this.plain(text, mayBreak);
    else if (facts.singleQuoted && (mayBreak || !facts.multiline)) this.singleQuoted(text, mayBreak);
    else this.doubleQuoted(text, mayBreak);
  }

  private plain(text: string, mayBreak: boolean): void {
    if (!this.whitespace) this.put(' ');
    this.fold(Array.from(text), mayBreak, { endsMayFold: true });
    this.whitespace = false;
    this.indention = false;
  }

  private singleQuoted(text: string, mayBreak: boolean): void {
    this.indicator("'");
    this.fold(Array.from(text), mayBreak, { endsMayFold: false });
    if (/[\n\u2028\u2029]$/.test(text)) this.startLine();
    this.indicator("'", { attached: true });
  }

  /** Lines are folded at single spaces; a line break of the text is written as an empty line and an indented next line. */
  private fold(characters: readonly string[], mayBreak: boolean, options: { endsMayFold: boolean }): void {
    let [spaces, breaks] = [false, false];
    characters.forEach((character, index) => {
      const type = characterClass(character);
      if (type === 'space') {
        const inside = options.endsMayFold || (index > 0 && index < characters.length - 1);
        const folds = mayBreak && !spaces && this.column > WIDTH && inside && characters[index + 1] !== ' ';
        if (folds) this.startLine();
        else this.put(' ');
        spaces = true;
      } else if (type === 'break') {
        if (!breaks && character === '\n') this.putBreak('\n');
        this.putBreak(character);
        this.indention = true;
        breaks = true;
      } else {
        if (breaks) this.startLine();
        this.put(character === "'" && !options.endsMayFold ? "''" : character);
        this.indention = false;
        [spaces, breaks] = [false, false];
      }
    });
  }

  private doubleQuoted(text: string, mayBreak: boolean): void {
    this.indicator('"');
    const characters = Array.from(text);
    let spaces = false;
    characters.forEach((character, index) => {
      const inside = index > 0 && index < characters.length - 1;
      if (character === ' ' && mayBreak && !spaces && this.column > WIDTH && inside) {
        this.startLine();
        if (characters[index + 1] === ' ') this.put('\\');
      } else this.put(escapeCharacter(character));
      spaces = character === ' ';
    });
    this.indicator('"', { attached: true });
  }

  private indicator(text: string, options: { attached?: boolean; keepsIndention?: boolean } = {}): void {
    if (!options.attached && !this.whitespace) this.put(' ');
    this.put(text);
    this.whitespace = false;
    this.indention &&= options.keepsIndention === true;
  }

  private startLine(): void {
    const indent = Math.max(this.indent, 0);
    if (!this.indention || this.column > indent || (this.column === indent && !this.whitespace)) this.putBreak('\n');
    if (this.column < indent) this.put(' '.repeat(indent - this.column));
    this.whitespace = true;
    this.indention = true;
  }

  private put(text: string): void {
    this.pieces.push(text);
    this.column += text.length === 1 ? 1 : Array.from(text).length;
  }

  private putBreak(text: string): void {
    this.pieces.push(text);
    this.column = 0;
  }
}

function wordText(value: Exclude<Scalar, string>): string {
  if (isNumber(value)) {
    const text = numberText(value);
    return /nan|inf/.test(text) ? text.replace(/(?=nan|inf)/, '.') : text;
  }
  return value instanceof SampleTime ? scalarText(value) : String(value);
}
