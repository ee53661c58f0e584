import { VANISHED } from './code-maps.js';
import { Rows, Table } from './plain-token-rows.js';
import { BIAS_FEATURE, SPARSE_HEADER_WORDS } from './rows.js';
import type { TokenKernel } from './token-kernel.js';
import { FEATURES, NODE, OFFSETS, RANK, ROW_COUNT, SECOND, WORD_NODE, WORD_RANK, WORD_WORDS } from './token-layout.js';

/** assembly/ngram.ts, ngram-records.ts and ngram-table.ts in plain TypeScript. */
export function plainTokenKernel(buffer: () => ArrayBuffer): TokenKernel {
  let u32 = new Uint32Array(0);
  const words = (): Uint32Array => {
    if (u32.buffer !== buffer()) u32 = new Uint32Array(buffer());
    return u32;
  };
  return {
    encodeTokenRows: (state) => new Rows(words(), state >>> 2).encode(),
    placeRuns(level, from, end) {
      new Table(words(), level).place(from, end);
    },
    fillRuns(level, runs, count, toFirst, toNode) {
      const u32 = words();
      const table = new Table(u32, level);
      for (let run = runs >>> 2; run < (runs >>> 2) + 3 * count; run += 3)
        table.add(u32[run] + toFirst, u32[run + 1], u32[run + 2] + toNode, 0);
    },
    writeTokenRecords(state, to, base, starts) {
      const u32 = words();
      const [rowCount, features, offsets] = [ROW_COUNT, FEATURES, OFFSETS].map((field) => u32[(state >>> 2) + field]);
      let end = to >>> 2;
      for (let row = 0; row < rowCount; row++) {
        u32[(starts >>> 2) + row] = end - (base >>> 2);
        const [first, last] = u32.subarray((offsets >>> 2) + row, (offsets >>> 2) + row + 2);
        const own = u32.subarray((features >>> 2) + first, (features >>> 2) + last);
        const groups = Math.ceil((1 + own.length) / 4);
        u32.fill(0, end, end + SPARSE_HEADER_WORDS + 4 * groups);
        u32[end + 1] = groups;
        end += SPARSE_HEADER_WORDS;
        u32[end] = BIAS_FEATURE;
        u32.set(own, end + 1);
        end += 4 * groups;
      }
      return end * 4;
    },
    mapTokens(map, tokens, rowEnds, rowCount) {
      const u32 = words();
      const first = tokens >>> 2;
      let token = first;
      let to = first;
      for (let row = rowEnds >>> 2; row < (rowEnds >>> 2) + rowCount; row++) {
        for (; token < first + u32[row]; token++) {
          const word = u32[(map >>> 2) + u32[token]];
          if (word !== VANISHED) u32[to++] = word;
        }
        u32[row] = to - first;
      }
    },
    countRanks(level, high, counts) {
      const table = new Table(words(), level);
      table.forEach((run) => {
        count(table.u32, counts, table.u32[run + RANK], high);
      });
    },
    countHalves(values, end, high, counts) {
      const u32 = words();
      for (let i = values >>> 2; i < end >>> 2; i++) count(u32, counts, u32[i], high);
    },
    runHashesOfRank(level, rank, firstHashes, secondHashes, into) {
      let end = into >>> 2;
      const table = new Table(words(), level);
      table.forEach((run) => {
        if (table.u32[run + RANK] === rank) table.u32[end++] = table.hashOf(run, firstHashes, secondHashes);
      });
      return end * 4;
    },
    hashRuns(level, firstHashes, secondHashes, into) {
      const table = new Table(words(), level);
      table.forEach((run) => {
        table.u32[(into >>> 2) + table.u32[run + NODE]] = table.hashOf(run, firstHashes, secondHashes);
      });
    },
    keepRuns(level, rank, greatest, equalLeft, kept, firstHashes, secondHashes, keptFirsts, keptSeconds) {
      const table = new Table(words(), level);
      const bytes = new Uint8Array(buffer());
      let left = equalLeft;
      table.filter((run) => {
        const ownRank = table.u32[run + RANK];
        if (ownRank <= rank && (kept === 0 || bytes[kept + table.u32[run + NODE]] === 0)) {
          if (ownRank < rank) return false;
          const hash = table.hashOf(run, firstHashes, secondHashes);
          if (hash > greatest || (hash === greatest && left-- <= 0)) return false;
        }
        bytes[keptFirsts + table.u32[run]] = 1;
        bytes[keptSeconds + table.u32[run + SECOND]] = 1;
        return true;
      });
      return Math.max(0, left);
    },
    countWordRanks(word, end, high, counts) {
      const u32 = words();
      for (let w = word >>> 2; w < end >>> 2; w += WORD_WORDS)
        if (u32[w + WORD_NODE] !== 0) count(u32, counts, u32[w + WORD_RANK], high);
    },
    wordHashesOfRank(word, end, rank, hashes, into) {
      const u32 = words();
      let to = into >>> 2;
      for (let w = word >>> 2, hash = hashes >>> 2; w < end >>> 2; w += WORD_WORDS, hash++)
        if (u32[w + WORD_NODE] !== 0 && u32[w + WORD_RANK] === rank) u32[to++] = u32[hash];
      return to * 4;
    },
    keepWords(word, end, rank, greatest, equalLeft, hashes, kept) {
      const u32 = words();
      const bytes = new Uint8Array(buffer());
      let left = equalLeft;
      for (let w = word >>> 2, i = 0; w < end >>> 2; w += WORD_WORDS, i++) {
        const ownRank = u32[w + WORD_RANK];
        const hash = u32[(hashes >>> 2) + i];
        const isFew = ownRank < rank || (ownRank === rank && hash > greatest);
        const stays = u32[w + WORD_NODE] !== 0 && !isFew && (ownRank > rank || hash < greatest || left-- > 0);
        bytes[kept + i] = Number(stays);
      }
      return Math.max(0, left);
    },
    forgetWords(word, end, kept) {
      const u32 = words();
      const bytes = new Uint8Array(buffer());
      for (let w = word >>> 2, i = kept; w < end >>> 2; w += WORD_WORDS, i++)
        if (bytes[i] === 0) u32[w + WORD_NODE] = 0;
    },
  };
}

function count(u32: Uint32Array, counts: number, value: number, high: number): void {
  if (high > 0xffff) u32[(counts >>> 2) + (value >>> 16)]++;
  else if (value >>> 16 === high) u32[(counts >>> 2) + (value & 0xffff)]++;
}
