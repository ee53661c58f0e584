import { InvalidInput } from '../errors.js';
import { suggest } from '../suggest.js';

/** Training parameters in the service's spelling: `{ 'sgd.maxPasses': '10' }`. */
export type Parameters = Readonly<Record<string, string | number>>;

/** How a model is trained. */
export interface TrainingOptions {
  /** Upper bound of the passes over the training data, 1 .. 10,000. */
  readonly maxPasses: number;
  /**
   * `auto`: one seeded permutation, used in every pass; `none`: file order, read through 256 cursors. Either way up to 32 rows
   * that follow each other keep together from 32,768 rows on.
   */
  readonly shuffleType: 'auto' | 'none';
  /** Per observation, >= 0. */
  readonly l1: number;
  /** Per observation, >= 0, without the prior. */
  readonly l2: number;
  /** 100,000 .. 2,147,483,648; a weight counts 96 bytes. */
  readonly maxModelSizeInBytes: number;
  /** Strength of the prior on each weight: adds prior / observations to L2. 0 switches it off; `auto` chooses it. */
  readonly prior: number | 'auto';
  /** Suboptimality, (F - F*) / (F of the null model - F*), at which training may end; 0: not before the passes are used up. */
  readonly tolerance: number | 'auto';
}

interface ParameterRule {
  readonly initial: string;
  read(text: string): number | string | undefined;
  readonly expected: string;
}

const numberIn = (low: number, high: number, whole: boolean, initial: string, expected: string): ParameterRule => ({
  initial,
  expected,
  read(text) {
    const value = /^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$/.test(text) ? Number(text) : Number.NaN;
    return value >= low && value <= high && (!whole || Number.isInteger(value)) ? value : undefined;
  },
});

const AMOUNT = numberIn(0, Number.MAX_VALUE, false, '0', 'a number of 0 or more');
const AMOUNT_OR_AUTO: ParameterRule = {
  initial: 'auto',
  expected: "a number of 0 or more, or 'auto'",
  read: (text) => (text === 'auto' ? text : AMOUNT.read(text)),
};

/** Ranges and defaults: Amazon ML API reference, CreateMLModel, `Parameters`. */
const RULES: Readonly<Record<string, ParameterRule>> = {
  'sgd.maxPasses': numberIn(1, 10_000, true, '10', 'a whole number from 1 to 10000'),
  'sgd.shuffleType': {
    initial: 'none',
    expected: "'auto' or 'none'",
    read: (text) => (text === 'auto' || text === 'none' ? text : undefined),
  },
  'sgd.l1RegularizationAmount': numberIn(0, Number.MAX_VALUE, false, '0', 'a number of 0 or more'),
  'sgd.l2RegularizationAmount': numberIn(0, Number.MAX_VALUE, false, '1E-6', 'a number of 0 or more'),
  'sgd.maxMLModelSizeInBytes': numberIn(
    100_000,
    2_147_483_648,
    true,
    '33554432',
    'a whole number from 100000 to 2147483648',
  ),
  'trainer.prior': AMOUNT_OR_AUTO,
  'trainer.tolerance': AMOUNT_OR_AUTO,
};

/**
 * Check training parameters and fill in the defaults. L2 is 1E-6 when it is not given, but 0 next to an L1 above 0.
 *
 * @throws InvalidInput for an unknown key, a value out of range, or L1 and L2 both above 0
 */
export function parseParameters(parameters: Parameters = {}): TrainingOptions {
  const values: Record<string, number | string> = {};
  for (const [key, given] of Object.entries(parameters)) {
    if (key === 'algorithm' && String(given) === 'sgd') continue;
    const rule = Object.hasOwn(RULES, key) ? RULES[key] : undefined;
    if (rule === undefined) throw unknownParameter(key);
    const value = rule.read(String(given));
    if (value === undefined) {
      throw new InvalidInput(`parameter ${key}: '${given}' is not allowed`, { hint: `give ${rule.expected}` });
    }
    values[key] = value;
  }
  const value = (key: string): number => (values[key] ?? RULES[key].read(RULES[key].initial)) as number;
  const l1 = value('sgd.l1RegularizationAmount');
  const l2 = l1 > 0 && !('sgd.l2RegularizationAmount' in values) ? 0 : value('sgd.l2RegularizationAmount');
  if (l1 > 0 && l2 > 0) {
    throw new InvalidInput(
      `parameters sgd.l1RegularizationAmount (${l1}) and sgd.l2RegularizationAmount (${l2}) exclude each other`,
      {
        hint: 'leave one of them out, or set it to 0',
      },
    );
  }
  return {
    maxPasses: value('sgd.maxPasses'),
    shuffleType: (values['sgd.shuffleType'] ?? 'none') as 'auto' | 'none',
    l1,
    l2,
    maxModelSizeInBytes: value('sgd.maxMLModelSizeInBytes'),
    prior: (values['trainer.prior'] ?? AMOUNT_OR_AUTO.initial) as TrainingOptions['prior'],
    tolerance: (values['trainer.tolerance'] ?? AMOUNT_OR_AUTO.initial) as TrainingOptions['tolerance'],
  };
}

function unknownParameter(key: string): InvalidInput {
  const close = suggest(key, Object.keys(RULES));
  return new InvalidInput(`unknown training parameter '${key}'`, {
    hint: `${close ? `did you mean '${close}'? ` : ''}Parameters: ${Object.keys(RULES).join(', ')}`,
  });
}

/** The parameters as the service gives them back. */
export function formatParameters(options: TrainingOptions): Record<string, string> {
  return {
    algorithm: 'sgd',
    'sgd.l1RegularizationAmount': formatAmount(options.l1),
    'sgd.l2RegularizationAmount': formatAmount(options.l2),
    'sgd.maxMLModelSizeInBytes': String(options.maxModelSizeInBytes),
    'sgd.maxPasses': String(options.maxPasses),
    'sgd.shuffleType': options.shuffleType,
    'trainer.prior': String(options.prior),
    'trainer.tolerance': String(options.tolerance),
  };
}

/** `0.0`, `1E-6`, `0.01`: as Java prints a double. */
function formatAmount(value: number): string {
  if (value !== 0 && (value < 1e-3 || value >= 1e7)) return value.toExponential().toUpperCase().replace('E+', 'E');
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}
