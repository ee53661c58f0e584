import { InvalidInput } from '../errors.js';
import type { Entity, EntityKind, EntityStatus, Message } from './entity.js';
import type { Row } from './sqlite.js';

/** The columns that `entityOf` reads, of a table named `entity`. */
export const ENTITY_COLUMNS = [
  ...['sequence', 'kind', 'id', 'name', 'status', 'created_at', 'last_updated_at', 'started_at', 'finished_at'],
  ...['compute_time', 'message', 'facts', 'request'],
]
  .map((column) => `entity.${column}`)
  .join(', ');

export function entityOf(row: Row): Entity {
  return {
    kind: row.kind as EntityKind,
    id: row.id as string,
    name: (row.name as string | null) ?? undefined,
    status: row.status as EntityStatus,
    message: (row.message as string | null) ?? undefined,
    request: JSON.parse(row.request as string) as Message,
    facts: JSON.parse(row.facts as string) as Message,
    createdAt: row.created_at as number,
    lastUpdatedAt: row.last_updated_at as number,
    ...(row.started_at !== null && { startedAt: row.started_at as number }),
    ...(row.finished_at !== null && { finishedAt: row.finished_at as number }),
    ...(row.compute_time !== null && { computeTime: row.compute_time as number }),
  };
}

/**
 * A text that comes back from the database as it went in.
 * @param what of which text it is, for messages
 * @throws InvalidInput for half of a surrogate pair or a NUL character
 */
export function storableText(text: string, what: string): string {
  if (/\p{Surrogate}/u.test(text)) {
    throw new InvalidInput(`${what} ${JSON.stringify(text)} holds half of a surrogate pair`, {
      hint: 'write the whole character, or leave it out',
    });
  }
  if (text.includes('\0')) {
    throw new InvalidInput(`${what} ${JSON.stringify(text)} holds a NUL character`, { hint: 'leave it out' });
  }
  return text;
}

/** Longest message of an object, characters. */
const MESSAGE_LIMIT = 10_240;

/** A message that may quote anything: what cannot be stored is replaced by U+FFFD, and it is cut to 10,240 characters. */
export function storableMessage(message: string): string {
  const text = message.replace(/\p{Surrogate}|\0/gu, '\uFFFD');
  return text.length <= MESSAGE_LIMIT ? text : `${text.slice(0, MESSAGE_LIMIT - 1).replace(/\p{Surrogate}$/u, '')}…`;
}
