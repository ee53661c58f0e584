import { createHash, createHmac } from 'node:crypto';
import { MachineLearning } from '@aws-sdk/client-machine-learning';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isLoopbackName, signedAccess } from '../../src/server/access.js';
import { SignatureVerifier } from '../../src/server/sigv4.js';
import { call, exchange } from './http.js';
import { modelService, startServer, type TestServer } from './model-service.js';

const service = modelService();

describe('a server without signatures', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer(await service);
  });
  afterAll(() => server.stop(100));

  it.each(['localhost', '127.0.0.1:80', '127.9.9.9', '[::1]:8080', 'ml.localhost', 'LOCALHOST:1'])(
    'takes requests for %s',
    async (host) => {
      expect((await call(server.url, 'GetMLModel', { headers: { host } })).status).toBe(200);
    },
  );

  it.each([
    'evil.example',
    '127.0.0.1.evil.example',
    '10.0.0.1',
    'localhost.evil.example:80',
    '[::2]',
    'localhost@evil',
  ])('refuses requests for %s, as DNS rebinding makes them', async (host) => {
    const operation = await call(server.url, 'GetMLModel', { headers: { host } });
    expect([operation.status, operation.body.__type]).toEqual([403, 'AccessDeniedException']);
    const page = await call(server.url, undefined, { method: 'GET', path: '/metrics', headers: { host } });
    expect(page.status).toBe(403);
  });

  it('refuses requests that name no host', async () => {
    const answer = await exchange(
      server.port,
      'POST / HTTP/1.0\r\nX-Amz-Target: AmazonML_20141212.GetMLModel\r\nContent-Length: 2\r\n\r\n{}',
    );
    expect(answer).toMatch(/^HTTP\/1.1 403 /);
    expect(answer).toContain('"__type":"AccessDeniedException"');
  });

  it.each([
    ['Origin', 'https://evil.example'],
    ['Origin', 'null'],
    ['Origin', 'http://localhost'],
    ['Sec-Fetch-Site', 'cross-site'],
    ['Sec-Fetch-Site', 'same-origin'],
  ])('refuses what a web page sends: %s: %s', async (name, value) => {
    const { status, body } = await call(server.url, 'GetMLModel', { headers: { [name]: value } });
    expect([status, body.__type]).toEqual([403, 'AccessDeniedException']);
  });

  it('takes any signature', async () => {
    const headers = { Authorization: 'AWS4-HMAC-SHA256 nonsense' };
    expect((await call(server.url, 'GetMLModel', { headers })).status).toBe(200);
  });
});

describe('a server that checks signatures', () => {
  const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secretexample' };
  let server: TestServer;
  const client = (options: object = {}): MachineLearning =>
    new MachineLearning({ endpoint: server.url, region: 'us-east-1', credentials, maxAttempts: 1, ...options });
  beforeAll(async () => {
    server = await startServer(await service, { access: signedAccess(new SignatureVerifier([credentials])) });
  });
  afterAll(() => server.stop(100));

  it("answers the AWS SDK's client", async () => {
    const output = await client().getMLModel({ MLModelId: 'ml-1' });
    expect(output.Name).toBe('mödel €😀');
    expect(output.CreatedAt).toEqual(new Date('2015-06-29T22:19:59.123Z'));
  });

  it('is refused by name to a client with a wrong secret, an unknown key or none', async () => {
    const wrong = client({ credentials: { ...credentials, secretAccessKey: 'x' } });
    await expect(wrong.getMLModel({ MLModelId: 'ml-1' })).rejects.toMatchObject({
      name: 'InvalidSignatureException',
      message: expect.stringMatching(/^The request signature we calculated does not match/),
      $metadata: { httpStatusCode: 400, requestId: expect.any(String) },
    });
    const unknown = client({ credentials: { ...credentials, accessKeyId: 'x' } });
    await expect(unknown.getMLModel({ MLModelId: 'ml-1' })).rejects.toMatchObject({
      name: 'UnrecognizedClientException',
    });
    expect((await call(server.url, 'GetMLModel')).body).toEqual({
      __type: 'MissingAuthenticationTokenException',
      message: 'Missing Authentication Token',
    });
  });

  it('checks the signature before it parses the body', async () => {
    expect((await call(server.url, 'GetMLModel', { body: 'not JSON' })).body.__type).toBe(
      'MissingAuthenticationTokenException',
    );
  });

  it('puts the clock of a client right that is an hour slow, as the SDK does after a refusal', async () => {
    const slow = client({ maxAttempts: 2, systemClockOffset: -3_600_000 });
    expect((await slow.getMLModel({ MLModelId: 'ml-1' })).Name).toBe('mödel €😀');
  });

  it('takes a request once it is over the wire as it was signed, byte for byte', async () => {
    const time = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
    const body = '{"MLModelId": "m\\u00f6del"}';
    const scope = `${time.slice(0, 8)}/eu-west-1/machinelearning/aws4_request`;
    const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
    const target = 'AmazonML_20141212.GetMLModel';
    const canonical = `POST\n/a%2520b/\nx=1&y=\nhost:proxy.example\nx-amz-date:${time}\nx-amz-target:${target}\n\nhost;x-amz-date;x-amz-target\n${sha256(body)}`;
    const key = scope
      .split('/')
      .reduce<string | Buffer>(
        (k, part) => createHmac('sha256', k).update(part).digest(),
        `AWS4${credentials.secretAccessKey}`,
      );
    const signature = createHmac('sha256', key)
      .update(`AWS4-HMAC-SHA256\n${time}\n${scope}\n${sha256(canonical)}`)
      .digest('hex');
    const request = (path: string): string =>
      `POST ${path} HTTP/1.1\r\nHOST:   proxy.example  \r\nConnection: close\r\nx-amz-date: ${time}\r\nX-Amz-Target: ${target}\r\n` +
      `Authorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/${scope},SignedHeaders=host;x-amz-date;x-amz-target,Signature=${signature}\r\n` +
      `Content-Length: ${body.length}\r\n\r\n${body}`;
    expect(await exchange(server.port, request('/a%20b/?y&x=1'))).toMatch(/^HTTP\/1.1 200 /);
    expect(await exchange(server.port, request('/a%20b/?y&x=2'))).toContain('InvalidSignatureException');
  });
});

describe('names of this machine', () => {
  it.each(['localhost', 'a.localhost', '127.0.0.1', '127.255.0.1', '::1', '[::1]'])('%s is one', (name) => {
    expect(isLoopbackName(name)).toBe(true);
  });
  it.each(['0.0.0.0', '::', '', '128.0.0.1', '127.0.0.1.example', 'example.org', '127.1.evil', '0x7f000001'])(
    "'%s' is none",
    (name) => {
      expect(isLoopbackName(name)).toBe(false);
    },
  );
});
