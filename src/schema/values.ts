/**
 * How a value of each attribute type is spelt in a file. Values are stripped of surrounding white space first; NUMERIC ones
 * of that of ASCII only.
 *
 * Amazon Machine Learning Developer Guide, "Understanding the data format" and "Creating a data schema"
 */
const POSITIVE = ['1', 'y', 'yes', 't', 'true'];
const NEGATIVE = ['0', 'n', 'no', 'f', 'false'];
/** Values that end on something else than a digit or a point may still have white space behind. */
const SPACE_BEHIND = /[ \t\n\v\f\r]+$/;

/**
 * The number that a NUMERIC value stands for; undefined when it is empty, no decimal number, or beyond ±1.8e308.
 *
 *     number = [ "+" | "-" ] ( digits [ "." [ digits ] ] | "." digits ) [ ( "e" | "E" ) [ "+" | "-" ] digits ]
 */
export function parseNumber(text: string): number | undefined {
  const number = Number(text);
  // `Number` takes white space of Unicode, nothing at all, 0x1F, 0b1, 0o7 and Infinity, too: they begin or end differently.
  if (!Number.isFinite(number)) return undefined;
  let start = 0;
  while (isSpace(text.charCodeAt(start))) start++;
  const last = text.charCodeAt(text.length - 1);
  if (!isDigitOrPoint(last)) {
    const bare = text.replace(SPACE_BEHIND, '');
    if (bare === text || !isDigitOrPoint(bare.charCodeAt(bare.length - 1))) return undefined;
  }
  const first = text.charCodeAt(start);
  if (!isDigitOrPoint(first)) return first === PLUS || first === MINUS ? number : undefined;
  return first === ZERO && isRadix(text.charCodeAt(start + 1)) ? undefined : number;
}

const PLUS = 43;
const MINUS = 45;
const POINT = 46;
const ZERO = 48;
const NINE = 57;

const isSpace = (code: number): boolean => code === 32 || (code >= 9 && code <= 13);
const isDigitOrPoint = (code: number): boolean => (code >= ZERO && code <= NINE) || code === POINT;
/** The letter after 0 in 0x1F, 0b1, 0o7, either case. */
const isRadix = (code: number): boolean => {
  const letter = code | 32;
  return code > NINE && (letter === 98 || letter === 111 || letter === 120);
};

/** 1 and 0 as BINARY values may be spelt, in any letter case; undefined for anything else. */
export function parseBinary(text: string): 0 | 1 | undefined {
  const bare = text.trim().toLowerCase();
  if (POSITIVE.includes(bare)) return 1;
  return NEGATIVE.includes(bare) ? 0 : undefined;
}

/** 0/1, n/y, no/yes, f/t, false/true: the spellings of one pair have the same number. */
export function binaryPair(text: string): number {
  const bare = text.trim().toLowerCase();
  return Math.max(POSITIVE.indexOf(bare), NEGATIVE.indexOf(bare));
}
