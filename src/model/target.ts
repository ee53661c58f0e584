import type { ColumnBlock, Dictionary } from '../datasource/block.js';
import type { ModelType } from './types.js';

/** What a model learned about its target. Goes into the model file. */
export type TargetScale =
  | {
      readonly type: 'BINARY';
      /** Among the training observations, by their weights. */
      readonly positiveShare: number;
    }
  | {
      readonly type: 'MULTICLASS';
      /** In the order of the model's outputs. */
      readonly classes: readonly string[];
      /** Share of each class among the training observations, by their weights. */
      readonly shares: readonly number[];
    }
  | {
      readonly type: 'REGRESSION';
      /** By the weights of the training observations, as the standard deviation. */
      readonly mean: number;
      /** Of the population; 1 for a constant target. */
      readonly standardDeviation: number;
    };

/** How many outputs a model has: 1, or one per class. */
export function outputCount(scale: TargetScale): number {
  return scale.type === 'MULTICLASS' ? scale.classes.length : 1;
}

export function modelTypeOf(attributeType: 'BINARY' | 'CATEGORICAL' | 'NUMERIC'): ModelType {
  return ({ BINARY: 'BINARY', CATEGORICAL: 'MULTICLASS', NUMERIC: 'REGRESSION' } as const)[attributeType];
}

/** The target values of a block, in the model's terms. */
export class TargetReader {
  readonly #classOf = new Map<string, number>();
  /** Class number + 1 by dictionary code; 0 = not looked up yet. */
  #classOfCode = new Int32Array(0);

  constructor(
    readonly attribute: string,
    readonly scale: TargetScale,
  ) {
    const classes = scale.type === 'MULTICLASS' ? scale.classes : [];
    for (const [index, name] of classes.entries()) this.#classOf.set(name, index);
  }

  /**
   * @returns one per listed row: BINARY 0 or 1; REGRESSION the value; MULTICLASS the class number, numbers from
   *   `classes.length` on for classes that the model does not know
   */
  read(block: ColumnBlock, rows: Uint32Array): Float64Array {
    const values = new Float64Array(rows.length);
    const column = block.columns.get(this.attribute) as Float64Array | Uint8Array | Uint32Array;
    if (this.scale.type === 'MULTICLASS') {
      const dictionary = block.dictionaries.get(this.attribute)!;
      this.#reserve(dictionary.size);
      for (let i = 0; i < rows.length; i++) {
        const code = column[rows[i]];
        values[i] = (this.#classOfCode[code] || this.#number(dictionary, code)) - 1;
      }
    } else {
      for (let i = 0; i < rows.length; i++) values[i] = column[rows[i]];
    }
    return values;
  }

  /** Names of all classes met so far: the model's first. */
  get classes(): string[] {
    return [...this.#classOf.keys()];
  }

  #reserve(codeCount: number): void {
    if (codeCount <= this.#classOfCode.length) return;
    const larger = new Int32Array(Math.max(codeCount, this.#classOfCode.length * 2));
    larger.set(this.#classOfCode);
    this.#classOfCode = larger;
  }

  #number(dictionary: Dictionary, code: number): number {
    const text = dictionary.text(code);
    if (!this.#classOf.has(text)) this.#classOf.set(text, this.#classOf.size);
    this.#classOfCode[code] = this.#classOf.get(text)! + 1;
    return this.#classOfCode[code];
  }
}
