import { setTimeout as pause } from 'node:timers/promises';
import { OPERATIONS, type OperationName } from '../../operations/shapes.js';
import { printable } from '../printable.js';
import type { Connection } from './connect.js';
import { generalFailure } from './failure.js';
import type { Argument } from './python-text.js';

/** Milliseconds between looks at the store, and at a service elsewhere. */
const LOCAL_INTERVAL_MS = 150;
const REMOTE_INTERVAL_MS = 5_000;

/**
 * Wait until the work that a `create-…` operation began has ended, with a line of progress on standard error.
 *
 * @param input of the operation
 * @throws CommandFailure when it failed or was deleted
 */
export async function waitForWork(
  connection: Connection,
  operation: OperationName,
  input: ReadonlyMap<string, Argument>,
): Promise<void> {
  const { get, idMember } = reader(operation);
  const id = input.get(idMember);
  const line = progressLine();
  for (;;) {
    const { Status, Message } = await connection.call(get, new Map([[idMember, id!]]));
    line.show(`${id}: ${Status}${Message ? `, ${Message}` : ''}`);
    if (Status === 'COMPLETED') break;
    if (Status !== 'PENDING' && Status !== 'INPROGRESS') {
      line.end();
      throw generalFailure(`${id} is ${Status}${Message ? `: ${Message}` : ''}`);
    }
    await pause(connection.local ? LOCAL_INTERVAL_MS : REMOTE_INTERVAL_MS);
  }
  line.end();
}

/** The operation that describes what another creates, and its only required member. */
function reader(operation: OperationName): { get: OperationName; idMember: string } {
  const kind = operation.replace(/^Create/, '').replace(/^DataSource.*/, 'DataSource');
  const get = `Get${kind}` as OperationName;
  return { get, idMember: Object.keys(OPERATIONS[get].input)[0]! };
}

/** One line that is written anew on a terminal; elsewhere a line for each change. */
function progressLine(): { show(text: string): void; end(): void } {
  const { stderr } = process;
  let last = '';
  return {
    show(text) {
      if (text === last) return;
      last = text;
      const line = printable(text).slice(0, stderr.isTTY ? (stderr.columns ?? 80) - 1 : undefined);
      stderr.write(stderr.isTTY ? `\r${line}\x1b[K` : `${line}\n`);
    },
    end() {
      if (stderr.isTTY && last !== '') stderr.write('\n');
    },
  };
}
