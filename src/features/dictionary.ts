import type { FittedOutput } from '../recipe/fitted.js';
import { writeName } from '../recipe/tokens.js';
import { checkOutputFeatures } from './check-features.js';
import { BIAS_FEATURE, FIRST_FEATURE } from './rows.js';
import { writeTexts } from './run-texts.js';
import { madeOf, textCount } from './token-runs.js';

/**
 * The features of one output, in the order of their numbers.
 *
 * `slots` numbers what an output could have: of a number or binary attribute 0 is the value and 1 a missing one, of a
 * binary attribute in a cross 2 is the value 0; of bins 0 is the lowest and the one after the highest a missing value.
 * `texts` are the categories, tokens or runs of tokens joined by a space; '' is an empty category or a text without tokens.
 */
export type OutputFeatures =
  | { readonly kind: 'number' | 'binary'; readonly prefix: string; readonly slots: readonly number[] }
  | {
      readonly kind: 'bins';
      readonly prefix: string;
      readonly edges: readonly number[];
      readonly slots: readonly number[];
    }
  | { readonly kind: 'categories' | 'tokens'; readonly prefix: string; readonly texts: readonly string[] }
  | {
      readonly kind: 'pairs';
      readonly prefix: string;
      readonly words: readonly string[];
      /** For each feature: first word, second word, their distance 1 .. 9; 0, 0, 0 is a text without tokens. */
      readonly bigrams: readonly number[];
    }
  | {
      readonly kind: 'cross';
      readonly prefix: string;
      /** What the combinations are made of; their prefixes are ''. */
      readonly parts: readonly OutputFeatures[];
      /** For each part its item in each feature. */
      readonly items: readonly (readonly number[])[];
    };

/** An output whose possible features are known before any row is read. */
export type SlotOutput = Extract<FittedOutput, { kind: 'number' | 'bins' | 'binary' }>;

/** JSON form of a feature space. */
export interface FeatureSpaceJson {
  readonly outputs: readonly OutputFeatures[];
}

/**
 * All features of a model: 0 padding, 1 bias, then a contiguous range for each output of the recipe.
 * The texts of features are unique: `age∈[31,35)`, `job=admin.`, `subject:free money`, `age=missing`, `(bias)`,
 * `body:quick__fox` (sparse bigram), `age×job=[31,35)_admin.` (cross). In sparse bigrams and crosses, tokens and categories
 * that hold an underscore stand in quotes: `'blue_collar'_yes`.
 */
export class FeatureSpace {
  /** Number of features, padding and bias included: numbers are 0 .. size - 1. */
  readonly size: number;
  /** First feature of each output; one more for the end. */
  readonly starts: Uint32Array;

  constructor(readonly outputs: readonly OutputFeatures[]) {
    this.starts = new Uint32Array(outputs.length + 1);
    let next = FIRST_FEATURE;
    for (const [i, output] of outputs.entries()) {
      this.starts[i] = next;
      next += featureCount(output);
    }
    this.starts[outputs.length] = next;
    this.size = next;
  }

  /** What a feature stands for, for people; '' for the padding. */
  text(index: number): string {
    if (index < FIRST_FEATURE) return index === BIAS_FEATURE ? '(bias)' : '';
    const output = this.outputs[this.outputOf(index)];
    return featureText(output, index - this.starts[this.outputOf(index)]);
  }

  /** Index of the output that a feature belongs to. */
  outputOf(index: number): number {
    let low = 0;
    let high = this.outputs.length;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if (this.starts[middle] <= index) low = middle;
      else high = middle;
    }
    return low;
  }

  toJSON(): FeatureSpaceJson {
    return { outputs: this.outputs };
  }

  /** What `JSON.stringify` writes, UTF-8, in parts. */
  *json(): Generator<Uint8Array> {
    const encoder = new TextEncoder();
    yield encoder.encode('{"outputs":[');
    for (const [i, output] of this.outputs.entries()) {
      if (i > 0) yield encoder.encode(',');
      const runs = madeOf(output);
      if (runs === undefined) {
        yield encoder.encode(JSON.stringify(output));
        continue;
      }
      const { kind, prefix } = output;
      yield encoder.encode(`${JSON.stringify({ kind, prefix }).slice(0, -1)},"texts":`);
      yield writeTexts(runs);
      yield encoder.encode('}');
    }
    yield encoder.encode(']}');
  }

  /** @throws Error saying what is wrong with the JSON */
  static fromJSON(json: unknown): FeatureSpace {
    const outputs = (json as FeatureSpaceJson | null)?.outputs;
    if (!Array.isArray(outputs)) throw new Error('features: expected an object with an array of outputs');
    for (const [i, output] of outputs.entries()) checkOutputFeatures(output, `features.outputs[${i}]`);
    return new FeatureSpace(outputs);
  }
}

/** Number of features of an output. */
export function featureCount(output: OutputFeatures): number {
  if ('texts' in output) return textCount(output);
  if (output.kind === 'pairs') return output.bigrams.length / 3;
  return output.kind === 'cross' ? output.items[0].length : output.slots.length;
}

/**
 * Number of slots that an output has: the most features it can own.
 *
 * @param crossed as a part of a cross, where the value 0 of a binary attribute counts
 */
export function slotCount(
  output: { kind: 'number' | 'binary' } | { kind: 'bins'; edges: readonly number[] },
  crossed = false,
): number {
  if (output.kind === 'bins') return output.edges.length + 2;
  return output.kind === 'binary' && crossed ? 3 : 2;
}

function featureText(output: OutputFeatures, place: number): string {
  const { prefix, kind } = output;
  if ('slots' in output) return slotText(output, output.slots[place]);
  if (kind !== 'cross') return `${prefix}${kind === 'categories' ? '=' : ':'}${itemText(output, place)}`;
  const { parts, items } = output;
  const sign = parts.some((part) => part.kind === 'tokens' || part.kind === 'pairs') ? ':' : '=';
  return `${prefix}${sign}${parts.map((part, i) => partText(part, items[i][place])).join('_')}`;
}

/** Text of a category, a run of tokens or a sparse bigram. */
function itemText(output: Exclude<OutputFeatures, { slots: unknown } | { kind: 'cross' }>, place: number): string {
  if ('texts' in output) return output.texts[place];
  const { words, bigrams } = output;
  const distance = bigrams[3 * place + 2];
  if (distance === 0) return '';
  return `${joinable(words[bigrams[3 * place]])}${'_'.repeat(distance)}${joinable(words[bigrams[3 * place + 1]])}`;
}

/** Text of an item inside a cross. */
function partText(part: OutputFeatures, place: number): string {
  if (part.kind === 'cross') throw new Error('a cross inside a cross');
  if ('texts' in part) return joinable(part.texts[place]);
  if (part.kind === 'pairs') return itemText(part, place);
  return slotLabel(part, part.slots[place]);
}

/** In quotes when an underscore in it could be taken for one that joins. */
function joinable(text: string): string {
  return text.includes('_') || text.startsWith("'") ? writeName(text, true) : text;
}

/** Text of a slot. */
export function slotText(output: Extract<OutputFeatures, { slots: unknown }> | SlotOutput, slot: number): string {
  const { prefix } = output;
  const label = slotLabel(output, slot);
  if (label === 'missing' || output.kind === 'binary') return `${prefix}=${label}`;
  return output.kind === 'bins' ? `${prefix}∈${label}` : prefix;
}

function slotLabel(
  output: { kind: 'number' | 'binary' } | { kind: 'bins'; edges: readonly number[] },
  slot: number,
): string {
  if (output.kind !== 'bins') return ['1', 'missing', '0'][slot];
  const { edges } = output;
  if (slot > edges.length) return 'missing';
  const from = slot === 0 ? '-∞' : edges[slot - 1];
  const to = slot === edges.length ? '∞' : edges[slot];
  return `[${from},${to})`;
}
