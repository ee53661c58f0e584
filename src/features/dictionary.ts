import type { FittedOutput } from '../recipe/fitted.js';
import { BIAS_FEATURE, FIRST_FEATURE } from './rows.js';

/**
 * The features of one output, in the order of their numbers.
 *
 * `slots` numbers what an output could have: of a number or binary attribute 0 is the value and 1 a missing one; of bins 0
 * is the lowest and the one after the highest a missing value. `texts` are the categories, tokens or runs of tokens
 * joined by a space; '' is an empty category or a text without tokens.
 */
export type OutputFeatures =
  | { readonly kind: 'number' | 'binary'; readonly prefix: string; readonly slots: readonly number[] }
  | {
      readonly kind: 'bins';
      readonly prefix: string;
      readonly edges: readonly number[];
      readonly slots: readonly number[];
    }
  | { readonly kind: 'categories' | 'tokens'; readonly prefix: string; readonly texts: readonly string[] };

/** An output whose possible features are known before any row is read. */
export type SlotOutput = Extract<FittedOutput, { kind: 'number' | 'bins' | 'binary' }>;

/** An output whose features come from the rows. */
export type ItemOutput = Extract<FittedOutput, { kind: 'categories' | 'tokens' }>;

/** JSON form of a feature space. */
export interface FeatureSpaceJson {
  readonly outputs: readonly OutputFeatures[];
}

/**
 * All features of a model: 0 padding, 1 bias, then a contiguous range for each output of the recipe.
 * The texts of features are unique: `age∈[31,35)`, `job=admin.`, `subject:free money`, `age=missing`, `(bias)`.
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
    const place = index - this.starts[this.outputOf(index)];
    if ('texts' in output) return `${output.prefix}${output.kind === 'categories' ? '=' : ':'}${output.texts[place]}`;
    return slotText(output, output.slots[place]);
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

  /** @throws Error saying what is wrong with the JSON */
  static fromJSON(json: unknown): FeatureSpace {
    const outputs = (json as FeatureSpaceJson | null)?.outputs;
    if (!Array.isArray(outputs)) throw new Error('features: expected an object with an array of outputs');
    for (const [i, output] of outputs.entries()) checkOutput(output, `features.outputs[${i}]`);
    return new FeatureSpace(outputs);
  }
}

function featureCount(output: OutputFeatures): number {
  return 'texts' in output ? output.texts.length : output.slots.length;
}

/** Number of slots that an output has: the most features it can own. */
export function slotCount(output: SlotOutput): number {
  return output.kind === 'bins' ? output.edges.length + 2 : 2;
}

/** Text of a slot. */
export function slotText(output: Extract<OutputFeatures, { slots: unknown }> | SlotOutput, slot: number): string {
  const { prefix } = output;
  if (output.kind !== 'bins') {
    if (slot === 1) return `${prefix}=missing`;
    return output.kind === 'binary' ? `${prefix}=1` : prefix;
  }
  const { edges } = output;
  if (slot > edges.length) return `${prefix}=missing`;
  const from = slot === 0 ? '-∞' : edges[slot - 1];
  const to = slot === edges.length ? '∞' : edges[slot];
  return `${prefix}∈[${from},${to})`;
}

function checkOutput(output: OutputFeatures | null, where: string): void {
  if (typeof output !== 'object' || output === null) throw new Error(`${where}: expected an object`);
  if (typeof output.prefix !== 'string') throw new Error(`${where}.prefix: expected a string`);
  const members = { number: 'slots', binary: 'slots', bins: 'slots', categories: 'texts', tokens: 'texts' };
  const member = members[output.kind];
  if (member === undefined) throw new Error(`${where}.kind: unknown kind ${JSON.stringify(output.kind)}`);
  if (!(member in output)) throw new Error(`${where}.${member}: missing`);
  if ('texts' in output) {
    checkDistinct(output.texts, `${where}.texts`, (text) => typeof text === 'string');
    return;
  }
  if (output.kind === 'bins') checkDistinct(output.edges, `${where}.edges`, (edge) => typeof edge === 'number');
  const slots = output.kind === 'bins' ? output.edges.length + 2 : 2;
  checkDistinct(output.slots, `${where}.slots`, (slot) => isIndex(slot, slots));
}

function isIndex(value: unknown, end: number): boolean {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) < end;
}

function checkDistinct(list: unknown, where: string, valid: (item: unknown) => boolean): void {
  if (!Array.isArray(list)) throw new Error(`${where}: expected an array`);
  const wrong = list.findIndex((item) => !valid(item));
  if (wrong >= 0) throw new Error(`${where}[${wrong}]: unexpected value ${JSON.stringify(list[wrong])}`);
  if (new Set(list).size !== list.length) throw new Error(`${where}: a value occurs twice`);
}
