import type { OutputFeatures } from './dictionary.js';
import { type LearnedRuns, learnedRuns } from './learned-runs.js';
import type { Learned, RankedFeatures, RankRule, TiedFeatures } from './learner.js';
import type { Numbers } from './numbering.js';
import { mixHash, textHash } from './text-hash.js';
import {
  BASE,
  NEXT_NODE,
  NODE,
  RANK,
  RECORD_WORDS,
  ROW,
  SECOND,
  WORD_BASE,
  WORD_NODE,
  WORD_RANK,
  WORD_WORDS,
} from './token-layout.js';
import { Numbers32, type TokenMemory } from './token-memory.js';
import { tokenFeatures } from './token-runs.js';
import { type TokenTree, TreeMemory } from './token-tree.js';

/** Not a half of 16 bits: count by the high ones. */
const BY_HIGH = 1 << 16;

/** Keeps nothing by its rank. */
const NO_RULE: RankRule = { rank: 0xffffffff, hash: 0, equalLeft: 0 };

/** Gives every run it is shown a feature. */
export class LearningTokenTree implements TokenTree, RankedFeatures {
  private readonly tree: TreeMemory;
  private readonly words = new Map<string, number>();
  /** Texts and their hashes, by number; the first is not used. */
  private readonly texts: string[] = [''];
  private readonly textHashes: Numbers32;
  /** Hashes of the texts of runs that longer ones begin with, by node; used by `hashes`. */
  private readonly runHashes: Numbers32;
  /** Hashes. */
  private readonly list: Numbers32;
  private readonly counts: Numbers32;
  private isClosed = false;

  /** @param ngram greatest length of a run */
  constructor(
    readonly memory: TokenMemory,
    private readonly numbers: Numbers,
    ngram: number,
  ) {
    this.tree = new TreeMemory(memory, ngram, 0xffffffff);
    this.textHashes = new Numbers32(memory);
    this.runHashes = new Numbers32(memory);
    this.list = new Numbers32(memory);
    this.counts = new Numbers32(memory);
  }

  get state(): Numbers32 {
    return this.tree.state;
  }

  wordsOf(tokens: readonly string[]): Uint32Array {
    const found = new Uint32Array(tokens.length);
    const { words, texts } = this;
    const first = texts.length;
    for (let i = 0; i < tokens.length; i++) {
      let word = words.get(tokens[i]);
      if (word === undefined && !this.isClosed) words.set(tokens[i], (word = texts.push(tokens[i]) - 1));
      found[i] = word ?? 0;
    }
    this.tree.reserveWords(texts.length);
    this.textHashes.reserve(texts.length);
    const { words: hashes } = this.textHashes;
    for (let word = first; word < texts.length; word++) hashes[word] = textHash(texts[word]);
    return found;
  }

  encodeRows(rowCount: number, mostTokens: number): void {
    const { memory, numbers } = this;
    const { state, levels } = this.tree;
    state.words[ROW] = 0;
    state.words[NEXT_NODE] = this.isClosed ? 0 : numbers.size;
    state.words[BASE] = numbers.base;
    while (memory.kernel.encodeTokenRows(state.address) < rowCount) {
      for (const level of levels) level.reserve(mostTokens);
    }
    if (!this.isClosed) numbers.allocateTo(state.words[NEXT_NODE]);
  }

  /** From now on what is not known has no feature. */
  close(): void {
    this.isClosed = true;
  }

  /** Number of runs of two and more tokens. */
  private get runCount(): number {
    return this.tree.levels.reduce((sum, { count }) => sum + count, 0);
  }

  get count(): number {
    const { words: fields } = this.tree.words;
    let count = this.runCount;
    for (let word = 1; word < this.texts.length; word++)
      count += Number(fields[word * WORD_WORDS + WORD_NODE] !== 0) | 0;
    return count;
  }

  /** Those that have nodes. */
  private learnedWords(): Uint32Array {
    const words = new Uint32Array(this.texts.length);
    let count = 0;
    const { words: fields } = this.tree.words;
    for (let word = 1; word < this.texts.length; word++) {
      words[count] = word;
      count += Number(fields[word * WORD_WORDS + WORD_NODE] !== 0) | 0;
    }
    return words.subarray(0, count);
  }

  /** Addresses of the words, and their end. */
  private wordRange(): readonly [number, number] {
    const { address } = this.tree.words;
    return [address, address + 4 * WORD_WORDS * this.texts.length];
  }

  countRanks(high: number | undefined, counts: Uint32Array): void {
    this.count16(counts, (into) => {
      this.memory.kernel.countWordRanks(...this.wordRange(), high ?? BY_HIGH, into);
      for (const { address } of this.tree.levels) this.memory.kernel.countRanks(address, high ?? BY_HIGH, into);
    });
  }

  tied(rank: number): TiedFeatures {
    this.hashRuns();
    const { list, textHashes, memory } = this;
    list.reserve(this.texts.length + this.runCount + 1);
    let end = memory.kernel.wordHashesOfRank(...this.wordRange(), rank, textHashes.address, list.address);
    for (const [i, { address }] of this.tree.levels.entries())
      end = memory.kernel.runHashesOfRank(address, rank, this.firstHashes(i), textHashes.address, end);
    const count = (end - list.address) / 4;
    return {
      count,
      countHashes: (high, counts) => {
        this.count16(counts, (into) =>
          memory.kernel.countHalves(list.address, list.address + 4 * count, high ?? BY_HIGH, into),
        );
      },
    };
  }

  /** Add what is counted in memory, by halves of 16 bits. */
  private count16(counts: Uint32Array, run: (into: number) => void): void {
    this.counts.reserve(counts.length);
    this.counts.clear();
    run(this.counts.address);
    const { words } = this.counts;
    for (let half = 0; half < counts.length; half++) counts[half] += words[half];
  }

  /** Address of the hashes by the first numbers of a level's pairs. */
  private firstHashes(level: number): number {
    return level === 0 ? this.textHashes.address : this.runHashes.address;
  }

  /** Hash the texts of all but the longest runs. */
  private hashRuns(): void {
    const { levels } = this.tree;
    if (levels.length < 2) return;
    this.runHashes.reserve(this.numbers.size);
    const { runHashes, textHashes, memory } = this;
    for (let i = 0; i < levels.length - 1; i++)
      memory.kernel.hashRuns(levels[i].address, this.firstHashes(i), textHashes.address, runHashes.address);
  }

  /** @param prefix of the output's features */
  learned(prefix: string): Learned {
    const words = this.learnedWords();
    const wordCount = words.length;
    const features = new Uint32Array(wordCount + this.runCount);
    const firsts = new Uint32Array(features.length);
    const seconds = new Uint32Array(features.length);
    const rowCounts = new Uint32Array(features.length);
    const ranks = new Uint32Array(features.length);
    const { words: fields } = this.tree.words;
    for (let i = 0; i < wordCount; i++) {
      const word = words[i] * WORD_WORDS;
      features[i] = fields[word + WORD_NODE];
      ranks[i] = fields[word + WORD_RANK];
      rowCounts[i] = ranks[i] - fields[word + WORD_BASE];
    }
    const { numbers } = this;
    const levelEnds: number[] = [wordCount];
    let end = wordCount;
    for (const { records } of this.tree.levels) {
      unpack(records, end, { features, firsts, seconds, ranks });
      end += records.length / RECORD_WORDS;
      levelEnds.push(end);
    }
    numbers.withoutBases(features, ranks, rowCounts, wordCount);
    let hashed = false;
    const hash = (i: number): number => {
      if (!hashed) this.hashRuns();
      hashed = true;
      const { words: textHashes } = this.textHashes;
      if (i < wordCount) return textHashes[words[i]];
      const firstHashes = i < levelEnds[1] ? textHashes : this.runHashes.words;
      return mixHash(firstHashes[firsts[i]], textHashes[seconds[i]]);
    };
    const list: LearnedRuns = { features, size: numbers.size, firsts, seconds, words, levelEnds };
    const describe = (order: Uint32Array): OutputFeatures =>
      tokenFeatures(prefix, order.length, () => learnedRuns(list, this.texts, order));
    return { features, kind: 'items', counts: { rowCounts, ranks }, hash, describe };
  }

  /** Forget runs; the tokens and shorter runs of one that is kept are kept with it. */
  forget(kept: Uint8Array, rule: RankRule = NO_RULE): void {
    const { memory, numbers, textHashes } = this;
    const { levels } = this.tree;
    const wordCount = this.texts.length;
    const keptWords = memory.allocate(wordCount);
    const blocks = [{ address: keptWords, bytes: wordCount }];
    const allocate = (bytes: number): number => {
      const address = memory.allocate(bytes);
      blocks.push({ address, bytes });
      return address;
    };
    let keptRuns = 0;
    if (rule === NO_RULE) {
      keptRuns = allocate(numbers.size);
      memory.bytes.set(kept.subarray(0, numbers.size), keptRuns);
      this.markWords(kept, keptWords);
    } else {
      const { rank, hash, equalLeft } = rule;
      const { address: hashes } = textHashes;
      rule.equalLeft = memory.kernel.keepWords(...this.wordRange(), rank, hash, equalLeft, hashes, keptWords);
    }
    for (let i = levels.length - 1; i >= 0; i--) {
      const below = i === 0 ? keptWords : keptRuns || allocate(numbers.size);
      rule.equalLeft = memory.kernel.keepRuns(
        levels[i].address,
        rule.rank,
        rule.hash,
        rule.equalLeft,
        keptRuns,
        this.firstHashes(i),
        textHashes.address,
        below,
        keptWords,
      );
      keptRuns = below;
    }
    if (rule === NO_RULE) this.tellKept(kept, keptWords);
    memory.kernel.forgetWords(...this.wordRange(), keptWords);
    for (const { address, bytes } of blocks) memory.free(address, bytes);
  }

  /** @param keptWords address of u8 by word, written */
  private markWords(kept: Uint8Array, keptWords: number): void {
    const { bytes } = this.memory;
    const { words: fields } = this.tree.words;
    for (let word = 1; word < this.texts.length; word++)
      bytes[keptWords + word] = kept[fields[word * WORD_WORDS + WORD_NODE]];
  }

  private tellKept(kept: Uint8Array, keptWords: number): void {
    const { bytes } = this.memory;
    const { words: fields } = this.tree.words;
    for (let word = 1; word < this.texts.length; word++)
      if (bytes[keptWords + word] === 1) kept[fields[word * WORD_WORDS + WORD_NODE]] = 1;
  }
}

/** Runs of a level, from an index on. */
interface Unpacked {
  readonly features: Uint32Array;
  readonly firsts: Uint32Array;
  readonly seconds: Uint32Array;
  readonly ranks: Uint32Array;
}

/** Apart, so that the compiler has little to do. */
function unpack(records: Uint32Array, start: number, { features, firsts, seconds, ranks }: Unpacked): void {
  for (let r = 0, i = start; r < records.length; r += RECORD_WORDS, i++) {
    firsts[i] = records[r];
    seconds[i] = records[r + SECOND];
    features[i] = records[r + NODE];
    ranks[i] = records[r + RANK];
  }
}
