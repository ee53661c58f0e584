/** Bytes that are looked at. */
const LOOKED_AT = 32 * 1024;
/** Lines that are looked at. */
const MOST_LINES = 64;
const NUMBER = /^[\s"]*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?[\s"]*$/;
const EMPTY = /^[\s"]*$/;
const ZERO_OR_ONE = /^[\s"]*[01][\s"]*$/;

/**
 * Which columns seem to hold numbers only, and more than 0 and 1. A guess from a few lines: fields are split at every comma.
 *
 * @param bytes the beginning of a CSV file; the first line may be a header and is not looked at
 */
export function guessNumeric(bytes: Uint8Array, columnCount: number): boolean[] {
  const text = new TextDecoder().decode(bytes.subarray(0, LOOKED_AT));
  // The last line may be cut.
  const rows = text
    .split('\n', MOST_LINES + 1)
    .slice(1, -1)
    .map((line) => line.split(','))
    .filter((fields) => fields.length === columnCount);
  return Array.from({ length: columnCount }, (_, column) => {
    const filled = rows.map((fields) => fields[column]).filter((field) => !EMPTY.test(field));
    return filled.every((field) => NUMBER.test(field)) && filled.some((field) => !ZERO_OR_ONE.test(field));
  });
}
