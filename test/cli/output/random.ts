import type { Members, Shape } from '../../../src/operations/shapes.js';

/** Seeded choices: the same seed, the same values. */
export class Random {
  private state: bigint;

  constructor(seed: number) {
    this.state = BigInt(seed) * 2654435761n + 1n;
  }

  /** A whole number from 0 to below the bound. */
  below(bound: number): number {
    this.state = (this.state * 6364136223846793005n + 1442695040888963407n) & 0xffffffffffffffffn;
    return Number((this.state >> 33n) % BigInt(bound));
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)];
  }
}

/** Texts at which quoting, folding, widths and line ends differ. */
const TEXTS = [
  ...['a', 'yes', '10', '1.0E-6', '1:30', '0x1F', '.5', '08', '1_000', 'true', 'null', '~', '', ' ', '=', '<<'],
  ...[' lead', 'trail ', "it's", '"q"', 'a: b', 'a #b', '#x', '- x', '-', '?', '@', '---', '--- x', '...', 'a:', 'a,b'],
  ...['[x]', '{x}', '%x', '!x', '&x', '*x', '|', '>', '`x`', '+', '\\', 'a\\b', '2015-06-29', '2015-06-29T22:19:59Z'],
  ...['é', '日本語', '😀', 'ambiguous ±×÷αβ', 'e\u0301', '\u2028', 'a\u2028b', '\x85', '\ufeff', '\x7f', '\x01', '\r'],
  ...['a\nb', '\n', 'x\n', '\nx', 'a \nb', 'a\n b', 'a\n\nb', '\t', 'tab\there', 'a\r\nb'],
  ...['s3://b/k.csv', 'arn:aws:iam::1:user/u', '{"a":"b c","d":[1, 2]}', 'a'.repeat(100), 'k'.repeat(130)],
  ...['lorem ipsum '.repeat(12).trim(), 'lorem  ipsum '.repeat(12), `${'x'.repeat(79)} ${'y'.repeat(10)}`],
  ...[
    `"${'word '.repeat(30)}\t`,
    `\n${'word '.repeat(30)}`,
    `it's ${'long '.repeat(30)}: x`,
    '🙂 '.repeat(40),
    '日本 '.repeat(40),
  ],
  ...[`   ${'a b '.repeat(40)}`, 'a  b'.repeat(40)],
];
const CHARACTERS = [...'ab :#-\n\t\'"é日😀,[]{}\\'];
const NUMBERS = [0, 1, -1, 312, 123456789012, 0.5, 1e-7, 0.1 + 0.2, 1e16, 1.5e16, 123456.789, 1e20, -0.25, 3e-5, 1e22];
const TIMES = [
  ...[1435616399.123, 1435616399, 1435616399.1234567, 0, 0.000001, 1700000000.5, 1e9 + 0.999999, 1e9 + 0.9999999, -1.5],
  ...['1435616399.123', '2015-06-29T22:19:59Z', 1720000000],
];

export function randomText(random: Random): string {
  if (random.below(3) > 0) return random.pick(TEXTS);
  return Array.from({ length: random.below(30) }, () => random.pick(CHARACTERS)).join('');
}

/** A response with some of the members, nulls and a member that no one knows. */
export function randomResponse(random: Random, members: Members): Record<string, unknown> {
  const density = random.pick([2, 4, 10]);
  const response: Record<string, unknown> = {};
  for (const [name, shape] of Object.entries(members)) {
    const isThere = random.below(10) < density || (shape.type === 'structure' && random.below(2) === 0);
    if (isThere) response[name] = randomValue(random, shape);
  }
  if (random.below(5) === 0) response.Unknown = 1;
  return response;
}

function randomValue(random: Random, shape: Shape): unknown {
  if (random.below(40) === 0) return null;
  switch (shape.type) {
    case 'structure':
      return randomResponse(random, shape.members);
    case 'list':
      return Array.from({ length: random.below(4) }, () => randomValue(random, shape.item) ?? {});
    case 'map': {
      const value = (): unknown => (shape.value.type === 'float' ? random.pick(NUMBERS) : randomText(random));
      return Object.fromEntries(Array.from({ length: random.below(4) }, () => [randomText(random), value()]));
    }
    case 'string':
      return shape.enum && random.below(4) > 0 ? random.pick(shape.enum) : randomText(random);
    case 'boolean':
      return random.below(2) === 1;
    case 'float':
      return random.pick(NUMBERS);
    case 'timestamp':
      return random.pick(TIMES);
    default:
      return random.pick([0, 1, 312, 123456789012]);
  }
}
