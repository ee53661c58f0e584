/**
 * How a value of each attribute type is spelt in a file. Values are stripped of surrounding white space first.
 *
 * Amazon Machine Learning Developer Guide, "Understanding the data format" and "Creating a data schema"
 */
const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
const POSITIVE = ['1', 'y', 'yes', 't', 'true'];
const NEGATIVE = ['0', 'n', 'no', 'f', 'false'];

/** The number that a NUMERIC value stands for; undefined when it is empty, no decimal number, or beyond ±1.8e308. */
export function parseNumber(text: string): number | undefined {
  const bare = text.trim();
  if (!DECIMAL.test(bare)) return undefined;
  const number = Number(bare);
  return Number.isFinite(number) ? number : undefined;
}

/** 1 and 0 as BINARY values may be spelt, in any letter case; undefined for anything else. */
export function parseBinary(text: string): 0 | 1 | undefined {
  const bare = text.trim().toLowerCase();
  if (POSITIVE.includes(bare)) return 1;
  return NEGATIVE.includes(bare) ? 0 : undefined;
}

/** 0/1, n/y, no/yes, f/t, false/true: the spellings of one pair have the same number. */
export function binaryPair(text: string): number {
  const bare = text.trim().toLowerCase();
  return Math.max(POSITIVE.indexOf(bare), NEGATIVE.indexOf(bare));
}
