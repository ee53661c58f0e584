import type { ColumnBlock } from '../datasource/block.js';
import { type Encoder, openEncoder } from '../features/encode.js';
import type { ModelState } from './state.js';

/** Scores observations with a model, block after block. */
export class Scorer {
  readonly #encoder: Encoder;

  /** @param module the kernel: the same margins, sooner */
  constructor(
    readonly state: ModelState,
    readonly module?: WebAssembly.Module,
  ) {
    this.#encoder = openEncoder(state.recipe, { features: state.features, module });
  }

  /**
   * Margins of the listed rows of a block.
   *
   * @returns f64[rows * outputs], row major; for regression already in the target's unit
   */
  margins(block: ColumnBlock, rows: Uint32Array): Float64Array {
    const { weights, outputs, target } = this.state;
    const margins = new Float64Array(rows.length * outputs);
    if (rows.length === 0) return margins;
    this.#encoder.score(block, rows, weights, outputs, margins);
    if (target.type === 'REGRESSION') {
      for (let i = 0; i < margins.length; i++) margins[i] = target.mean + target.standardDeviation * margins[i];
    }
    return margins;
  }
}
