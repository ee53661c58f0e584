import { InvalidInput } from '../errors.js';

/** Numbers from here on are milliseconds: as seconds they lie beyond the year 5000. */
const MILLISECONDS_FROM = 1e11;
const ISO_8601 = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/i;

/**
 * A point in time as a user writes it: seconds since 1970 with decimals, milliseconds from 1e11 on, or ISO 8601 (UTC where no
 * zone is given).
 *
 * @param variable for messages
 * @returns milliseconds since 1970
 * @throws InvalidInput for another text
 */
export function parseTime(text: string, variable: string): number {
  const trimmed = text.trim();
  let time = Number.NaN;
  if (/^\d+(\.\d*)?$/.test(trimmed)) {
    const number = Number(trimmed);
    time = number < MILLISECONDS_FROM ? number * 1000 : number;
  } else {
    const iso = ISO_8601.exec(trimmed);
    if (iso) time = Date.parse(trimmed.length > 10 && !iso[1] ? `${trimmed}Z` : trimmed);
  }
  if (!Number.isFinite(time)) {
    throw new InvalidInput(`${variable}: not a time: ${JSON.stringify(text)}`, {
      hint: 'give seconds since 1970, such as 1486834110.483, or ISO 8601, such as 2017-02-11T17:28:30Z',
    });
  }
  return Math.round(time);
}
