/**
 * A runner whose work is small: it says how far it is, and writes a file of known content where a model would be. What the
 * request says: `work` milliseconds of it; `fails`: the message to fail with; `crashes`: end the process.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeWhole } from '../../src/datasource/files.js';
import { InvalidInput } from '../../src/errors.js';
import { runRunnerProcess } from '../../src/store/run-process.js';

interface Request {
  readonly work?: number;
  readonly fails?: string;
  readonly crashes?: boolean;
}

await runRunnerProcess({
  idleMs: 300,
  async execute({ kind, id, entity }, { home, signal, progress }) {
    const { work = 0, fails, crashes } = entity.request as Request;
    for (let done = 0; done < work; done += 10) {
      progress(`${done} of ${work} ms`);
      await sleep(10, undefined, { signal });
    }
    if (crashes) process.kill(process.pid, 'SIGKILL');
    if (fails) throw new InvalidInput(fails, { hint: 'repair it' });
    await mkdir(join(home, 'models'), { recursive: true });
    const text = `${kind} ${id} `.repeat(1000);
    await writeWhole(
      join(home, 'models', `${kind}-${id}.model`),
      Array.from({ length: 50 }, (_, i) => text.slice((i * text.length) / 50, ((i + 1) * text.length) / 50)),
    );
    return { facts: { SizeInBytes: text.length }, computeTime: 1 };
  },
});
