import type { Dictionary } from '../datasource/block.js';
import type { CrossPart, FittedBinary, FittedNumber, FittedOutput, FittedValue } from '../recipe/fitted.js';
import { BinColumn } from './bin-column.js';
import { BinaryColumn } from './binary-column.js';
import { CategoryColumn } from './category-column.js';
import type { CellColumn } from './cells.js';
import { CrossColumn, type PartColumn } from './cross-column.js';
import { FixedCrossTree, LearningCrossTree } from './cross-tree.js';
import { featureCount, type OutputFeatures, type SlotOutput, slotCount, slotText } from './dictionary.js';
import { FixedTokenTree } from './fixed-token-tree.js';
import type { Learned, Learner } from './learner.js';
import { LearningTokenTree } from './learning-token-tree.js';
import { NumberColumn } from './number-column.js';
import { Numbers } from './numbering.js';
import { SparseBigramColumn } from './sparse-bigram-column.js';
import { FixedSparseBigrams, LearningSparseBigrams } from './sparse-bigrams.js';
import { textHash } from './text-hash.js';
import { TokenColumn } from './token-column.js';
import type { TokenMemory } from './token-memory.js';
import { runsOf } from './token-runs.js';
import { textHashes, WordList } from './word-list.js';

/** A column that learns. */
export type LearningColumn = PartColumn & { readonly learner: Learner };

type NumberOutput = Extract<FittedOutput, FittedNumber | FittedBinary>;

/** The slot of a missing value of a binary attribute. */
const MISSING_BINARY = 1;
/** Begins numbers of items inside a cross. */
const FIRST_ITEM = 1;

/**
 * The column of an output whose features are to be learned.
 *
 * @param numbers numbers the features
 * @param memory of the encoder
 * @param crossed as a part of a cross
 */
export function learningColumn(
  output: FittedOutput,
  numbers: Numbers,
  memory: TokenMemory,
  crossed = false,
): LearningColumn {
  const { prefix } = output;
  switch (output.kind) {
    case 'tokens': {
      const tree = new LearningTokenTree(memory, numbers, output.ngram);
      const column = new TokenColumn(output, tree, !crossed);
      const learner = {
        learned: () => tree.learned(prefix),
        ranked: tree,
        close: () => tree.close(),
        forget: tree.forget.bind(tree),
      };
      return { form: 'list', column, learner };
    }
    case 'pairs': {
      const bigrams = new LearningSparseBigrams(numbers);
      const column = new SparseBigramColumn(output, bigrams, true, !crossed);
      const forget = (kept: Uint8Array): void => column.forget(bigrams.forget(kept));
      return { form: 'list', column, learner: { learned: () => bigrams.learned(prefix), forget } };
    }
    case 'categories': {
      const words = new WordList(numbers);
      const column = new CategoryColumn(output, words, true);
      const learner = { learned: () => learnedCategories(words, prefix), forget: both(words, column) };
      return { form: 'cell', column, learner };
    }
    case 'cross': {
      const parts = output.parts.map((part) => {
        const items = new Numbers();
        return { numbers: items, ...learningColumn(asOutput(part), items, memory, true) };
      });
      const tree = new LearningCrossTree(parts, numbers, prefix);
      return { form: 'list', column: new CrossColumn(output, parts, tree), learner: tree };
    }
    default:
      return learningSlots(output, numbers, crossed);
  }
}

function learnedCategories(words: WordList, prefix: string): Learned {
  const texts = words.texts();
  const hashes = textHashes(texts);
  return {
    features: words.nodes(),
    kind: 'items',
    hash: (i) => hashes[i],
    describe: (order) => ({ kind: 'categories', prefix, texts: Array.from(order, (i) => texts[i]) }),
  };
}

function learningSlots(output: SlotOutput, numbers: Numbers, crossed: boolean): LearningColumn {
  const features = Uint32Array.from({ length: slotCount(output, crossed) }, (_, slot) =>
    hasSlot(output, slot) ? numbers.allocate() : 0,
  );
  const learned = learnedSlots(output, features);
  return { form: 'cell', column: slotColumn(output, features), learner: { learned: () => learned, forget: () => {} } };
}

/** @param features of the slots, 0 for those that cannot have one */
function learnedSlots(output: SlotOutput, features: Uint32Array): Learned {
  const { prefix } = output;
  return {
    features,
    kind: 'slots',
    hash: (slot) => textHash(slotText(output, slot)),
    describe: (order) => {
      const slots = Array.from(order);
      return output.kind === 'bins'
        ? { kind: output.kind, prefix, edges: output.edges, slots }
        : { kind: output.kind, prefix, slots };
    },
  };
}

/**
 * What is learned of a number or a binary attribute whose rows have been counted elsewhere.
 *
 * @param numbers numbers the features
 * @param rowCounts rows that contain the slots
 */
export function countedSlots(output: NumberOutput, numbers: Numbers, rowCounts: Uint32Array): Learned {
  const features = rowCounts.map((_, slot) => (hasSlot(output, slot) ? numbers.allocate() : 0));
  const ranks = rowCounts.map((count, slot) => (features[slot] === 0 ? 0 : count));
  return { ...learnedSlots(output, features), counts: { rowCounts, ranks } };
}

/**
 * The same of categories.
 *
 * @param codes by first appearance
 * @param rowCounts rows that contain them
 */
export function countedCategories(
  { prefix }: FittedOutput,
  numbers: Numbers,
  codes: readonly number[],
  rowCounts: Uint32Array,
  dictionary: Dictionary,
): Learned {
  // Dictionaries decode texts sooner that they are asked for in their own order.
  const texts = codes.map((code) => dictionary.text(code));
  return {
    features: rowCounts.map(() => numbers.allocate()),
    kind: 'items',
    counts: { rowCounts, ranks: rowCounts },
    hash: (i) => textHash(texts[i]),
    describe: (order) => ({ kind: 'categories', prefix, texts: Array.from(order, (i) => texts[i]) }),
  };
}

/** Forget in the dictionary first, which may keep more, then in the column. */
function both(
  dictionary: { forget(kept: Uint8Array): void },
  column: { forget(kept: Uint8Array): void },
): (kept: Uint8Array) => void {
  return (kept) => {
    dictionary.forget(kept);
    column.forget(kept);
  };
}

/**
 * The column of an output whose features are known.
 *
 * @param firstFeature number of the first; the others follow
 * @param where for messages
 * @param memory of the encoder
 * @throws Error when they are features of another output
 */
export function fixedColumn(
  output: FittedOutput,
  known: OutputFeatures | undefined,
  firstFeature: number,
  where: string,
  memory: TokenMemory,
  crossed = false,
): PartColumn {
  if (known?.kind !== output.kind) throw new Error(`the features do not belong to the recipe: ${where}`);
  if (output.kind === 'tokens' && known.kind === 'tokens') {
    const tree = new FixedTokenTree(memory, runsOf(known), firstFeature, output.ngram);
    return { form: 'list', column: new TokenColumn(output, tree, !crossed) };
  }
  if (output.kind === 'pairs' && known.kind === 'pairs') {
    const bigrams = new FixedSparseBigrams(known, firstFeature);
    return { form: 'list', column: new SparseBigramColumn(output, bigrams, false, !crossed) };
  }
  if (output.kind === 'categories' && known.kind === 'categories') {
    const places = placesOf(known.texts);
    const word = (text: string): number => {
      const place = places.get(text);
      return place === undefined ? 0 : firstFeature + place;
    };
    const words = { word };
    return { form: 'cell', column: new CategoryColumn(output, words, false) };
  }
  if (output.kind === 'cross' && known.kind === 'cross') {
    if (known.parts.length !== output.parts.length)
      throw new Error(`the features do not belong to the recipe: ${where}`);
    const parts = output.parts.map((part, i) =>
      fixedColumn(asOutput(part), known.parts[i], FIRST_ITEM, `${where}, part ${i}`, memory, true),
    );
    return { form: 'list', column: new CrossColumn(output, parts, new FixedCrossTree(known, firstFeature)) };
  }
  if (!('slots' in known) || !isSlotOutput(output)) throw new Error('unreachable');
  const features = new Uint32Array(slotCount(output, crossed));
  for (let place = 0; place < featureCount(known); place++) features[known.slots[place]] = firstFeature + place;
  return { form: 'cell', column: slotColumn(output, features) };
}

const knownPlaces = new WeakMap<readonly string[], ReadonlyMap<string, number>>();

/** Where each text stands in a list that never changes. */
function placesOf(texts: readonly string[]): ReadonlyMap<string, number> {
  let places = knownPlaces.get(texts);
  if (places === undefined) {
    const all = new Map<string, number>();
    for (let i = 0; i < texts.length; i++) all.set(texts[i], i);
    knownPlaces.set(texts, (places = all));
  }
  return places;
}

/** A part of a cross as an output of its own; its texts stand inside those of the cross. */
function asOutput(part: CrossPart): FittedOutput {
  return { ...part, expression: '', prefix: '' };
}

function isSlotOutput(output: FittedOutput): output is SlotOutput {
  return output.kind === 'number' || output.kind === 'bins' || output.kind === 'binary';
}

function slotColumn(output: SlotOutput, features: Uint32Array): CellColumn {
  if (output.kind === 'number') return new NumberColumn(output, features);
  return output.kind === 'bins' ? new BinColumn(output, features) : new BinaryColumn(output, features);
}

/** Can a slot have a feature? A constant has no value feature; a missing value only where training had some. */
export function hasSlot(output: Extract<FittedValue, { kind: 'number' | 'bins' | 'binary' }>, slot: number): boolean {
  if (output.kind === 'binary') return slot !== MISSING_BINARY || output.hasMissing;
  if (slot === slotCount(output) - 1) return output.hasMissing;
  return output.kind === 'bins' || output.standardDeviation > 0;
}
