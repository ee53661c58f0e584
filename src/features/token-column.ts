import type { ColumnBlock } from '../datasource/block.js';
import type { FittedTokens } from '../recipe/fitted.js';
import type { ListColumn } from './list-column.js';
import { READ_AHEAD, TokenCodes } from './token-codes.js';
import {
  FEATURES,
  OFFSETS,
  OTHER_RUNS,
  PLACE_MASK,
  PLACES,
  ROW_COUNT,
  ROW_ENDS,
  RUNS,
  TOKENS,
} from './token-layout.js';
import { Numbers32 } from './token-memory.js';
import type { TokenTree } from './token-tree.js';

/** Least number of places for the features of a row, 2^n. */
const LEAST_PLACES_BITS = 6;
/** Places per feature of a row, so that few share one. */
const PLACES_PER_FEATURE = 16;

/**
 * A text attribute: which runs of 1 .. n tokens occur in the row. One that occurs more than once counts once.
 * Runs are looked up by numbers. An unknown token breaks the runs across it.
 */
export class TokenColumn implements ListColumn {
  private readonly codes: TokenCodes;
  private readonly rowFeatures: Numbers32;
  private readonly rowOffsets: Numbers32;
  /** Nodes of the runs of one length that end at each token of a row, and of those longer by a token. */
  private readonly runs: Numbers32;
  private readonly longerRuns: Numbers32;
  /** Addresses of the row's features, by open addressing; one that lies outside of the row means a free place. */
  private readonly places: Numbers32;
  private placeCount = 0;

  /** @param hasEmpty has a text without tokens a feature of its own? */
  constructor(
    private readonly output: FittedTokens,
    private readonly tree: TokenTree,
    hasEmpty: boolean,
  ) {
    const { memory } = tree;
    this.codes = new TokenCodes(memory, output.attribute, output.changes, tree, hasEmpty);
    this.rowFeatures = new Numbers32(memory);
    this.rowOffsets = new Numbers32(memory);
    this.runs = new Numbers32(memory);
    this.longerRuns = new Numbers32(memory);
    this.places = new Numbers32(memory);
  }

  get offsets(): Uint32Array {
    return this.rowOffsets.words;
  }

  get features(): Uint32Array {
    return this.rowFeatures.words;
  }

  /** Address of what describes the rows encoded last. */
  get state(): number {
    return this.tree.state.address;
  }

  bind(block: ColumnBlock): void {
    this.codes.bind(block);
  }

  encode(rows: Uint32Array, first: number, count: number): void {
    const mostTokens = this.codes.read(rows, first, count);
    this.reserve(count, mostTokens);
    this.describe(count);
    this.tree.encodeRows(count, mostTokens);
  }

  countRows(): void {
    // The tree counts them.
  }

  private reserve(rowCount: number, mostTokens: number): void {
    const { ngram } = this.output;
    const tokenCount = rowCount === 0 ? 0 : this.codes.rowEnds.words[rowCount - 1];
    this.rowOffsets.reserve(rowCount + 1);
    this.rowFeatures.reserve(tokenCount * ngram + 1);
    this.runs.reserve(mostTokens + READ_AHEAD);
    this.longerRuns.reserve(mostTokens + READ_AHEAD);
    const most = PLACES_PER_FEATURE * mostTokens * (ngram - 1);
    this.placeCount = 2 ** Math.max(LEAST_PLACES_BITS, Math.ceil(Math.log2(most + 1)));
    this.places.reserve(this.placeCount);
    this.places.words.fill(0, 0, this.placeCount);
  }

  private describe(rowCount: number): void {
    const { words } = this.tree.state;
    words[ROW_COUNT] = rowCount;
    words[TOKENS] = this.codes.tokens.address;
    words[ROW_ENDS] = this.codes.rowEnds.address;
    words[FEATURES] = this.rowFeatures.address;
    words[OFFSETS] = this.rowOffsets.address;
    words[RUNS] = this.runs.address;
    words[OTHER_RUNS] = this.longerRuns.address;
    words[PLACES] = this.places.address;
    words[PLACE_MASK] = 4 * (this.placeCount - 1);
  }
}
