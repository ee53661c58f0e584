import type { OutputFeatures } from './dictionary.js';
import type { Learned } from './learner.js';
import { grown, type Numbers } from './numbering.js';
import { PairTable } from './pair-table.js';
import { mixHash, textHash } from './text-hash.js';
import type { Words } from './token-reader.js';
import { NodeIndex, WordList } from './word-list.js';

/**
 * The runs of tokens that an output knows: a tree with a node for each run, its parent the run without the last token.
 * Nodes are numbers from 1; nodes below `featureEnd` are features and have the feature's number.
 * The text without tokens is the run ''.
 */
export interface TokenTree extends Words {
  readonly featureEnd: number;
  /** Nodes of runs of two or more tokens: (run without its last token, that token). */
  readonly pairs: PairTable;
  /**
   * Learn a run that is not in `pairs`: the run of a node and one more token.
   *
   * @param mark for the new entry
   * @returns the new node; 0 from a tree that does not learn
   */
  learn(run: number, token: number, mark: number): number;
}

/** The runs that have a feature in a model, with the shorter runs that lead to them. */
export class FixedTokenTree implements TokenTree {
  readonly pairs = new PairTable();
  private readonly words = new Map<string, number>();
  private nextNode: number;

  /**
   * @param texts the runs, tokens joined by a space
   * @param firstFeature feature of the first; the others follow
   * @param featureEnd greater than any feature
   */
  constructor(
    texts: readonly string[],
    firstFeature: number,
    readonly featureEnd: number,
  ) {
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

  learn(): number {
    return 0;
  }

  private addRun(text: string, feature: number): void {
    let end = text.indexOf(' ');
    if (end < 0) {
      this.words.set(text, feature);
      return;
    }
    let run = this.wordNode(text.slice(0, end));
    while (end >= 0) {
      const start = end + 1;
      end = text.indexOf(' ', start);
      const token = this.wordNode(text.slice(start, end < 0 ? text.length : end));
      run = this.childNode(run, token, end < 0 ? feature : 0);
    }
  }

  private wordNode(token: string): number {
    let node = this.words.get(token);
    if (node === undefined) this.words.set(token, (node = this.nextNode++));
    return node;
  }

  private childNode(run: number, token: number, feature: number): number {
    const known = this.pairs.get(run, token);
    if (known !== 0) return known;
    const node = feature === 0 ? this.nextNode++ : feature;
    this.pairs.add(run, token, node);
    return node;
  }
}

function runLength(text: string): number {
  let length = 1;
  for (let space = text.indexOf(' '); space >= 0; space = text.indexOf(' ', space + 1)) length++;
  return length;
}

/** Gives every run it is shown a feature. */
export class LearningTokenTree implements TokenTree {
  readonly featureEnd = 0xffffffff;
  private readonly words: WordList;
  /** Used by `hashes`. */
  private hashOf = new Uint32Array(0);
  readonly pairs = new PairTable();

  constructor(private readonly numbers: Numbers) {
    this.words = new WordList(numbers);
  }

  word(token: string): number {
    return this.words.word(token);
  }

  learn(run: number, token: number, mark: number): number {
    const node = this.numbers.allocate();
    this.pairs.add(run, token, node, mark);
    return node;
  }

  /** @param prefix of the output's features */
  learned(prefix: string): Learned {
    const wordNodes = this.words.nodes();
    const features = new Uint32Array(wordNodes.length + this.pairs.count);
    features.set(wordNodes);
    features.set(this.pairs.nodes(), wordNodes.length);
    let hashes: Uint32Array | undefined;
    const hash = (i: number): number => (hashes ??= this.hashes(wordNodes))[features[i]];
    const describe = (order: ArrayLike<number>): OutputFeatures => ({
      kind: 'tokens',
      prefix,
      texts: Array.from(order, this.texts(features)),
    });
    return { features, kind: 'items', hash, describe };
  }

  /** Hash of the text of each node. */
  private hashes(wordNodes: Uint32Array): Uint32Array {
    const { pairs } = this;
    this.hashOf = grown(this.hashOf, this.numbers.size);
    const { hashOf } = this;
    for (const [i, text] of this.words.texts().entries()) hashOf[wordNodes[i]] = textHash(text);
    for (let i = 0; i < pairs.count; i++)
      hashOf[pairs.node(i)] = mixHash(hashOf[pairs.first(i)], hashOf[pairs.second(i)]);
    return hashOf;
  }

  /** Text of the i-th feature, the words first. */
  private texts(features: Uint32Array): (i: number) => string {
    const words = this.words.texts();
    const { pairs } = this;
    const index = new NodeIndex().of(features, this.numbers.size);
    const text = (i: number): string => {
      if (i < words.length) return words[i];
      return `${text(index[pairs.first(i - words.length)])} ${words[index[pairs.second(i - words.length)]]}`;
    };
    return text;
  }

  /** Forget runs; the tokens and shorter runs of one that is kept are kept with it. */
  forget(kept: Uint8Array): void {
    const { pairs } = this;
    for (let i = pairs.count - 1; i >= 0; i--) {
      if (kept[pairs.node(i)] === 1) kept[pairs.first(i)] = kept[pairs.second(i)] = 1;
    }
    this.pairs.keep(kept);
    this.words.forget(kept);
  }
}
