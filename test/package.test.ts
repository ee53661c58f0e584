import { execFile } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { fixture, root, temporaryFolder } from './helpers/cli.js';

const run = promisify(execFile);
const folder = temporaryFolder();
const MINUTES = 60_000;

/** What the package must be able to do, from an empty folder. */
const PROGRAM = `
import { trainModel, loadModel } from 'create-ml-model';
const model = await trainModel({ data: process.argv[2], target: 'species', split: { strategy: 'random' } });
await model.save('iris.model');
const again = await loadModel('iris.model');
console.log(again.predict({ petal_length: 1.4, petal_width: 0.2 }).predictedLabel);
`;

/** There, and with what it keeps of compiled code. */
const inFolder = () => ({ cwd: folder.path, env: { ...process.env, XDG_CACHE_HOME: folder.file('cache') } });

describe('the packed package', { timeout: 10 * MINUTES }, () => {
  beforeAll(async () => {
    await run('npm', ['pack', '--ignore-scripts', '--pack-destination', folder.path], { cwd: root });
    const archive = (await readdir(folder.path)).find((name) => name.endsWith('.tgz')) as string;
    await writeFile(folder.file('package.json'), '{ "type": "module", "private": true }');
    await run('npm', ['install', '--no-audit', '--no-fund', `./${archive}`], { cwd: folder.path });
    await writeFile(folder.file('program.mjs'), PROGRAM);
  }, 5 * MINUTES);

  it('brings its version number and nothing but what runs', async () => {
    const { version } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'));
    const { stdout } = await run('npx', ['create-ml-model', '--version'], inFolder());
    expect(stdout.trim()).toBe(version);
    const names = await readdir(folder.file('node_modules/create-ml-model'));
    expect(names.sort()).toEqual(['CHANGELOG.md', 'LICENSE', 'README.md', 'build', 'package.json']);
    const built = await readdir(folder.file('node_modules/create-ml-model/build'), { recursive: true });
    expect(
      built.filter((name) => /\.\w+$/.test(name) && !/^(cli\/)?(chunks|scripts)|\.d\.ts$/.test(name)).sort(),
    ).toEqual([
      'cli/job-runner.js',
      'cli/machinelearning.js',
      'cli/main.js',
      'cli/package.json',
      'kernel.wasm',
      'node.js',
      'threads/roles.cjs',
    ]);
  });

  it.each(['20', '22', '24'])('trains, saves, loads and predicts on Node %s', async (major) => {
    const platform = process.platform === 'win32' ? 'win' : process.platform;
    const binary = `node-${platform}-${process.arch}`;
    await run('npm', ['install', '--no-audit', '--no-fund', '--prefix', `node-${major}`, `${binary}@${major}`], {
      cwd: folder.path,
    });
    const node = folder.file(`node-${major}/node_modules/${binary}/bin/node`);
    const { stdout: version } = await run(node, ['--version']);
    expect(version).toMatch(new RegExp(`^v${major}\\.`));
    const { stdout } = await run(node, ['program.mjs', fixture('iris.csv')], { cwd: folder.path });
    expect(stdout).toBe('Iris-setosa\n');
    const cli = folder.file('node_modules/create-ml-model/build/cli/main.js');
    for (const cache of ['empty', 'full']) {
      const { stdout: csv, stderr } = await run(node, [cli, 'predict', 'iris.model', fixture('iris.csv')], inFolder());
      expect(csv.split('\n'), cache).toHaveLength(152);
      expect(stderr).toBe('');
    }
  });
});
