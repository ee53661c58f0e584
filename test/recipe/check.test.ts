import { describe, expect, it } from 'vitest';
import { InvalidInput } from '../../src/errors.js';
import { checkRecipe, MAX_OUTPUT_VARIABLES } from '../../src/recipe/check.js';
import { parseRecipe } from '../../src/recipe/parse.js';
import type { AttributeType, Schema } from '../../src/schema/schema.js';
import { schemaOf } from '../helpers/blocks.js';

const SCHEMA = schemaOf(
  {
    id: 'CATEGORICAL',
    age: 'NUMERIC',
    fare: 'NUMERIC',
    '1stFlrSF': 'NUMERIC',
    weight: 'NUMERIC',
    job: 'CATEGORICAL',
    member: 'BINARY',
    subject: 'TEXT',
    body: 'TEXT',
    notes: 'TEXT',
    bought: 'BINARY',
  },
  { rowId: 'id', rowWeight: 'weight', targetAttributeName: 'bought', excludedAttributeNames: ['notes'] },
);

function outputs(recipe: object, schema: Schema = SCHEMA): string[] {
  return checkRecipe(parseRecipe(recipe), schema).outputs.map((output) => output.text);
}

function errorOf(recipe: object, schema: Schema = SCHEMA): InvalidInput {
  try {
    outputs(recipe, schema);
  } catch (error) {
    if (error instanceof InvalidInput) return error;
    throw error;
  }
  throw new Error('no error');
}

describe('predefined groups', () => {
  it('hold the input attributes of a type, never target, row ID, row weight or excluded attributes', () => {
    expect(outputs({ outputs: ['ALL_NUMERIC'] })).toEqual(['age', 'fare', "'1stFlrSF'"]);
    expect(outputs({ outputs: ['ALL_CATEGORICAL'] })).toEqual(['job']);
    expect(outputs({ outputs: ['ALL_BINARY'] })).toEqual(['member']);
    expect(outputs({ outputs: ["'ALL_TEXT'"] })).toEqual(['subject', 'body']);
    expect(outputs({ outputs: ['ALL_INPUTS'] })).toEqual([
      'age',
      'fare',
      "'1stFlrSF'",
      'job',
      'member',
      'subject',
      'body',
    ]);
  });

  it('may be empty', () => {
    expect(outputs({ outputs: ['ALL_TEXT', 'quantile_bin(ALL_NUMERIC, 10)'] }, schemaOf({ y: 'BINARY' }))).toEqual([]);
  });

  it('spread a transformation over their members', () => {
    expect(outputs({ outputs: ['ngram(lowercase(ALL_TEXT), 2)'] })).toEqual([
      'ngram(lowercase(subject),2)',
      'ngram(lowercase(body),2)',
    ]);
  });

  it('give way to an attribute of the same name', () => {
    expect(outputs({ outputs: ['ALL_TEXT'] }, schemaOf({ ALL_TEXT: 'NUMERIC', t: 'TEXT' }))).toEqual(['ALL_TEXT']);
  });
});

describe('groups of the recipe', () => {
  it('join their arguments, each attribute once', () => {
    const groups = { MIXED: "group(job, 'ALL_BINARY', job)", ALL: 'group(MIXED, age)' };
    expect(outputs({ groups, outputs: ['ALL'] })).toEqual(['job', 'member', 'age']);
  });

  it('take arguments away from the first', () => {
    const groups = {
      SOME: "group_remove('ALL_NUMERIC', 'fare', job)",
      REST: 'group_remove(ALL_INPUTS, SOME, ALL_TEXT)',
    };
    expect(outputs({ groups, outputs: ['quantile_bin(SOME, 10)', 'REST'] })).toEqual([
      'quantile_bin(age,10)',
      "quantile_bin('1stFlrSF',10)",
      'fare',
      'job',
      'member',
    ]);
  });

  for (const [name, expression, message] of [
    [
      'ALL_INPUTS',
      'group(ALL_INPUTS)',
      `'ALL_INPUTS' cannot be a member of a group at column 7 of "group(ALL_INPUTS)"`,
    ],
    ['an unknown member', 'group(age, fair)', `unknown variable 'fair' at column 12 of "group(age, fair)"`],
    ['the target', 'group(bought)', `'bought' is the target and cannot be a variable at column 7 of "group(bought)"`],
    ['a group that comes later', 'group(LATER)', `unknown variable 'LATER' at column 7 of "group(LATER)"`],
    [
      'a transformation',
      'lowercase(body)',
      `expected group(…) or group_remove(…), found 'lowercase' at column 1 of "lowercase(body)"`,
    ],
    ['a name alone', 'ALL_TEXT', `expected group(…) or group_remove(…), found 'ALL_TEXT' at column 1 of "ALL_TEXT"`],
    [
      'a group inside a group',
      'group(group(age))',
      `group takes names of variables and groups, found 'group(…)' at column 7 of "group(group(age))"`,
    ],
    [
      'a number',
      'group(age, 3)',
      `group takes names of variables and groups, found '3' at column 12 of "group(age, 3)"`,
    ],
  ] as const) {
    it(`refuse ${name}`, () => {
      expect(errorOf({ groups: { G: expression, LATER: 'group(age)' }, outputs: ['G'] }).message).toBe(
        `recipe.groups.G: ${message}`,
      );
    });
  }

  for (const [name, meaning] of [
    ['age', 'an attribute'],
    ['ALL_TEXT', 'a predefined group'],
    ['ngram', 'a function'],
    ['bought', 'the target'],
  ]) {
    it(`cannot have a name taken by ${meaning}`, () => {
      const { message } = errorOf({ groups: { [name]: 'group(fare)' }, outputs: ['age'] });
      expect(message).toBe(`recipe.groups.${name}: the name '${name}' is taken by ${meaning}`);
    });
  }

  it('suggest the function that was meant', () => {
    expect(errorOf({ groups: { G: 'grup(age)' }, outputs: ['G'] }).hint).toBe("did you mean 'group'?");
  });
});

describe('outputs', () => {
  it('are written in uniform spelling, repetitions left out', () => {
    expect(
      outputs({ outputs: [" quantile_bin( 'age' , 10 ) // ten", 'quantile_bin(age,10)', 'ALL_NUMERIC', 'age'] }),
    ).toEqual(['quantile_bin(age,10)', 'age', 'fare', "'1stFlrSF'"]);
  });

  it('nest where types fit', () => {
    const nested = [
      'ngram(lowercase(no_punct(subject)),3)',
      'lowercase(ngram(subject,2))',
      'quantile_bin(normalize(age),500)',
    ];
    expect(outputs({ outputs: nested })).toEqual(nested);
  });

  for (const [text, message] of [
    ['incom', `unknown variable 'incom' at column 1 of "incom"`],
    ['normalize(agee)', `unknown variable 'agee' at column 11 of "normalize(agee)"`],
    ['Age', `unknown variable 'Age' at column 1 of "Age"`],
    ['bought', `'bought' is the target and cannot be a variable at column 1 of "bought"`],
    ['id', `'id' is the row ID and cannot be a variable at column 1 of "id"`],
    ['weight', `'weight' is the row weight and cannot be a variable at column 1 of "weight"`],
    [
      'lowercase(notes)',
      `'notes' is an excluded attribute and cannot be a variable at column 11 of "lowercase(notes)"`,
    ],
    ['ngrm(subject, 2)', `unknown transformation 'ngrm' at column 1 of "ngrm(subject, 2)"`],
    ['10', `expected a variable or a transformation, found the number 10 at column 1 of "10"`],
    ['group(age)', `group cannot stand in outputs at column 1 of "group(age)"`],
    ['osb(subject, 2)', `osb is not supported yet at column 1 of "osb(subject, 2)"`],
    ['cartesian(job, member)', `cartesian is not supported yet at column 1 of "cartesian(job, member)"`],
    ['ngram(subject)', `ngram takes 2 arguments (text, size), found 1 at column 1 of "ngram(subject)"`],
    ['normalize(age, 2)', `normalize takes 1 argument (number), found 2 at column 1 of "normalize(age, 2)"`],
    [
      'ngram(subject, age)',
      `ngram takes a whole number 2..10 as size, found 'age' at column 16 of "ngram(subject, age)"`,
    ],
    ['ngram(2, subject)', `ngram takes a TEXT variable as text, found the number 2 at column 7 of "ngram(2, subject)"`],
    ['ngram(subject, 1)', `ngram takes a whole number 2..10 as size, found 1 at column 16 of "ngram(subject, 1)"`],
    ['ngram(subject, 11)', `ngram takes a whole number 2..10 as size, found 11 at column 16 of "ngram(subject, 11)"`],
    [
      'ngram(subject, 2.5)',
      `ngram takes a whole number 2..10 as size, found 2.5 at column 16 of "ngram(subject, 2.5)"`,
    ],
    [
      'quantile_bin(age, 4)',
      `quantile_bin takes a whole number 5..1000 as bins, found 4 at column 19 of "quantile_bin(age, 4)"`,
    ],
    [
      'quantile_bin(age, 1001)',
      `quantile_bin takes a whole number 5..1000 as bins, found 1001 at column 19 of "quantile_bin(age, 1001)"`,
    ],
    [
      'quantile_bin(job, 10)',
      `quantile_bin takes a NUMERIC variable; 'job' is CATEGORICAL at column 14 of "quantile_bin(job, 10)"`,
    ],
    ['normalize(member)', `normalize takes a NUMERIC variable; 'member' is BINARY at column 11 of "normalize(member)"`],
    ['lowercase(job)', `lowercase takes a TEXT variable; 'job' is CATEGORICAL at column 11 of "lowercase(job)"`],
    [
      'normalize(quantile_bin(age,10))',
      `normalize takes a NUMERIC variable; 'quantile_bin(…)' is CATEGORICAL at column 11 of "normalize(quantile_bin(age,10))"`,
    ],
    [
      'no_punct(ngram(subject,2))',
      `no_punct takes a TEXT variable; 'ngram(…)' is TOKENS at column 10 of "no_punct(ngram(subject,2))"`,
    ],
    [
      'ngram(ngram(subject,2),2)',
      `ngram takes a TEXT variable; 'ngram(…)' is TOKENS at column 7 of "ngram(ngram(subject,2),2)"`,
    ],
    [
      'normalize(ALL_INPUTS)',
      `normalize takes a NUMERIC variable; 'job' in ALL_INPUTS is CATEGORICAL at column 11 of "normalize(ALL_INPUTS)"`,
    ],
  ] as const) {
    it(`refuse ${text}`, () => {
      expect(errorOf({ outputs: ['age', text] }).message).toBe(`recipe.outputs[1]: ${message}`);
    });
  }

  for (const [text, hint] of [
    ['normalize(agee)', "did you mean 'age'? Variables: age, fare, 1stFlrSF, job, member, subject, body"],
    ['ALL_NUMRIC', "did you mean 'ALL_NUMERIC'?"],
    ['ngrm(subject, 2)', "did you mean 'ngram'? Transformations: lowercase, ngram, no_punct, normalize, quantile_bin"],
    ['Quantile_Bin(age, 10)', "did you mean 'quantile_bin'?"],
    ['no_punct(ngram(subject,2))', 'ngram(no_punct(…), n)'],
    ['lowercase(job)', "the type of 'job' is set in the schema"],
  ]) {
    it(`give a hint for ${text}`, () => expect(errorOf({ outputs: [text] }).hint).toContain(hint));
  }

  it('know groups when they suggest a name', () => {
    expect(errorOf({ groups: { MONEY: 'group(fare)' }, outputs: ['MONY'] }).hint).toContain("did you mean 'MONEY'?");
  });

  it('refuse assignments for now', () => {
    const { message } = errorOf({ assignments: { b: 'quantile_bin(age,10)' }, outputs: ['b'] });
    expect(message).toBe('recipe.assignments.b: assignments are not supported yet');
  });

  it(`stand for at most ${MAX_OUTPUT_VARIABLES} variables`, () => {
    const types = Object.fromEntries(
      Array.from({ length: 1000 }, (_, i): [string, AttributeType] => [`x${i}`, 'NUMERIC']),
    );
    const recipe = (count: number) => ({
      outputs: Array.from({ length: count }, (_, i) => `quantile_bin(ALL_NUMERIC, ${i + 5})`),
    });
    expect(outputs(recipe(10), schemaOf(types))).toHaveLength(10_000);
    expect(errorOf(recipe(11), schemaOf(types)).message).toBe(
      'recipe.outputs[10]: the outputs up to here stand for more than 10000 variables',
    );
  });
});
