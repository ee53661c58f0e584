import type { OutputFeatures } from './dictionary.js';
import type { Learned } from './learner.js';
import { Numbers } from './numbering.js';
import { PairTable } from './pair-table.js';
import { mixHash } from './text-hash.js';
import type { Words } from './token-reader.js';
import { NodeIndex, textHashes, WordList } from './word-list.js';

/** More than the greatest distance. */
const DISTANCES = 16;
/** Stands for the first token of the text without tokens. */
const NOTHING = 1;

/** The sparse bigrams that an output knows: features of two tokens and their distance. Tokens have numbers of their own. */
export abstract class SparseBigrams implements Words {
  /** (first token, key of the second and the distance) → feature. */
  abstract readonly pairs: PairTable;

  abstract word(token: string): number;

  /**
   * Learn a bigram that is not in `pairs`.
   *
   * @returns its feature; 0 where nothing is learned
   */
  abstract learn(first: number, key: number, mark: number): number;

  /** Feature of a text without tokens. */
  empty(): number {
    return this.pairs.get(NOTHING, 0) || this.learn(NOTHING, 0, 0);
  }

  /** Second token, at most 2^28 - 1, and distance in one number. */
  key(second: number, distance: number): number {
    return second * DISTANCES + distance;
  }
}

/** The sparse bigrams of a model. */
export class FixedSparseBigrams extends SparseBigrams {
  readonly pairs = new PairTable();
  private readonly words: ReadonlyMap<string, number>;

  constructor({ words, bigrams }: Extract<OutputFeatures, { kind: 'pairs' }>, firstFeature: number) {
    super();
    this.words = new Map(words.map((word, i) => [word, NOTHING + 1 + i]));
    for (let i = 0; i < bigrams.length; i += 3) {
      const [first, second, distance] = bigrams.slice(i, i + 3);
      const [node, key] =
        distance === 0 ? [NOTHING, 0] : [NOTHING + 1 + first, this.key(NOTHING + 1 + second, distance)];
      this.pairs.add(node, key, firstFeature + i / 3);
    }
  }

  word(token: string): number {
    return this.words.get(token) ?? 0;
  }

  learn(): number {
    return 0;
  }
}

/** Gives every sparse bigram it is shown a feature. */
export class LearningSparseBigrams extends SparseBigrams {
  private readonly nodeIndex = new NodeIndex();
  readonly pairs = new PairTable();
  /** Begins above `NOTHING`. */
  private readonly wordNumbers = new Numbers();
  private readonly words = new WordList(this.wordNumbers);

  constructor(private readonly numbers: Numbers) {
    super();
  }

  word(token: string): number {
    return this.words.word(token);
  }

  learn(first: number, key: number, mark: number): number {
    const feature = this.numbers.allocate();
    this.pairs.add(first, key, feature, mark);
    return feature;
  }

  /** @param prefix of the output's features */
  learned(prefix: string): Learned {
    const { pairs } = this;
    const texts = this.words.texts();
    const index = this.nodeIndex.of(this.words.nodes(), this.wordNumbers.size);
    const hashes = textHashes(texts);
    const second = (i: number): number => index[Math.floor(pairs.second(i) / DISTANCES)];
    const hash = (i: number): number => {
      if (pairs.first(i) === NOTHING) return 0;
      return mixHash(mixHash(hashes[index[pairs.first(i)]], hashes[second(i)]), pairs.second(i) % DISTANCES);
    };
    const describe = (order: ArrayLike<number>): OutputFeatures => {
      const used = new Places(texts);
      const bigrams: number[] = [];
      for (let place = 0; place < order.length; place++) {
        const i = order[place];
        if (pairs.first(i) === NOTHING) bigrams.push(0, 0, 0);
        else bigrams.push(used.place(index[pairs.first(i)]), used.place(second(i)), pairs.second(i) % DISTANCES);
      }
      return { kind: 'pairs', prefix, words: used.texts, bigrams };
    };
    return { features: pairs.nodes(), kind: 'items', hash, describe };
  }

  /** @returns 1 for each token that is in a bigram that is kept */
  forget(kept: Uint8Array): Uint8Array {
    this.pairs.keep(kept);
    const { pairs } = this;
    const keptWords = new Uint8Array(this.wordNumbers.size);
    for (let i = 0; i < pairs.count; i++) {
      keptWords[pairs.first(i)] = 1;
      keptWords[Math.floor(pairs.second(i) / DISTANCES)] = 1;
    }
    this.words.forget(keptWords);
    return keptWords;
  }
}

/** The texts in use, in order of first use. */
class Places {
  readonly texts: string[] = [];
  private readonly placeOf = new Map<number, number>();

  constructor(private readonly all: readonly string[]) {}

  place(i: number): number {
    let place = this.placeOf.get(i);
    if (place === undefined) {
      place = this.texts.length;
      this.placeOf.set(i, place);
      this.texts.push(this.all[i]);
    }
    return place;
  }
}
