import { characterClass } from './yaml-characters.js';

/** What a text's characters allow: the styles in which a YAML emitter may write it. */
export interface ScalarFacts {
  readonly plain: boolean;
  readonly singleQuoted: boolean;
  readonly multiline: boolean;
}

/** Plain texts that a reader would not take for a string: YAML 1.2 core schema, and the 1.1 timestamp, merge and value. */
const NOT_STRINGS = [
  /^(?:true|True|TRUE|false|False|FALSE)$/,
  /^(?:~|null|Null|NULL|)$/,
  /^[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+]?[0-9]+)?$/,
  /^[-+]?[0-9][0-9_]*[eE][-+]?[0-9]+$/,
  /^[-+]?\.[0-9_]+(?:[eE][-+][0-9]+)?$/,
  /^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/,
  /^[-+]?0b[01_]+$/,
  /^[-+]?0o?[0-7_]+$/,
  /^(?:[-+][0-9_]+|[0-9][0-9_]*)$/,
  /^[-+]?0x[0-9a-fA-F_]+$/,
  /^(?:<<|=)$/,
  /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/,
  /^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]*)?(?:[ \t]*(?:Z|[-+][0-9]{1,2}(?::[0-9]{2})?))?$/,
];

const INDICATORS_AT_START = '#,[]{}&*!|>\'"%@`';

/**
 * Look at each character of a text.
 *
 * @see YAML 1.1, chapter 5 (characters) and 9 (scalar styles), as libyaml's emitter takes it
 */
export function analyzeScalar(text: string): ScalarFacts {
  if (text === '') return { plain: false, singleQuoted: true, multiline: false };
  const classes = Array.from(text, characterClass);
  const isBreak = classes.map((type) => type === 'break');
  const isSpace = classes.map((type) => type === 'space');
  const multiline = isBreak.includes(true);
  const special = classes.includes('special') || text.includes('\r') || text.includes('\x85');
  const breakThenSpace = isSpace.some((space, index) => space && isBreak[index - 1]);
  const spaceThenBreak = isBreak.some((lineBreak, index) => lineBreak && isSpace[index - 1]);
  const blankEnds = classes[0] !== 'other' || classes.at(-1) !== 'other';
  return {
    plain: !special && !multiline && !blankEnds && !hasIndicators(text) && !NOT_STRINGS.some((p) => p.test(text)),
    singleQuoted: !special && !breakThenSpace && !spaceThenBreak,
    multiline,
  };
}

/** Characters that begin something else than a scalar in block context. */
function hasIndicators(text: string): boolean {
  if (/^(?:---|\.\.\.)/.test(text) || INDICATORS_AT_START.includes(text[0])) return true;
  return /^[-?](?:[ \t]|$)/.test(text) || /:(?:[ \t]|$)/.test(text) || /[ \t]#/.test(text);
}
