import type { ColumnBlock } from '../datasource/block.js';
import type { FittedOutput, FittedRecipe } from '../recipe/fitted.js';
import { CategoryColumn } from './category-column.js';
import { CellMargins } from './cell-margins.js';
import type { CellColumn, Cells, PlannedColumn } from './cells.js';
import type { PartColumn } from './cross-column.js';
import type { DensePlan } from './dense-encoder.js';
import { DenseRecords } from './dense-records.js';
import type { FeatureSpace } from './dictionary.js';
import type { Encoder, EncoderMode } from './encoder.js';
import type { Learner } from './learner.js';
import type { ListColumn } from './list-column.js';
import { addEntries, startMargins } from './margins.js';
import { Numbering } from './numbering.js';
import { fixedColumn, hasSlot, learningColumn } from './open-column.js';
import { Pruning } from './pruning.js';
import { headCells, type SparseRecords } from './records.js';
import {
  BIAS_FEATURE,
  DENSE_HEADER_WORDS,
  DENSE_WIDTH_MULTIPLE,
  FIRST_FEATURE,
  headWords,
  PADDING_FEATURE,
  type RowLayout,
  SPARSE_HEADER_WORDS,
  SPARSE_WEIGHT_WORD,
} from './rows.js';
import { type LearnedFeatures, selectFeatures } from './selection.js';
import { SparseEncoder, type SparseRows } from './sparse-encoder.js';
import type { SparseKernel } from './sparse-kernel.js';
import { type RowMemory, type SparsePlan, tailSlots } from './sparse-plan.js';
import { TokenMemory } from './token-memory.js';
import { openRecords } from './token-records.js';

export type { Encoder, EncoderMode } from './encoder.js';
export { applyRemap } from './remap.js';
export type { LearnedFeatures } from './selection.js';

/** Most features, bias included, that rows are stored densely for. */
const MAX_DENSE_FEATURES = 1024;
/** Cells encoded at a time; they stay in the first-level cache. */
const CHUNK_CELLS = 8192;
const MIN_CHUNK_ROWS = 32;
const MAX_CHUNK_ROWS = 512;

/**
 * An encoder that learns features from the rows it is shown, under provisional numbers; or one for the features of a model.
 * The form of its rows depends on the recipe only: dense when every output is a number or binary and there are few, else sparse.
 */
export function openEncoder(recipe: FittedRecipe, mode: EncoderMode): Encoder {
  return new RecipeEncoder(recipe, mode);
}

class RecipeEncoder implements Encoder {
  readonly layout: RowLayout;
  readonly densePlan: DensePlan | undefined;
  readonly sparsePlan: SparsePlan | undefined;
  private readonly numbering: Numbering | undefined;
  private readonly pruning: Pruning;
  private readonly cellColumns: CellColumn[] = [];
  private readonly listColumns: ListColumn[] = [];
  private readonly learners: Learner[] = [];
  private readonly sparseEncoders: SparseEncoder[] = [];
  private readonly cells: Cells;
  private readonly chunkRows: number;
  /** Where the layout is sparse. */
  private readonly records: SparseRecords | undefined;
  /** Opened when first used. */
  private denseRecords: DenseRecords | undefined;
  private cellMargins: CellMargins | undefined;
  private rowCount = 0;
  /** All has been learned. */
  private isFinished = false;

  constructor(
    recipe: FittedRecipe,
    private readonly mode: EncoderMode,
  ) {
    const memory = new TokenMemory(mode.module);
    if ('features' in mode) {
      this.addFixed(recipe.outputs, mode.features, memory);
      this.pruning = new Pruning(Number.POSITIVE_INFINITY);
    } else {
      this.numbering = new Numbering();
      for (const output of recipe.outputs) {
        const column = learningColumn(output, this.numbering, memory);
        this.addColumn(column);
        this.learners.push(column.learner);
      }
      this.pruning = new Pruning(mode.maxFeatures ?? Number.POSITIVE_INFINITY);
    }
    this.layout = chooseLayout(recipe, this.cellColumns);
    const stride = this.cellColumns.length;
    this.chunkRows = Math.max(MIN_CHUNK_ROWS, Math.min(MAX_CHUNK_ROWS, Math.floor(CHUNK_CELLS / Math.max(1, stride))));
    const cellCount = stride * this.chunkRows;
    const centres = 'centres' in mode ? mode.centres : undefined;
    if (this.layout.form === 'dense') {
      const columns = this.cellColumns.map((column) => {
        const { plan } = column as PlannedColumn;
        return { ...plan, centre: centres?.get(plan.attribute) };
      });
      this.densePlan = { width: this.layout.width, columns };
    } else {
      const columns = this.cellColumns.map(({ sparsePlan: plan }) =>
        plan.kind === 'number' ? { ...plan, centre: centres?.get(plan.attribute) } : plan,
      );
      if (this.listColumns.length === 0) this.sparsePlan = { head: this.layout.head, columns };
    }
    this.cells = {
      stride,
      features: new Uint32Array(cellCount),
      values: new Float32Array(cellCount).fill(1),
    };
    if (this.layout.form === 'sparse') {
      const plans = this.cellColumns.map(({ sparsePlan }) => sparsePlan);
      this.records = openRecords(this.cells, this.listColumns, headCells(this.layout, plans), memory);
    }
  }

  get mostWords(): number {
    const { layout, listColumns } = this;
    if (layout.form === 'dense') return DENSE_HEADER_WORDS + layout.width;
    if (listColumns.length > 0) return Number.POSITIVE_INFINITY;
    return SPARSE_HEADER_WORDS + headWords(layout) + 4 * Math.ceil(tailSlots(this.sparsePlan!) / 4);
  }

  private addFixed(outputs: readonly FittedOutput[], space: FeatureSpace, memory: TokenMemory): void {
    if (space.outputs.length !== outputs.length) {
      throw new Error(`the features do not belong to the recipe: ${space.outputs.length} outputs`);
    }
    for (const [i, output] of outputs.entries()) {
      this.addColumn(fixedColumn(output, space.outputs[i], space.starts[i], `output ${i}`, memory));
    }
  }

  private addColumn(column: PartColumn): void {
    if (column.form === 'cell') this.cellColumns.push(column.column);
    else this.listColumns.push(column.column);
  }

  prepare(block: ColumnBlock, rows: Uint32Array): number {
    return this.layout.form === 'dense' ? this.prepareDense(block, rows) : this.prepareSparse(block, rows);
  }

  private prepareDense(block: ColumnBlock, rows: Uint32Array): number {
    this.denseRecords ??= new DenseRecords(this.densePlan!, this.mode.module);
    const length = this.denseRecords.encode(block, rows);
    this.countDense(rows.length, this.denseRecords.takeCounts());
    return length;
  }

  countDense(rowCount: number, counts: Uint32Array): void {
    this.rowCount += rowCount;
    this.addCounts(counts);
  }

  private prepareSparse(block: ColumnBlock, rows: Uint32Array): number {
    for (const column of this.cellColumns) column.bind(block);
    for (const column of this.listColumns) column.bind(block);
    const records = this.records!;
    records.clear(rows.length);
    for (const [first, end] of this.chunks(rows.length)) this.appendSparse(records, rows, first, end - first);
    return records.length;
  }

  openSparse(kernel: SparseKernel, memory: RowMemory): SparseEncoder {
    const codes = this.cellColumns.filter((column) => column instanceof CategoryColumn);
    const sparse = new SparseEncoder(this.sparsePlan!, codes, kernel, memory);
    this.sparseEncoders.push(sparse);
    return sparse;
  }

  encodeSparse(sparse: SparseEncoder, rows: SparseRows): void {
    sparse.bind(rows.block);
    for (const [first, end] of this.chunks(rows.rows.length, true)) sparse.encode(rows, first, end);
  }

  /**
   * First and end of rows to encode before rare features may be forgotten. They are forgotten only after whole chunks, counted
   * over all blocks, so that nothing depends on how rows come in blocks.
   *
   * @param join several at a time, where they cannot have so many new features that some are forgotten
   */
  private *chunks(rowCount: number, join = false): Generator<[number, number]> {
    const { chunkRows, numbering, pruning } = this;
    for (let first = 0; first < rowCount; ) {
      const left = chunkRows - (this.rowCount % chunkRows);
      const count = Math.min(left + (join ? this.spareChunks(left) * chunkRows : 0), rowCount - first);
      yield [first, first + count];
      first += count;
      if (this.isFinished) continue;
      this.rowCount += count;
      if (numbering === undefined || this.rowCount % chunkRows !== 0 || !pruning.isFull(numbering)) continue;
      this.countSparse();
      pruning.forgetRare(this.learners, numbering);
    }
  }

  /** Chunks after so many rows, which have one feature per cell at most, during which the dictionary cannot become full. */
  private spareChunks(rowCount: number): number {
    const { numbering, pruning, cellColumns, chunkRows } = this;
    const rows = numbering === undefined ? Number.POSITIVE_INFINITY : pruning.room(numbering) / cellColumns.length;
    return Math.max(0, Math.ceil((rows - rowCount) / chunkRows) - 1);
  }

  /** Count the features of rows that sparse encoders have encoded. */
  private countSparse(): void {
    for (const sparse of this.sparseEncoders) this.addCounts(sparse.takeCounts());
  }

  private addCounts(counts: Uint32Array): void {
    if (this.numbering === undefined) return;
    const { rowCounts } = this.numbering;
    for (let feature = FIRST_FEATURE; feature < counts.length; feature++) rowCounts[feature] += counts[feature];
  }

  /** Add 1 for each feature of each of the rows encoded last, but for those whose columns count them. */
  private countFeatures(rowCount: number, rowCounts: Uint32Array): void {
    const { features, stride } = this.cells;
    for (let cell = 0; cell < stride * rowCount; cell++) rowCounts[features[cell]]++;
    for (const column of this.listColumns) column.countRows(rowCount, rowCounts);
  }

  private appendSparse(records: SparseRecords, rows: Uint32Array, first: number, count: number): void {
    this.encodeChunk(rows, first, count);
    records.add(count);
    if (this.numbering !== undefined && !this.isFinished) this.countFeatures(count, this.numbering.rowCounts);
  }

  /** Into `cells` and the lists of the list columns. */
  private encodeChunk(rows: Uint32Array, first: number, count: number): void {
    for (let i = 0; i < this.cellColumns.length; i++) this.cellColumns[i].encode(rows, first, count, this.cells, i);
    for (const column of this.listColumns) column.encode(rows, first, count);
  }

  score(block: ColumnBlock, rows: Uint32Array, weights: Float64Array, outputs: number, margins: Float64Array): void {
    startMargins(margins, rows.length, weights, outputs);
    this.cellMargins ??= new CellMargins(this.cellColumns, this.mode.module);
    this.cellMargins.add(block, rows, weights, outputs, margins);
    if (this.listColumns.length === 0) return;
    for (const column of this.listColumns) column.bind(block);
    const { chunkRows } = this;
    for (let first = 0; first < rows.length; first += chunkRows) {
      const count = Math.min(chunkRows, rows.length - first);
      for (const column of this.listColumns) {
        column.encode(rows, first, count);
        addEntries(column, count, weights, outputs, margins, first);
      }
    }
  }

  write(
    words: Uint32Array,
    floats: Float32Array,
    wordOffset: number,
    targets: Float32Array,
    starts: Uint32Array | Float64Array,
    weights?: Float32Array,
  ): void {
    if (this.denseRecords !== undefined) {
      this.denseRecords.write(words, floats, wordOffset, targets, starts, weights);
      return;
    }
    const { words: encoded, starts: ownStarts, length, rowCount } = this.records!;
    words.set(encoded.subarray(0, length), wordOffset);
    for (let row = 0; row < rowCount; row++) {
      const start = wordOffset + ownStarts[row];
      starts[row] = start;
      floats[start] = targets[row];
      floats[start + SPARSE_WEIGHT_WORD] = weights === undefined ? 1 : weights[row];
    }
  }

  finish({ maxFeatures }: { maxFeatures: number }): LearnedFeatures {
    const { numbering } = this;
    if (numbering === undefined) throw new Error('this encoder does not learn');
    this.isFinished = true;
    for (const learner of this.learners) learner.close?.();
    this.countSparse();
    const learned = this.learners.map((learner) => learner.learned());
    const selected = selectFeatures(learned, numbering, this.rowCount, maxFeatures);
    return { ...selected, droppedCount: selected.droppedCount + this.pruning.forgottenCount };
  }
}

function chooseLayout({ outputs }: FittedRecipe, columns: readonly CellColumn[]): RowLayout {
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
  const numbers = columns.flatMap(({ sparsePlan }) =>
    sparsePlan.kind === 'number' && sparsePlan.feature !== PADDING_FEATURE ? sparsePlan.feature : [],
  );
  return { form: 'sparse', head: numbers.length > 0 ? [BIAS_FEATURE, ...numbers] : [] };
}
