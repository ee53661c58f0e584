import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it, vi } from 'vitest';
import { openStore } from '../../src/store/store.js';
import { fixture, root, run, temporaryFolder } from '../helpers/cli.js';

const folder = temporaryFolder();
const quick = (file: string, ...args: string[]): string[] => [file, '--home', folder.file('home'), ...args];

async function json(...args: string[]): Promise<Record<string, never>> {
  const { code, stdout, stderr } = await run([...args, '--home', folder.file('home'), '--output', 'json']);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  return JSON.parse(stdout);
}

describe('create-ml-model FILE', () => {
  it('does not replace a model of the service', async () => {
    const home = folder.file('home-with-store');
    const store = await openStore(home);
    const request = { TrainingDataSourceId: 'ds' };
    store.create({ kind: 'MLModel', id: 'taken', name: undefined, request, fingerprint: '', filters: {} });
    store.remove('MLModel', 'taken');
    store.close();
    const train = (id: string) =>
      run([fixture('iris.csv'), '--target', 'species', '--home', home, '--ml-model-id', id]);
    const { code, stdout, stderr } = await train('taken');
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain("--ml-model-id: 'taken' is the id of a model that was created");
    expect((await train('free')).code).toBe(0);
    expect(await readdir(join(home, 'models'))).toEqual(['free.model']);
  });

  it('infers, trains, evaluates and reports from a CSV file and nothing else', async () => {
    const { code, stdout, stderr } = await run(quick(fixture('iris.csv'), '--target', 'species', '--split', 'random'));
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toContain('multinomial logistic regression because species is CATEGORICAL');
    expect(stdout).toMatch(/schema +inferred from the first 150 observations/);
    expect(stdout).toMatch(/NUMERIC +4 {2}sepal_length, sepal_width, petal_length, petal_width/);
    expect(stdout).toMatch(/training +pass +stage +loss +held-out +gradient +excess +rows\/s/);
    expect(stdout).toMatch(/\n +\d+ +2 +0\.\d{5} +0\.\d{5} +\de-\d+ +\de-\d+ +[\d,]+ /);
    expect(stdout).toMatch(/excess: estimate of the distance to the optimum/);
    expect(stdout).toMatch(/held-out: loss on \d+ observations not learned from/);
    expect(stdout).toMatch(/macro F1 +0\.\d{4}/);
    expect(stdout).toMatch(/strongest +petal_/);
    const path = /model file +(\S+)/.exec(stdout)?.[1] as string;
    expect(existsSync(path)).toBe(true);
    expect(stdout).toContain(`create-ml-model predict ${path}`);
  });

  it('prints one JSON object with what the service would have', async () => {
    const result = await json(fixture('banking.csv.gz'), '--target', 'y', '--split', 'random', '--seed', '1');
    expect(Object.keys(result)).toEqual([
      'MLModelId',
      'MLModelType',
      'PerformanceMetrics',
      'LogLoss',
      'Baseline',
      'ObservationCount',
      'SizeInBytes',
      'ElapsedMs',
      'ModelPath',
    ]);
    expect(result.MLModelId).toMatch(/^ml-[A-Za-z0-9]{11}$/);
    expect(result.MLModelType).toBe('BINARY');
    const { BinaryAUC } = (result.PerformanceMetrics as { Properties: Record<string, string> }).Properties;
    expect(BinaryAUC).toBeTypeOf('string');
    expect(Number(BinaryAUC)).toBeGreaterThan(0.92);
    expect(result.LogLoss).toBeLessThan(0.22);
    expect(result.Baseline).toBe(0.5);
    const { Training, Evaluation } = result.ObservationCount as { Training: number; Evaluation: number };
    expect(Training + Evaluation).toBe(10_297);
    expect(Training / 10_297).toBeCloseTo(0.7, 1);
    expect((await readFile(result.ModelPath)).length).toBe(result.SizeInBytes);
  });

  it('reports RMSE for a numeric target, without a log loss', async () => {
    const result = await json(fixture('diamonds.csv'), '--target', 'price', '--split', 'random');
    expect(result.MLModelType).toBe('REGRESSION');
    const { RegressionRMSE } = (result.PerformanceMetrics as { Properties: Record<string, string> }).Properties;
    expect(Number(RegressionRMSE)).toBeLessThan(1600);
    expect(result.Baseline).toBeGreaterThan(3000);
    expect(result.LogLoss).toBeNull();
  });

  it('takes the first line for a header when it names the target, whatever else is in it', async () => {
    const rows = Array.from({ length: 200 }, (_, i) => `${i % 7},${i % 13},${i % 2}\n`).join('');
    await writeFile(folder.file('years.csv'), `2019,2020,y\n${rows}`);
    const { stdout } = await run(quick(folder.file('years.csv'), '--target', 'y'));
    expect(stdout).toMatch(/NUMERIC +2 {2}2019, 2020/);
  });

  it('splits in file order by default, 70 to 30', async () => {
    const result = await json(fixture('diamonds.csv'), '--target', 'price');
    expect(result.ObservationCount).toEqual({ Training: 1398, Evaluation: 600 });
  });

  it('evaluates on another file when one is given, and learns from all of the first', async () => {
    const result = await json(fixture('iris.csv'), '--target', 'species', '--evaluate', fixture('iris.csv'));
    expect(result.ObservationCount).toEqual({ Training: 150, Evaluation: 150 });
  });

  it('writes the same model file, byte for byte, for the same seed, and another for another', async () => {
    for (const [name, seed] of [
      ['a', '1'],
      ['b', '1'],
      ['c', '2'],
    ]) {
      const args = ['--target', 'species', '--split', 'random', '--seed', seed, '--model-out', folder.file(name)];
      expect((await run(quick(fixture('iris.csv'), ...args))).code).toBe(0);
    }
    const [a, b, c] = await Promise.all(['a', 'b', 'c'].map((name) => readFile(folder.file(name))));
    expect(a.equals(b)).toBe(true);
    expect(a.equals(c)).toBe(false);
  });

  it('reads standard input, plain or gzip, to the same model as from a file', async () => {
    const packed = await readFile(fixture('banking.csv.gz'));
    await writeFile(folder.file('plain.csv'), gunzipSync(packed));
    const args = ['--target', 'y', '--schema', fixture('banking.csv.gz.schema')];
    await run([folder.file('plain.csv'), ...args, '--model-out', folder.file('from-file')]);
    for (const input of [packed, gunzipSync(packed)]) {
      const { code } = await run(['-', ...args, '--model-out', folder.file('from-stdin')], { input });
      expect(code).toBe(0);
      expect(await readFile(folder.file('from-stdin'))).toEqual(await readFile(folder.file('from-file')));
    }
  });

  it('takes the schema beside the file', async () => {
    const { stdout } = await run(quick(fixture('banking.csv.gz')));
    expect(stdout).toMatch(/schema +\S+banking\.csv\.gz\.schema/);
    expect(stdout).toContain('binary logistic regression because y is BINARY');
  });

  it('takes recipe and parameters', async () => {
    await writeFile(folder.file('recipe.json'), '{"outputs":["normalize(ALL_NUMERIC)"]}');
    const { stdout, stderr } = await run(
      quick(
        fixture('iris.csv'),
        '--target',
        'species',
        '--split',
        'random',
        '--recipe',
        folder.file('recipe.json'),
      ).concat('--parameters', 'sgd.maxPasses=3,sgd.shuffleType=auto'),
    );
    expect(stderr).toBe('');
    expect(stdout).toMatch(/recipe +normalize\(ALL_NUMERIC\)/);
    expect(stdout).toMatch(/\n +3 +1 +0\.\d{5}/);
    expect(stdout).not.toMatch(/\n +4 +[12] +0\.\d{5}/);
  });

  it('predicts another type of model when told to', async () => {
    const result = await json(fixture('banking.csv.gz'), '--target', 'y', '--ml-model-type', 'MULTICLASS');
    expect(result.MLModelType).toBe('MULTICLASS');
  });

  it('trains with the threads and in the memory it is told to, to the same model', async () => {
    const args = [fixture('iris.csv'), '--target', 'species', '--split', 'random'];
    const files: Buffer[] = [];
    for (const more of [[], ['--threads', '1'], ['--threads', '2', '--memory', '1M']]) {
      const out = folder.file(`threads-${more.length}.model`);
      const { code } = await run([...args, ...more, '--model-out', out]);
      expect(code).toBe(0);
      files.push(await readFile(out));
    }
    for (const file of files.slice(1)) expect(file.equals(files[0])).toBe(true);
  });

  it('writes progress as JSON lines on standard error when asked', async () => {
    const { stderr } = await run(quick(fixture('iris.csv'), '--target', 'species', '--progress', 'json'));
    const events = stderr
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const passes = events.filter(({ event }) => event === 'pass');
    expect(passes.length).toBeGreaterThan(2);
    expect(passes.map(({ pass }) => pass)).toEqual(passes.map((_, i) => i + 1));
    for (const { event, stage, loss, heldOutLoss, rowsPerSecond, gradientNorm, suboptimality } of events) {
      if (event !== 'pass') continue;
      expect(loss).toBeGreaterThan(0);
      expect(heldOutLoss).toBeGreaterThan(0);
      expect(rowsPerSecond).toBeGreaterThan(0);
      if (stage === 2) expect([gradientNorm > 0, suboptimality >= 0 && suboptimality < 1]).toEqual([true, true]);
    }
    expect(passes.map(({ stage }) => stage)).toEqual(passes.map((_, i) => (i < 1 ? 1 : 2)));
  });

  it('learns a constant from a target with one class, and says so', async () => {
    const sorted = folder.file('sorted.csv');
    const lines = Array.from({ length: 50 }, (_, i) => `${i},${i < 40 ? 'a' : 'b'}`);
    await writeFile(sorted, `x,y\n${lines.join('\n')}\n`);
    const { stdout } = await run(quick(sorted, '--target', 'y'));
    expect(stdout).toMatch(/35 observations to learn from/);
    expect(stdout).toMatch(/it is 'a' in all of them: the model will always answer that/);
    expect(stdout).toMatch(/split it at random: --split random/);
    expect(stdout).toMatch(/'b' does not occur in what was learned from/);
    expect((await run(quick(sorted, '--target', 'y', '--split', 'random'))).stdout).not.toMatch(/in all of them/);
  });

  it('says when the optimum is reached before the passes are used up', async () => {
    const args = quick(fixture('iris.csv'), '--target', 'species', '--split', 'random');
    const { stdout } = await run([...args, '--parameters', 'sgd.maxPasses=500']);
    const [, passes] = /the optimum was reached after (\d+) of at most 500 passes/.exec(stdout) ?? [];
    expect(Number(passes)).toBeGreaterThan(5);
    expect(Number(passes)).toBeLessThan(100);
  });

  it('keeps the model under the id that is given', async () => {
    const result = await json(fixture('iris.csv'), '--target', 'species', '--ml-model-id', 'my.iris_1');
    expect(result.ModelPath).toBe(folder.file('home/models/my.iris_1.model'));
  });

  it('does the same as machinelearning create-ml-model', async () => {
    const args = quick(fixture('iris.csv'), '--target', 'species', '--output', 'json');
    const { code, stdout } = await run(['create-ml-model', ...args], { command: 'machinelearning' });
    expect(code).toBe(0);
    expect(JSON.parse(stdout).MLModelType).toBe('MULTICLASS');
  });
});

describe('create-ml-model, refusing', () => {
  const csv = async (content: string | Uint8Array, name = 'bad.csv'): Promise<string> => {
    await writeFile(folder.file(name), content);
    return folder.file(name);
  };
  const rows = (count: number, of: (i: number) => string): string =>
    Array.from({ length: count }, (_, i) => `${of(i)}\n`).join('');
  const good = `x,y\n${rows(100, (i) => `${i},${i % 2}`)}`;

  async function refused(args: string[], error: RegExp, hint?: RegExp): Promise<void> {
    const out = folder.file('refused.model');
    const { code, stdout, stderr } = await run([...args, '--model-out', out]);
    expect(stderr).toMatch(error);
    if (hint) expect(stderr).toMatch(hint);
    expect(code).toBe(1);
    expect(stdout).not.toContain('model file');
    expect((await readdir(folder.path)).filter((name) => name.startsWith('refused'))).toEqual([]);
  }

  it('no file, or one that does not exist', async () => {
    await refused([], /error: no CSV file is given/, /hint: create-ml-model FILE --target NAME/);
    await refused([folder.file('none.csv'), '--target', 'y'], /error: .*none\.csv: no such file/);
  });

  it('an empty file, and one with a header only', async () => {
    await refused([await csv(''), '--target', 'y'], /bad\.csv: no observations/);
    await refused([await csv('x,y\n'), '--target', 'y'], /bad\.csv: no observation/);
  });

  it('bytes that are not UTF-8, naming the line', async () => {
    await refused(
      [await csv(Buffer.from('x,y\n1,0\n\xe9,1\n', 'latin1')), '--target', 'y'],
      /bad\.csv, line 3, byte 1 of the line: 0xE9 is not UTF-8/,
    );
    await refused([await csv(Buffer.from('\ufeffx,y\n1,0\n', 'utf16le')), '--target', 'y'], /UTF-16/);
  });

  it('a target that is missing or misspelt', async () => {
    await refused([await csv(good)], /no target is given/, /x, y/);
    await refused([await csv('age,label\n1,0\n2,1\n'), '--target', 'lable'], /'lable'/, /did you mean 'label'/);
  });

  it('a header that does not match the schema, naming line and column', async () => {
    const schema = JSON.stringify({
      version: '1.0',
      targetAttributeName: 'y',
      dataFormat: 'CSV',
      dataFileContainsHeader: true,
      attributes: [
        { attributeName: 'z', attributeType: 'NUMERIC' },
        { attributeName: 'y', attributeType: 'BINARY' },
      ],
    });
    await writeFile(folder.file('s.schema'), schema);
    await refused([await csv(good), '--schema', folder.file('s.schema')], /bad\.csv: line 1, column 1: .*'x'.*'z'/);
  });

  it('a schema that is not JSON, naming the place', async () => {
    await writeFile(folder.file('s.schema'), '{"version": "1.0",\n "attributes": [}');
    await refused([await csv(good), '--schema', folder.file('s.schema')], /s\.schema.*line 2/);
  });

  it('a recipe with a mistake, naming the place', async () => {
    await refused(
      [await csv(good), '--target', 'y', '--recipe', '{"outputs":["quantile_bin(ALL_NUMERICS,10)"]}'],
      /outputs\[0\].*'ALL_NUMERICS'.*column 14/,
      /did you mean 'ALL_NUMERIC'/,
    );
  });

  it('a number of threads and an amount of memory that make no sense', async () => {
    for (const [flag, value] of [
      ['--threads', '0'],
      ['--threads', 'two'],
      ['--memory', '12 apples'],
      ['--memory', '1K'],
    ]) {
      const { code, stderr } = await run(quick(fixture('iris.csv'), '--target', 'species', flag, value));
      expect(stderr).toMatch(new RegExp(`^error: ${flag === '--threads' ? flag : 'memory'}: '${value}' is not`));
      expect(stderr).toContain('hint: give');
      expect(code).toBe(1);
    }
  });

  it('a parameter out of range', async () => {
    await refused([await csv(good), '--target', 'y', '--parameters', 'sgd.maxPasses=0'], /sgd\.maxPasses: '0'/);
  });

  it('a file in which too many observations cannot be read, naming file, line and reason', async () => {
    const path = await csv(`x,y\n${rows(100, (i) => `${i},${i % 2}`)}${rows(20_000, (i) => `${i},1,extra`)}`);
    await refused(
      [path, '--target', 'y', '--split', 'random'],
      /bad\.csv: more than 10,000 observations could not be used; line \d+: 3 fields where 2 are expected/,
    );
  });

  it('a file whose target is never valid, quoting column and value', async () => {
    const path = await csv(`x,y\n${rows(50, (i) => `${i},maybe`)}`);
    await refused([path, '--target', 'y', '--ml-model-type', 'BINARY'], /line 2: column 'y': 'maybe'/);
  });

  it('gzip data that is cut short', async () => {
    const whole = await readFile(fixture('banking.csv.gz'));
    await refused([await csv(whole.subarray(0, 50_000)), '--target', 'y'], /bad\.csv: the gzip data ends too early/);
  });

  it('a place where the model cannot be written', async () => {
    const { code, stderr } = await run([
      await csv(good),
      '--target',
      'y',
      '--model-out',
      folder.file('no/such/x.model'),
    ]);
    expect(stderr).toMatch(/error: .*no such folder/);
    expect(code).toBe(1);
  });

  it('to write over its own input', async () => {
    const path = await csv(good);
    const { code, stderr } = await run([path, '--target', 'y', '--model-out', path]);
    expect(stderr).toMatch(/--model-out: .*bad\.csv' is the input .* would be lost/);
    expect(code).toBe(1);
    expect(await readFile(path, 'utf8')).toBe(good);
  });

  it('a split together with --evaluate', async () => {
    await refused(
      [await csv(good), '--target', 'y', '--split', 'random', '--evaluate', fixture('iris.csv')],
      /cannot be used with option '--evaluate/,
    );
  });

  it('a share that is none, naming the flag', async () => {
    await refused(
      [await csv(good), '--target', 'y', '--train-percent', '70%'],
      /--train-percent: '70%' is not a share/,
    );
  });

  it('shows control characters from the data instead of obeying them', async () => {
    const path = await csv(`x,y\n${rows(100, (i) => `${i % 2 ? '\x1b]0;pwned\x07' : 'plain'},${i % 2}`)}`);
    const { code, stdout } = await run(quick(path, '--target', 'y'));
    expect(code).toBe(0);
    expect(stdout).toContain('x=\\x1b]0;pwned\\x07');
    expect(stdout).not.toContain('\x1b');
  });

  it('keeps the model when the reader of its report closes the pipe', async () => {
    const out = folder.file('piped.model');
    const command = `"$0" "$@" | head -n 1`;
    const args = [join(root, 'build/cli/main.js'), fixture('banking.csv.gz'), '--model-out', out];
    await promisify(execFile)('sh', ['-c', command, process.execPath, ...args]);
    await vi.waitFor(() => expect(existsSync(out)).toBe(true), 30_000);
  });

  it('ends on Ctrl-C while it waits for input, and leaves nothing behind', async () => {
    const temporary = folder.file('temporary');
    await mkdir(temporary, { recursive: true });
    const child = spawn(process.execPath, [join(root, 'build/cli/main.js'), '-', '--target', 'y'], {
      env: { ...process.env, TMPDIR: temporary },
    });
    child.stdin.write('x,y\n1,0\n');
    await vi.waitFor(async () => expect(await readdir(temporary)).toHaveLength(1), 30_000);
    const ended = new Promise((resolve) => child.on('close', resolve));
    child.kill('SIGINT');
    // Its input stays open: only the signal ends it.
    expect(await ended).toBe(130);
    expect(await readdir(temporary)).toEqual([]);
  });

  it('an unknown flag, with a suggestion', async () => {
    const { code, stderr } = await run([await csv(good), '--targte', 'y']);
    expect(stderr).toMatch(/unknown option '--targte'[\s\S]*--target/);
    expect(code).toBe(1);
  });

  it('goes on when few observations are bad, and says which', async () => {
    const path = await csv(`x,y\n${rows(100, (i) => `${i},${i % 2}`)}1,2,3\n5,\n${rows(50, (i) => `${i},${i % 2}`)}`);
    const { code, stdout } = await run(quick(path, '--target', 'y', '--split', 'random'));
    expect(code).toBe(0);
    expect(stdout).toMatch(/left out +\d observations?: line 10[23]: /);
  });

  it('ends within a second of Ctrl-C, with nothing written', async () => {
    const columns = Array.from({ length: 20 }, (_, j) => j);
    const row = (i: number): string => columns.map((j) => (i * (7919 + 26 * j) + j * i * i) % 1009).join();
    const path = await csv(
      `${columns.map((j) => `x${j}`)},y\n${rows(40_000, (i) => `${row(i)},${i % 2}`)}`,
      'long.csv',
    );
    const out = folder.file('refused.model');
    const args = [
      path,
      '--target',
      'y',
      '--parameters',
      'sgd.maxPasses=10000',
      '--progress',
      'json',
      '--model-out',
      out,
    ];
    const { code, stderr } = await run(args, { kill: { signal: 'SIGINT', after: '"pass":2' } });
    expect(code).toBe(130);
    expect(stderr).toMatch(/interrupted\n$/);
    expect(existsSync(out)).toBe(false);
  });
});

describe('create-ml-model --version and --help', () => {
  it('prints the version of package.json', async () => {
    const { version } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'));
    expect(await run(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  it('explains every option', async () => {
    const { stdout } = await run(['--help']);
    for (const option of [
      '--target',
      '--schema',
      '--recipe',
      '--parameters',
      '--split',
      '--seed',
      '--evaluate',
      '--model-out',
      '--threads',
      '--memory',
      '--checkpoint',
    ]) {
      expect(stdout).toContain(option);
    }
    expect(stdout).toContain('predict');
  });
});
