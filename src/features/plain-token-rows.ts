import { hashPair, mixHash } from './text-hash.js';
import {
  BASE,
  BITS,
  BUCKET_SLOTS,
  COUNT,
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
  RECORD_WORDS,
  RECORDS,
  ROW,
  ROW_COUNT,
  ROW_ENDS,
  RUNS,
  SECOND,
  SLOTS,
  STAMP,
  TOKENS,
  WORD_BASE,
  WORD_NODE,
  WORD_RANK,
  WORD_STAMP,
  WORD_WORDS,
  WORDS,
} from './token-layout.js';

/** The table of a level; records by their index in u32. Slots hold numbers of records without a part of the hash. */
export class Table {
  private readonly fields: number;
  private readonly slots: number;
  private readonly records: number;
  private readonly bits: number;

  /** @param level byte address */
  constructor(
    readonly u32: Uint32Array,
    level: number,
  ) {
    this.fields = level >>> 2;
    this.slots = u32[this.fields + SLOTS] >>> 2;
    this.records = u32[this.fields + RECORDS] >>> 2;
    this.bits = u32[this.fields + BITS];
  }

  private get count(): number {
    return this.u32[this.fields + COUNT];
  }

  private recordOf(number: number): number {
    return this.records + number * RECORD_WORDS;
  }

  /** The slot of a pair, or the free one where it belongs. */
  private slotOf(first: number, second: number): number {
    const { u32, slots, bits } = this;
    const home = hashPair(first, second) >>> (32 - bits);
    let at = home - (home % BUCKET_SLOTS);
    for (;;) {
      const number = u32[slots + at];
      const record = this.recordOf(number);
      if (number === 0 || (u32[record] === first && u32[record + SECOND] === second)) return slots + at;
      at = (at + 1) % 2 ** bits;
    }
  }

  /** The record of a pair; 0 where there is none. */
  find(first: number, second: number): number {
    const number = this.u32[this.slotOf(first, second)];
    return number === 0 ? 0 : this.recordOf(number);
  }

  /** Add a pair that is not there. */
  add(first: number, second: number, node: number, rank: number): void {
    const number = ++this.u32[this.fields + COUNT];
    this.u32.set([first, second, node, rank], this.recordOf(number));
    this.place(number, number + 1);
  }

  /** Give records their slots, those with numbers from `from` to `end` - 1. */
  place(from: number, end: number): void {
    const { u32 } = this;
    for (let number = from; number < end; number++) {
      const record = this.recordOf(number);
      u32[this.slotOf(u32[record], u32[record + SECOND])] = number;
    }
  }

  hashOf(record: number, firstHashes: number, secondHashes: number): number {
    const { u32 } = this;
    return mixHash(u32[(firstHashes >>> 2) + u32[record]], u32[(secondHashes >>> 2) + u32[record + SECOND]]);
  }

  forEach(visit: (record: number) => void): void {
    for (let number = 1; number <= this.count; number++) visit(this.recordOf(number));
  }

  /** Leave out the records that do not stay. */
  filter(stays: (record: number) => boolean): void {
    const { u32, slots, bits } = this;
    let left = 0;
    this.forEach((record) => {
      if (stays(record)) u32.copyWithin(this.recordOf(++left), record, record + RECORD_WORDS);
    });
    u32[this.fields + COUNT] = left;
    u32.fill(0, slots, slots + 2 ** bits);
    this.place(1, left + 1);
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
      const record = table.find(first, second);
      if (record === 0) {
        const node = this.learn();
        if (node === 0) continue;
        table.add(first, second, node, u32[state + BASE] + 1);
        this.append(node);
        u32[longer + i] = node;
        continue;
      }
      if (u32[record + NODE] < u32[state + FEATURE_END] && this.append(u32[record + NODE])) u32[record + RANK]++;
      u32[longer + i] = u32[record + NODE];
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
