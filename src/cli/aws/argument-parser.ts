import type { Value } from '../output/value.js';
import { usageFailure, usageLines } from './failure.js';
import { readFloat, readInteger } from './numbers.js';
import { quoted } from './python-text.js';
import { similarChoices } from './similar.js';

/** How many arguments follow an option: none, one, one or none, any number. */
export type Arity = 'none' | 'one' | 'optional' | 'any';

export interface OptionRule {
  /** With its dashes. */
  readonly name: string;
  /** Under which name its value is kept; two options may share one. */
  readonly key: string;
  readonly arity: Arity;
  /** The value of an option without argument. */
  readonly constant?: Value;
  readonly choices?: readonly string[];
  readonly type?: 'int' | 'float';
  readonly required?: boolean;
  /** A prefix does not stand for it. */
  readonly exact?: boolean;
  /** Called as soon as the option is met. */
  readonly action?: () => never;
}

export interface Positional {
  readonly key: string;
  readonly optional: boolean;
  readonly choices?: readonly string[];
  /** Words that are proposed beside the choices. */
  readonly alsoSimilar?: readonly string[];
}

export interface Grammar {
  /** Named in errors. */
  readonly program: string;
  /** The lines before an error; by default those of the program. */
  readonly usage?: string;
  readonly options: readonly OptionRule[];
  readonly positional?: Positional;
}

export interface Parsed {
  readonly values: Readonly<Record<string, Value | undefined>>;
  /** Arguments that the grammar does not know, in their order. */
  readonly rest: string[];
}

interface Found {
  /** Undefined for what looks like an option and is not known. */
  readonly rule: OptionRule | undefined;
  /** What follows `=`. */
  readonly explicit: string | undefined;
}

/**
 * Take the options and the positional argument that a grammar knows out of a list of arguments and leave the rest. An
 * option may be shortened to a prefix that only it has, takes its value from the next argument or after `=`, and its last
 * occurrence counts.
 *
 * Python's argparse (3.11): parse_known_args, on which the AWS CLI is built
 *
 * @throws CommandFailure for an option without its value, a value that is not a choice, a missing required argument
 */
export function parseKnown(grammar: Grammar, args: readonly string[]): Parsed {
  return new ArgumentParser(grammar, args).parse();
}

class ArgumentParser {
  private readonly values: Record<string, Value | undefined> = {};
  private readonly seen = new Set<unknown>();
  private readonly rest: string[] = [];
  private readonly options = new Map<number, Found>();
  /** One letter for each argument: `O` an option, `A` an argument, `-` the `--` after which all are arguments. */
  private readonly pattern: string;
  private positional: Positional | undefined;

  constructor(
    private readonly grammar: Grammar,
    private readonly args: readonly string[],
  ) {
    this.positional = grammar.positional;
    const end = args.indexOf('--');
    this.pattern = args
      .map((argument, index) => {
        if (end >= 0 && index >= end) return index === end ? '-' : 'A';
        const found = this.readOption(argument);
        if (found === undefined) return 'A';
        this.options.set(index, found);
        return 'O';
      })
      .join('');
  }

  parse(): Parsed {
    const { args, rest, options } = this;
    const lastOption = Math.max(-1, ...options.keys());
    let index = 0;
    while (index <= lastOption) {
      let next = index;
      while (!options.has(next)) next++;
      if (next !== index) {
        const end = this.takePositional(index);
        if (end > index) {
          index = end;
          continue;
        }
        rest.push(...args.slice(index, next));
        index = next;
      }
      index = this.takeOption(index);
    }
    rest.push(...args.slice(this.takePositional(index)));
    this.checkRequired();
    return { values: this.values, rest };
  }

  /** Undefined: not an option but an argument. */
  private readOption(argument: string): Found | undefined {
    if (!argument.startsWith('-') || argument.length === 1) return undefined;
    const exact = this.grammar.options.find(({ name }) => name === argument);
    if (exact) return { rule: exact, explicit: undefined };
    const equals = argument.indexOf('=');
    const name = equals < 0 ? argument : argument.slice(0, equals);
    const explicit = equals < 0 ? undefined : argument.slice(equals + 1);
    const named = this.grammar.options.find((rule) => equals >= 0 && rule.name === name);
    if (named) return { rule: named, explicit };
    const matches = name.startsWith('--')
      ? this.grammar.options.filter((rule) => !rule.exact && rule.name.startsWith(name))
      : [];
    if (matches.length > 1) {
      this.fail(`ambiguous option: ${argument} could match ${matches.map((rule) => rule.name).join(', ')}`);
    }
    if (matches.length === 1) return { rule: matches[0], explicit };
    if (/^-\d+$|^-\d*\.\d+$/.test(argument) || argument.includes(' ')) return undefined;
    return { rule: undefined, explicit: undefined };
  }

  private takeOption(index: number): number {
    const { rule, explicit } = this.options.get(index)!;
    if (rule === undefined) {
      this.rest.push(this.args[index]!);
      return index + 1;
    }
    if (explicit !== undefined) {
      if (rule.arity === 'none') this.failAt(rule.name, `ignored explicit argument ${quoted(explicit)}`);
      this.keep(rule, [explicit]);
      return index + 1;
    }
    const available = /^A*/.exec(this.pattern.slice(index + 1))![0].length;
    if (rule.arity === 'one' && available === 0) this.failAt(rule.name, 'expected one argument');
    const count = { none: 0, one: 1, optional: Math.min(1, available), any: available }[rule.arity];
    this.keep(rule, this.args.slice(index + 1, index + 1 + count));
    return index + 1 + count;
  }

  private keep(rule: OptionRule, given: readonly string[]): void {
    this.seen.add(rule);
    rule.action?.();
    if (rule.arity === 'any') this.values[rule.key] = given.map((text) => this.read(rule, text));
    else this.values[rule.key] = given.length === 0 ? rule.constant : this.read(rule, given[0]!);
  }

  private read(rule: OptionRule, text: string): Value {
    if (rule.choices) this.checkChoice(rule.name, text, rule.choices);
    if (rule.type === undefined) return text;
    const value = rule.type === 'int' ? readInteger(text) : readFloat(text);
    if (value === undefined) this.failAt(rule.name, `invalid ${rule.type} value: ${quoted(text)}`);
    return value;
  }

  /** @returns the index of the next argument */
  private takePositional(index: number): number {
    const { positional } = this;
    if (positional === undefined) return index;
    const shape = positional.optional ? /^-*A?-*/ : /^-*A-*/;
    const match = shape.exec(this.pattern.slice(index));
    if (match === null) return index;
    const end = index + match[0].length;
    const [text] = this.args.slice(index, end).filter((argument) => argument !== '--');
    this.positional = undefined;
    if (text === undefined) return end;
    if (positional.choices) this.checkChoice(positional.key, text, positional.choices, positional.alsoSimilar);
    this.values[positional.key] = text;
    return end;
  }

  private checkRequired(): void {
    const missing = this.grammar.options
      .filter((rule) => rule.required && !this.seen.has(rule))
      .map(({ name }) => name);
    if (this.positional && !this.positional.optional) missing.push(this.positional.key);
    if (missing.length > 0) this.fail(`the following arguments are required: ${missing.join(', ')}`);
  }

  private checkChoice(name: string, text: string, choices: readonly string[], also: readonly string[] = []): void {
    if (choices.includes(text)) return;
    const lines = ['Invalid choice, valid choices are:\n'];
    for (let i = 0; i < choices.length; i += 2) {
      lines.push(
        choices
          .slice(i, i + 2)
          .map((choice) => choice.padEnd(40))
          .join(' | '),
      );
    }
    const similar = similarChoices(text, [...choices, ...also]);
    if (similar.length > 0) {
      lines.push(`\n\nInvalid choice: ${quoted(text)}, maybe you meant:\n`, ...similar.map((word) => `  * ${word}`));
    }
    this.failAt(name, lines.join('\n'));
  }

  private failAt(name: string, message: string): never {
    this.fail(`argument ${name}: ${message}`);
  }

  private fail(message: string): never {
    const { program, usage = `${usageLines(program)}` } = this.grammar;
    throw usageFailure(`${usage}\n${program}: error: ${message}\n`);
  }
}
