import { readFile, writeFile } from 'node:fs/promises';
import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { fixture, type RunOptions, run, temporaryFolder } from '../helpers/cli.js';

const folder = temporaryFolder();
const describeData = (args: readonly string[], options: RunOptions = {}) =>
  run(['describe-data', ...args], { command: 'machinelearning', ...options });

describe('describe-data', () => {
  it('prints rows, the target, and a histogram, facts and correlation for each attribute', async () => {
    const { code, stdout, stderr } = await describeData([fixture('banking.csv.gz')]);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toMatch(/observations +\d/);
    expect(stdout).toMatch(/rejected +0/);
    expect(stdout).toMatch(/target y +BINARY/);
    expect(stdout).toMatch(/age +NUMERIC +[▁▂▃▄▅▆▇█ ]+ +[█▉▊▋▌▍▎▏]+ +[\d.]+ %/);
    expect(stdout).toMatch(/job +CATEGORICAL/);
    expect(stdout).toMatch(/! 999 in 9\d % of the rows.*a placeholder\?/);
    expect(stdout).not.toContain('\x1b');
  });

  it('gives the numbers as JSON', async () => {
    const { stdout } = await describeData([fixture('iris.csv'), '--target', 'species', '--output', 'json']);
    const data = JSON.parse(stdout);
    expect(data).toMatchObject({
      ObservationCount: 150,
      RejectedCount: 0,
      Target: { Name: 'species', Type: 'CATEGORICAL', Entropy: expect.closeTo(Math.log2(3), 9) },
      Sample: { RowCount: 150, Complete: true },
      HtmlPath: null,
    });
    // Fisher's iris, means as published: 5.843, 3.054, 3.759, 1.199.
    const means = data.Attributes.slice(0, 4).map((a: { Mean: number }) => a.Mean.toFixed(3));
    expect(means).toEqual(['5.843', '3.054', '3.759', '1.199']);
    const [length] = data.Attributes;
    expect(length).toMatchObject({ Name: 'sepal_length', Min: 4.3, Max: 7.9, Median: 5.8, Missing: 0 });
    expect(length.Correlation.Share).toBeGreaterThan(0.3);
    expect(length.Histogram.Counts.reduce((a: number, b: number) => a + b)).toBe(150);
  });

  it('needs no target, and reads standard input', async () => {
    const input = 'a,b\n1,x\n2,y\n,x\nnone,y\n4,x\n';
    const { code, stdout } = await describeData(['-', '--output', 'json'], { input });
    expect(code).toBe(0);
    const { Target, Attributes } = JSON.parse(stdout);
    expect(Target).toBeNull();
    expect(Attributes.map((a: { Name: string }) => a.Name)).toEqual(['a', 'b']);
    const report = await describeData(['-'], { input });
    expect(report.stdout).not.toContain('tells of');
    expect(report.stdout).toMatch(/standard input/);
  });

  it('reads with a schema, and counts what does not fit', async () => {
    await writeFile(folder.file('bad.csv'), 'n,c\n1,a\ntwo,b\n3,a\n4\n,c\n');
    const schema = {
      version: '1.0',
      dataFormat: 'CSV',
      dataFileContainsHeader: true,
      attributes: [
        { attributeName: 'n', attributeType: 'NUMERIC' },
        { attributeName: 'c', attributeType: 'CATEGORICAL' },
      ],
    };
    await writeFile(folder.file('n.schema'), JSON.stringify(schema));
    const args = [folder.file('bad.csv'), '--schema', folder.file('n.schema')];
    const { stdout } = await describeData([...args, '--output', 'json']);
    expect(JSON.parse(stdout)).toMatchObject({
      ObservationCount: 4,
      RejectedCount: 1,
      RejectedExamples: ['line 5: 1 field where 2 are expected'],
      Attributes: [
        { Name: 'n', Missing: 2, Invalid: 1, Mean: 2 },
        { Name: 'c', Distinct: 3 },
      ],
    });
    expect((await describeData(args)).stdout).toContain('1 of the values are invalid');
  });

  it('writes one self-contained page with a chart for every attribute', async () => {
    const path = folder.file('iris.html');
    const { code, stdout } = await describeData([fixture('iris.csv'), '--target', 'species', '--html', path]);
    expect(code).toBe(0);
    expect(stdout).toContain(path);
    const page = await readFile(path, 'utf8');
    const { document } = parseHTML(page);
    expect(document.querySelector('h1')?.textContent).toBe('iris.csv');
    for (const name of ['sepal_length', 'sepal_width', 'petal_length', 'petal_width']) {
      const panel = document.getElementById(`attribute-${name}`);
      expect(panel?.querySelectorAll('svg [aria-label="rect"] rect').length).toBeGreaterThan(10);
      expect(panel?.querySelector('.legend')?.textContent).toContain('Iris-virginica');
      expect(panel?.querySelector('.facts')?.textContent).toContain('median');
    }
    expect(page).toContain('prefers-color-scheme: dark');
    expect(page.replaceAll('http://www.w3.org/', '')).not.toMatch(/https?:|<link|<img|<script|@import|url\(/);
  });

  it('keeps markup and control characters of the data harmless', async () => {
    const nasty = '<script>alert(1)</script>';
    const rows = Array.from({ length: 40 }, (_, i) => `${i % 2 ? nasty : `"\x1b[31mred\nline"`},${i % 2}`);
    await writeFile(folder.file('nasty.csv'), `${nasty},y\n${rows.join('\n')}\n`);
    const path = folder.file('nasty.html');
    const { stdout } = await describeData([folder.file('nasty.csv'), '--target', 'y', '--html', path]);
    expect(stdout).not.toContain('\x1b');
    expect(stdout).toContain('�[31mred�line');
    const page = await readFile(path, 'utf8');
    expect(page).not.toContain('<script');
    expect(page).toContain('&lt;script&gt;');
  });

  it('says what is wrong, and what to do', async () => {
    const unknown = await describeData([fixture('iris.csv'), '--target', 'specie']);
    expect(unknown.code).toBe(1);
    expect(unknown.stdout).toBe('');
    expect(unknown.stderr).toMatch(/error: .*'specie'[\s\S]*hint: did you mean 'species'/);
    const absent = await describeData([folder.file('absent.csv')]);
    expect(absent.code).toBe(1);
    expect(absent.stderr).toContain('absent.csv');
    const unreadable = await describeData(['-', '--schema', folder.file('n.schema')], { input: 'n,c\n1\n2\n' });
    expect(unreadable.stderr).toMatch(/no observation could be read; 2 could not, the first on line 2/);
  });

  it('reports progress as JSON lines', async () => {
    const { stderr } = await describeData([fixture('banking.csv.gz'), '--progress', 'json']);
    const events = stderr
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events.at(-1)).toMatchObject({ event: 'read', purpose: 'statistics' });
  });
});
