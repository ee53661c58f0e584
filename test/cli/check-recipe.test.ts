import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { fixture, run, temporaryFolder } from '../helpers/cli.js';

const folder = temporaryFolder();
const DATA = fixture('iris.csv');
const SCHEMA = JSON.stringify({
  version: '1.0',
  targetAttributeName: 'y',
  dataFormat: 'CSV',
  dataFileContainsHeader: true,
  attributes: [
    { attributeName: 'job', attributeType: 'CATEGORICAL' },
    { attributeName: 'age', attributeType: 'NUMERIC' },
    { attributeName: 'text', attributeType: 'TEXT' },
    { attributeName: 'y', attributeType: 'BINARY' },
  ],
});
const ROWS = ['job,age,text,y', 'cook,1,a b c,1', 'cook,2,b c,0', 'baker,3,,1', 'baker,9,c c,'];

async function files(recipe: object): Promise<{ recipe: string; schema: string; data: string }> {
  const paths = {
    recipe: folder.file('recipe.json'),
    schema: folder.file('schema.json'),
    data: folder.file('data.csv'),
  };
  await writeFile(paths.recipe, JSON.stringify(recipe));
  await writeFile(paths.schema, SCHEMA);
  await writeFile(paths.data, `${ROWS.join('\n')}\n`);
  return paths;
}

function check(...args: string[]) {
  return run(['check-recipe', ...args], { command: 'machinelearning' });
}

describe('check-recipe', () => {
  const RECIPE = {
    groups: { BOTH: 'group(job, age)' },
    assignments: { bin: 'quantile_bin(age, 5)' },
    outputs: ['BOTH', 'cartesian(job, bin)', 'osb(lowercase(text), 2)', 'normalize(age)'],
  };

  it('prints each output with groups and assignments expanded, and its type', async () => {
    const { recipe, schema } = await files(RECIPE);
    const { code, stdout, stderr } = await check(recipe, '--schema', schema);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.split('\n').map((line) => line.trim().split(/\s{2,}/))).toEqual([
      ['type', '5 outputs'],
      ['CATEGORICAL', 'job'],
      ['NUMERIC', 'age'],
      ['CATEGORICAL', 'cartesian(job,quantile_bin(age,5))'],
      ['TOKENS', 'osb(lowercase(text),2)'],
      ['NUMERIC', 'normalize(age)'],
      [''],
    ]);
  });

  it('counts the features of each output on the observations that can be learned from', async () => {
    const { recipe, schema, data } = await files(RECIPE);
    const { code, stdout } = await check(recipe, '--schema', schema, '--data', data, '--output', 'json');
    expect(code).toBe(0);
    // three observations have a target; normalize(age) is the same as age
    expect(JSON.parse(stdout)).toEqual({
      Outputs: [
        { Expression: 'job', Type: 'CATEGORICAL', Attributes: ['job'], FeatureCount: 2 },
        { Expression: 'age', Type: 'NUMERIC', Attributes: ['age'], FeatureCount: 1 },
        {
          Expression: 'cartesian(job,quantile_bin(age,5))',
          Type: 'CATEGORICAL',
          Attributes: ['job', 'age'],
          FeatureCount: 3,
        },
        { Expression: 'osb(lowercase(text),2)', Type: 'TOKENS', Attributes: ['text'], FeatureCount: 3 },
        { Expression: 'normalize(age)', Type: 'NUMERIC', Attributes: ['age'], FeatureCount: 0 },
      ],
      FeatureCount: 9,
      ObservationCount: 3,
    });
    const report = await check(recipe, '--schema', schema, '--data', data);
    expect(report.stdout).toMatch(/^ +9 {2}in 3 observations, and a bias$/m);
  });

  it('infers a schema from the data, with --target; the recipe may be text', async () => {
    const recipe = '{"outputs":["quantile_bin(ALL_NUMERIC,10)"]}';
    const { code, stdout } = await check(recipe, '--data', DATA, '--target', 'species', '--output', 'json');
    expect(code).toBe(0);
    const { Outputs, ObservationCount } = JSON.parse(stdout);
    expect(ObservationCount).toBe(150);
    expect(Outputs).toHaveLength(4);
    for (const { FeatureCount } of Outputs) expect(FeatureCount).toBeGreaterThanOrEqual(5);
  });

  it('reports what is wrong, with path, column, word and hint, and exits 1', async () => {
    const { recipe, schema } = await files({ outputs: ['age', 'ngram(txt, 2)'] });
    expect(await check(recipe, '--schema', schema)).toEqual({
      code: 1,
      stdout: '',
      stderr: `error: recipe.outputs[1]: unknown variable 'txt' at column 7 of "ngram(txt, 2)"
hint: did you mean 'text'? Variables: job, age, text
`,
    });
  });

  it('asks for a schema or data', async () => {
    const { recipe } = await files(RECIPE);
    const { code, stderr } = await check(recipe);
    expect(code).toBe(1);
    expect(stderr).toContain('error: no schema is given');
  });

  it('names a file that is not there', async () => {
    const { code, stderr } = await check('missing.json', '--data', DATA);
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining("recipe: no file 'missing.json'") });
  });
});
