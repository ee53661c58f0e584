import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ServiceError } from '../../src/operations/service.js';
import type { SignedRequest } from '../../src/server/canonical.js';
import { SignatureVerifier } from '../../src/server/sigv4.js';

type Data = string | ArrayBuffer | ArrayBufferView;

const bytesOf = (data: Data): string | Uint8Array => {
  if (typeof data === 'string') return data;
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
};

/** The hash that the signer of the AWS SDK asks for, made of node:crypto. */
class Sha256 {
  #hash;
  constructor(secret?: Data) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', bytesOf(secret));
  }
  update(data: Data): void {
    this.#hash.update(bytesOf(data));
  }
  async digest(): Promise<Uint8Array> {
    return new Uint8Array(this.#hash.digest());
  }
  reset(): void {}
}

const NOW = Date.UTC(2026, 10, 23, 10, 19, 29);
const KEYS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };

interface Plain {
  readonly path?: string;
  readonly query?: Record<string, string | string[]>;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  readonly method?: string;
}

/** A text as node:http gives headers: a character for each of its bytes in UTF-8. */
const asBytes = (text: string): string => Buffer.from(text).toString('latin1');

/** Sign as the AWS SDK for JavaScript does, and write the request as it goes over the wire. */
async function sign(plain: Plain = {}, credentials: object = KEYS, options: object = {}): Promise<SignedRequest> {
  const body = plain.body ?? '{"MLModelId":"ml-1"}';
  const signer = new SignatureV4({
    credentials: { ...KEYS, ...credentials },
    region: 'us-east-1',
    service: 'machinelearning',
    sha256: Sha256,
    ...options,
  });
  const request = {
    method: plain.method ?? 'POST',
    protocol: 'http:',
    hostname: '127.0.0.1',
    path: plain.path ?? '/',
    query: plain.query ?? {},
    headers: {
      host: '127.0.0.1:18231',
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'AmazonML_20141212.GetMLModel',
      'content-length': String(Buffer.byteLength(body)),
      ...plain.headers,
    },
    body,
  };
  const signed = await signer.sign(request, { signingDate: new Date(NOW) });
  const encode = (text: string): string =>
    encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  const query = Object.entries(request.query)
    .flatMap(([name, values]) => [values].flat().map((value) => `${encode(name)}=${encode(value)}`))
    .join('&');
  return {
    method: request.method,
    target: query === '' ? request.path : `${request.path}?${query}`,
    rawHeaders: Object.entries(signed.headers).flatMap(([name, value]) => [name, value as string]),
    body: Buffer.from(body),
  };
}

const verifier = (now = NOW, region?: string): SignatureVerifier =>
  new SignatureVerifier([KEYS], { now: () => now, region });

function refusal(request: SignedRequest, by = verifier()): string {
  try {
    by.verify(request);
  } catch (error) {
    return (error as ServiceError).code;
  }
  return 'accepted';
}

function withHeader(request: SignedRequest, name: string, value: string | undefined): SignedRequest {
  const rawHeaders: string[] = [];
  for (let i = 0; i < request.rawHeaders.length; i += 2) {
    if (request.rawHeaders[i].toLowerCase() !== name) rawHeaders.push(...request.rawHeaders.slice(i, i + 2));
  }
  if (value !== undefined) rawHeaders.push(name, value);
  return { ...request, rawHeaders };
}

const header = (request: SignedRequest, name: string): string =>
  request.rawHeaders[request.rawHeaders.findIndex((each, i) => i % 2 === 0 && each.toLowerCase() === name) + 1];

describe('signature verification', () => {
  it('names the key of a request that the AWS SDK for JavaScript signed', async () => {
    expect(verifier().verify(await sign())).toBe('AKIDEXAMPLE');
  });

  it('reads headers as bytes, of which none is a space in other letters', async () => {
    const signed = await sign({ headers: { 'x-amz-user-agent': 'déjà' } });
    expect(verifier().verify(withHeader(signed, 'x-amz-user-agent', asBytes('déjà')))).toBe('AKIDEXAMPLE');
    expect(refusal(withHeader(signed, 'x-amz-user-agent', asBytes('dejà')))).toBe('InvalidSignatureException');
  });

  it('takes the request that AWS CLI 2.9.19 sent, as recorded', () => {
    const headers = {
      Host: '127.0.0.1:18231',
      'Accept-Encoding': 'identity',
      'X-Amz-Target': 'AmazonML_20141212.CreateMLModel',
      'Content-Type': 'application/x-amz-json-1.1',
      'X-Amz-Date': '20261123T101929Z',
      Authorization:
        'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261123/us-east-1/machinelearning/aws4_request, ' +
        'SignedHeaders=content-type;host;x-amz-date;x-amz-target, ' +
        'Signature=28f4cb5934a970539b53d4960b8e20a79878437effb09e52709ab089b40697d6',
      'Content-Length': '78',
    };
    const body = '{"MLModelId": "ml-1", "MLModelType": "BINARY", "TrainingDataSourceId": "ds-1"}';
    const recorded = {
      method: 'POST',
      target: '/',
      rawHeaders: Object.entries(headers).flat(),
      body: Buffer.from(body),
    };
    const keys = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secretexample' };
    expect(new SignatureVerifier([keys], { now: () => NOW }).verify(recorded)).toBe('AKIDEXAMPLE');
  });

  it('takes any region, or only the configured one', async () => {
    const request = await sign({}, {}, { region: 'eu-west-1' });
    expect(refusal(request)).toBe('accepted');
    expect(refusal(request, verifier(NOW, 'eu-west-1'))).toBe('accepted');
    expect(refusal(request, verifier(NOW, 'us-east-1'))).toBe('InvalidSignatureException');
  });

  it('reads header names in any case, and folds white space in values', async () => {
    const request = await sign({ headers: { 'x-amz-user-agent': 'a b' } });
    const rawHeaders = request.rawHeaders.map((text, i) => (i % 2 === 0 ? text.toUpperCase() : text));
    expect(refusal({ ...request, rawHeaders })).toBe('accepted');
    expect(refusal(withHeader(request, 'x-amz-user-agent', '  a \t b '))).toBe('accepted');
  });

  it('takes headers that are not signed and mean nothing, as proxies add them', async () => {
    expect(refusal(withHeader(await sign(), 'x-amzn-trace-id', 'Root=1'))).toBe('accepted');
    expect(refusal(withHeader(await sign(), 'x-forwarded-for', '10.0.0.1'))).toBe('accepted');
  });

  it('takes a target in absolute form, as proxies are sent it', async () => {
    const request = await sign({ path: '/a/b' });
    expect(refusal({ ...request, target: `http://127.0.0.1:18231${request.target}` })).toBe('accepted');
  });

  it('works without x-amz-content-sha256, and refuses one that is not of the body', async () => {
    const bare = await sign({}, {}, { applyChecksum: false });
    expect(bare.rawHeaders).not.toContain('x-amz-content-sha256');
    expect(refusal(bare)).toBe('accepted');
    const unsigned = await sign({ headers: { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' } });
    expect(refusal(unsigned)).toBe('InvalidSignatureException');
  });

  it('asks for the session token of temporary keys, and for none where there is none', async () => {
    const temporary = new SignatureVerifier([{ ...KEYS, sessionToken: 'token' }], { now: () => NOW });
    expect(refusal(await sign({}, { sessionToken: 'token' }), temporary)).toBe('accepted');
    expect(refusal(await sign({}, { sessionToken: 'tokem' }), temporary)).toBe('UnrecognizedClientException');
    expect(refusal(await sign(), temporary)).toBe('UnrecognizedClientException');
    expect(refusal(await sign({}, { sessionToken: 'token' }))).toBe('UnrecognizedClientException');
  });

  it.each<[string, Plain]>([
    ['a path with what must be encoded', { path: '/pre%20dict/ml~1/%C3%A4' }],
    ['a path that ends in a slash', { path: '/predict/' }],
    ['a path with empty and dot segments', { path: '/a//./b/../c' }],
    ['a query', { query: { x: '1', a: 'ü /', b: ['2', '1'], e: '' } }],
    ['a body that is not ASCII', { body: '{"MLModelName":"mödel €😀"}' }],
    ['no body', { body: '' }],
  ])('verifies %s', async (_, plain) => {
    expect(refusal(await sign(plain))).toBe('accepted');
  });

  it.each([0, -299, 299])('takes a clock that is %d s off', async (seconds) => {
    expect(refusal(await sign(), verifier(NOW + seconds * 1000))).toBe('accepted');
  });

  it.each([
    ['replayed after the window', 301, 'Signature expired: 20261123T101929Z is now earlier than 20261123T101930Z'],
    ['of the future', -301, 'Signature not yet current: 20261123T101929Z is still later than 20261123T101928Z'],
  ])('refuses a request %s', async (_, seconds, message) => {
    const request = await sign();
    expect(() => verifier(NOW + seconds * 1000).verify(request)).toThrow(message);
  });

  it('refuses an unsigned request, a presigned one and another algorithm', async () => {
    const request = await sign();
    const unsigned = withHeader(request, 'authorization', undefined);
    expect(refusal(unsigned)).toBe('MissingAuthenticationTokenException');
    const target = '/?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=00';
    expect(refusal({ ...unsigned, target })).toBe('IncompleteSignatureException');
    const value = header(request, 'authorization').replace('AWS4-HMAC', 'AWS3-HMAC');
    expect(refusal(withHeader(request, 'authorization', value))).toBe('IncompleteSignatureException');
  });

  it.each([
    ['another key id', /AKIDEXAMPLE/, 'AKIDOTHER', 'UnrecognizedClientException'],
    ['a key id from Object.prototype', /AKIDEXAMPLE/, '__proto__', 'UnrecognizedClientException'],
    ['another service', /machinelearning/, 's3', 'InvalidSignatureException'],
    ['another terminator', /aws4_request/, 'aws5_request', 'InvalidSignatureException'],
    ['another day', /20261123/, '20261122', 'InvalidSignatureException'],
    ['a day that is not one', /20261123/, 'x', 'InvalidSignatureException'],
    ['a missing part', /SignedHeaders=[^,]+, /, '', 'IncompleteSignatureException'],
    ['a part twice', /Signature=/, 'Signature=00, Signature=', 'IncompleteSignatureException'],
    ['a scope too short', /\/aws4_request/, '', 'IncompleteSignatureException'],
    ['a signature too short', /Signature=../, 'Signature=', 'IncompleteSignatureException'],
    ['headers out of order', /content-type;host/, 'host;content-type', 'IncompleteSignatureException'],
    ['host not signed', /host;/, '', 'AccessDeniedException'],
    ['the operation not signed', /;x-amz-target/, '', 'AccessDeniedException'],
    ['the date not signed', /;x-amz-date/, '', 'AccessDeniedException'],
    ['a signed header that is not there', /SignedHeaders=/, 'SignedHeaders=a;', 'InvalidSignatureException'],
  ])('refuses %s', async (_, pattern, replacement, code) => {
    const request = await sign();
    const value = header(request, 'authorization');
    expect(value).toMatch(pattern);
    expect(refusal(withHeader(request, 'authorization', value.replace(pattern, replacement)))).toBe(code);
  });

  it.each(['host', 'authorization', 'x-amz-date', 'x-amz-target', 'x-amz-content-sha256'])(
    'refuses %s sent twice',
    async (name) => {
      const request = await sign();
      const rawHeaders = [...request.rawHeaders, name, header(request, name)];
      expect(refusal({ ...request, rawHeaders })).toBe('IncompleteSignatureException');
    },
  );

  it('refuses a date that is none, quoting it', async () => {
    const request = withHeader(await sign(), 'x-amz-date', '2026-11-23');
    expect(() => verifier().verify(request)).toThrow("Got '2026-11-23'");
  });

  it('refuses another secret of the same key id', async () => {
    expect(refusal(await sign({}, { secretAccessKey: 'other' }))).toBe('InvalidSignatureException');
  });

  it('refuses another method', async () => {
    expect(refusal({ ...(await sign()), method: 'PUT' })).toBe('InvalidSignatureException');
  });
});

const text = fc.string({ unit: fc.constantFrom(...'abcXYZ019-_.~ /%+&=üß€😀') });
const segment = fc.string({ unit: fc.constantFrom(...'abcXYZ019-_~'), minLength: 1, maxLength: 6 });
const requests = fc.record({
  path: fc.array(segment, { maxLength: 3 }).map((parts) => `/${parts.join('/')}`),
  query: fc.dictionary(segment, text, { maxKeys: 3 }),
  headers: fc.dictionary(
    segment.map((name) => `x-amz-m-${name.toLowerCase()}`),
    segment,
    { maxKeys: 3 },
  ),
  body: fc.oneof(fc.json(), fc.string({ unit: 'binary' })),
});

describe('signature verification, any request', () => {
  it('accepts whatever the AWS SDK signs', async () => {
    await fc.assert(
      fc.asyncProperty(requests, async (plain) => {
        expect(refusal(await sign(plain))).toBe('accepted');
      }),
      { numRuns: 300 },
    );
  });

  it('refuses it after a change of any one byte of what is signed', async () => {
    const places = fc.constantFrom('method', 'target', 'body', 'value', 'name');
    await fc.assert(
      fc.asyncProperty(
        requests,
        places,
        fc.nat(),
        fc.integer({ min: 1, max: 127 }),
        async (plain, place, at, change) => {
          const request = await sign(plain);
          const altered = alter(request, place, at, change);
          if (altered !== undefined) expect(refusal(altered)).not.toBe('accepted');
        },
      ),
      { numRuns: 1000 },
    );
  });
});

/** @returns undefined when the change is none: of the case of a name, or of white space around a value */
function alter(request: SignedRequest, place: string, at: number, change: number): SignedRequest | undefined {
  const flip = (value: string): string => {
    const i = at % value.length;
    return value.slice(0, i) + String.fromCharCode(value.charCodeAt(i) ^ change) + value.slice(i + 1);
  };
  if (place === 'method') return { ...request, method: flip(request.method) };
  if (place === 'target') {
    // A question mark or a slash less can leave the same segments.
    const target = flip(request.target);
    return /\/\/|\/$|\/\.{1,2}(\/|$|\?)/.test(target.replace(/\?.*/, '')) || /[?&]$|&&/.test(target)
      ? undefined
      : { ...request, target };
  }
  if (place === 'body') {
    const body = Buffer.from(request.body);
    if (body.length === 0) return undefined;
    body[at % body.length] ^= change;
    return { ...request, body };
  }
  const pair = at % (request.rawHeaders.length / 2);
  const i = pair * 2 + (place === 'value' ? 1 : 0);
  const rawHeaders = [...request.rawHeaders];
  rawHeaders[i] = flip(rawHeaders[i]);
  const same = rawHeaders[i].trim().toLowerCase() === request.rawHeaders[i].trim().toLowerCase();
  const authorization = request.rawHeaders[pair * 2].toLowerCase() === 'authorization';
  // Parts of the Authorization header may be separated by any white space.
  if (rawHeaders[i] === request.rawHeaders[i] || (place === 'name' && same)) return undefined;
  if (authorization && place === 'value' && /\s/.test(rawHeaders[i][at % rawHeaders[i].length])) return undefined;
  return { ...request, rawHeaders };
}
