import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidInput } from '../../src/errors.js';
import type { Expression } from '../../src/recipe/expression.js';
import { MAX_RECIPE_LENGTH, parseRecipe } from '../../src/recipe/parse.js';
import { writeName } from '../../src/recipe/tokens.js';

function parseOutput(text: string): Expression {
  return parseRecipe({ outputs: [text] }).outputs[0].expression;
}

function errorOf(recipe: string | object): InvalidInput {
  try {
    parseRecipe(recipe);
  } catch (error) {
    if (error instanceof InvalidInput) return error;
    throw error;
  }
  throw new Error('no error');
}

describe('an expression', () => {
  it('is a name, which may hold hyphens, dots, slashes, spaces and digits after a letter', () => {
    for (const name of ['age', 'hours-per-week', 'home.dest', 'YearRemod/Add', 'x2', 'größe', 'total income']) {
      expect(parseOutput(name)).toEqual({ kind: 'reference', name, column: 1 });
    }
  });

  it('is a call, with columns counted from 1', () => {
    expect(parseOutput(' ngram( lowercase(subject) , 2)')).toEqual({
      kind: 'call',
      name: 'ngram',
      column: 2,
      args: [
        {
          kind: 'call',
          name: 'lowercase',
          column: 9,
          args: [{ kind: 'reference', name: 'subject', column: 19 }],
        },
        { kind: 'number', value: 2, text: '2', column: 30 },
      ],
    });
  });

  it('may have any name in single quotes', () => {
    expect(parseOutput("'1stFlrSF'")).toMatchObject({ kind: 'reference', name: '1stFlrSF' });
    expect(parseOutput('normalize(\'a, "b" (c) // d\')')).toMatchObject({ args: [{ name: 'a, "b" (c) // d' }] });
    expect(parseOutput(String.raw`'it\'s a \\ b'`)).toMatchObject({ name: String.raw`it's a \ b` });
  });

  it('ends where a comment begins', () => {
    expect(parseOutput('quantile_bin(age, 10) // bin age')).toEqual(parseOutput('quantile_bin(age, 10)'));
    expect(parseOutput('age//, with commas (and more')).toEqual(parseOutput('age'));
  });

  it('reads back every name that writeName has written', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), fc.boolean(), (name, always) => {
        expect(parseOutput(writeName(name, always))).toMatchObject({ kind: 'reference', name });
      }),
    );
  });

  it('either parses or is an InvalidInput, whatever the text', () => {
    const piece = fc.constantFrom(
      'a',
      'ngram',
      '(',
      ')',
      ',',
      ' ',
      "'",
      '"',
      '\\',
      '2',
      '-',
      '//',
      '.',
      '\n',
      'é',
      '\u{1f600}',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        try {
          parseRecipe({ outputs: [pieces.join('')] });
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidInput);
          expect((error as Error).message).toMatch(/^recipe\.outputs\[0\]: .* at column \d+ of /s);
        }
      }),
    );
  });
});

describe('a syntax error names path, column, what was found and what was expected', () => {
  for (const [text, message] of [
    ['', 'expected a variable or a transformation, found the end at column 1 of ""'],
    ['// only a comment', 'expected a variable or a transformation, found the end at column 1 of "// only a comment"'],
    ['ngram(t, 2', `expected ',' or ')', found the end at column 11 of "ngram(t, 2"`],
    ['ngram(t, 2))', `expected the end of the expression, found ')' at column 12 of "ngram(t, 2))"`],
    ['a, b', `expected the end of the expression, found ',' at column 2 of "a, b"`],
    ['normalize()', `expected a variable or a transformation, found ')' at column 11 of "normalize()"`],
    ["normalize('age)", `no closing quote for the name that begins at column 11 of "normalize('age)"`],
    ['normalize("age")', `unexpected character '"' at column 11 of "normalize("age")"`],
    ['1stFlrSF', `'1stFlrSF' is neither a name nor a number at column 1 of "1stFlrSF"`],
  ] as const) {
    it(JSON.stringify(text), () => expect(errorOf({ outputs: [text] }).message).toBe(`recipe.outputs[0]: ${message}`));
  }

  it('shows how to quote a name that does not begin with a letter', () => {
    expect(errorOf({ outputs: ['1stFlrSF'] }).hint).toContain("'1stFlrSF'");
  });

  it('shows the place inside a long expression only', () => {
    const { message } = errorOf({ outputs: [`${'lowercase('.repeat(40)}"`] });
    expect(message).toContain('at column 401 of "…');
    expect(message.length).toBeLessThan(300);
  });

  it('refuses nesting beyond 64 instead of exhausting the stack', () => {
    expect(errorOf({ outputs: ['a('.repeat(50_000)] }).message).toContain(
      'more than 64 transformations inside one another',
    );
  });
});

describe('the recipe document', () => {
  it('is JSON text or the object itself', () => {
    const recipe = { groups: { G: 'group(a)' }, assignments: {}, outputs: ['a'] };
    expect(parseRecipe(JSON.stringify(recipe))).toEqual(parseRecipe(recipe));
    expect(parseRecipe(`\uFEFF${JSON.stringify(recipe)}`)).toEqual(parseRecipe(recipe));
  });

  it('needs outputs only, and ignores dependencies', () => {
    expect(parseRecipe('{"groups":{},"assignments":{},"dependencies":{},"outputs":["a"]}')).toEqual(
      parseRecipe('{"outputs":["a"]}'),
    );
  });

  for (const [name, recipe, message] of [
    [
      'text that is not JSON, with line and column',
      '{\n "outputs": [a]}',
      "recipe: line 2, column 14: not valid JSON: expected a value, found 'a'",
    ],
    ['an array', [], 'recipe: expected a JSON object, found an array'],
    ['null', 'null', 'recipe: expected a JSON object, found null'],
    ['a number', '3', 'recipe: expected a JSON object, found number 3'],
    ['a missing outputs', { groups: {} }, "recipe: section 'outputs' is missing"],
    ['empty outputs', { outputs: [] }, 'recipe.outputs: empty, so no data would reach training'],
    [
      'outputs that are no array',
      { outputs: 'a' },
      'recipe.outputs: expected an array of expressions, found string "a"',
    ],
    [
      'an output that is no string',
      { outputs: ['a', 3] },
      'recipe.outputs[1]: expected an expression in a string, found number 3',
    ],
    [
      'groups that are no object',
      { groups: [], outputs: ['a'] },
      'recipe.groups: expected an object of names and expressions, found an array',
    ],
    [
      'a group that is no string',
      { groups: { G: {} }, outputs: ['a'] },
      'recipe.groups.G: expected an expression in a string, found an object',
    ],
    [
      'a group name without a letter at its start',
      { groups: { '1G': 'group(a)' }, outputs: ['a'] },
      "recipe.groups: '1G' cannot be a name",
    ],
    ['an unknown section', { output: ['a'] }, "recipe: unknown section 'output'"],
    ['sections out of order', { outputs: ['a'], groups: {} }, "recipe: section 'groups' stands after 'outputs'"],
    [
      'assignments before groups',
      { assignments: {}, groups: {}, outputs: ['a'] },
      "recipe: section 'groups' stands after 'assignments'",
    ],
  ] as const) {
    it(`refuses ${name}`, () => {
      expect(errorOf(recipe as string | object).message).toBe(message);
    });
  }

  it('suggests the section that was meant', () => {
    expect(errorOf({ output: ['a'] }).hint).toMatch(/^did you mean 'outputs'\?/);
  });

  it('refuses a group name of 65 characters and takes one of 64', () => {
    expect(errorOf({ groups: { ['g'.repeat(65)]: 'group(a)' }, outputs: ['a'] }).message).toContain('cannot be a name');
    parseRecipe({ groups: { ['g'.repeat(64)]: 'group(a)' }, outputs: ['a'] });
  });

  it('has at most 131,071 characters', () => {
    const filled = (length: number) => `{"outputs":["a"]}${' '.repeat(length - 17)}`;
    parseRecipe(filled(MAX_RECIPE_LENGTH));
    expect(errorOf(filled(MAX_RECIPE_LENGTH + 1)).message).toBe(
      'recipe: 131072 characters, more than the 131071 that are allowed',
    );
    expect(errorOf({ outputs: ['a'.repeat(MAX_RECIPE_LENGTH)] }).message).toContain('more than the 131071');
  });
});
