import type { ColumnBlock } from '../datasource/block.js';
import { cellCount, pickNumbers, pickRows } from '../datasource/pick-rows.js';
import { Rejections } from '../datasource/rejections.js';
import { weightRows } from '../datasource/row-weights.js';
import { RowSelector } from '../datasource/select.js';
import type { DataSource } from '../datasource/source.js';
import { watched } from '../datasource/watched.js';
import { applyRemap, type Encoder, type LearnedFeatures, openEncoder } from '../features/encode.js';
import { remappedLayout } from '../features/rows.js';
import { outputCount, TargetReader, type TargetScale } from '../model/target.js';
import type { FittedRecipe } from '../recipe/fitted.js';
import { HeldOutRows } from './held-out.js';
import { type OnProgress, reading } from './progress.js';
import { recordTargets } from './target.js';

/** Rows that the held-out loss of a pass is measured on, and cells of theirs, at most. */
const MOST_ROWS = 20_000;
const MOST_CELLS = 2_000_000;

/** The recipe and the target, as far as they are needed to read other data. */
export interface KnownModel {
  readonly targetAttributeName: string;
  readonly recipe: FittedRecipe;
}

/** Data that is not learned from, and that the loss of each pass is measured on. */
export interface HeldOutData {
  /** Which records of the training data they are; undefined: those of another source. */
  readonly keep?: (recordIndex: number, byteOffset: number) => boolean;
  /** Open the other source. */
  open?(known: KnownModel): Promise<DataSource>;
}

/** What is needed to encode held-out rows. */
interface EncodingInput {
  readonly module: WebAssembly.Module;
  readonly recipe: FittedRecipe;
  readonly learned: LearnedFeatures;
  /** Has learned them. */
  readonly learner: Encoder;
  readonly scale: TargetScale;
  readonly target: string;
}

/** Every k-th held-out row of a source, k being the least power of two that keeps their number and size in bounds. */
export class HeldOutSample {
  readonly #selector: RowSelector;
  readonly #rejections = new Rejections();
  /** With the index of their first row among the held-out rows of the source; the others follow, a step apart. */
  #blocks: { block: ColumnBlock; firstIndex: number; weights: Float64Array | undefined }[] = [];
  #seen = 0;
  #step = 1;
  #rowCount = 0;
  #cellCount = 0;

  /** @param rowWeight attribute, if there is one */
  constructor(
    readonly target: string,
    readonly rowWeight: string | null,
    keep: (recordIndex: number, byteOffset: number) => boolean,
  ) {
    this.#selector = new RowSelector(target, keep, this.#rejections);
  }

  /** Every block of the source, in order; it may be overwritten afterwards. */
  add(block: ColumnBlock): void {
    const { rows, weights } = weightRows(block, this.#selector.select(block), this.rowWeight, this.#rejections);
    this.#keep(block, rows, this.#seen, 1, weights);
    this.#seen += rows.length;
    while (this.#rowCount > MOST_ROWS || this.#cellCount > MOST_CELLS) this.#thin();
  }

  /**
   * @param rows every `distance`-th of the source
   * @param firstIndex of the first of them in the source
   */
  #keep(
    block: ColumnBlock,
    rows: Uint32Array,
    firstIndex: number,
    distance: number,
    weights: Float64Array | undefined,
  ): void {
    const stride = this.#step / distance;
    const first = (stride - ((firstIndex / distance) % stride)) % stride;
    if (first >= rows.length) return;
    const picked = everyNth(rows, first, stride);
    this.#rowCount += picked.length;
    this.#cellCount += cellCount(block, picked);
    this.#blocks.push({
      block: pickRows(block, picked),
      firstIndex: firstIndex + first * distance,
      weights: weights && everyNth(weights, first, stride),
    });
  }

  /** Keep every second row. */
  #thin(): void {
    const blocks = this.#blocks;
    const distance = this.#step;
    this.#blocks = [];
    this.#rowCount = 0;
    this.#cellCount = 0;
    this.#step *= 2;
    for (const { block, firstIndex, weights } of blocks) {
      this.#keep(block, rowsOf(block), firstIndex, distance, weights);
    }
  }

  /** The rows for the features of a model; undefined when there is none. Rows of classes that it does not know are left out. */
  encode({ module, recipe, learned, learner, scale, target }: EncodingInput): HeldOutRows | undefined {
    const { features, remap } = learned;
    // Tables of texts are large: those that are there are used.
    const isReused = learner.mostWords === Number.POSITIVE_INFINITY;
    const encoder = isReused ? learner : openEncoder(recipe, { features, module });
    const reader = new TargetReader(target, scale);
    const outputs = outputCount(scale);
    const layout = isReused ? remappedLayout(encoder.layout, remap) : encoder.layout;
    const held = new HeldOutRows(module, layout, scale.type, outputs, features.size);
    for (const { block, weights } of this.#blocks) {
      const all = rowsOf(block);
      const values = reader.read(block, all);
      const isKnown = (i: number): boolean => scale.type !== 'MULTICLASS' || values[i] < outputs;
      const rows = all.every(isKnown) ? all : all.filter(isKnown);
      const words = new Uint32Array(encoder.prepare(block, rows));
      const starts = new Uint32Array(rows.length);
      const targets = recordTargets(pickNumbers(values, rows), scale);
      const rowWeights = weights && new Float32Array(pickNumbers(weights, rows));
      encoder.write(words, new Float32Array(words.buffer), 0, targets, starts, rowWeights);
      if (isReused) applyRemap(words, starts, encoder.layout, remap);
      held.add({ words, starts });
    }
    return held.totalWeight > 0 ? held : undefined;
  }
}

const rowsOf = ({ rowCount }: ColumnBlock): Uint32Array => new Uint32Array(rowCount).map((_, row) => row);

/** Elements first, first + step, … */
function everyNth<Values extends Uint32Array | Float64Array>(values: Values, first: number, step: number): Values {
  const length = Math.ceil((values.length - first) / step);
  const taken = new (values.constructor as new (length: number) => Values)(length);
  for (let i = 0; i < length; i++) taken[i] = values[first + i * step];
  return taken;
}

/** Reads another source for its sample. */
export async function sampleOf(
  source: DataSource,
  sample: HeldOutSample,
  options: { readonly signal?: AbortSignal; readonly onProgress?: OnProgress },
): Promise<void> {
  for await (const block of watched(source, reading('evaluate', options))) sample.add(block);
}
