import { isList, isStructure, numberText, SampleTime, type Scalar, toNumber, type Value } from './value.js';

/** JSON as `--output json` prints it, indented by 4 spaces, without a line end. Not-a-number is `NaN`, infinity `Infinity`. */
export function writeJson(value: Value): string {
  return write(value, '\n', '    ', ': ', (text) => JSON.stringify(text));
}

/** JSON without blanks, in ASCII. */
export function compactJson(value: Value): string {
  return write(value, '', '', ':', (text) =>
    JSON.stringify(text).replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
  );
}

function write(value: Value, line: string, indent: string, colon: string, quote: (text: string) => string): string {
  const inner = line && line + indent;
  const nested = (item: Value): string => write(item, inner, indent, colon, quote);
  if (isList(value)) {
    return value.length === 0 ? '[]' : `[${inner}${value.map(nested).join(`,${inner}`)}${line}]`;
  }
  if (isStructure(value)) {
    if (value.size === 0) return '{}';
    const members = Array.from(value, ([name, member]) => quote(name) + colon + nested(member));
    return `{${inner}${members.join(`,${inner}`)}${line}}`;
  }
  return typeof value === 'string' ? quote(value) : scalarJson(value);
}

function scalarJson(value: Exclude<Scalar, string>): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (value instanceof SampleTime) return `"${value.date}T${value.time}"`;
  const number = toNumber(value);
  return Number.isFinite(number) ? numberText(value) : String(number);
}
