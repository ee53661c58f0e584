import { InvalidInput } from '../errors.js';
import { formatCount } from '../format-count.js';
import type { ColumnBlock } from './block.js';

/** Rejected observations after which an input fails (Amazon ML quotas). */
export const REJECTION_LIMIT = 10_000;
const KEPT_EXAMPLES = 5;

/**
 * Observations that could not be used: those of one part of a data source counted, the first few kept as examples; too many
 * in the whole source are an error.
 */
export class Rejections {
  #total = 0;
  #count = 0;
  readonly #examples: string[] = [];

  /** In the part. */
  get count(): number {
    return this.#count;
  }

  /** The first few, as `line 7: 4 fields where 5 are expected`; with the file's name where there are several. */
  get examples(): readonly string[] {
    return this.#examples;
  }

  /**
   * @param why `no value for the target 'y'`
   * @param ofPart false for an observation that belongs to another part
   * @throws InvalidInput past the limit, naming file, line and reason
   */
  add(block: ColumnBlock, row: number, why: () => string, ofPart = true): void {
    this.#total++;
    const where = (): string => `line ${block.lines[row]}: ${why()}`;
    if (ofPart) {
      this.#count++;
      if (this.#examples.length < KEPT_EXAMPLES) {
        this.#examples.push(block.startOffset === undefined ? where() : `${block.source}, ${where()}`);
      }
    }
    if (this.#total <= REJECTION_LIMIT) return;
    throw new InvalidInput(
      `${block.source}: more than ${formatCount(REJECTION_LIMIT)} observations could not be used; ${where()}`,
      { hint: `check the schema against the file${this.#examples[0] ? `; the first one: ${this.#examples[0]}` : ''}` },
    );
  }
}
