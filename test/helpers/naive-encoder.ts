import type {
  CrossPart,
  FittedBinary,
  FittedBins,
  FittedOutput,
  FittedRecipe,
  FittedValue,
} from '../../src/recipe/fitted.js';
import type { Row } from './blocks.js';

/** The greatest finite number of single precision, 0x7f7fffff. */
const GREATEST_SINGLE = new Float32Array(Uint32Array.of(0x7f7fffff).buffer)[0];

/** Texts and values of a row's features, worked out with strings. A twin of the encoder, without its numbers. */
export function naiveFeatures(recipe: FittedRecipe, row: Row): Map<string, number> {
  const features = new Map([['(bias)', 1]]);
  for (const output of recipe.outputs) {
    for (const [text, value] of outputFeatures(output, row)) features.set(text, value);
  }
  return features;
}

function outputFeatures(output: FittedOutput, row: Row): [string, number][] {
  const { prefix } = output;
  if (output.kind === 'number') return numberFeatures(output, row[output.attribute] ?? null);
  return texts(output, row).map((text) => [`${prefix}${text}`, 1]);
}

function numberFeatures(output: FittedOutput & { kind: 'number' }, cell: Row[string]): [string, number][] {
  const { prefix, mean, standardDeviation } = output;
  if (cell === null) return output.hasMissing ? [[`${prefix}=missing`, 1]] : [];
  if (standardDeviation === 0) return [];
  const z = Math.fround((Number(cell) - mean) / standardDeviation);
  if (z === 0) return [];
  return [[prefix, Number.isFinite(z) ? z : Math.sign(z) * GREATEST_SINGLE]];
}

/** What follows the prefix. */
function texts(value: Exclude<FittedValue, { kind: 'number' }>, row: Row): string[] {
  switch (value.kind) {
    case 'bins':
      return bins(value, row).map((bin) => (bin === 'missing' ? '=missing' : `∈${bin}`));
    case 'binary':
      return binary(value, row)
        .filter((item) => item !== '0')
        .map((item) => `=${item}`);
    case 'categories':
      return [`=${row[value.attribute] ?? ''}`];
    case 'tokens':
    case 'pairs': {
      const noToken = tokensOf(value, row).length === 0;
      return (noToken ? [''] : items(value, row, false)).map((item) => `:${item}`);
    }
    case 'cross': {
      const sign = value.parts.some(({ kind }) => kind === 'tokens' || kind === 'pairs') ? ':' : '=';
      let combinations = [[]] as string[][];
      for (const part of value.parts) {
        const partItems = [...new Set(items(part, row, true))];
        combinations = combinations.flatMap((before) => partItems.map((item) => [...before, item]));
      }
      return combinations.map((combination) => `${sign}${combination.join('_')}`);
    }
  }
}

/** Items of a part of a cross, or of a text. */
function items(part: CrossPart, row: Row, crossed: boolean): string[] {
  switch (part.kind) {
    case 'bins':
      return bins(part, row);
    case 'binary':
      return binary(part, row);
    case 'categories': {
      const text = String(row[part.attribute] ?? '');
      return [quoted(part.changes?.includes('lowercase') ? text.toLowerCase() : text)];
    }
    case 'tokens': {
      const tokens = tokensOf(part, row);
      const runs: string[] = [];
      for (let length = 1; length <= part.ngram; length++) {
        for (let i = 0; i + length <= tokens.length; i++) runs.push(tokens.slice(i, i + length).join(' '));
      }
      return crossed ? runs.map(quoted) : runs;
    }
    case 'pairs': {
      const tokens = tokensOf(part, row);
      return tokens.flatMap((first, i) =>
        tokens.slice(i + 1, i + part.window).map((second, gap) => quoted(first) + '_'.repeat(gap + 1) + quoted(second)),
      );
    }
  }
}

function bins(value: FittedBins, row: Row): string[] {
  const cell = row[value.attribute] ?? null;
  if (cell === null) return value.hasMissing ? ['missing'] : [];
  const below = value.edges.filter((edge) => edge <= Number(cell)).at(-1) ?? '-∞';
  const above = value.edges.find((edge) => edge > Number(cell)) ?? '∞';
  return [`[${below},${above})`];
}

function binary(value: FittedBinary, row: Row): string[] {
  const cell = row[value.attribute] ?? null;
  if (cell === null) return value.hasMissing ? ['missing'] : [];
  return [String(cell)];
}

function tokensOf({ attribute, changes }: { attribute: string; changes: readonly string[] }, row: Row): string[] {
  let tokens = String(row[attribute] ?? '').split(/\s+/);
  for (const change of changes) {
    if (change === 'lowercase') tokens = tokens.map((token) => token.toLowerCase());
    else tokens = tokens.map((token) => token.replace(/^[\p{P}$+<=>^`|~]+/u, '').replace(/[\p{P}$+<=>^`|~]+$/u, ''));
  }
  return tokens.filter((token) => token !== '');
}

function quoted(text: string): string {
  return /_|^'/.test(text) ? `'${text.replace(/[\\']/g, '\\$&')}'` : text;
}
