import { readFile, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { showInPager } from '../../../src/cli/output/pager.js';
import { temporaryFolder } from '../../helpers/cli.js';

const folder = temporaryFolder();

describe('the pager', () => {
  it('gets the whole text, and less its options unless the environment has some', async () => {
    const script = folder.file('pager.sh');
    const out = folder.file('a file');
    await writeFile(script, 'cat > "$1"; printf "%s" "$LESS" >> "$1"');
    const text = 'line\n'.repeat(50_000);
    await showInPager(text, `sh "${script}" '${out}'`, { PATH: process.env.PATH });
    expect(await readFile(out, 'utf8')).toBe(`${text}FRX`);
    await showInPager('x', `sh ${script} ${out.replace(' ', '\\ ')}`, { PATH: process.env.PATH, LESS: '-S' });
    expect(await readFile(out, 'utf8')).toBe('x-S');
  });

  it('may end before it has read everything', async () => {
    await expect(showInPager('line\n'.repeat(100_000), 'head -1 -c 0')).resolves.toBeUndefined();
  });

  it('is not started for an empty text', async () => {
    await expect(showInPager('', '/nonexistent/pager')).resolves.toBeUndefined();
  });

  it('says which program cannot be started', async () => {
    await expect(showInPager('x', '/nonexistent/pager -R')).rejects.toMatchObject({
      exitCode: 253,
      message:
        'Unable to redirect output to pager. Received the following error when opening pager:\n' +
        "[Errno 2] No such file or directory: '/nonexistent/pager'\n\n" +
        'Learn more about configuring the output pager by running "aws help config-vars".',
    });
  });

  it('refuses a command whose quotation does not end', async () => {
    await expect(showInPager('x', 'less "-R')).rejects.toMatchObject({ message: 'No closing quotation' });
  });
});
