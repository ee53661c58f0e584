/** A floating-point number whose value may be whole: printed `1.0`, where the integer is printed `1`. */
export class Float {
  constructor(readonly value: number) {}
}

/** A date and time without zone, of which samples of responses are made. */
export class SampleTime {
  readonly date = '1970-01-01';
  readonly time = '00:00:00';
}

/**
 * What the output formats print. Whole `number`s are integers, all others floating-point numbers; structures keep the order of
 * their members, whatever these are called.
 */
export type Value = Scalar | readonly Value[] | Structure;
export type Structure = ReadonlyMap<string, Value>;
export type Scalar = null | boolean | number | Float | string | SampleTime;

export function isList(value: unknown): value is readonly Value[] {
  return Array.isArray(value);
}

export function isStructure(value: unknown): value is Structure {
  return value instanceof Map;
}

export function isScalar(value: Value): value is Scalar {
  return !isList(value) && !isStructure(value);
}

/** Whether a list or structure has nothing in it. */
export function isEmpty(value: Value): boolean {
  return isList(value) ? value.length === 0 : isStructure(value) && value.size === 0;
}

export function isNumber(value: unknown): value is number | Float {
  return typeof value === 'number' || value instanceof Float;
}

export function isFloat(value: number | Float): boolean {
  return value instanceof Float || !Number.isInteger(value);
}

export function toNumber(value: number | Float): number {
  return value instanceof Float ? value.value : value;
}

/** A floating-point number as a value. */
export function float(value: number): number | Float {
  return Number.isInteger(value) ? new Float(value) : value;
}

/** Order of code points, which is that of UTF-8 bytes and not that of UTF-16 units. */
export function compareText(a: string, b: string): number {
  let index = 0;
  while (index < a.length && index < b.length && a.charCodeAt(index) === b.charCodeAt(index)) index++;
  if (index === a.length || index === b.length) return a.length - b.length;
  if (index > 0 && isLowSurrogate(a.charCodeAt(index)) && isLowSurrogate(b.charCodeAt(index))) index--;
  return a.codePointAt(index)! - b.codePointAt(index)!;
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}

/** The members of a structure, sorted by name. */
export function sortedMembers(structure: Structure): [string, Value][] {
  return [...structure].sort(([a], [b]) => compareText(a, b));
}

/**
 * A number as the formats print it: integers in full, others with the fewest digits that give the same double, with an
 * exponent below 1e-4 and from 1e16 on: `0.5`, `1e-06`, `1e+16`.
 */
export function numberText(value: number | Float): string {
  const number = toNumber(value);
  if (!isFloat(value)) return Math.abs(number) < 1e21 ? String(number) : BigInt(number).toString();
  if (Number.isNaN(number)) return 'nan';
  if (!Number.isFinite(number)) return number > 0 ? 'inf' : '-inf';
  const sign = number < 0 || Object.is(number, -0) ? '-' : '';
  const [mantissa, exponentText] = Math.abs(number).toExponential().split('e') as [string, string];
  const digits = mantissa.replace('.', '');
  const exponent = Number(exponentText);
  if (exponent < -4 || exponent >= 16) {
    const fraction = digits.length > 1 ? `.${digits.slice(1)}` : '';
    const power = String(Math.abs(exponent)).padStart(2, '0');
    return `${sign}${digits[0]}${fraction}e${exponent < 0 ? '-' : '+'}${power}`;
  }
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  return `${sign}${whole}.${digits.slice(exponent + 1) || '0'}`;
}

/** A scalar in text and tables: `True`, `None`, numbers, strings as they are. */
export function scalarText(value: Scalar): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (value instanceof SampleTime) return `${value.date} ${value.time}`;
  return typeof value === 'string' ? value : numberText(value);
}

/** A value inside an error message: strings bare at the top, quoted inside lists and structures. */
export function messageText(value: Value): string {
  return isScalar(value) ? scalarText(value) : quotedText(value);
}

function quotedText(value: Value): string {
  if (isList(value)) return `[${value.map(quotedText).join(', ')}]`;
  if (isStructure(value)) return `{${[...value].map(([k, v]) => `${quotedText(k)}: ${quotedText(v)}`).join(', ')}}`;
  return typeof value === 'string' ? quoted(value) : scalarText(value);
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function quoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const body = text.replace(/[\\\n\r\t]|[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}|'/gu, (character) => {
    if (character === "'") return quote === "'" ? "\\'" : character;
    return ESCAPES[character] ?? hexEscape(character.codePointAt(0)!);
  });
  return quote + body + quote;
}

function hexEscape(codePoint: number): string {
  const hex = codePoint.toString(16);
  if (codePoint < 0x100) return `\\x${hex.padStart(2, '0')}`;
  return codePoint < 0x10000 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}
