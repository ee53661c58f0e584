import type { Members } from '../operations/shapes.js';

/**
 * The input of an operation as the AWS CLI writes it: JSON with `", "` and `": "` between parts, everything but ASCII
 * escaped, floats with a fraction. NaN becomes the bare token `NaN`.
 */
export function inputText(input: Readonly<Record<string, unknown>>, members: Members): string {
  const texts = Object.entries(input)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => {
      const isFloat = typeof value === 'number' && members[name]?.type === 'float';
      return `${asciiText(name)}: ${isFloat ? floatText(value) : jsonText(value)}`;
    });
  return `{${texts.join(', ')}}`;
}

function floatText(value: number): string {
  return Number.isInteger(value) && Math.abs(value) < 1e16 ? `${value}.0` : String(value);
}

function jsonText(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'string') return asciiText(value);
  if (Array.isArray(value)) return `[${value.map(jsonText).join(', ')}]`;
  if (typeof value === 'object') {
    const members = Object.entries(value).map(([name, member]) => `${asciiText(name)}: ${jsonText(member)}`);
    return `{${members.join(', ')}}`;
  }
  return String(value);
}

/** A text as JSON, in ASCII. */
export function asciiText(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
