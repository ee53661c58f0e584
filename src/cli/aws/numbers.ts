import { type Float, float } from '../output/value.js';
import { generalFailure } from './failure.js';
import { quoted } from './python-text.js';

/** A whole number as Python's `int` reads it: blanks around it, a sign, digits, single underscores between digits. */
export function readInteger(text: string): number | undefined {
  const bare = text.trim();
  return /^[+-]?\d+(_\d+)*$/.test(bare) ? Number(bare.replaceAll('_', '')) : undefined;
}

/** @throws CommandFailure as the AWS CLI ends when a member is not a whole number */
export function requireInteger(text: string): number {
  const value = readInteger(text);
  if (value === undefined) throw generalFailure(`invalid literal for int() with base 10: ${quoted(text)}`);
  return value;
}

const FLOAT = /^[+-]?(\d+(_\d+)*\.?(\d+(_\d+)*)?|\.\d+(_\d+)*)(e[+-]?\d+(_\d+)*)?$/i;

/** A number as Python's `float` reads it, `inf` and `nan` among them. */
export function readFloat(text: string): number | Float | undefined {
  const bare = text.trim();
  if (FLOAT.test(bare)) return float(Number(bare.replaceAll('_', '')));
  const special = /^([+-]?)(inf|infinity|nan)$/i.exec(bare);
  if (special === null) return undefined;
  const value = special[2]!.toLowerCase() === 'nan' ? Number.NaN : Number.POSITIVE_INFINITY;
  return special[1] === '-' ? -value : value;
}
