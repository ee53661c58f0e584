import type { OutputFeatures } from './dictionary.js';
import type { Learned, RankedFeatures, RankRule } from './learner.js';
import { grown, Numbering, type Numbers } from './numbering.js';
import { NODE, RANK, type RunParts, RunTable, SECOND } from './run-table.js';
import { mixHash, textHash } from './text-hash.js';
import type { Words } from './token-reader.js';
import { NodeIndex } from './word-list.js';

/**
 * The runs of tokens that an output knows: a tree with a node for each run, its parent the run without the last token.
 * Nodes are numbers from 1; nodes below `featureEnd` are features and have the feature's number. Tokens have numbers of their
 * own, also from 1, which they keep when their nodes are forgotten.
 * The text without tokens is the run ''.
 */
export interface TokenTree extends Words {
  readonly featureEnd: number;
  /** The node of each token; 0 for one without. Replaced when it grows. */
  readonly nodeOf: Uint32Array;
  /** Rows that each token was in since it got its node. Replaced when it grows. */
  readonly rowsOf: Uint32Array;
  /** Give a token a node. */
  learnWord(word: number): number;
  /**
   * Runs of two tokens, by both of them; of three, by the node of the first two and the third token; …
   */
  readonly levels: readonly RunTable[];
  /** Numbers what is learned; undefined where nothing is. */
  readonly numbers: Numbers | undefined;
  /** The number of a token; 0 for one in nothing that is known. */
  word(token: string): number;
}

/** The runs that have a feature in a model, with the shorter runs that lead to them. */
export class FixedTokenTree implements TokenTree {
  readonly levels: RunTable[] = [];
  readonly numbers = undefined;
  nodeOf = new Uint32Array(1 << 6);
  rowsOf = new Uint32Array(1 << 6);
  private readonly words = new Map<string, number>();
  private nextNode: number;

  /**
   * @param texts the runs, tokens joined by a space
   * @param firstFeature feature of the first; the others follow
   * @param featureEnd greater than any feature
   * @param ngram greatest length of a run
   */
  constructor(
    texts: readonly string[],
    firstFeature: number,
    readonly featureEnd: number,
    ngram: number,
  ) {
    this.nextNode = featureEnd;
    for (let length = 2; length <= ngram; length++) this.levels.push(new RunTable());
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

  learnWord(): number {
    return 0;
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
      run = this.childNode(this.levels[level], run, token, end < 0 ? feature : 0);
    }
  }

  private wordNumber(token: string): number {
    return this.words.get(token) ?? this.setWord(token, this.nextNode++);
  }

  private setWord(token: string, node: number): number {
    const word = this.words.size + 1;
    this.words.set(token, word);
    this.nodeOf = grown(this.nodeOf, word + 1);
    this.rowsOf = grown(this.rowsOf, word + 1);
    this.nodeOf[word] = node;
    return word;
  }

  private childNode(runs: RunTable, run: number, token: number, feature: number): number {
    runs.reserve(1);
    const entry = runs.find(run, token);
    if (runs.entries[entry] === 0) runs.put(entry, run, token, feature === 0 ? this.nextNode++ : feature, 0);
    return runs.entries[entry + NODE];
  }
}

function runLength(text: string): number {
  let length = 1;
  for (let space = text.indexOf(' '); space >= 0; space = text.indexOf(' ', space + 1)) length++;
  return length;
}

/** Keeps nothing by its rank. */
const NO_RULE: RankRule = { rank: 0xffffffff, hash: 0, equalLeft: 0 };

/** Gives every run it is shown a feature. */
export class LearningTokenTree implements TokenTree, RankedFeatures {
  readonly featureEnd = 0xffffffff;
  readonly levels: readonly RunTable[];
  nodeOf = new Uint32Array(1 << 10);
  rowsOf = new Uint32Array(1 << 10);
  private readonly words = new Map<string, number>();
  /** Texts and their hashes, by number; the first is not used. */
  private readonly texts: string[] = [''];
  private textHashes = new Uint32Array(1 << 10);
  /** Hashes of the texts of runs that longer ones begin with, by node; used by `hashes`. */
  private runHashes = new Uint32Array(0);

  /** @param ngram greatest length of a run */
  constructor(
    readonly numbers: Numbers,
    ngram: number,
  ) {
    this.levels = Array.from({ length: ngram - 1 }, () => new RunTable());
  }

  word(token: string): number {
    const known = this.words.get(token);
    if (known !== undefined) return known;
    const word = this.texts.push(token) - 1;
    this.words.set(token, word);
    this.nodeOf = grown(this.nodeOf, word + 1);
    this.rowsOf = grown(this.rowsOf, word + 1);
    this.textHashes = grown(this.textHashes, word + 1);
    this.textHashes[word] = textHash(token);
    return word;
  }

  learnWord(word: number): number {
    this.rowsOf[word] = 0;
    return (this.nodeOf[word] = this.numbers.allocate());
  }

  /** Number of runs of two and more tokens. */
  get count(): number {
    return this.levels.reduce((sum, { count }) => sum + count, 0);
  }

  /** The words that have nodes. */
  others(): Learned {
    const words = this.learnedWords();
    return {
      features: words.map((word) => this.nodeOf[word]),
      kind: 'items',
      hash: (i) => this.textHashes[words[i]],
      describe: () => {
        throw new Error('described with all others only');
      },
    };
  }

  /** Those that have nodes; tells how many rows they are in. */
  private learnedWords(): Uint32Array {
    const words = new Uint32Array(this.texts.length);
    let count = 0;
    const rowCounts = this.numbers instanceof Numbering ? this.numbers.rowCounts : undefined;
    for (let word = 1; word < this.texts.length; word++) {
      const node = this.nodeOf[word];
      if (node === 0) continue;
      words[count++] = word;
      if (rowCounts !== undefined) rowCounts[node] = this.rowsOf[word];
    }
    return words.subarray(0, count);
  }

  ranks(into: Uint32Array, at: number): number {
    return this.levels.reduce((end, level) => level.ranks(into, end), at);
  }

  hashes(rank: number, into: Uint32Array, at: number): number {
    this.hashRuns();
    const { textHashes } = this;
    return this.levels.reduce((end, level, i) => {
      return level.hashes(rank, i === 0 ? textHashes : this.runHashes, textHashes, into, end);
    }, at);
  }

  /** Hash the texts of all but the longest runs. */
  private hashRuns(): void {
    if (this.levels.length < 2) return;
    this.runHashes = grown(this.runHashes, this.numbers.size);
    const { runHashes, textHashes } = this;
    for (const [i, { entries }] of this.levels.slice(0, -1).entries()) {
      const firsts = i === 0 ? textHashes : runHashes;
      for (let e = 0; e < entries.length; e += 4) {
        if (entries[e] !== 0)
          runHashes[entries[e + NODE]] = mixHash(firsts[entries[e]], textHashes[entries[e + SECOND]]);
      }
    }
  }

  /** @param prefix of the output's features */
  learned(prefix: string): Learned {
    const words = this.learnedWords();
    const wordCount = words.length;
    const features = new Uint32Array(wordCount + this.count);
    const firsts = new Uint32Array(features.length);
    const seconds = new Uint32Array(features.length);
    for (let i = 0; i < wordCount; i++) features[i] = this.nodeOf[words[i]];
    const levelEnds: number[] = [wordCount];
    let end = wordCount;
    for (const { entries } of this.levels) {
      for (let e = 0; e < entries.length; e += 4) {
        if (entries[e] === 0) continue;
        firsts[end] = entries[e];
        seconds[end] = entries[e + SECOND];
        features[end++] = entries[e + NODE];
        this.tellRowCount(entries[e + NODE], entries[e + RANK]);
      }
      levelEnds.push(end);
    }
    let hashed = false;
    const hash = (i: number): number => {
      if (!hashed) this.hashRuns();
      hashed = true;
      const { textHashes, runHashes } = this;
      if (i < wordCount) return textHashes[words[i]];
      return mixHash((i < levelEnds[1] ? textHashes : runHashes)[firsts[i]], textHashes[seconds[i]]);
    };
    const describe = (order: ArrayLike<number>): OutputFeatures => {
      const index = new NodeIndex().of(features, this.numbers.size);
      const text = (i: number): string => {
        if (i < wordCount) return this.texts[words[i]];
        const first = i < levelEnds[1] ? this.texts[firsts[i]] : text(index[firsts[i]]);
        return `${first} ${this.texts[seconds[i]]}`;
      };
      return { kind: 'tokens', prefix, texts: Array.from(order, text) };
    };
    return { features, kind: 'items', hash, describe };
  }

  private tellRowCount(node: number, rank: number): void {
    const { numbers } = this;
    if (numbers instanceof Numbering) numbers.rowCounts[node] = rank - numbers.baseOf(node);
  }

  /** Forget runs; the tokens and shorter runs of one that is kept are kept with it. */
  forget(kept: Uint8Array, rule?: RankRule): void {
    const keptWords = new Uint8Array(this.texts.length);
    for (let word = 1; word < keptWords.length; word++) keptWords[word] = kept[this.nodeOf[word]];
    const { levels, textHashes, runHashes } = this;
    let keptRuns = rule === undefined ? kept : undefined;
    for (let i = levels.length - 1; i >= 0; i--) {
      const below = i === 0 ? keptWords : (keptRuns ?? new Uint8Array(this.numbers.size));
      const parts: RunParts = {
        firstHashes: i === 0 ? textHashes : runHashes,
        secondHashes: textHashes,
        keptFirsts: below,
        keptSeconds: keptWords,
      };
      levels[i].keep(rule ?? NO_RULE, keptRuns, parts);
      keptRuns = below;
    }
    for (let word = 1; word < keptWords.length; word++) {
      if (keptWords[word] === 0) this.nodeOf[word] = 0;
      else kept[this.nodeOf[word]] = 1;
    }
  }
}
