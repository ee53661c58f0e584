import { textWidth } from '../output/east-asian-width.js';

/** Columns of a page. */
const WIDTH = 80;
const BODY = 7;
const STEP = 4;

/** A part of a page: paragraphs are filled to the page's width, lines are kept, entries explain a term below it. */
export type Block =
  | { readonly kind: 'paragraph'; readonly text: string; readonly level?: number }
  | { readonly kind: 'lines'; readonly lines: readonly string[]; readonly level?: number }
  | { readonly kind: 'entry'; readonly term: string; readonly texts: readonly string[]; readonly level?: number };

export interface Section {
  readonly title: string;
  readonly blocks: readonly Block[];
}

export const paragraph = (text: string, level = 0): Block => ({ kind: 'paragraph', text, level });
export const lines = (texts: readonly string[], level = 0): Block => ({ kind: 'lines', lines: texts, level });

export const entry = (term: string, texts: readonly string[], level = 0): Block => ({
  kind: 'entry',
  term,
  texts,
  level,
});

/** Columns that a block has at a level. */
export const columnsAt = (level: number): number => WIDTH - BODY - STEP * level;

/** A manual page of 80 columns: titles at the margin, everything else indented, empty lines between blocks. */
export function layOut(sections: readonly Section[]): string {
  const parts = sections
    .filter(({ blocks }) => blocks.length > 0)
    .map(({ title, blocks }) => `${title}\n${blocks.map(blockText).join('\n\n')}\n`);
  return parts.join('\n');
}

function blockText(block: Block): string {
  const level = block.level ?? 0;
  if (block.kind === 'lines') return indented(block.lines, level);
  if (block.kind === 'paragraph') return indented(fill(block.text, columnsAt(level)), level);
  const below = block.texts.filter(Boolean).flatMap((text) => fill(text, columnsAt(level + 1)));
  return [indented(fill(block.term, columnsAt(level)), level), indented(below, level + 1)].filter(Boolean).join('\n');
}

function indented(texts: readonly string[], level: number): string {
  return texts.map((text) => (text === '' ? '' : ' '.repeat(BODY + STEP * level) + text)).join('\n');
}

/** Break a text at blanks. A word that is longer than a line stands on a line of its own. */
export function fill(text: string, width: number): string[] {
  const filled: string[] = [];
  for (const word of text.split(' ')) {
    const last = filled.at(-1);
    if (last !== undefined && textWidth(last) + 1 + textWidth(word) <= width)
      filled[filled.length - 1] = `${last} ${word}`;
    else filled.push(word);
  }
  return filled;
}
