import pc from 'picocolors';
import { formatCount } from '../format-count.js';

const LABEL_WIDTH = 12;
const BAR_WIDTH = 16;

/** The text itself, or its beginning and end, when it is longer than `width` characters. */
export function shortened(text: string, width: number): string {
  const letters = [...text];
  if (letters.length <= width) return text;
  const tail = Math.floor((width - 1) * 0.6);
  return `${letters.slice(0, width - 1 - tail).join('')}…${letters.slice(-tail).join('')}`;
}

/** Columns of the terminal that the report goes to; 100 for a file or pipe. */
export const reportWidth = (): number => Math.max(40, process.stdout.columns || 100);

/** A list over as many lines as it needs, under one label. */
export function listLines(label: string, items: readonly string[], paint: (text: string) => string = String): string {
  const width = reportWidth() - LABEL_WIDTH - 2;
  let text = '';
  let current = '';
  items.forEach((item, i) => {
    const piece = i < items.length - 1 ? `${item}, ` : item;
    if (current !== '' && current.length + piece.length > width) {
      text += line(text === '' ? label : '', paint(current.trimEnd()));
      current = '';
    }
    current += piece;
  });
  return text + line(text === '' ? label : '', paint(current));
}

/** A line of a report: a dim label, then text. */
export const line = (label: string, text: string): string =>
  `  ${pc.dim(label.padEnd(LABEL_WIDTH))}${text}`.trimEnd().concat('\n');

/** `1 observation`, `2,000 observations` */
export const plural = (value: number, word: string): string => `${formatCount(value)} ${word}${value === 1 ? '' : 's'}`;

/** A horizontal bar for a share of 0 .. 1, at least one character long. */
export const bar = (share: number): string => '▇'.repeat(Math.max(1, Math.round(share * BAR_WIDTH)));

/** Four significant digits, without an exponent where one can do without. */
export function short(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e9)) return value.toExponential(3);
  return size >= 1000 ? formatCount(Math.round(value)) : String(Number(value.toPrecision(4)));
}

const EIGHTHS = ' ▁▂▃▄▅▆▇█';

/**
 * A histogram of upright bars, one character per count.
 *
 * @param height lines; a bar has 8 steps per line, and one step for any count above 0
 * @returns its lines, top first
 */
export function uprightBars(counts: readonly number[], height: number): string[] {
  const largest = Math.max(...counts, Number.MIN_VALUE);
  const steps = counts.map((value) => (value > 0 ? Math.max(1, Math.round((value / largest) * height * 8)) : 0));
  return Array.from({ length: height }, (_, i) => {
    const below = (height - 1 - i) * 8;
    return steps.map((step) => EIGHTHS[Math.max(0, Math.min(8, step - below))]).join('');
  });
}

/** Indented JSON in which each array of numbers is one line. */
export function compactJson(value: unknown): string {
  return JSON.stringify(value, null, 4).replace(/\[\n[\s\d.,eE+-]*\]/g, (array) => array.replace(/\s+/g, ' '));
}
