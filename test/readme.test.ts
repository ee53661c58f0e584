import { execFile } from 'node:child_process';
import { copyFile, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { fixture, root, temporaryFolder } from './helpers/cli.js';

const folder = temporaryFolder();
const readme = readFile(new URL('../README.md', import.meta.url), 'utf8');

describe('README', () => {
  it('has a library example that runs as it stands', async () => {
    const example = /<!-- example -->\n```js\n([\s\S]*?)```/.exec(await readme)?.[1] as string;
    await mkdir(folder.file('node_modules'));
    await symlink(root, folder.file('node_modules/create-ml-model'));
    for (const name of ['banking.csv.gz', 'banking.csv.gz.schema']) await copyFile(fixture(name), folder.file(name));
    await writeFile(folder.file('example.mjs'), example);
    const { stdout, stderr } = await promisify(execFile)(process.execPath, ['example.mjs'], { cwd: folder.path });
    expect(stderr).toBe('');
    expect(Number(stdout.split('\n')[0])).toBeGreaterThan(0.9);
    expect(stdout).toContain("predictedLabel: '1'");
    expect(stdout).toContain("type: 'BINARY'");
  });

  it('names every option of the command', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [`${root}build/cli/main.js`, '--help']);
    const options = [...stdout.matchAll(/^ +(?:-\w, )?(--[a-z-]+)/gm)].map(([, name]) => name);
    expect(options.length).toBeGreaterThan(12);
    for (const name of options) if (name !== '--help' && name !== '--version') expect(await readme).toContain(name);
  });

  it('names the commands that its package has', async () => {
    const { scripts } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'));
    for (const [, script] of (await readme).matchAll(/npm run ([\w:-]+)/g)) expect(scripts).toHaveProperty(script);
  });
});
