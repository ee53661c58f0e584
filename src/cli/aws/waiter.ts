import { setTimeout as pause } from 'node:timers/promises';
import { type Message, ServiceError } from '../../operations/service.js';
import type { Connection } from './connect.js';
import { generalFailure } from './failure.js';
import { WAITERS, type WaiterName } from './option-tables.js';
import type { Argument } from './python-text.js';

export interface WaitPace {
  /** Milliseconds between requests. */
  readonly intervalMs: number;
  readonly attempts: number;
}

/** Of the AWS clients. */
const REMOTE_PACE: WaitPace = { intervalMs: 30_000, attempts: 60 };
/** The same time in shorter steps: asking the local store costs next to nothing. */
const LOCAL_PACE: WaitPace = { intervalMs: 250, attempts: 7200 };

/**
 * Ask for a list until it is not empty and all in it are COMPLETED. Only its first page is looked at.
 *
 * botocore: waiter.py and the service's waiters-2.json
 *
 * @throws CommandFailure when something in it is FAILED, the service answers with an error, or after 30 minutes
 */
export async function waitUntilAvailable(
  connection: Connection,
  waiter: WaiterName,
  input: ReadonlyMap<string, Argument>,
  pace: WaitPace = connection.local ? LOCAL_PACE : REMOTE_PACE,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const statuses = await readStatuses(connection, waiter, input);
    if (statuses.length > 0 && statuses.every((status) => status === 'COMPLETED')) return;
    if (statuses.includes('FAILED')) {
      const what = 'For expression "Results[].Status" we matched expected path: "FAILED" at least once';
      throw failed(waiter, `Waiter encountered a terminal failure state: ${what}`);
    }
    if (attempt >= pace.attempts) throw failed(waiter, 'Max attempts exceeded');
    await pause(pace.intervalMs);
  }
}

async function readStatuses(
  connection: Connection,
  waiter: WaiterName,
  input: ReadonlyMap<string, Argument>,
): Promise<unknown[]> {
  try {
    const { Results } = await connection.call(WAITERS[waiter], input);
    if (!Array.isArray(Results)) return [];
    return Results.map((result: Message) => result.Status).filter((status) => status !== undefined && status !== null);
  } catch (error) {
    if (error instanceof ServiceError) throw failed(waiter, `An error occurred (${error.code}): ${error.message}`);
    throw error;
  }
}

const failed = (waiter: WaiterName, reason: string): Error => generalFailure(`Waiter ${waiter} failed: ${reason}`);
