import { createHmac, timingSafeEqual } from 'node:crypto';
import { canonicalRequest, type HeaderValues, headerValues, type SignedRequest, sha256 } from './canonical.js';
import type { Credentials } from './credentials.js';
import { protocolError } from './errors.js';

const ALGORITHM = 'AWS4-HMAC-SHA256';
const SERVICE = 'machinelearning';
const TERMINATOR = 'aws4_request';
/** A signature is good for this long before and after the time it names; also the window in which it can be replayed. */
const WINDOW_MS = 5 * 60 * 1000;
const MOST_KEYS = 1000;

/** The parts of `Authorization: AWS4-HMAC-SHA256 Credential=…/day/region/service/aws4_request, SignedHeaders=…, Signature=…`. */
interface Authorization {
  readonly accessKeyId: string;
  readonly day: string;
  readonly region: string;
  readonly scope: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

export interface VerifierOptions {
  /** The only region whose signatures are taken; default: any. */
  readonly region?: string;
  /** Milliseconds since 1970; default: the clock. */
  readonly now?: () => number;
}

/**
 * Verifies Signature Version 4 in the Authorization header, over the raw body and the headers named in SignedHeaders, which
 * must have `host`, the date and every `x-amz-*` header among them. Presigned URLs are refused.
 *
 * @see AWS, Signature Version 4 for API requests
 */
export class SignatureVerifier {
  readonly #credentials: ReadonlyMap<string, Credentials>;
  readonly #signingKeys = new Map<string, Buffer>();
  readonly #region: string | undefined;
  readonly #now: () => number;

  constructor(credentials: readonly Credentials[], { region, now = Date.now }: VerifierOptions = {}) {
    this.#credentials = new Map(credentials.map((each) => [each.accessKeyId, each]));
    this.#region = region;
    this.#now = now;
  }

  /**
   * @returns the access key that signed the request
   * @throws ServiceError MissingAuthenticationTokenException, IncompleteSignatureException, UnrecognizedClientException,
   *   InvalidSignatureException, or AccessDeniedException for a header that should have been signed
   */
  verify(request: SignedRequest): string {
    const headers = headerValues(request.rawHeaders);
    const authorization = readAuthorization(request.target, headers);
    const { accessKeyId } = authorization;
    const credentials = this.#credentials.get(accessKeyId);
    if (credentials === undefined) throw unrecognized();
    checkSessionToken(headers, credentials);
    checkSignedHeaders(headers, authorization.signedHeaders);
    const time = readTime(headers);
    this.#checkScope(authorization, time);
    this.#checkTime(time);
    const bodyHash = checkBodyHash(headers, request.body);
    const canonical = canonicalRequest(request, headers, authorization.signedHeaders, bodyHash);
    const text = `${ALGORITHM}\n${time}\n${authorization.scope}\n${sha256(Buffer.from(canonical, 'latin1'))}`;
    const expected = createHmac('sha256', this.#signingKey(credentials, authorization)).update(text).digest();
    if (!timingSafeEqual(expected, Buffer.from(authorization.signature, 'hex'))) {
      throw invalid(
        'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and ' +
          'signing method. Consult the service documentation for details.',
      );
    }
    return accessKeyId;
  }

  #checkScope({ scope, day, region }: Authorization, time: string): void {
    const wanted = this.#region ?? region;
    if (region !== wanted) throw invalid(`Credential should be scoped to the region '${wanted}', not '${region}'.`);
    if (scope !== `${day}/${region}/${SERVICE}/${TERMINATOR}`) {
      throw invalid(`Credential should be scoped to the service '${SERVICE}' and end in '${TERMINATOR}'.`);
    }
    if (day !== time.slice(0, 8)) {
      throw invalid(`Date in Credential scope does not match the date of the request: '${day}' and '${time}'.`);
    }
  }

  #checkTime(time: string): void {
    const now = this.#now();
    const late = now - milliseconds(time);
    if (late > WINDOW_MS) {
      throw invalid(
        `Signature expired: ${time} is now earlier than ${basicTime(now - WINDOW_MS)} (${basicTime(now)} - 5 min.)`,
      );
    }
    if (late < -WINDOW_MS) {
      throw invalid(
        `Signature not yet current: ${time} is still later than ${basicTime(now + WINDOW_MS)} (${basicTime(now)} + 5 min.)`,
      );
    }
  }

  #signingKey({ accessKeyId, secretAccessKey }: Credentials, { day, region }: Authorization): Buffer {
    const name = `${accessKeyId}/${day}/${region}`;
    let key = this.#signingKeys.get(name);
    if (key === undefined) {
      key = [day, region, SERVICE, TERMINATOR].reduce<Buffer>(
        (secret, part) => createHmac('sha256', secret).update(part).digest(),
        Buffer.from(`AWS4${secretAccessKey}`),
      );
      if (this.#signingKeys.size >= MOST_KEYS) this.#signingKeys.clear();
      this.#signingKeys.set(name, key);
    }
    return key;
  }
}

const invalid = (message: string) => protocolError('InvalidSignatureException', message);
const incomplete = (message: string) => protocolError('IncompleteSignatureException', message);
const unrecognized = () =>
  protocolError('UnrecognizedClientException', 'The security token included in the request is invalid.');

/** The one value of a header; undefined when it was not sent. */
function single(headers: HeaderValues, name: string): string | undefined {
  const values = headers.get(name);
  if (values !== undefined && values.length > 1)
    throw incomplete(`The header '${name}' was sent ${values.length} times.`);
  return values?.[0];
}

function readAuthorization(target: string, headers: HeaderValues): Authorization {
  const value = single(headers, 'authorization');
  if (value === undefined) {
    if (/[?&]X-Amz-(Algorithm|Signature)=/i.test(target)) {
      throw incomplete('Presigned URLs are not supported; sign with the Authorization header.');
    }
    throw protocolError('MissingAuthenticationTokenException', 'Missing Authentication Token');
  }
  const space = value.indexOf(' ');
  if (space === -1 || value.slice(0, space) !== ALGORITHM) {
    throw incomplete(`Authorization must begin with '${ALGORITHM} '.`);
  }
  const parts = readParts(value.slice(space + 1));
  const credential = parts.Credential.split('/');
  if (credential.length !== 5) {
    throw incomplete('Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term.');
  }
  const [accessKeyId, day, region] = credential;
  if (!/^[0-9a-f]{64}$/.test(parts.Signature)) throw incomplete('Signature must be 64 lower-case hexadecimal digits.');
  const scope = credential.slice(1).join('/');
  return { accessKeyId, day, region, scope, signedHeaders: parts.SignedHeaders.split(';'), signature: parts.Signature };
}

const PARTS = ['Credential', 'SignedHeaders', 'Signature'] as const;

function readParts(text: string): Record<(typeof PARTS)[number], string> {
  const parts = new Map<string, string>();
  for (const piece of text.split(',')) {
    const equals = piece.indexOf('=');
    const name = piece.slice(0, equals).trim();
    if (equals === -1 || parts.has(name) || !PARTS.includes(name as (typeof PARTS)[number])) {
      throw incomplete(
        `Authorization must be ${PARTS.join('=…, ')}=…, each once; '${piece.trim().slice(0, 40)}' is not of it.`,
      );
    }
    parts.set(name, piece.slice(equals + 1).trim());
  }
  const missing = PARTS.filter((name) => !parts.has(name));
  if (missing.length > 0) {
    throw incomplete(missing.map((name) => `Authorization header requires '${name}' parameter.`).join(' '));
  }
  return Object.fromEntries(parts) as Record<(typeof PARTS)[number], string>;
}

function checkSessionToken(headers: HeaderValues, { sessionToken }: Credentials): void {
  const sent = single(headers, 'x-amz-security-token');
  if (sent === undefined && sessionToken === undefined) return;
  // Hashes, because the comparison needs equal lengths.
  const [a, b] = [sent ?? '', sessionToken ?? ''].map((token) => Buffer.from(sha256(token)));
  if (!timingSafeEqual(a, b)) throw unrecognized();
}

function checkSignedHeaders(headers: HeaderValues, signed: readonly string[]): void {
  for (const [i, name] of signed.entries()) {
    if (i > 0 && !(signed[i - 1] < name)) throw incomplete('SignedHeaders must be in order, each once.');
    if (!headers.has(name))
      throw invalid(`The header '${name.slice(0, 100)}' is named in SignedHeaders but was not sent.`);
  }
  const mustBeSigned = [...headers.keys()].filter((name) => name === 'host' || name.startsWith('x-amz-'));
  if (!headers.has('host')) throw invalid("'Host' must be sent and signed.");
  if (!headers.has('x-amz-date')) mustBeSigned.push('date');
  for (const name of mustBeSigned) {
    if (!signed.includes(name)) {
      throw protocolError(
        'AccessDeniedException',
        `There were headers present in the request which were not signed: ${name}`,
      );
    }
    single(headers, name);
  }
}

/** The time the signature names, `YYYYMMDDThhmmssZ`: of `X-Amz-Date`, else `Date`. */
function readTime(headers: HeaderValues): string {
  const value = single(headers, 'x-amz-date') ?? single(headers, 'date')!;
  const time = /^\d{8}T\d{6}Z$/.test(value) ? value : httpTime(value);
  if (time === undefined || Number.isNaN(milliseconds(time))) {
    throw incomplete(`Date must be in ISO-8601 'basic format', as 20150830T123600Z. Got '${value.slice(0, 40)}'.`);
  }
  return time;
}

function httpTime(value: string): string | undefined {
  const time = / GMT$/.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(time) ? undefined : basicTime(time);
}

const BASIC_TIME = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;
const milliseconds = (time: string): number => Date.parse(time.replace(BASIC_TIME, '$1-$2-$3T$4:$5:$6Z'));
const basicTime = (time: number): string => new Date(time).toISOString().replace(/[-:]|\.\d{3}/g, '');

function checkBodyHash(headers: HeaderValues, body: Uint8Array): string {
  const hash = sha256(body);
  const declared = single(headers, 'x-amz-content-sha256');
  if (declared !== undefined && declared !== hash) {
    throw invalid("The body does not have the SHA-256 that 'x-amz-content-sha256' gives.");
  }
  return hash;
}
