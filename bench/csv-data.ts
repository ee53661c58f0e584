/** CSV made for benches: rows of one shape until the size is reached. */
export interface BenchData {
  readonly name: string;
  readonly kinds: readonly ('numeric' | 'categorical' | 'text')[];
  readonly bytes: Uint8Array;
}

/** Mulberry32. */
export function random(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Rows of `makeRow` until about `byteCount` bytes; a stock of distinct rows is repeated in random order. */
function fill(byteCount: number, next: () => number, makeRow: () => string): Uint8Array {
  const encoder = new TextEncoder();
  const stock = Array.from({ length: 50_000 }, () => encoder.encode(`${makeRow()}\n`));
  const bytes = new Uint8Array(byteCount);
  let end = 0;
  for (;;) {
    const row = stock[Math.floor(next() * stock.length)];
    if (end + row.length > byteCount) return bytes.subarray(0, end);
    bytes.set(row, end);
    end += row.length;
  }
}

const SHORT_NUMBERS: ((next: () => number) => string)[] = [
  (next) => String(Math.floor(next() * 100)),
  (next) => (next() * 1000).toFixed(2),
  (next) => ((next() - 0.5) * 8).toFixed(4),
  (next) => next().toFixed(6),
  (next) => String(Math.floor(next() * 10 ** (1 + Math.floor(next() * 6)))),
];

/** 30 columns of the numbers people write: integers, 2 to 6 decimals, signs, up to 7 digits. */
export function shortNumbers(byteCount: number): BenchData {
  const next = random(1);
  const makeRow = (): string => Array.from({ length: 30 }, (_, i) => SHORT_NUMBERS[i % 5](next)).join(',');
  return { name: '30 numeric', kinds: new Array(30).fill('numeric'), bytes: fill(byteCount, next, makeRow) };
}

/** 30 columns of doubles as programs print them: 15 to 17 digits, some with exponents. */
export function longNumbers(byteCount: number): BenchData {
  const next = random(2);
  const spread = (): number => (next() - 0.5) * 10 ** Math.floor(next() * 14 - 9);
  const makeRow = (): string => Array.from({ length: 30 }, (_, i) => String(i % 3 ? next() : spread())).join(',');
  return { name: '30 numeric, 17 digits', kinds: new Array(30).fill('numeric'), bytes: fill(byteCount, next, makeRow) };
}

/** 10 numeric and 10 categorical columns of 2, 5, 10 .. 10,000 values, small ones more often. */
export function categories(byteCount: number): BenchData {
  const next = random(3);
  const sizes = [2, 5, 10, 20, 50, 100, 500, 1000, 5000, 10_000];
  const values = sizes.map((size) =>
    Array.from({ length: size }, (_, i) => `${'abcdefghij'[i % 10]}${Math.floor(next() * 36 ** 5).toString(36)}-${i}`),
  );
  const makeRow = (): string => {
    const cells: string[] = [];
    for (const list of values)
      cells.push(SHORT_NUMBERS[cells.length % 5](next), list[Math.floor(next() ** 2 * list.length)]);
    return cells.join(',');
  };
  const kinds = Array.from({ length: 20 }, (_, i) => (i % 2 ? 'categorical' : 'numeric'));
  return { name: '10 numeric, 10 categorical', kinds, bytes: fill(byteCount, next, makeRow) };
}

/** A number and a text of 5 to 40 words, 30,000 distinct ones, frequent ones more often, some not ASCII. */
export function texts(byteCount: number): BenchData {
  const next = random(4);
  const words = Array.from({ length: 30_000 }, (_, i) => {
    const word = Math.floor(next() * 36 ** (1 + (i % 7))).toString(36);
    return i % 20 === 0 ? `${word}é` : word;
  });
  const makeRow = (): string => {
    const count = 5 + Math.floor(next() * 36);
    const text = Array.from({ length: count }, () => words[Math.floor(next() ** 3 * words.length)]).join(' ');
    return `${Math.floor(next() * 1000)},"${text}, ""end"""`;
  };
  return { name: 'text', kinds: ['numeric', 'text'], bytes: fill(byteCount, next, makeRow) };
}
