/** Nasty files that are too large to be kept: made when the tests run. */
export const generated: Readonly<Record<string, () => string>> = {
  'field-of-100-kb.csv': () => `c,y\n${'a'.repeat(RECORD_BYTES - 2)},1\nb,0\n`,
  'field-over-100-kb.csv': () => `c,y\n${'a'.repeat(RECORD_BYTES - 1)},1\nb,0\nc,1\n`,
  'open-quote-over-100-kb.csv': () => `c,y\n"a\n${'b,1\n'.repeat(30_000)}c,0\n`,
  'columns-1000.csv': () => wide(1000),
  'columns-1001.csv': () => wide(1001),
  'header-over-100-kb.csv': () => `${'n'.repeat(RECORD_BYTES)},y\n1,0\n`,
  'rejected-10000.csv': () => `x,y\n1,0\n2,1\n${'3\n'.repeat(10_000)}`,
  'rejected-10001.csv': () => `x,y\n1,0\n2,1\n${'3\n'.repeat(10_001)}`,
};

/** Longest record of the service, "100 KB". */
const RECORD_BYTES = 102_400;

/** Numbers x1, x2, … and the target y. */
function wide(columnCount: number): string {
  const line = (cell: (i: number) => string, last: string): string =>
    `${Array.from({ length: columnCount - 1 }, (_, i) => cell(i + 1)).join(',')},${last}\n`;
  return line((i) => `x${i}`, 'y') + line((i) => `${i}.5`, '0') + line((i) => `-${i}`, '1');
}
