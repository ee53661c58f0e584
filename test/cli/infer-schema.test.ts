import { mkdir, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { parseSchema } from '../../src/schema/parse.js';
import { type Finished, fixture, run, temporaryFolder } from '../helpers/cli.js';

const folder = temporaryFolder();
const infer = (args: readonly string[], input?: string): Promise<Finished> =>
  run(['infer-schema', ...args], { command: 'machinelearning', input });

describe('machinelearning infer-schema', () => {
  it('prints the schema and nothing else', async () => {
    const { code, stdout, stderr } = await infer([fixture('iris.csv')]);
    expect([code, stderr]).toEqual([0, '']);
    const schema = parseSchema(stdout, 'stdout');
    expect(schema).toMatchObject({ dataFileContainsHeader: true, targetAttributeName: null });
    expect(schema.attributes.map((a) => a.attributeType)).toEqual([...Array(4).fill('NUMERIC'), 'CATEGORICAL']);
    expect(stdout.split('\n')).toHaveLength(17);
  });

  it('explains each attribute on standard error, one line each, aligned', async () => {
    const data = 'id,name,temperature\n10,N/A,-999\n20,one,1\n30,two,2\n40,one,-999\n';
    const { stdout, stderr } = await infer(['-', '--explain', '--target', 'name'], data);
    expect(parseSchema(stdout, 'stdout').targetAttributeName).toBe('name');
    expect(stderr).toBe(`inferred from the first 4 observations; the first line is a header
1  id           CATEGORICAL  an id by its name: 4 whole numbers, all different; set rowId to 'id', so that it is not learned from
2  name         CATEGORICAL  3 distinct values: N/A, one, two; 'N/A' (once) looks like a placeholder for a missing value
3  temperature  NUMERIC      all 4 values are numbers from -999 to 2; -999 (2 times) looks like a placeholder for a missing value: leave the field empty instead
`);
  });

  it('prints schema, reasons and count as one JSON object', async () => {
    const { stdout } = await infer(['-', '--output', 'json'], '1,a\n2,b\n2,a\n');
    expect(JSON.parse(stdout)).toEqual({
      DataSchema: expect.objectContaining({ dataFileContainsHeader: false }),
      Reasons: [
        { attributeName: 'Var1', attributeType: 'NUMERIC', reason: 'all 3 values are numbers from 1 to 2' },
        { attributeName: 'Var2', attributeType: 'CATEGORICAL', reason: '2 distinct values: a, b' },
      ],
      ObservationCount: 3,
    });
  });

  it('takes a folder, whose schema can then be kept in it', async () => {
    await mkdir(folder.file('data'));
    await writeFile(folder.file('data/1.csv'), 'x,y\n1,0\n');
    await writeFile(folder.file('data/2.csv'), 'x,y\nred,1\n');
    const { stdout } = await infer([`${folder.file('data')}/`, '--target', 'y']);
    await writeFile(folder.file('data/.schema'), stdout);
    const types = parseSchema(stdout, 'stdout').attributes.map((a) => a.attributeType);
    expect(types).toEqual(['CATEGORICAL', 'BINARY']);
    const again = await infer([folder.file('data'), '--target', 'y']);
    expect(again.stdout).toBe(stdout);
  });

  it('does not let values write to the terminal', async () => {
    const { stderr } = await infer(['-', '--explain'], 'c,d\n\x1b[31mred,1\n\x1b[31mred,2\n');
    expect(stderr).toContain('\\u001b[31mred');
    expect(stderr).not.toContain('\x1b[31m');
  });

  it.each([
    [['none.csv'], '', 'error: none.csv: no such file\nhint: check the path\n'],
    [['-', '--target', 'z'], 'x,y\n1,2\n', "error: target: unknown attribute 'z'\nhint: Attributes: x, y\n"],
    [['-'], '', 'error: standard input: no observations\n'],
  ])('%j is an error with a hint', async (args, input, message) => {
    const { code, stdout, stderr } = await infer(args, input);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain(message);
  });
});
