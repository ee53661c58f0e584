import { textWidth } from './east-asian-width.js';

/** A titled block of rows; all rows have as many cells. */
export interface Section {
  readonly title: string;
  /** How deep it is nested: bars on both sides of its lines. */
  readonly level: number;
  readonly headers: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Blanks beside the longest cell of a column. */
const PADDING = 4;

/** Terminal sequences around cells and bars; empty without colour. */
interface Colors {
  cell(text: string): string;
  bar(text: string): string;
  /** Follows each piece that is written. */
  readonly reset: string;
}

const RESET = '\x1b[0m';
const PLAIN: Colors = { cell: (text) => text, bar: (text) => text, reset: '' };
const COLORED: Colors = {
  cell: (text) => `\x1b[1m\x1b[34m${text}${RESET}`,
  bar: (text) => `\x1b[2m\x1b[33m${text}${RESET}`,
  reset: RESET,
};

export interface LayoutOptions {
  readonly color: boolean;
  /** Columns of the terminal. */
  readonly width: number;
}

/**
 * Draw sections below each other, all as wide as the widest. If that does not fit the terminal, sections of one row turn into
 * one line per header.
 */
export function drawTable(sections: readonly Section[], options: LayoutOptions): string {
  const tooWide = tableWidth(sections) > options.width;
  const shown = tooWide ? sections.map(upright) : sections;
  const width = tableWidth(shown);
  const colors = options.color ? COLORED : PLAIN;
  const pieces = [`${'-'.repeat(width)}\n`, ...shown.flatMap((section) => sectionPieces(section, width, colors))];
  return pieces.map((piece) => piece + colors.reset).join('');
}

function upright(section: Section): Section {
  if (section.rows.length !== 1 || section.headers.length === 0) return section;
  return { ...section, headers: [], rows: section.headers.map((header, index) => [header, section.rows[0][index]]) };
}

function tableWidth(sections: readonly Section[]): number {
  return Math.max(...sections.map(sectionWidth));
}

function sectionWidth(section: Section): number {
  const borders = 2 + 2 * section.level;
  const cells = naturalWidths(section).reduce((sum, width) => sum + width, 0);
  return borders + Math.max(textWidth(section.title), cells);
}

function naturalWidths({ headers, rows }: Section): number[] {
  const lines = headers.length > 0 ? [headers, ...rows] : rows;
  if (lines.length === 0) return [];
  return lines[0].map((_, column) => Math.max(...lines.map((line) => textWidth(line[column] ?? ''))) + PADDING);
}

/** Columns scaled so that they fill the width; what rounding leaves over goes to the last ones, or is taken from the first. */
function scaledWidths(section: Section, width: number): number[] {
  const natural = naturalWidths(section);
  if (natural.length === 0) return [];
  const factor = width / natural.reduce((sum, column) => sum + column, 0);
  const scaled = natural.map((column) => roundHalfEven(factor * column));
  let excess = scaled.reduce((sum, column) => sum + column, 0) - width;
  for (let column = 0; excess > 0; column = (column + 1) % scaled.length, excess--) scaled[column]--;
  for (let column = scaled.length - 1; excess < 0; column = (column || scaled.length) - 1, excess++) scaled[column]++;
  return scaled;
}

export function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

function sectionPieces(section: Section, tableColumns: number, colors: Colors): string[] {
  const width = tableColumns - 2 * section.level;
  const columns = scaledWidths(section, width);
  const lines: string[] = [];
  if (section.title) {
    lines.push(center(section.title, width, '|'));
    if (section.headers.length === 0 && section.rows.length === 0) lines.push(`+${'-'.repeat(width - 2)}+`);
  }
  if (section.headers.length > 0) {
    lines.push(rule(columns), section.headers.map((header, i) => center(header, columns[i], edge(i))).join(''));
  }
  if (section.rows.length > 0 && columns.length > 0) {
    const rows = section.rows.map((row) => row.map((cell, i) => left(cell, columns[i], edge(i), colors)).join(''));
    lines.push(rule(columns), ...rows, rule(columns));
  }
  const bars = section.level > 0 ? colors.bar('|').repeat(section.level) : '';
  return lines.flatMap((line) => [bars, line, bars, '\n']);
}

/** The first cell of a line has a bar on both sides, the others on the right. */
function edge(column: number): string {
  return column === 0 ? '|' : '';
}

function rule(columns: readonly number[]): string {
  return columns
    .map((width, i) => `${i === 0 ? '+' : ''}${'-'.repeat(Math.max(width - (i === 0 ? 2 : 1), 0))}+`)
    .join('');
}

function center(text: string, width: number, leftEdge: string): string {
  const length = textWidth(text);
  const before = Math.max(Math.floor(width / 2) - Math.floor(length / 2) - 1, 0);
  const start = leftEdge.length + (Math.floor(width / 2) - Math.floor(length / 2) - 1) + length;
  return `${leftEdge}${' '.repeat(before)}${text}${' '.repeat(Math.max(width - 1 - start, 0))}|`;
}

function left(text: string, width: number, leftEdge: string, colors: Colors): string {
  const length = textWidth(text);
  const edges = leftEdge.length + 1;
  const before = width - length - edges >= 2 ? 2 : 0;
  const after = Math.max(width - edges - before - length, 0);
  return `${leftEdge}${' '.repeat(before)}${colors.cell(text)}${' '.repeat(after)}|`;
}
