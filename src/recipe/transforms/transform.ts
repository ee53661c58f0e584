import type { AttributeType } from '../../schema/schema.js';
import type { FittedValue, TokenChange } from '../fitted.js';
import type { RecipeStatistics } from '../statistics.js';

/** The type of an expression: an attribute's, or TOKENS where white-space tokens have been combined. */
export type ValueType = AttributeType | 'TOKENS';

/** What one place in the argument list takes. */
export type Parameter =
  | { readonly kind: 'value'; readonly name: string; readonly types: readonly ValueType[] }
  | { readonly kind: 'integer'; readonly name: string; readonly least: number; readonly greatest: number };

/** A transformation of the recipe language. One file each; `registry.ts` lists them. */
export interface Transform {
  readonly name: string;
  readonly parameters: readonly Parameter[];
  /** May the last parameter be given again and again? */
  readonly variadic?: true;
  /** Type of the result, given the types of the value arguments. */
  resultType(types: readonly ValueType[]): ValueType;
  /**
   * What the encoder shall do, given what it would do for the value arguments.
   * The kind of the result decides how rows are encoded (`features/`).
   */
  fit(values: readonly FittedValue[], integers: readonly number[], statistics: RecipeStatistics): FittedValue;
}

/** The argument as the kind that its type stands for; the check has made sure of it. */
export function fittedAs<K extends FittedValue['kind']>(
  value: FittedValue,
  kind: K,
): Extract<FittedValue, { kind: K }> {
  if (value.kind !== kind) throw new Error(`expected a fitted ${kind}, found ${value.kind}`);
  return value as Extract<FittedValue, { kind: K }>;
}

/** The changes with one more; a change that is repeated at once does nothing. */
export function withChange(changes: readonly TokenChange[], change: TokenChange): readonly TokenChange[] {
  return changes.at(-1) === change ? changes : [...changes, change];
}
