import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { fixture, run, temporaryFolder } from '../helpers/cli.js';

const folder = temporaryFolder();
const iris = fixture('iris.csv');
const FIRST = '{"splitting":{"percentBegin":0,"percentEnd":40}}';
const REST = '{"splitting":{"percentBegin":0,"percentEnd":40,"complement":true}}';

async function train(...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return run([iris, '--target', 'species', '--model-out', folder.file('part.model'), ...args]);
}

describe('--data-rearrangement', () => {
  it('chooses what create-ml-model learns from; nothing is evaluated', async () => {
    const { code, stdout, stderr } = await train('--data-rearrangement', FIRST);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/data +60 observations to learn from \(sequential, 0 to 40 %\)/);
    expect(stdout).not.toContain('evaluation');
    expect(stdout).not.toContain('held-out');
  });

  it('is JSON text, a file, or a file after file://', async () => {
    await writeFile(folder.file('rest.json'), REST);
    for (const given of [REST, folder.file('rest.json'), `file://${folder.file('rest.json')}`]) {
      const { stdout } = await train('--data-rearrangement', given, '--output', 'json');
      expect(JSON.parse(stdout).ObservationCount).toEqual({ Training: 90, Evaluation: 0 });
    }
  });

  it('goes together with data to evaluate on', async () => {
    const { stdout } = await train('--data-rearrangement', REST, '--evaluate', iris, '--output', 'json');
    expect(JSON.parse(stdout).ObservationCount).toEqual({ Training: 90, Evaluation: 150 });
  });

  it('chooses what evaluate measures on', async () => {
    await train('--data-rearrangement', FIRST);
    const args = ['evaluate', folder.file('part.model'), iris, '--output', 'json', '--data-rearrangement', FIRST];
    const { code, stdout } = await run(args, { command: 'machinelearning' });
    expect(code).toBe(0);
    expect(JSON.parse(stdout).ObservationCount).toBe(60);
  });

  it('chooses what describe-data looks at', async () => {
    const args = ['describe-data', iris, '--output', 'json', '--data-rearrangement', REST];
    const { code, stdout } = await run(args, { command: 'machinelearning' });
    expect(code).toBe(0);
    expect(JSON.parse(stdout).ObservationCount).toBe(90);
  });

  it('excludes a split, and a page without an evaluation', async () => {
    for (const [flag, value] of [
      ['--split', 'random'],
      ['--train-percent', '50'],
    ]) {
      const { code, stderr } = await train('--data-rearrangement', FIRST, flag, value);
      expect(stderr).toMatch(
        /option '--data-rearrangement <json>' cannot be used with option '--(split|train-percent)/,
      );
      expect(code).toBe(1);
    }
    const { code, stderr } = await train('--data-rearrangement', FIRST, '--html', folder.file('page.html'));
    expect(stderr).toMatch(/error: --html: there is no evaluation to write\nhint: .*--evaluate/);
    expect(code).toBe(1);
  });

  it('is refused with the place of what is wrong in it', async () => {
    const bad = await train('--data-rearrangement', '{"splitting":{"percentBegin":0,"percentEnd":101}}');
    expect(bad.stderr).toMatch(/error: DataRearrangement: splitting\.percentEnd: 101/);
    expect(bad.code).toBe(1);
    const missing = await train('--data-rearrangement', 'none.json');
    expect(missing.stderr).toMatch(
      /error: --data-rearrangement: no file 'none\.json'\nhint: give a file, or JSON text/,
    );
    expect(missing.code).toBe(1);
  });

  it('is explained, with an example', async () => {
    const pages = [
      await run(['--help']),
      await run(['evaluate', '--help'], { command: 'machinelearning' }),
      await run(['describe-data', '--help'], { command: 'machinelearning' }),
    ];
    for (const { stdout } of pages) {
      expect(stdout).toContain('--data-rearrangement <json>');
      expect(stdout).toMatch(/--data-rearrangement '\{"splitting"/);
    }
  });
});
