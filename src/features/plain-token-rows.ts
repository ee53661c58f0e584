import { hashPair, mixHash } from './text-hash.js';
import {
  BASE,
  BUCKET_ENTRIES,
  COUNT,
  ENTRIES,
  ENTRY_WORDS,
  FEATURE_END,
  FEATURES,
  LEVEL_COUNT,
  LEVEL_WORDS,
  LEVELS,
  LIMIT,
  NEXT_NODE,
  NODE,
  OFFSETS,
  OTHER_RUNS,
  PLACE_MASK,
  PLACES,
  RANK,
  ROW,
  ROW_COUNT,
  ROW_ENDS,
  RUNS,
  SECOND,
  SHIFT,
  STAMP,
  TOKENS,
  WORD_BASE,
  WORD_NODE,
  WORD_RANK,
  WORD_STAMP,
  WORD_WORDS,
  WORDS,
} from './token-layout.js';

/** The table of a level; entries by their index in u32. */
export class Table {
  private readonly fields: number;
  private readonly start: number;
  private readonly shift: number;
  private readonly length: number;

  /** @param level byte address */
  constructor(
    readonly u32: Uint32Array,
    level: number,
  ) {
    this.fields = level >>> 2;
    this.start = u32[this.fields + ENTRIES] >>> 2;
    this.shift = u32[this.fields + SHIFT];
    this.length = 2 ** (32 - this.shift) * ENTRY_WORDS;
  }

  /** The entry of a pair, or the free one where it belongs. */
  find(first: number, second: number): number {
    const { u32, start, length } = this;
    const home = hashPair(first, second) >>> this.shift;
    let at = (home - (home % BUCKET_ENTRIES)) * ENTRY_WORDS;
    for (;;) {
      const entry = start + at;
      if (u32[entry] === 0 || (u32[entry] === first && u32[entry + SECOND] === second)) return entry;
      at = (at + ENTRY_WORDS) % length;
    }
  }

  put(first: number, second: number, node: number, rank: number): void {
    this.u32.set([first, second, node, rank], this.find(first, second));
  }

  place(from: number): void {
    const { u32 } = this;
    this.put(u32[from], u32[from + SECOND], u32[from + NODE], u32[from + RANK]);
  }

  count(more: number): void {
    this.u32[this.fields + COUNT] += more;
  }

  hashOf(entry: number, firstHashes: number, secondHashes: number): number {
    const { u32 } = this;
    return mixHash(u32[(firstHashes >>> 2) + u32[entry]], u32[(secondHashes >>> 2) + u32[entry + SECOND]]);
  }

  forEach(visit: (entry: number) => void): void {
    for (let entry = this.start; entry < this.start + this.length; entry += ENTRY_WORDS)
      if (this.u32[entry] !== 0) visit(entry);
  }

  /** Leave out the entries that do not stay. Begins behind a free one, so that none moves to one still to be looked at. */
  filter(stays: (entry: number) => boolean): void {
    const { u32, start, length } = this;
    let free = 0;
    while (u32[start + free] !== 0) free += ENTRY_WORDS;
    for (let n = ENTRY_WORDS; n <= length; n += ENTRY_WORDS) {
      const entry = start + ((free + n) % length);
      if (u32[entry] === 0) continue;
      const [first, second, node, rank] = u32.subarray(entry, entry + ENTRY_WORDS);
      const kept = stays(entry);
      u32[entry] = 0;
      if (kept) this.put(first, second, node, rank);
      else this.u32[this.fields + COUNT]--;
    }
  }
}

/** The rows of a chunk. */
export class Rows {
  private readonly tables: Table[] = [];
  private readonly features: number;
  /** Where the row's features begin, and end. */
  private start = 0;
  private end = 0;

  /** @param state index of the state */
  constructor(
    private readonly u32: Uint32Array,
    private readonly state: number,
  ) {
    for (let i = 0; i < u32[state + LEVEL_COUNT]; i++) this.tables.push(new Table(u32, 4 * this.levelAt(i)));
    this.features = this.arrayAt(FEATURES);
  }

  private arrayAt(field: number): number {
    return this.u32[this.state + field] >>> 2;
  }

  private levelAt(i: number): number {
    return this.state + LEVELS + i * LEVEL_WORDS;
  }

  encode(): number {
    const { u32, state, features } = this;
    const tokens = this.arrayAt(TOKENS);
    const rowEnds = this.arrayAt(ROW_ENDS);
    const offsets = this.arrayAt(OFFSETS);
    let row = u32[state + ROW];
    if (row === 0) u32[offsets] = 0;
    this.end = features + u32[offsets + row];
    for (; row < u32[state + ROW_COUNT]; row++) {
      const first = tokens + (row === 0 ? 0 : u32[rowEnds + row - 1]);
      const last = tokens + u32[rowEnds + row];
      const levels = Math.min(this.tables.length, Math.max(0, last - first - 1));
      if (!this.hasRoom(levels, last - first)) break;
      this.start = this.end;
      this.writeWords(first, last);
      let runs = first;
      for (let level = 0; level < levels; level++) {
        const longer = this.arrayAt(level % 2 === 0 ? RUNS : OTHER_RUNS);
        this.writeRuns(level, runs, longer, first, last - first);
        runs = longer;
      }
      u32[offsets + row + 1] = this.end - features;
    }
    return (u32[state + ROW] = row);
  }

  private hasRoom(levels: number, more: number): boolean {
    const { u32, state } = this;
    if (u32[state + NEXT_NODE] === 0) return true;
    for (let i = 0; i < levels; i++) {
      const level = this.levelAt(i);
      if (u32[level + COUNT] + more > u32[level + LIMIT]) return false;
    }
    return true;
  }

  /** A new node; 0 when nothing is learned. */
  private learn(): number {
    const { u32, state } = this;
    return u32[state + NEXT_NODE] === 0 ? 0 : u32[state + NEXT_NODE]++;
  }

  private writeWords(first: number, last: number): void {
    const { u32, state } = this;
    const stamp = ++u32[state + STAMP];
    for (let token = first; token < last; token++) {
      const word = this.arrayAt(WORDS) + u32[token] * WORD_WORDS;
      if (u32[word + WORD_NODE] === 0) {
        const node = this.learn();
        if (node === 0) continue;
        u32[word + WORD_NODE] = node;
        u32[word + WORD_RANK] = u32[state + BASE];
        u32[word + WORD_BASE] = u32[state + BASE];
      }
      const node = u32[word + WORD_NODE];
      if (node >= u32[state + FEATURE_END] || u32[word + WORD_STAMP] === stamp) continue;
      u32[word + WORD_STAMP] = stamp;
      u32[word + WORD_RANK]++;
      u32[this.end++] = node;
    }
  }

  /** From the runs at `runs`, one per token, make those that are longer by a token. */
  private writeRuns(level: number, runs: number, longer: number, tokens: number, tokenCount: number): void {
    const { u32, state } = this;
    const table = this.tables[level];
    for (let i = level + 1; i < tokenCount; i++) {
      const first = u32[runs + i - 1];
      const second = u32[tokens + i];
      u32[longer + i] = 0;
      if (first === 0 || second === 0) continue;
      const entry = table.find(first, second);
      if (u32[entry] === 0) {
        const node = this.learn();
        if (node === 0) continue;
        table.put(first, second, node, u32[state + BASE] + 1);
        table.count(1);
        this.append(node);
      } else if (u32[entry + NODE] < u32[state + FEATURE_END] && this.append(u32[entry + NODE])) u32[entry + RANK]++;
      u32[longer + i] = u32[entry + NODE];
    }
  }

  /** Append a feature if the row does not have it. */
  private append(feature: number): boolean {
    const { u32, features, start } = this;
    const places = this.arrayAt(PLACES);
    const mask = u32[this.state + PLACE_MASK] >>> 2;
    let place = feature & mask;
    for (;;) {
      const seen = u32[places + place] >>> 2;
      if (seen < start || seen >= this.end) break;
      if (u32[seen] === feature) return false;
      place = (place + 1) & mask;
    }
    u32[places + place] = 4 * this.end;
    u32[this.end++] = feature;
    return this.end > features;
  }
}
