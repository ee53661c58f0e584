import { InvalidInput } from '../errors.js';

/** Which records of the data to take. Amazon Machine Learning Developer Guide, "Splitting your data". */
export interface Split {
  /** `sequential`: by position in the file; `random`: by a pseudo-random number per record. */
  readonly strategy: 'sequential' | 'random';
  /** 0 .. 100, whole number; the range is half open: [percentBegin, percentEnd). */
  readonly percentBegin: number;
  readonly percentEnd: number;
  /** Take exactly the records that would be left out otherwise. */
  readonly complement: boolean;
  /** Of the random strategy; any text. */
  readonly seed: string;
}

/**
 * A test that tells whether a record belongs to the split.
 *
 *     sequential   floor(total * percentBegin / 100) <= recordIndex < floor(total * percentEnd / 100)
 *     random       percentBegin <= 100 * randomFraction(seed, byteOffset) < percentEnd
 *
 * Ranges that partition 0 .. 100 partition the records. 70 % of 1,046 records are 732.
 *
 * @param totalRecords needed by the sequential strategy, unless the range is all or nothing
 * @returns a function of the record's index in the data (from 0) and its byte offset in its file
 * @throws InvalidInput when the percentages are not whole numbers from 0 to 100 in ascending order
 */
export function splitter(
  split: Split,
  totalRecords: number | undefined,
): (recordIndex: number, byteOffset: number) => boolean {
  checkPercentages(split);
  return rangeTest({ ...split, begin: split.percentBegin, end: split.percentEnd, whole: 100 }, totalRecords);
}

/**
 * Fold `index` of `folds` parts of equal size: the records between index * 100 / folds and (index + 1) * 100 / folds
 * percent, exact also where these are no whole numbers.
 *
 * @param index from 0
 * @param complement the records of all other folds
 */
export function foldSplitter(
  { index, folds, ...rest }: Pick<Split, 'strategy' | 'seed' | 'complement'> & { index: number; folds: number },
  totalRecords: number | undefined,
): (recordIndex: number, byteOffset: number) => boolean {
  const whole = 100 % folds === 0 ? 100 : folds;
  const step = whole / folds;
  return rangeTest({ ...rest, begin: index * step, end: (index + 1) * step, whole }, totalRecords);
}

interface Range extends Pick<Split, 'strategy' | 'seed' | 'complement'> {
  /** The range is [begin, end) of 0 .. whole. */
  readonly begin: number;
  readonly end: number;
  readonly whole: number;
}

function rangeTest(
  { strategy, begin, end, whole, complement, seed }: Range,
  totalRecords: number | undefined,
): (recordIndex: number, byteOffset: number) => boolean {
  if (begin === end) return () => complement;
  if (begin === 0 && end === whole) return () => !complement;
  if (strategy === 'random') {
    const fraction = randomFraction(seed);
    return (_, byteOffset) => {
      const place = whole * fraction(byteOffset);
      return (place >= begin && place < end) !== complement;
    };
  }
  if (totalRecords === undefined) throw new Error('a sequential split needs the number of records');
  const first = Math.floor((totalRecords * begin) / whole);
  const past = Math.floor((totalRecords * end) / whole);
  return (recordIndex) => (recordIndex >= first && recordIndex < past) !== complement;
}

function checkPercentages({ percentBegin, percentEnd }: Split): void {
  for (const [name, percent] of Object.entries({ percentBegin, percentEnd })) {
    if (Number.isInteger(percent) && percent >= 0 && percent <= 100) continue;
    throw new InvalidInput(`splitting.${name}: ${percent} is not a whole number from 0 to 100`, {
      hint: 'percentages have no fractions',
    });
  }
  if (percentBegin > percentEnd) {
    throw new InvalidInput(`splitting: percentBegin ${percentBegin} is greater than percentEnd ${percentEnd}`, {
      hint: 'exchange them, or set complement to true for the records outside of a range',
    });
  }
}

/**
 * A pseudo-random number in [0, 1) for each byte offset: 53 bits of two 32-bit MurmurHash3 values of the offset's eight
 * little-endian bytes. Their hash seeds are the MurmurHash3 values, with hash seeds 0 and 1, of the seed's UTF-8 bytes:
 *
 *     high = murmur(offset, murmur(seed, 0))    low = murmur(offset, murmur(seed, 1))
 *     fraction = (floor(high / 2^5) * 2^26 + floor(low / 2^6)) / 2^53
 *
 * @returns a function of the byte offset, 0 .. 2^53 - 1
 */
export function randomFraction(seed: string): (byteOffset: number) => number {
  const bytes = new TextEncoder().encode(seed);
  const highSeed = murmur3(bytes, 0);
  const lowSeed = murmur3(bytes, 1);
  return (byteOffset) => {
    const lowWord = byteOffset >>> 0;
    const highWord = (byteOffset - lowWord) / 2 ** 32;
    const high = murmur3Pair(lowWord, highWord, highSeed);
    const low = murmur3Pair(lowWord, highWord, lowSeed);
    return ((high >>> 5) * 2 ** 26 + (low >>> 6)) / 2 ** 53;
  };
}

/**
 * MurmurHash3_x86_32 of bytes, 0 .. 2^32 - 1.
 *
 * Appleby, github.com/aappleby/smhasher, MurmurHash3.cpp (public domain)
 */
export function murmur3(bytes: Uint8Array, seed: number): number {
  let hash = seed | 0;
  let word = 0;
  for (let i = 0; i < bytes.length; i++) {
    word |= bytes[i] << (8 * (i & 3));
    if ((i & 3) === 3) {
      hash = addWord(hash, word);
      word = 0;
    }
  }
  if ((bytes.length & 3) !== 0) hash ^= scramble(word);
  return finish(hash ^ bytes.length);
}

/** `murmur3` of the eight bytes of two words. */
function murmur3Pair(first: number, second: number, seed: number): number {
  return finish(addWord(addWord(seed, first), second) ^ 8);
}

function addWord(hash: number, word: number): number {
  hash ^= scramble(word);
  return (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64) | 0;
}

function scramble(word: number): number {
  const product = Math.imul(word, 0xcc9e2d51);
  return Math.imul((product << 15) | (product >>> 17), 0x1b873593);
}

function finish(hash: number): number {
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
