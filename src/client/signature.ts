import { createHash, createHmac } from 'node:crypto';

/** Keys of an AWS account, or of a server that takes them. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Of temporary keys. */
  readonly sessionToken?: string;
}

export interface UnsignedRequest {
  readonly url: URL;
  /** Headers to sign beside `host` and the date, lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const ALGORITHM = 'AWS4-HMAC-SHA256';
const SERVICE = 'machinelearning';

/**
 * The headers that sign a POST request with Signature Version 4: `X-Amz-Date`, `X-Amz-Security-Token` with temporary keys, and
 * `Authorization`.
 *
 * @param now the date that is signed
 * @see AWS, Create a signed AWS API request
 */
export function signatureHeaders(
  request: UnsignedRequest,
  { accessKeyId, secretAccessKey, sessionToken }: Credentials,
  region: string,
  now: Date,
): Record<string, string> {
  const time = now.toISOString().replace(/[-:]|\.\d+/g, '');
  const dated = { 'X-Amz-Date': time, ...(sessionToken !== undefined && { 'X-Amz-Security-Token': sessionToken }) };
  const signed = lowerCase({ ...request.headers, ...dated, host: request.url.host });
  const names = Object.keys(signed).sort();
  const lines = names.map((name) => `${name}:${signed[name]!.trim().replace(/\s+/g, ' ')}\n`).join('');
  const { path, query } = canonicalTarget(request.url);
  const canonical = `POST\n${path}\n${query}\n${lines}\n${names.join(';')}\n${sha256(request.body)}`;
  const day = time.slice(0, 8);
  const scope = `${day}/${region}/${SERVICE}/aws4_request`;
  const key = [day, region, SERVICE, 'aws4_request'].reduce<string | Buffer>(
    (previous, part) => hmac(previous, part),
    `AWS4${secretAccessKey}`,
  );
  const signature = hmac(key, `${ALGORITHM}\n${time}\n${scope}\n${sha256(canonical)}`).toString('hex');
  return {
    ...dated,
    Authorization: `${ALGORITHM} Credential=${accessKeyId}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}`,
  };
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

function lowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

/** Path, each part encoded once more, without `.`, `..` and empty parts (URL removes the dots), and the query sorted by name. */
function canonicalTarget(url: URL): { path: string; query: string } {
  const path = url.pathname
    .replace(/\/+/g, '/')
    .replace(/[^A-Za-z0-9_.~/-]/g, (unit) => `%${unit.charCodeAt(0).toString(16).toUpperCase()}`);
  const pairs = url.search.slice(1).split('&').filter(Boolean);
  const query = pairs
    .map((pair) => (pair.includes('=') ? pair : `${pair}=`))
    .sort()
    .join('&');
  return { path, query };
}
