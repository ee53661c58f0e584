import { ROW, WORD_NODE, WORD_WORDS } from './token-layout.js';
import type { Numbers32, TokenMemory } from './token-memory.js';
import type { TokenRuns } from './token-runs.js';
import { type TokenTree, TreeMemory } from './token-tree.js';

/** The runs that have a feature in a model, with the shorter runs that lead to them. */
export class FixedTokenTree implements TokenTree {
  private readonly tree: TreeMemory;
  private readonly words = new Map<string, number>();

  /**
   * @param firstFeature feature of the first run; the others follow
   * @param ngram greatest length of a run
   * @throws Error when there are longer ones
   */
  constructor(
    readonly memory: TokenMemory,
    { count, words, places, levels }: TokenRuns,
    firstFeature: number,
    ngram: number,
  ) {
    if (levels.length >= ngram && levels.length > 0)
      throw new Error(`the features do not belong to the recipe: runs of ${levels.length + 1} tokens`);
    this.tree = new TreeMemory(memory, ngram, firstFeature + count);
    this.tree.reserveWords(words.length + 1);
    const { words: fields } = this.tree.words;
    for (let i = 0; i < words.length; i++) {
      this.words.set(words[i], i + 1);
      if (places[i] !== 0) fields[(i + 1) * WORD_WORDS + WORD_NODE] = firstFeature + places[i] - 1;
    }
    for (const [level, runs] of levels.entries()) {
      // Runs of two tokens begin with a word, others with the node of a run.
      this.tree.levels[level].fill(runs, level === 0 ? 0 : firstFeature - 1, firstFeature);
    }
  }

  wordsOf(tokens: readonly string[]): Uint32Array {
    const { words } = this;
    const found = new Uint32Array(tokens.length);
    for (let i = 0; i < tokens.length; i++) found[i] = words.get(tokens[i]) ?? 0;
    return found;
  }

  get state(): Numbers32 {
    return this.tree.state;
  }

  encodeRows(): void {
    this.tree.state.words[ROW] = 0;
    this.memory.kernel.encodeTokenRows(this.tree.state.address);
  }
}
