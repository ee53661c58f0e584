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
