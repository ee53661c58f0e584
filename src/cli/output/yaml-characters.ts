/**
 * The kinds of characters that YAML's emitter tells apart. `special` ones are only allowed as escapes in double quotes;
 * carriage return and next line are both `break` and to be escaped.
 */
export type CharacterClass = 'space' | 'break' | 'special' | 'other';

export function characterClass(character: string): CharacterClass {
  if (character === ' ') return 'space';
  if (/[\r\n\x85\u2028\u2029]/.test(character)) return 'break';
  return isPrintable(character.codePointAt(0)!) ? 'other' : 'special';
}

/** Printable characters of libyaml: none beyond the basic multilingual plane, no byte order mark. */
function isPrintable(codePoint: number): boolean {
  if (codePoint < 0xa0) return codePoint >= 0x20 && codePoint <= 0x7e;
  if (codePoint >= 0xd800 && codePoint < 0xe000) return false;
  return codePoint < 0xfffe && codePoint !== 0xfeff;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\0': '0',
  '\x07': 'a',
  '\b': 'b',
  '\t': 't',
  '\n': 'n',
  '\v': 'v',
  '\f': 'f',
  '\r': 'r',
  '\x1b': 'e',
  '"': '"',
  '\\': '\\',
  '\x85': 'N',
  '\xa0': '_',
  '\u2028': 'L',
  '\u2029': 'P',
};

/** A character as double quotes hold it. */
export function escapeCharacter(character: string): string {
  const type = characterClass(character);
  if (type === 'space' || (type === 'other' && character !== '"' && character !== '\\')) return character;
  if (Object.hasOwn(ESCAPES, character)) return `\\${ESCAPES[character]}`;
  const codePoint = character.codePointAt(0)!;
  const hex = codePoint.toString(16).toUpperCase();
  if (codePoint < 0x100) return `\\x${hex.padStart(2, '0')}`;
  return codePoint < 0x10000 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}
