import type { Message } from '../../operations/service.js';
import type { Members, Shape } from '../../operations/shapes.js';
import { OutputError } from './errors.js';
import { roundHalfEven } from './table-layout.js';
import { Float, numberText, type Structure, type Value } from './value.js';

/** `iso8601`: in the local zone, microseconds only if not zero; `wire`: as received. */
export type TimestampFormat = 'iso8601' | 'wire';

/**
 * The members of a response that its shape knows, in the shape's order, those without a value left out. Keys of maps keep
 * their order.
 *
 * @throws OutputError for a timestamp that is none
 */
export function readResponse(members: Members, response: Message, timestampFormat: TimestampFormat): Structure {
  const known = new Map<string, Value>();
  for (const [name, shape] of Object.entries(members)) {
    const value = response[name];
    if (value !== undefined && value !== null) known.set(name, readValue(shape, value, timestampFormat));
  }
  return known;
}

function readValue(shape: Shape, value: unknown, timestampFormat: TimestampFormat): Value {
  if (value === undefined || value === null) return null;
  switch (shape.type) {
    case 'structure':
      return isObject(value) ? readResponse(shape.members, value, timestampFormat) : asIs(value);
    case 'list':
      return Array.isArray(value) ? value.map((item) => readValue(shape.item, item, timestampFormat)) : asIs(value);
    case 'map':
      return isObject(value)
        ? new Map(Object.entries(value).map(([key, item]) => [key, readValue(shape.value, item, timestampFormat)]))
        : asIs(value);
    case 'timestamp':
      return timestampFormat === 'iso8601' ? timestampText(value) : asIs(value);
    default:
      return asIs(value);
  }
}

function isObject(value: unknown): value is Message {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Float);
}

/** JSON as a value: numbers that JSON writes without fraction and exponent are integers. */
function asIs(value: unknown): Value {
  if (typeof value === 'number') return Number.isInteger(value) && Math.abs(value) >= 1e21 ? new Float(value) : value;
  if (Array.isArray(value)) return value.map(asIs);
  if (isObject(value)) return new Map(Object.entries(value).map(([name, item]) => [name, asIs(item)]));
  return value as Value;
}

const NUMERIC = /^\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?\s*$/;
const ISO_8601 = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|GMT|UTC|[-+]\d\d:?\d\d)?$/;

function timestampText(value: unknown): string {
  if (typeof value === 'number') return localTime(value, value);
  if (value instanceof Float) return localTime(value.value, value.value);
  const text = String(value);
  if (NUMERIC.test(text)) return localTime(Number(text), text);
  const parts = ISO_8601.exec(text);
  if (!parts) throw new OutputError(`Invalid timestamp "${text}": Unknown string format: ${text}`, 255);
  const [, date, time, fraction = '', zone = ''] = parts;
  const microseconds = Number(fraction.slice(0, 6).padEnd(6, '0'));
  const offset = /^[-+]/.test(zone) ? zone.replace(/^(...):?/, '$1:') : zone && '+00:00';
  return `${date}T${time}${microsecondsText(microseconds)}${offset}`;
}

/**
 * @param seconds since 1970
 * @param given for messages
 */
function localTime(seconds: number, given: number | string): string {
  let whole = Math.trunc(seconds);
  let microseconds = roundHalfEven((seconds - whole) * 1e6);
  if (microseconds >= 1e6) [whole, microseconds] = [whole + 1, microseconds - 1e6];
  else if (microseconds < 0) [whole, microseconds] = [whole - 1, microseconds + 1e6];
  const instant = new Date(whole * 1000);
  const offsetMinutes = -instant.getTimezoneOffset();
  const local = new Date(whole * 1000 + offsetMinutes * 60_000);
  const year = local.getUTCFullYear();
  if (Number.isNaN(year)) throw new OutputError(`timestamp out of range: ${messageNumber(given)}`, 255);
  if (year < 1 || year > 9999) throw new OutputError(`year ${year} is out of range`, 255);
  return local.toISOString().slice(0, 19) + microsecondsText(microseconds) + offsetText(offsetMinutes);
}

function messageNumber(given: number | string): string {
  return typeof given === 'string' ? given : numberText(given);
}

function microsecondsText(microseconds: number): string {
  return microseconds === 0 ? '' : `.${String(microseconds).padStart(6, '0')}`;
}

function offsetText(minutes: number): string {
  const two = (number: number): string => String(number).padStart(2, '0');
  const absolute = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(absolute / 60))}:${two(absolute % 60)}`;
}
