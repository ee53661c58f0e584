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
    ['osb(subject, 1)', `osb takes a whole number 2..10 as size, found 1 at column 14 of "osb(subject, 1)"`],
    ['osb(subject, 11)', `osb takes a whole number 2..10 as size, found 11 at column 14 of "osb(subject, 11)"`],
    ['osb(job, 2)', `osb takes a TEXT variable; 'job' is CATEGORICAL at column 5 of "osb(job, 2)"`],
    [
      'osb(ngram(subject,2), 2)',
      `osb takes a TEXT variable; 'ngram(…)' is TOKENS at column 5 of "osb(ngram(subject,2), 2)"`,
    ],
    [
      'cartesian(job)',
      `cartesian takes 2 or more arguments (variable, variable, …), found 1 at column 1 of "cartesian(job)"`,
    ],
    [
      'cartesian(job, age)',
      `cartesian takes a TEXT, CATEGORICAL or BINARY variable; 'age' is NUMERIC at column 16 of "cartesian(job, age)"`,
    ],
    [
      'cartesian(job, 3)',
      `cartesian takes a TEXT, CATEGORICAL or BINARY variable as variable, found the number 3 at column 16 of "cartesian(job, 3)"`,
    ],
    [
      'cartesian(cartesian(job,job,job,job,job,job), cartesian(job,job,job,job,job))',
      `cartesian combines at most 10 variables, found 11 at column 1 of "cartesian(cartesian(job,job,job,job,job,job), cartesian(job,job,job,job,job))"`,
    ],
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
    [
      'ngrm(subject, 2)',
      "did you mean 'ngram'? Transformations: cartesian, lowercase, ngram, no_punct, normalize, osb, quantile_bin",
    ],
    ['Quantile_Bin(age, 10)', "did you mean 'quantile_bin'?"],
    ['no_punct(ngram(subject,2))', 'ngram(no_punct(…), n)'],
    ['osb(cartesian(job,subject),2)', 'cartesian(osb(…), …)'],
    ['cartesian(job, age)', 'bin the number first: quantile_bin(age, 10)'],
    ['cartesian(ALL_CATEGORICAL)', 'name the group twice for all its pairs'],
    ['lowercase(job)', "the type of 'job' is set in the schema"],
  ]) {
    it(`give a hint for ${text}`, () => expect(errorOf({ outputs: [text] }).hint).toContain(hint));
  }

  it('know groups when they suggest a name', () => {
    expect(errorOf({ groups: { MONEY: 'group(fare)' }, outputs: ['MONY'] }).hint).toContain("did you mean 'MONEY'?");
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

describe('cartesian', () => {
  const types = schemaOf({ a: 'CATEGORICAL', b: 'CATEGORICAL', c: 'CATEGORICAL', t: 'TEXT', x: 'NUMERIC' });
  const crosses = (...texts: string[]) => outputs({ groups: { AB: 'group(a, b)' }, outputs: texts }, types);

  it('takes categories, bins, binaries, texts and combined tokens', () => {
    const texts = [
      'cartesian(a,b,c)',
      'cartesian(no_punct(t),a)',
      'cartesian(quantile_bin(x,10),ngram(t,2))',
      'lowercase(cartesian(t,osb(t,3)))',
      'cartesian(cartesian(a,b),c)',
      'cartesian(t,t)',
    ];
    expect(crosses(...texts)).toEqual(texts);
    expect(outputs({ outputs: ['cartesian(job,member)'] })).toEqual(['cartesian(job,member)']);
  });

  it('of a group is one cross of each member', () => {
    expect(crosses('cartesian(AB, c)')).toEqual(['cartesian(a,c)', 'cartesian(b,c)']);
    expect(crosses('cartesian(t, lowercase(ALL_TEXT))')).toEqual(['cartesian(t,lowercase(t))']);
  });

  it('of groups leaves out a variable with itself and the same variables in another order', () => {
    expect(crosses('cartesian(ALL_CATEGORICAL, ALL_CATEGORICAL)')).toEqual([
      'cartesian(a,b)',
      'cartesian(a,c)',
      'cartesian(b,c)',
    ]);
    expect(crosses('cartesian(ALL_CATEGORICAL, ALL_CATEGORICAL, ALL_CATEGORICAL)')).toEqual(['cartesian(a,b,c)']);
    expect(crosses('cartesian(AB, a)')).toEqual(['cartesian(b,a)']);
  });

  it('of large groups is refused before it is written out', () => {
    const names = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`c${i}`, 'CATEGORICAL' as const]));
    const all = `cartesian(${new Array(10).fill('ALL_CATEGORICAL').join(',')})`;
    expect(errorOf({ outputs: [all] }, schemaOf(names)).message).toMatch(
      /stands for more than 10000 variables at column 1/,
    );
    const few = Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`c${i}`, 'CATEGORICAL' as const]));
    expect(errorOf({ outputs: [all] }, schemaOf(few)).message).toMatch(/stands for more than 10000 variables/);
  });

  it('of 141 categories with one another stays within the limit', () => {
    const names = Object.fromEntries(Array.from({ length: 141 }, (_, i) => [`c${i}`, 'CATEGORICAL' as const]));
    // 141 * 140 / 2
    expect(outputs({ outputs: ['cartesian(ALL_CATEGORICAL,ALL_CATEGORICAL)'] }, schemaOf(names))).toHaveLength(9870);
  });
});

describe('assignments', () => {
  const assigned = (assignments: object, ...texts: string[]) => ({ assignments, outputs: texts });

  it('stand for their expressions, and may use earlier ones and groups', () => {
    const recipe = {
      groups: { TEXTS: 'group(subject, body)' },
      assignments: {
        binned_age: 'quantile_bin(age,30)',
        clean: 'no_punct(TEXTS)',
        lower: 'lowercase( clean ) // words',
        pair: 'cartesian(binned_age, job)',
      },
      outputs: ['pair', 'ngram(lower, 2)', 'cartesian(pair, member)', 'quantile_bin(age, 30)', "'binned_age'"],
    };
    expect(outputs(recipe)).toEqual([
      'cartesian(quantile_bin(age,30),job)',
      'ngram(lowercase(no_punct(subject)),2)',
      'ngram(lowercase(no_punct(body)),2)',
      'cartesian(cartesian(quantile_bin(age,30),job),member)',
      'quantile_bin(age,30)',
    ]);
  });

  it('reach the model only where an output mentions them', () => {
    expect(outputs(assigned({ unused: 'lowercase(body)' }, 'age'))).toEqual(['age']);
  });

  it('name groups: their crosses leave out a variable with itself', () => {
    const recipe = assigned({ words: 'lowercase(ALL_TEXT)' }, 'cartesian(words, words)');
    expect(outputs(recipe)).toEqual(['cartesian(lowercase(subject),lowercase(body))']);
  });

  for (const [name, assignments, message] of [
    ['itself', { a: 'lowercase(a)' }, `a: 'a' refers to itself at column 11 of "lowercase(a)"`],
    [
      'itself through others',
      { a: 'cartesian(job, b)', b: 'lowercase(c)', c: 'lowercase(a)' },
      `a: 'a' refers to itself: a → b → c → a, at column 16 of "cartesian(job, b)"`,
    ],
    [
      'a later one',
      { a: 'lowercase(b)', b: 'lowercase(body)' },
      `a: 'b' is defined later, in recipe.assignments.b, at column 11 of "lowercase(b)"`,
    ],
    ['an unknown name', { a: 'lowercase(bdy)' }, `a: unknown variable 'bdy' at column 11 of "lowercase(bdy)"`],
    ['the target', { a: 'bought' }, `a: 'bought' is the target and cannot be a variable at column 1 of "bought"`],
    ['a number', { a: '7' }, `a: expected a variable or a transformation, found the number 7 at column 1 of "7"`],
  ] as const) {
    it(`cannot refer to ${name}`, () => {
      expect(errorOf(assigned(assignments, 'age')).message).toBe(`recipe.assignments.${message}`);
    });
  }

  for (const [name, meaning] of [
    ['age', 'an attribute'],
    ['ALL_TEXT', 'a predefined group'],
    ['MONEY', 'a group'],
    ['osb', 'a function'],
    ['bought', 'the target'],
  ]) {
    it(`cannot have a name taken by ${meaning}`, () => {
      const recipe = { groups: { MONEY: 'group(fare)' }, ...assigned({ [name]: 'lowercase(body)' }, 'age') };
      const error = errorOf(recipe);
      expect(error.message).toBe(`recipe.assignments.${name}: the name '${name}' is taken by ${meaning}`);
      expect(error.hint).toBe('rename the assignment');
    });
  }

  it('cannot be members of groups, which are defined before', () => {
    const recipe = { groups: { G: 'group(low)' }, ...assigned({ low: 'lowercase(body)' }, 'age') };
    expect(errorOf(recipe).message).toContain(`recipe.groups.G: unknown variable 'low'`);
  });

  it('are suggested for a misspelt name', () => {
    expect(errorOf(assigned({ binned_age: 'quantile_bin(age,30)' }, 'bined_age')).hint).toContain(
      "did you mean 'binned_age'?",
    );
  });

  it('keep the type of their expression', () => {
    expect(errorOf(assigned({ bin: 'quantile_bin(age,30)' }, 'normalize(bin)')).message).toBe(
      `recipe.outputs[0]: normalize takes a NUMERIC variable; 'bin' is CATEGORICAL at column 11 of "normalize(bin)"`,
    );
  });

  it('cannot grow without end', () => {
    const doubled = Object.fromEntries(
      Array.from({ length: 40 }, (_, i) => [`a${i}`, i === 0 ? 'job' : `cartesian(a${i - 1}, a${i - 1})`]),
    );
    expect(errorOf(assigned(doubled, 'a39')).message).toMatch(/a4: cartesian combines at most 10 variables, found 16/);
    const chained = Object.fromEntries(
      Array.from({ length: 200 }, (_, i) => [`a${i}`, i === 0 ? 'body' : `lowercase(a${i - 1})`]),
    );
    expect(errorOf(assigned(chained, 'a199')).message).toMatch(/a65: more than 64 transformations inside one another/);
  });
});
