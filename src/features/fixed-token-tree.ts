import type { RunTable } from './run-table.js';
import { ROW, WORD_NODE, WORD_WORDS } from './token-layout.js';
import type { Numbers32, TokenMemory } from './token-memory.js';
import { type TokenTree, TreeMemory } from './token-tree.js';

/** The runs that have a feature in a model, with the shorter runs that lead to them. */
export class FixedTokenTree implements TokenTree {
  private readonly tree: TreeMemory;
  private readonly words = new Map<string, number>();
  private nextNode: number;

  /**
   * @param texts the runs, tokens joined by a space
   * @param firstFeature feature of the first; the others follow
   * @param featureEnd greater than any feature
   * @param ngram greatest length of a run
   */
  constructor(
    readonly memory: TokenMemory,
    texts: readonly string[],
    firstFeature: number,
    featureEnd: number,
    ngram: number,
  ) {
    this.tree = new TreeMemory(memory, ngram, featureEnd);
    this.nextNode = featureEnd;
    const lengths = Uint32Array.from(texts, runLength);
    const longest = lengths.reduce((most, length) => Math.max(most, length), 0);
    // Shorter runs first, so that a run finds those it continues with their own features.
    for (let length = 1; length <= longest; length++) {
      for (let i = 0; i < texts.length; i++) if (lengths[i] === length) this.addRun(texts[i], firstFeature + i);
    }
  }

  word(token: string): number {
    return this.words.get(token) ?? 0;
  }

  get state(): Numbers32 {
    return this.tree.state;
  }

  encodeRows(): void {
    this.tree.state.words[ROW] = 0;
    this.memory.kernel.encodeTokenRows(this.tree.state.address);
  }

  private addRun(text: string, feature: number): void {
    let end = text.indexOf(' ');
    if (end < 0) {
      this.setWord(text, feature);
      return;
    }
    let run = this.wordNumber(text.slice(0, end));
    for (let level = 0; end >= 0; level++) {
      const start = end + 1;
      end = text.indexOf(' ', start);
      const token = this.wordNumber(text.slice(start, end < 0 ? text.length : end));
      run = this.childNode(this.tree.levels[level], run, token, end < 0 ? feature : 0);
    }
  }

  private wordNumber(token: string): number {
    return this.words.get(token) ?? this.setWord(token, this.nextNode++);
  }

  private setWord(token: string, node: number): number {
    const word = this.words.size + 1;
    this.words.set(token, word);
    this.tree.reserveWords(word + 1);
    this.tree.words.words[word * WORD_WORDS + WORD_NODE] = node;
    return word;
  }

  private childNode(runs: RunTable, run: number, token: number, feature: number): number {
    return runs.nodeOf(run, token, () => (feature === 0 ? this.nextNode++ : feature));
  }
}

function runLength(text: string): number {
  let length = 1;
  for (let space = text.indexOf(' '); space >= 0; space = text.indexOf(' ', space + 1)) length++;
  return length;
}
