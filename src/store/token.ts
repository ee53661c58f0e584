import { createHash } from 'node:crypto';
import { InvalidInput } from '../errors.js';
import type { SqlValue } from './sqlite.js';

/** Where a page ended: its last object's sort value, its sequence number, and which of the query's intervals it lies in. */
export interface Position {
  readonly value: SqlValue;
  readonly sequence: number;
  readonly interval: number;
}

const DIGEST_BYTES = 12;

/**
 * An opaque text: `t`, because command lines take what begins with `-` for an option, then base64url of a digest over the query and the position, then the position as JSON.
 * @param query text that tells this query, and this store, from all others
 */
export function encodeToken({ value, sequence, interval }: Position, query: string): string {
  const position = Buffer.from(JSON.stringify([value, sequence, interval]));
  return `t${Buffer.concat([digest(query, position), position]).toString('base64url')}`;
}

/** @throws InvalidInput for a text that `encodeToken` did not make for this query */
export function decodeToken(token: string, query: string): Position {
  const bytes = Buffer.from(token.slice(1), 'base64url');
  const position = bytes.subarray(DIGEST_BYTES);
  const whole =
    `t${bytes.toString('base64url')}` === token && digest(query, position).equals(bytes.subarray(0, DIGEST_BYTES));
  if (!whole) {
    throw new InvalidInput('the page token is damaged, or comes from another query', {
      hint: 'repeat the call that gave it with nothing changed but the token and the page size, or start again without one',
    });
  }
  const [value, sequence, interval] = JSON.parse(position.toString()) as [SqlValue, number, number];
  return { value, sequence, interval };
}

function digest(query: string, position: Buffer): Buffer {
  return createHash('sha256').update(JSON.stringify(query)).update(position).digest().subarray(0, DIGEST_BYTES);
}
