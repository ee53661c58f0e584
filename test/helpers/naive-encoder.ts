import type { FittedOutput, FittedRecipe } from '../../src/recipe/fitted.js';
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
  const cell = row[output.attribute] ?? null;
  switch (output.kind) {
    case 'number': {
      if (cell === null) return output.hasMissing ? [[`${prefix}=missing`, 1]] : [];
      if (output.standardDeviation === 0) return [];
      const z = Math.fround((Number(cell) - output.mean) / output.standardDeviation);
      if (z === 0) return [];
      return [[prefix, Number.isFinite(z) ? z : Math.sign(z) * GREATEST_SINGLE]];
    }
    case 'bins': {
      if (cell === null) return output.hasMissing ? [[`${prefix}=missing`, 1]] : [];
      const below = output.edges.filter((edge) => edge <= Number(cell)).at(-1) ?? '-∞';
      const above = output.edges.find((edge) => edge > Number(cell)) ?? '∞';
      return [[`${prefix}∈[${below},${above})`, 1]];
    }
    case 'binary':
      if (cell === null) return [[`${prefix}=missing`, 1]];
      return Number(cell) === 1 ? [[`${prefix}=1`, 1]] : [];
    case 'categories':
      return [[`${prefix}=${cell ?? ''}`, 1]];
    case 'tokens': {
      let tokens = String(cell ?? '').split(/\s+/);
      for (const change of output.changes) {
        if (change === 'lowercase') tokens = tokens.map((token) => token.toLowerCase());
        else
          tokens = tokens.map((token) => token.replace(/^[\p{P}$+<=>^`|~]+/u, '').replace(/[\p{P}$+<=>^`|~]+$/u, ''));
      }
      tokens = tokens.filter((token) => token !== '');
      if (tokens.length === 0) return [[`${prefix}:`, 1]];
      const runs: [string, number][] = [];
      for (let length = 1; length <= output.ngram; length++) {
        for (let i = 0; i + length <= tokens.length; i++) {
          runs.push([`${prefix}:${tokens.slice(i, i + length).join(' ')}`, 1]);
        }
      }
      return runs;
    }
  }
}
