import { InvalidInput } from '../errors.js';
import type { ColumnBlock } from './block.js';

/** Rejected observations after which an input fails (Amazon ML quotas). */
export const REJECTION_LIMIT = 10_000;
const KEPT_EXAMPLES = 5;

/** Observations that could not be used: counted, the first few kept as examples, too many an error. */
export class Rejections {
  #count = 0;
  readonly #examples: string[] = [];

  get count(): number {
    return this.#count;
  }

  /** The first few, as `line 7: 4 fields where 5 are expected`. */
  get examples(): readonly string[] {
    return this.#examples;
  }

  /**
   * @param why `no value for the target 'y'`
   * @throws InvalidInput past the limit, naming file, line and reason
   */
  add(block: ColumnBlock, row: number, why: string): void {
    this.#count++;
    const where = `line ${block.lines[row]}: ${why}`;
    if (this.#examples.length < KEPT_EXAMPLES) this.#examples.push(where);
    if (this.#count <= REJECTION_LIMIT) return;
    throw new InvalidInput(
      `${block.source}: more than ${REJECTION_LIMIT.toLocaleString('en')} observations could not be used; ${where}`,
      { hint: `check the schema against the file; the first one: ${this.#examples[0]}` },
    );
  }
}
