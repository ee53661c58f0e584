import { grown, type Numbering } from './numbering.js';
import { NODE, PairTable } from './pair-table.js';
import { mixHash, textHash } from './text-hash.js';

/**
 * The runs of tokens that an output knows: a tree with a node for each run, its parent the run without the last token.
 * Nodes are numbers from 1; nodes below `featureEnd` are features and have the feature's number.
 * The text without tokens is the run ''.
 */
export abstract class TokenTree {
  abstract readonly featureEnd: number;
  /** Nodes of single tokens. */
  protected readonly words = new Map<string, number>();
  /** Nodes of longer runs. */
  readonly pairs = new PairTable();

  /** The node of a single token; 0 when it is in no run that is known. */
  abstract word(token: string): number;

  /**
   * Learn a run that is not in `pairs`: the run of a node and one more token.
   *
   * @param mark for the new entry
   * @returns the new node; 0 from a tree that does not learn
   */
  abstract learn(run: number, token: number, mark: number): number;
}

/** The runs that have a feature in a model, with the shorter runs that lead to them. */
export class FixedTokenTree extends TokenTree {
  private nextNode: number;

  /**
   * @param texts the runs, tokens joined by a space
   * @param firstFeature feature of the first; the others follow
   * @param featureEnd size of the feature space
   */
  constructor(
    texts: readonly string[],
    firstFeature: number,
    readonly featureEnd: number,
  ) {
    super();
    this.nextNode = featureEnd;
    const lengths = Uint32Array.from(texts, runLength);
    const longest = lengths.reduce((most, length) => Math.max(most, length), 0);
    // Shorter runs first, so that a run finds those it continues with their own features.
    for (let length = 1; length <= longest; length++) {
      for (let i = 0; i < texts.length; i++) if (lengths[i] === length) this.addRun(texts[i], firstFeature + i);
    }
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
    const known = this.pairs.entries[this.pairs.locate(run, token) + NODE];
    if (known !== 0) return known;
    const node = feature === 0 ? this.nextNode++ : feature;
    this.pairs.add(run, token, node);
    return node;
  }

  word(token: string): number {
    return this.words.get(token) ?? 0;
  }

  learn(): number {
    return 0;
  }
}

function runLength(text: string): number {
  let length = 1;
  for (let space = text.indexOf(' '); space >= 0; space = text.indexOf(' ', space + 1)) length++;
  return length;
}

/** Gives every run it is shown a feature. */
export class LearningTokenTree extends TokenTree {
  readonly featureEnd = 0xffffffff;
  private readonly tokens: string[] = [];
  private count = 0;
  // One element per run, in order of first appearance. A single token has parent 0 and its index in `tokens`.
  private features = new Uint32Array(1 << 10);
  private parents = new Uint32Array(1 << 10);
  private lasts = new Uint32Array(1 << 10);

  constructor(private readonly numbering: Numbering) {
    super();
  }

  word(token: string): number {
    let node = this.words.get(token);
    if (node === undefined) {
      node = this.append(0, this.tokens.length);
      this.tokens.push(token);
      this.words.set(token, node);
    }
    return node;
  }

  learn(run: number, token: number, mark: number): number {
    const node = this.append(run, token);
    this.pairs.add(run, token, node, mark);
    return node;
  }

  private append(parent: number, last: number): number {
    if (this.count === this.features.length) {
      this.features = grown(this.features, this.count + 1);
      this.parents = grown(this.parents, this.count + 1);
      this.lasts = grown(this.lasts, this.count + 1);
    }
    const node = this.numbering.allocate();
    this.features[this.count] = node;
    this.parents[this.count] = parent;
    this.lasts[this.count++] = last;
    return node;
  }

  /** The features given, in order of first appearance, with text and hash of the i-th. */
  learned(): { features: Uint32Array; text: (i: number) => string; hashes: Uint32Array } {
    const { features, parents, lasts, tokens, count } = this;
    const indexOf = new Uint32Array(this.numbering.size);
    for (let i = 0; i < count; i++) indexOf[features[i]] = i;
    const text = (i: number): string => {
      if (parents[i] === 0) return tokens[lasts[i]];
      return `${text(indexOf[parents[i]])} ${tokens[lasts[indexOf[lasts[i]]]]}`;
    };
    const hashes = new Uint32Array(count);
    for (let i = 0; i < count; i++) {
      hashes[i] =
        parents[i] === 0 ? textHash(tokens[lasts[i]]) : mixHash(hashes[indexOf[parents[i]]], hashes[indexOf[lasts[i]]]);
    }
    return { features: features.slice(0, count), text, hashes };
  }
}
