import { RunTable } from './run-table.js';
import { BATCH, FEATURE_END, HOMES, LEVEL_COUNT, LEVEL_WORDS, LEVELS, WORD_WORDS, WORDS } from './token-layout.js';
import { Numbers32, type TokenMemory } from './token-memory.js';

/**
 * The runs of tokens that an output knows: a tree with a node for each run, its parent the run without the last token.
 * Nodes are numbers from 1; nodes below `featureEnd` are features and have the feature's number. Tokens have numbers of their
 * own, also from 1, which they keep when their nodes are forgotten.
 * The text without tokens is the run ''.
 */
export interface TokenTree {
  readonly memory: TokenMemory;
  /** As token-layout.ts describes it. */
  readonly state: Numbers32;
  /** The numbers of tokens; 0 for one in nothing that is known. */
  wordsOf(tokens: readonly string[]): Uint32Array;
  /** Encode the rows that the state describes, of which the longest has so many tokens. */
  encodeRows(rowCount: number, mostTokens: number): void;
}

/** The words, and the tables of runs of two tokens, by both of them; of three, by the node of the first two and the third; … */
export class TreeMemory {
  readonly state: Numbers32;
  readonly words: Numbers32;
  readonly levels: RunTable[] = [];

  constructor(
    readonly memory: TokenMemory,
    ngram: number,
    featureEnd: number,
  ) {
    this.state = new Numbers32(memory);
    this.words = new Numbers32(memory);
    this.state.reserve(LEVELS + (ngram - 1) * LEVEL_WORDS);
    this.reserveWords(1 << 6);
    for (let i = 0; i < ngram - 1; i++) this.levels.push(new RunTable(memory, this.state, LEVELS + i * LEVEL_WORDS));
    const homes = memory.allocate(4 * 4 * BATCH);
    const { words: fields } = this.state;
    fields[HOMES] = homes;
    fields[FEATURE_END] = featureEnd;
    fields[LEVEL_COUNT] = this.levels.length;
  }

  reserveWords(count: number): void {
    if (count * WORD_WORDS <= this.words.length) return;
    this.words.reserve(count * WORD_WORDS);
    this.state.words[WORDS] = this.words.address;
  }
}
