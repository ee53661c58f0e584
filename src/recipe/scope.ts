import type { AttributeType, Schema } from '../schema/schema.js';
import { suggest } from '../suggest.js';
import type { CheckedExpression } from './check-expression.js';
import { invalidExpression, type Source } from './tokens.js';

/** An attribute that a recipe may use. */
export interface InputAttribute {
  readonly kind: 'attribute';
  readonly name: string;
  readonly type: AttributeType;
}

const PREDEFINED_GROUPS: Readonly<Record<string, AttributeType | null>> = {
  ALL_TEXT: 'TEXT',
  ALL_NUMERIC: 'NUMERIC',
  ALL_CATEGORICAL: 'CATEGORICAL',
  ALL_BINARY: 'BINARY',
  ALL_INPUTS: null,
};
const LISTED_NAMES = 20;

/**
 * The names that the expressions of a recipe can use: input attributes, predefined groups, groups and
 * assignments defined so far.
 */
export class Scope {
  private readonly attributes = new Map<string, InputAttribute>();
  private readonly groups = new Map<string, readonly InputAttribute[]>();
  private readonly assignments = new Map<string, { values: readonly CheckedExpression[]; namesGroup: boolean }>();
  /** JSON paths of the assignments that are still to be defined. */
  private readonly announced = new Map<string, string>();
  /** Attributes that are no input, and what they are instead. */
  private readonly reserved: ReadonlyMap<string, string>;

  constructor(schema: Schema) {
    this.reserved = reservedAttributes(schema);
    for (const { attributeName: name, attributeType: type } of schema.attributes) {
      if (!this.reserved.has(name)) this.attributes.set(name, { kind: 'attribute', name, type });
    }
    const inputs = [...this.attributes.values()];
    for (const [group, type] of Object.entries(PREDEFINED_GROUPS)) {
      this.groups.set(group, type === null ? inputs : inputs.filter((attribute) => attribute.type === type));
    }
  }

  /** What a name already stands for, if anything. */
  meaning(name: string): string | undefined {
    if (this.attributes.has(name)) return 'an attribute';
    if (Object.hasOwn(PREDEFINED_GROUPS, name)) return 'a predefined group';
    if (this.groups.has(name)) return 'a group';
    if (this.assignments.has(name)) return 'another assignment';
    return this.reserved.get(name);
  }

  /** Is it the name of something that can be used by now? */
  has(name: string): boolean {
    return this.attributes.has(name) || this.groups.has(name) || this.assignments.has(name);
  }

  define(group: string, members: readonly InputAttribute[]): void {
    this.groups.set(group, members);
  }

  /** Make assignments known that will be defined later, for messages. */
  announce(assignments: readonly { readonly name: string; readonly where: string }[]): void {
    for (const { name, where } of assignments) this.announced.set(name, where);
  }

  /** @param namesGroup does its expression name a group, so that it stands for one expression per member? */
  assign(name: string, values: readonly CheckedExpression[], namesGroup: boolean): void {
    this.assignments.set(name, { values, namesGroup });
  }

  /** Does a name stand for a group, or for an expression with one? */
  namesGroup(name: string): boolean {
    if (this.attributes.has(name)) return false;
    return this.groups.has(name) || this.assignments.get(name)?.namesGroup === true;
  }

  /**
   * The expressions that a name stands for: an attribute, the members of a group, or an assignment.
   *
   * @throws InvalidInput for a name that is unknown or no input, with the nearest known name
   */
  resolve(name: string, source: Source, column: number): readonly CheckedExpression[] {
    return this.assignments.get(name)?.values ?? this.resolveAttributes(name, source, column);
  }

  /** The same for a name that cannot be an assignment. */
  resolveAttributes(name: string, source: Source, column: number): readonly InputAttribute[] {
    const attribute = this.attributes.get(name);
    if (attribute !== undefined) return [attribute];
    const members = this.groups.get(name);
    if (members !== undefined) return members;
    const where = this.announced.get(name);
    if (where !== undefined) {
      const hint = 'an assignment may use those before it: change their order';
      throw invalidExpression(source, column, `'${name}' is defined later, in ${where},`, hint);
    }
    const role = this.reserved.get(name);
    if (role !== undefined) {
      const hint = `variables are the other attributes: ${list(this.attributes.keys())}`;
      throw invalidExpression(source, column, `'${name}' is ${role} and cannot be a variable`, hint);
    }
    const near = suggest(name, [...this.attributes.keys(), ...this.groups.keys(), ...this.assignments.keys()]);
    const hint = `${near === undefined ? '' : `did you mean '${near}'? `}Variables: ${list(this.attributes.keys())}`;
    throw invalidExpression(source, column, `unknown variable '${name}'`, hint);
  }
}

function reservedAttributes(schema: Schema): Map<string, string> {
  const reserved = new Map<string, string>();
  for (const name of schema.excludedAttributeNames) reserved.set(name, 'an excluded attribute');
  if (schema.rowWeight !== null) reserved.set(schema.rowWeight, 'the row weight');
  if (schema.rowId !== null) reserved.set(schema.rowId, 'the row ID');
  if (schema.targetAttributeName !== null) reserved.set(schema.targetAttributeName, 'the target');
  return reserved;
}

function list(names: Iterable<string>): string {
  const all = [...names];
  if (all.length === 0) return '(none)';
  const more = all.length - LISTED_NAMES;
  return all.slice(0, LISTED_NAMES).join(', ') + (more > 0 ? `, … (${more} more)` : '');
}
