/**
 * A score as batch prediction files spell it: single precision, pattern `0.######E0` (Java's DecimalFormat): one digit, up to
 * six decimals rounded half even, trailing zeros dropped. `9.96733E-1`, `1.225708E5`, `0E0`.
 */
export function formatScore(value: number): string {
  const single = Math.fround(value);
  if (!Number.isFinite(single)) return Number.isNaN(single) ? 'NaN' : single > 0 ? '∞' : '-∞';
  let text = single.toExponential(6);
  if (isTie(single)) text = roundHalfEven(single, text);
  const [digits, exponent] = text.split('e');
  return `${digits.replace(/\.?0+$/, '')}E${Number(exponent)}`;
}

/** Powers of ten that are exact doubles: scaling by one of them rounds once. */
export const POWERS = Float64Array.from({ length: 23 }, (_, i) => Number(`1e${i}`));
/** Closer than this to half way between two texts, the rounding of the scaled score could decide. */
const DOUBT = 1e-6;
const MOST_CHARACTERS = 15;

/**
 * `formatScore` as ASCII, without making a string. Scores that are not finite have no ASCII form.
 *
 * @param bytes holds at least 15 bytes from `at` on
 * @returns the index behind what was written, or `at` when the score is not finite
 */
export function writeScore(bytes: Uint8Array, at: number, value: number): number {
  const single = Math.fround(value);
  const size = Math.abs(single);
  if (!(size >= 1e-16 && size < 1e16)) return writeSlowly(bytes, at, single);
  let exponent = size < 1 ? -1 : 0;
  if (size < 1) while (size * POWERS[-exponent] < 1) exponent--;
  else while (size >= POWERS[exponent + 1]) exponent++;
  const shift = 6 - exponent;
  const scaled = shift >= 0 ? size * POWERS[shift] : size / POWERS[-shift];
  const whole = Math.floor(scaled);
  const part = scaled - whole;
  if (Math.abs(part - 0.5) < DOUBT) return writeSlowly(bytes, at, single);
  const digits = part > 0.5 ? whole + 1 : whole;
  if (digits < 1e6 || digits >= 1e7) return writeSlowly(bytes, at, single);
  return writeExponent(bytes, writeDigits(bytes, at, digits, single < 0), exponent);
}

/** Seven digits, a point behind the first, without trailing zeros. */
function writeDigits(bytes: Uint8Array, at: number, digits: number, negative: boolean): number {
  if (negative) bytes[at++] = 45;
  const whole = digits | 0;
  const upper = (whole / 10_000) | 0;
  const lower = whole - upper * 10_000;
  const first = (upper / 100) | 0;
  const second = upper - first * 100;
  const third = (lower / 100) | 0;
  const fourth = lower - third * 100;
  bytes[at] = 48 + first;
  bytes[at + 1] = 46;
  writePair(bytes, at + 2, second);
  writePair(bytes, at + 4, third);
  writePair(bytes, at + 6, fourth);
  let end = at + 8;
  while (bytes[end - 1] === 48) end--;
  return bytes[end - 1] === 46 ? end - 1 : end;
}

function writePair(bytes: Uint8Array, at: number, pair: number): void {
  const tens = (pair * 103) >>> 10;
  bytes[at] = 48 + tens;
  bytes[at + 1] = 48 + pair - tens * 10;
}

function writeExponent(bytes: Uint8Array, at: number, exponent: number): number {
  bytes[at++] = 69;
  if (exponent < 0) bytes[at++] = 45;
  const size = Math.abs(exponent);
  if (size >= 10) bytes[at++] = 49;
  bytes[at++] = 48 + (size % 10);
  return at;
}

function writeSlowly(bytes: Uint8Array, at: number, single: number): number {
  if (!Number.isFinite(single)) return at;
  return at + encoder.encodeInto(formatScore(single), bytes.subarray(at, at + MOST_CHARACTERS)).written;
}

const encoder = new TextEncoder();

/** Exactly half way between two texts of seven digits. */
function isTie(value: number): boolean {
  return /5e/.test(value.toExponential(7)) && /\.\d{6}50*e/.test(value.toExponential(40));
}

/** `rounded` is rounded away from zero; the neighbour below is taken when its last digit is even. */
function roundHalfEven(value: number, rounded: string): string {
  if (Number(rounded[rounded.indexOf('e') - 1]) % 2 === 0) return rounded;
  const [digits, exponent] = value.toExponential(7).split('e');
  return `${digits.slice(0, -1)}e${exponent}`;
}

/** A CSV field, quoted where RFC 4180 asks for it. */
export function csvField(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
