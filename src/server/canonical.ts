import { createHash } from 'node:crypto';

/** What a signature covers of a request, as it came over the wire. */
export interface SignedRequest {
  readonly method: string;
  /** Request target of the request line; characters are bytes. */
  readonly target: string;
  /** Names and values in turn, in the order sent. */
  readonly rawHeaders: readonly string[];
  readonly body: Uint8Array;
}

/** Values of the headers by lower-case name, in the order sent. */
export type HeaderValues = ReadonlyMap<string, readonly string[]>;

export function headerValues(rawHeaders: readonly string[]): HeaderValues {
  const values = new Map<string, string[]>();
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i].toLowerCase();
    const given = values.get(name);
    if (given === undefined) values.set(name, [rawHeaders[i + 1]]);
    else given.push(rawHeaders[i + 1]);
  }
  return values;
}

/** @param data bytes, or a text as UTF-8 */
export const sha256 = (data: Uint8Array | string): string => createHash('sha256').update(data).digest('hex');

/**
 * The canonical request of Signature Version 4, for services that encode the path twice.
 *
 *   method \n path \n query \n headers \n \n signed header names \n SHA-256 of the body
 *
 * @returns characters that are bytes, as node:http gives targets and headers
 * @param signedHeaders lower-case names; each is in `headers`
 * @see AWS, Create a signed AWS API request
 */
export function canonicalRequest(
  { method, target }: Pick<SignedRequest, 'method' | 'target'>,
  headers: HeaderValues,
  signedHeaders: readonly string[],
  bodyHash: string,
): string {
  const { path, query } = splitTarget(target);
  let lines = '';
  for (const name of signedHeaders) {
    lines += `${name}:${headers.get(name)!.map(trimmed).join(',')}\n`;
  }
  return `${method}\n${canonicalPath(path)}\n${canonicalQuery(query)}\n${lines}\n${signedHeaders.join(';')}\n${bodyHash}`;
}

/** Characters are bytes: those above 127 are parts of others, and no spaces. */
const trimmed = (value: string): string => value.replace(/^[ \t]+|[ \t]+$/g, '').replace(/[ \t]+/g, ' ');

/** Path and query of a request target in origin form, or in absolute form as proxies are sent it (RFC 9112, 3.2). */
function splitTarget(target: string): { path: string; query: string } {
  const origin = target.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?]*/i, '');
  const mark = origin.indexOf('?');
  return mark === -1 ? { path: origin, query: '' } : { path: origin.slice(0, mark), query: origin.slice(mark + 1) };
}

/** Without `.`, `..` and empty segments, and every byte but unreserved ones and `/` percent-encoded (again). */
function canonicalPath(path: string): string {
  if (path === '/' || path === '') return '/';
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(segment);
  }
  const tail = segments.length > 0 && path.endsWith('/') ? '/' : '';
  const head = path.startsWith('/') ? '/' : '';
  return `${head}${segments.join('/')}${tail}`.replace(/[^A-Za-z0-9_.~/-]/g, percentEncoded);
}

const percentEncoded = (byte: string): string => `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;

/** The pairs as they were sent, sorted by name, then value; a name without a value gets an empty one. */
function canonicalQuery(query: string): string {
  if (query === '') return '';
  const pairs = query.split('&').map((pair): [string, string] => {
    const equals = pair.indexOf('=');
    return equals === -1 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)];
  });
  pairs.sort(([a, x], [b, y]) => order(a, b) || order(x, y));
  return pairs.map(([name, value]) => `${name}=${value}`).join('&');
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
