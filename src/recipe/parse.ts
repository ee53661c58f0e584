import { InvalidInput } from '../errors.js';
import { parseJson } from '../schema/json.js';
import { suggest } from '../suggest.js';
import { type Expression, parseExpression } from './expression.js';
import { isBareName, type Source } from './tokens.js';

/** An expression with the text it was read from. */
export interface SourcedExpression {
  readonly source: Source;
  readonly expression: Expression;
}

/** A named group or assignment. */
export interface Definition extends SourcedExpression {
  readonly name: string;
}

/** A recipe that is correct in syntax. Sections keep the order in which they were written. */
export interface Recipe {
  readonly groups: readonly Definition[];
  readonly assignments: readonly Definition[];
  readonly outputs: readonly SourcedExpression[];
}

/** Longest recipe, characters of its JSON text (API 2014-12-12, CreateMLModel). */
export const MAX_RECIPE_LENGTH = 131_071;
const ORDERED_SECTIONS = ['groups', 'assignments', 'outputs'];
/** `dependencies` stands in recipes that the service gave back; it has no meaning. */
const SECTIONS = [...ORDERED_SECTIONS, 'dependencies'];

/**
 * Read a recipe: the JSON document and the syntax of its expressions.
 *
 * @param recipe JSON text, or the object it stands for
 * @throws InvalidInput with the JSON path, and inside an expression the column
 * @see Amazon Machine Learning developer guide, "Recipe format reference"
 */
export function parseRecipe(recipe: string | object): Recipe {
  const document = readDocument(recipe);
  checkSections(Object.keys(document));
  const members = document as Record<string, unknown>;
  return {
    groups: readDefinitions(members.groups, 'groups'),
    assignments: readDefinitions(members.assignments, 'assignments'),
    outputs: readOutputs(members.outputs),
  };
}

function readDocument(recipe: string | object): object {
  const text = typeof recipe === 'string' ? recipe : (JSON.stringify(recipe) ?? '');
  if (text.length > MAX_RECIPE_LENGTH) {
    throw new InvalidInput(`recipe: ${text.length} characters, more than the ${MAX_RECIPE_LENGTH} that are allowed`);
  }
  const document = typeof recipe === 'string' ? parseJson(recipe, 'recipe') : recipe;
  if (typeof document !== 'object' || document === null || Array.isArray(document)) {
    throw new InvalidInput(`recipe: expected a JSON object, found ${typeName(document)}`, { hint: EXAMPLE });
  }
  return document;
}

const EXAMPLE = 'the smallest recipe is {"outputs": ["ALL_INPUTS"]}';

function checkSections(sections: readonly string[]): void {
  for (const section of sections) {
    if (SECTIONS.includes(section)) continue;
    const near = suggest(section, ORDERED_SECTIONS);
    const hint = `${near === undefined ? '' : `did you mean '${near}'? `}Sections: ${ORDERED_SECTIONS.join(', ')}`;
    throw new InvalidInput(`recipe: unknown section '${section}'`, { hint });
  }
  const ordered = sections.filter((section) => ORDERED_SECTIONS.includes(section));
  for (let i = 1; i < ordered.length; i++) {
    if (ORDERED_SECTIONS.indexOf(ordered[i]) > ORDERED_SECTIONS.indexOf(ordered[i - 1])) continue;
    const hint = `the order is ${ORDERED_SECTIONS.join(', ')}`;
    throw new InvalidInput(`recipe: section '${ordered[i]}' stands after '${ordered[i - 1]}'`, { hint });
  }
}

function readDefinitions(section: unknown, sectionName: string): Definition[] {
  if (section === undefined || section === null) return [];
  const where = `recipe.${sectionName}`;
  if (typeof section !== 'object' || Array.isArray(section)) {
    throw new InvalidInput(`${where}: expected an object of names and expressions, found ${typeName(section)}`);
  }
  return Object.entries(section).map(([name, text]) => {
    if (!/^\p{L}/u.test(name) || name.length > 64) {
      const hint = 'a name begins with a letter and has 1 to 64 characters';
      throw new InvalidInput(`${where}: '${name}' cannot be a name`, { hint });
    }
    const path = isBareName(name) && !/[\s.[\]]/.test(name) ? `${where}.${name}` : `${where}[${JSON.stringify(name)}]`;
    return { name, ...readSourced(text, path) };
  });
}

function readOutputs(section: unknown): SourcedExpression[] {
  const hint = 'outputs lists what the model learns from, for example ["ALL_INPUTS"]';
  if (section === undefined || section === null)
    throw new InvalidInput("recipe: section 'outputs' is missing", { hint });
  if (!Array.isArray(section)) {
    throw new InvalidInput(`recipe.outputs: expected an array of expressions, found ${typeName(section)}`, { hint });
  }
  if (section.length === 0) throw new InvalidInput('recipe.outputs: empty, so no data would reach training', { hint });
  return section.map((text, i) => readSourced(text, `recipe.outputs[${i}]`));
}

function readSourced(text: unknown, where: string): SourcedExpression {
  if (typeof text !== 'string') {
    throw new InvalidInput(`${where}: expected an expression in a string, found ${typeName(text)}`);
  }
  const source = { where, text };
  return { source, expression: parseExpression(source) };
}

function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object') return 'an object';
  return `${typeof value} ${JSON.stringify(value)?.slice(0, 80)}`;
}
