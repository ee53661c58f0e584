export type Comparator = 'EQ' | 'GT' | 'LT' | 'GE' | 'LE' | 'NE' | 'Prefix';

/** A range of sort values: all that fulfil each bound given. */
export interface Interval {
  readonly equal?: string | number;
  /** Greater than. */
  readonly above?: string | number;
  /** Greater than or equal to. */
  readonly from?: string | number;
  /** Less than. */
  readonly below?: string | number;
  /** Less than or equal to. */
  readonly to?: string | number;
}

/** The values that a comparison lets through, as ranges in ascending order that an index can be read in. */
export function intervals(comparator: Comparator, value: string | number): Interval[] {
  switch (comparator) {
    case 'EQ':
      return [{ equal: value }];
    case 'GT':
      return [{ above: value }];
    case 'GE':
      return [{ from: value }];
    case 'LT':
      return [{ below: value }];
    case 'LE':
      return [{ to: value }];
    case 'NE':
      return [{ below: value }, { above: value }];
    case 'Prefix':
      return [{ from: value, below: afterPrefix(String(value)) }];
  }
}

const LAST_CODE_POINT = 0x10ffff;

/** The least text, by code points, above all that begin with a prefix; undefined when there is none. */
function afterPrefix(prefix: string): string | undefined {
  const points = Array.from(prefix, (character) => character.codePointAt(0) as number);
  while (points.at(-1) === LAST_CODE_POINT) points.pop();
  const last = points.pop();
  if (last === undefined) return undefined;
  const next = last + 1 === 0xd800 ? 0xe000 : last + 1;
  return String.fromCodePoint(...points, next);
}
