import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { builtFile } from '../../src/built-file.js';

it('ends at once where the data is worth threads and no model can be made of it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'early-threads-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, 'large.csv');
  await writeFile(path, `y,a\n${'1,0.5\n0,0.25\n'.repeat((28 << 20) / 13)}`);
  const args = [fileURLToPath(builtFile('cli/main.js')), path, '--target', 'z', '--threads', '2'];
  const { code, stderr } = await new Promise<{ code: unknown; stderr: string }>((resolve) => {
    execFile(process.execPath, args, { timeout: 20_000 }, (error, _stdout, stderr) =>
      resolve({ code: error?.code, stderr }),
    );
  });
  expect(stderr).toContain("'z'");
  expect(code).toBe(1);
});
