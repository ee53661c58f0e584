import { asciiText } from '../../client/json-text.js';
import type { Message } from '../../operations/service.js';
import type { OperationName } from '../../operations/shapes.js';
import type { Connection } from './connect.js';
import { generalFailure } from './failure.js';
import { type Argument, quoted } from './python-text.js';

export interface PageOptions {
  /** Where to go on: a token of these pages, or one of the service. */
  readonly startingToken?: string;
  /** Results of one request. */
  readonly pageSize?: number;
  /** Results at most. */
  readonly maxItems?: number;
}

/** Some results. */
export interface Page {
  readonly response: Message;
  /** After the last one: where to go on, if there is more. */
  readonly resumeToken?: string;
}

/** A place in the pages: the service's token and how many results of its page come before. */
interface Place {
  readonly token: string | undefined;
  readonly skip: number;
}

/**
 * Ask an operation for page after page.
 *
 * botocore: paginate.py, whose tokens these are
 *
 * @throws CommandFailure when the service repeats a token
 */
export async function* readPages(
  connection: Connection,
  operation: OperationName,
  input: ReadonlyMap<string, Argument>,
  { startingToken, pageSize, maxItems = Number.POSITIVE_INFINITY }: PageOptions,
): AsyncGenerator<Page> {
  const request = new Map(input);
  if (pageSize !== undefined) request.set('Limit', pageSize);
  let place: Place = startingToken === undefined ? { token: undefined, skip: 0 } : readToken(startingToken);
  let count = 0;
  for (let previous: string | undefined; ; previous = place.token) {
    if (place.token !== undefined) request.set('NextToken', place.token);
    const response = await connection.call(operation, request);
    const results = readResults(response).slice(place.skip);
    const tooMany = count + results.length - maxItems;
    if (tooMany > 0) {
      const kept = results.slice(0, results.length - tooMany);
      yield { response: withResults(response, kept), resumeToken: writeToken(place.token, place.skip + kept.length) };
      return;
    }
    count += results.length;
    const token = response.NextToken;
    const next = typeof token === 'string' && token !== '' ? token : undefined;
    const isFull = count === maxItems && next !== undefined;
    yield {
      response: place.skip > 0 ? withResults(response, results) : response,
      resumeToken: isFull ? writeToken(next) : undefined,
    };
    if (next === undefined || isFull) return;
    if (previous !== undefined && next === place.token) {
      const shown = `{'NextToken': ${quoted(next)}}`;
      throw generalFailure(`Error during pagination: The same next token was received twice: ${shown}`);
    }
    place = { token: next, skip: 0 };
  }
}

function readResults({ Results }: Message): readonly unknown[] {
  return Array.isArray(Results) ? Results : [];
}

function withResults(response: Message, results: readonly unknown[]): Message {
  return { ...response, Results: results };
}

function writeToken(token: string | undefined, skip?: number): string {
  const parts = [`"NextToken": ${token === undefined ? 'null' : asciiText(token)}`];
  if (skip !== undefined) parts.push(`"boto_truncate_amount": ${skip}`);
  return Buffer.from(`{${parts.join(', ')}}`).toString('base64');
}

/** A token of ours, else the service's own; `TOKEN___3` is the form that the AWS CLI had before. */
function readToken(text: string): Place {
  try {
    const { NextToken, boto_truncate_amount: skip = 0 } = JSON.parse(decodeBase64(text));
    if (NextToken === undefined) throw new Error('not a token of these pages');
    return { token: typeof NextToken === 'string' ? NextToken : undefined, skip: Number.isInteger(skip) ? skip : 0 };
  } catch {
    const old = /^(.*)___(-?\d+)$/s.exec(text);
    const token = old ? old[1]! : text;
    return { token: token === 'None' ? undefined : token, skip: old ? Number(old[2]) : 0 };
  }
}

function decodeBase64(text: string): string {
  const bytes = Buffer.from(text, 'base64');
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
}
