import type { ColumnBlock } from '../datasource/block.js';
import type { FittedOutput, FittedRecipe } from '../recipe/fitted.js';
import { BinColumn } from './bin-column.js';
import { BinaryColumn } from './binary-column.js';
import { CategoryColumn } from './category-column.js';
import type { CellColumn, Cells } from './cells.js';
import { type FeatureSpace, type SlotOutput, slotCount, slotText } from './dictionary.js';
import { NumberColumn } from './number-column.js';
import { Numbering } from './numbering.js';
import { RecordBuffer } from './records.js';
import { BIAS_FEATURE, DENSE_WIDTH_MULTIPLE, FIRST_FEATURE, type RowLayout } from './rows.js';
import { type LearnedFeatures, type LearnedOutput, selectFeatures } from './selection.js';
import { textHash } from './text-hash.js';
import { TokenColumn } from './token-column.js';
import { FixedTokenTree, LearningTokenTree } from './token-tree.js';

export { applyRemap } from './remap.js';
export type { LearnedFeatures } from './selection.js';

/** Most features, bias included, that rows are stored densely for. */
const MAX_DENSE_FEATURES = 1024;
/** Cells encoded at a time; they stay in the first-level cache. */
const CHUNK_CELLS = 8192;
const MIN_CHUNK_ROWS = 32;
const MAX_CHUNK_ROWS = 512;

/**
 * Turns rows of column blocks into row records.
 *
 * Blocks may come from different sources in any order; values that have no feature contribute nothing.
 */
export interface Encoder {
  readonly layout: RowLayout;
  /**
   * Encode rows of a block into internal memory; other rows are not looked at. A learning encoder gives new values a
   * feature and counts the rows, so each training row is to be prepared once.
   *
   * @param rows indices of rows of the block
   * @returns words that the records take, 32 bits each
   * @throws InvalidInput when the block lacks an attribute that the recipe uses
   */
  prepare(block: ColumnBlock, rows: Uint32Array): number;
  /**
   * Copy the records of the last `prepare`, one after the other.
   *
   * @param words the memory as u32
   * @param floats the same memory as f32
   * @param wordOffset word at which the first record begins
   * @param targets one per listed row
   * @param starts written: word at which each record begins, one per listed row
   */
  write(
    words: Uint32Array,
    floats: Float32Array,
    wordOffset: number,
    targets: Float32Array,
    starts: Uint32Array | Float64Array,
  ): void;
  /**
   * End learning: choose the features of the model and number them.
   *
   * @param options.maxFeatures bias included, padding not; from 1
   */
  finish(options: { maxFeatures: number }): LearnedFeatures;
}

/**
 * An encoder that learns features from the rows it is shown, under provisional numbers; or one for the features of a model.
 * Its layout depends on the recipe only: dense when every output is a number or binary and there are few, else sparse.
 */
export function openEncoder(recipe: FittedRecipe, mode: { learn: true } | { features: FeatureSpace }): Encoder {
  return new RecipeEncoder(recipe, 'features' in mode ? mode.features : undefined);
}

class RecipeEncoder implements Encoder {
  readonly layout: RowLayout;
  private readonly numbering: Numbering | undefined;
  private readonly cellColumns: CellColumn[] = [];
  private readonly tokenColumns: TokenColumn[] = [];
  private readonly learned: (() => LearnedOutput)[] = [];
  private readonly cells: Cells;
  private readonly chunkRows: number;
  private readonly records = new RecordBuffer();
  private rowCount = 0;

  constructor(recipe: FittedRecipe, space: FeatureSpace | undefined) {
    this.layout = chooseLayout(recipe);
    this.numbering = space === undefined ? new Numbering() : undefined;
    if (space !== undefined && space.outputs.length !== recipe.outputs.length) {
      throw new Error(`the features do not belong to the recipe: ${space.outputs.length} outputs`);
    }
    for (const [i, output] of recipe.outputs.entries()) {
      if (space === undefined) this.addLearning(output);
      else this.addFixed(output, space, i);
    }
    const stride = this.cellColumns.length;
    this.chunkRows = Math.max(MIN_CHUNK_ROWS, Math.min(MAX_CHUNK_ROWS, Math.floor(CHUNK_CELLS / Math.max(1, stride))));
    const cellCount = stride * this.chunkRows;
    this.cells = {
      stride,
      features: new Uint32Array(cellCount),
      values: new Float32Array(cellCount).fill(1),
    };
  }

  private addLearning(output: FittedOutput): void {
    const numbering = this.numbering as Numbering;
    if (output.kind === 'tokens') {
      const tree = new LearningTokenTree(numbering);
      this.tokenColumns.push(new TokenColumn(output, tree));
      this.learned.push(() => {
        const { features, text, hashes } = tree.learned();
        return { output, features, item: text, hashes };
      });
    } else if (output.kind === 'categories') {
      const column = new CategoryColumn(output, [], 0, numbering);
      this.cellColumns.push(column);
      this.learned.push(() => {
        const { texts, features } = column.learned();
        return { output, features, item: (i) => texts[i], hashes: Uint32Array.from(texts, textHash) };
      });
    } else {
      const features = Uint32Array.from({ length: slotCount(output) }, (_, slot) =>
        hasSlot(output, slot) ? numbering.allocate() : 0,
      );
      this.cellColumns.push(slotColumn(output, features));
      const hashes = features.map((_, slot) => textHash(slotText(output, slot)));
      this.learned.push(() => ({ output, features, hashes }));
    }
  }

  private addFixed(output: FittedOutput, space: FeatureSpace, i: number): void {
    const known = space.outputs[i];
    if (known?.kind !== output.kind) throw new Error(`the features do not belong to the recipe: output ${i}`);
    const first = space.starts[i];
    if ('texts' in known) {
      if (output.kind === 'tokens') {
        this.tokenColumns.push(new TokenColumn(output, new FixedTokenTree(known.texts, first, space.size)));
      } else if (output.kind === 'categories') {
        this.cellColumns.push(new CategoryColumn(output, known.texts, first));
      }
    } else if (output.kind !== 'tokens' && output.kind !== 'categories') {
      const features = new Uint32Array(slotCount(output));
      for (const [place, slot] of known.slots.entries()) features[slot] = first + place;
      this.cellColumns.push(slotColumn(output, features));
    }
  }

  prepare(block: ColumnBlock, rows: Uint32Array): number {
    for (const column of this.cellColumns) column.bind(block);
    for (const column of this.tokenColumns) column.bind(block);
    const { records } = this;
    records.clear(rows.length);
    for (let first = 0; first < rows.length; first += this.chunkRows) {
      const count = Math.min(this.chunkRows, rows.length - first);
      for (let i = 0; i < this.cellColumns.length; i++) this.cellColumns[i].encode(rows, first, count, this.cells, i);
      for (const column of this.tokenColumns) column.encode(rows, first, count);
      this.append(count);
      if (this.numbering !== undefined) records.countFeatures(first, this.layout, this.numbering.rowCounts);
    }
    this.rowCount += rows.length;
    return records.length;
  }

  private append(rowCount: number): void {
    const { records, layout, cells } = this;
    if (layout.form === 'dense') records.addDense(cells, layout.width, rowCount);
    else if (layout.valued) records.addValued(cells, this.tokenColumns, rowCount);
    else records.addSparse(cells, this.tokenColumns, rowCount);
  }

  write(
    words: Uint32Array,
    floats: Float32Array,
    wordOffset: number,
    targets: Float32Array,
    starts: Uint32Array | Float64Array,
  ): void {
    const { records } = this;
    words.set(records.words.subarray(0, records.length), wordOffset);
    for (let row = 0; row < records.rowCount; row++) {
      const start = wordOffset + records.starts[row];
      starts[row] = start;
      floats[start] = targets[row];
    }
  }

  finish({ maxFeatures }: { maxFeatures: number }): LearnedFeatures {
    const { numbering } = this;
    if (numbering === undefined) throw new Error('this encoder does not learn');
    const rowCounts = numbering.rowCounts.subarray(0, numbering.size);
    const learned = this.learned.map((learn) => learn());
    return selectFeatures(learned, rowCounts, this.rowCount, maxFeatures);
  }
}

function slotColumn(output: SlotOutput, features: Uint32Array): CellColumn {
  if (output.kind === 'number') return new NumberColumn(output, features);
  return output.kind === 'bins' ? new BinColumn(output, features) : new BinaryColumn(output, features);
}

/** Can a slot have a feature? A constant has no value feature; a missing value only where training had some. */
function hasSlot(output: SlotOutput, slot: number): boolean {
  const isMissing = slot === slotCount(output) - 1;
  if (output.kind === 'binary') return true;
  if (isMissing) return output.hasMissing;
  return output.kind === 'bins' || output.standardDeviation > 0;
}

function chooseLayout({ outputs }: FittedRecipe): RowLayout {
  let features = BIAS_FEATURE;
  let dense = true;
  for (const output of outputs) {
    if (output.kind !== 'number' && output.kind !== 'binary') dense = false;
    else features += Number(hasSlot(output, 0)) + Number(hasSlot(output, 1));
  }
  if (dense && features <= MAX_DENSE_FEATURES) {
    const width = Math.ceil((FIRST_FEATURE - 1 + features) / DENSE_WIDTH_MULTIPLE) * DENSE_WIDTH_MULTIPLE;
    return { form: 'dense', width };
  }
  return { form: 'sparse', valued: outputs.some(({ kind }) => kind === 'number') };
}
