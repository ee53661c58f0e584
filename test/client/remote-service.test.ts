import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRemoteService } from '../../src/client/remote-service.js';
import { isRetried, retryPauseMs } from '../../src/client/retry.js';
import { signatureHeaders } from '../../src/client/signature.js';
import { RecordingServer } from '../helpers/recording-server.js';

const CREDENTIALS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };

/** SHA-256 or HMAC of it, in the interface that the peer wants. */
class Sha256 {
  private readonly hash;
  constructor(secret?: Uint8Array) {
    this.hash = secret === undefined ? createHash('sha256') : createHmac('sha256', secret);
  }
  update(data: Uint8Array): void {
    this.hash.update(data);
  }
  async digest(): Promise<Uint8Array> {
    return new Uint8Array(this.hash.digest());
  }
  reset(): void {}
}

describe('signature', () => {
  it('is that of the JavaScript SDK, for any body, path and query', async () => {
    const part = fc.string({ unit: fc.constantFrom(...'abc-_.~ %+é'), minLength: 1, maxLength: 6 });
    const now = new Date('2026-11-23T10:19:29.123Z');
    await fc.assert(
      fc.asyncProperty(fc.string(), fc.array(part, { maxLength: 3 }), fc.option(part), async (body, parts, token) => {
        const path = `/${parts.map((one) => encodeURIComponent(one).replace(/^\.+$/, 'x')).join('/')}`;
        const credentials = { ...CREDENTIALS, ...(token !== null && { sessionToken: token.replace(/[é ]/g, 'x') }) };
        const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'AmazonML_20141212.Predict' };
        const url = new URL(path, 'http://127.0.0.1:8090');
        const ours = signatureHeaders({ url, headers, body }, credentials, 'us-east-1', now);
        const peer = new SignatureV4({
          credentials,
          region: 'us-east-1',
          service: 'machinelearning',
          sha256: Sha256 as never,
          applyChecksum: false,
        });
        const signed = (await peer.sign(
          {
            method: 'POST',
            protocol: 'http:',
            hostname: '127.0.0.1',
            path: url.pathname,
            headers: { ...headers, host: url.host },
            body,
            query: {},
          } as never,
          { signingDate: now },
        )) as unknown as { headers: Record<string, string> };
        expect(ours.Authorization).toBe(signed.headers.authorization);
        expect(ours['X-Amz-Date']).toBe('20261123T101929Z');
      }),
      { numRuns: 50 },
    );
  });
});

describe('retries', () => {
  it('are for errors that pass by themselves', () => {
    expect([500, 502, 503, 504].every((status) => isRetried('X', status))).toBe(true);
    expect(isRetried('LimitExceededException', 417)).toBe(true);
    expect(isRetried('InternalServerException', 400)).toBe(false);
    expect(isRetried('InvalidInputException', 400)).toBe(false);
  });
  it('wait at most 20 seconds', () => {
    expect([1, 2, 3, 9].map((attempt) => retryPauseMs(attempt, 1))).toEqual([1000, 2000, 4000, 20_000]);
  });
});

describe('the service behind an endpoint', () => {
  const server = new RecordingServer();
  beforeAll(() => server.listen());
  afterAll(() => server.close());
  const open = (path: string, more: object = {}) =>
    openRemoteService({ endpointUrl: server.origin + path, region: 'us-east-1', ...more });

  it('sends JSON to the path of the endpoint, unsigned without credentials', async () => {
    const service = open('/unsigned');
    expect(await service.call('GetMLModel', { MLModelId: 'ä' })).toEqual({});
    await service.close();
    const [request] = server.recorded('/unsigned');
    expect(request?.body).toBe('{"MLModelId": "\\u00e4"}');
    expect(request?.headers['x-amz-target']).toBe('AmazonML_20141212.GetMLModel');
    expect(request?.headers.authorization).toBeUndefined();
  });
  it('sends the session token of temporary keys', async () => {
    const service = open('/token', { credentials: { ...CREDENTIALS, sessionToken: 'temporary' } });
    await service.call('GetMLModel', { MLModelId: 'a' });
    await service.close();
    const [request] = server.recorded('/token');
    expect(request?.headers['x-amz-security-token']).toBe('temporary');
    expect(request?.headers.authorization).toContain(
      'SignedHeaders=content-type;host;x-amz-date;x-amz-security-token;x-amz-target',
    );
  });
  it('sends Predict to the host of its PredictEndpoint, on the path of the endpoint', async () => {
    const service = openRemoteService({ endpointUrl: 'http://127.0.0.1:9/predicts', region: 'us-east-1' });
    const input = { MLModelId: 'm', Record: { a: '1' }, PredictEndpoint: `${server.origin}/other/path?x=1` };
    await service.call('Predict', input);
    await service.close();
    expect(server.recorded('/predicts')).toHaveLength(1);
  });
  it('tries again what may pass, and says how often', async () => {
    server.answer('/busy', [{ status: 503 }, { status: 200, body: '{"MLModelId":"a"}' }]);
    const service = open('/busy');
    expect(await service.call('GetMLModel', { MLModelId: 'a' })).toEqual({ MLModelId: 'a' });
    await service.close();
    expect(server.recorded('/busy')).toHaveLength(2);
  });
  it('throws the exceptions of the service', async () => {
    server.answer('/wrong', [{ status: 404, body: '{"__type":"a#ResourceNotFoundException","message":"no"}' }]);
    const service = open('/wrong');
    await expect(service.call('GetMLModel', { MLModelId: 'a' })).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
      status: 404,
      message: 'no',
    });
    await service.close();
    expect(server.recorded('/wrong')).toHaveLength(1);
  });
  it('tells a connection that is dropped from one that takes too long', async () => {
    server.answer('/dropped', [{ drop: true }]);
    server.answer('/silent', [{ silent: true }]);
    const dropped = open('/dropped', { maxAttempts: 1 });
    const silent = open('/silent', { maxAttempts: 1, readTimeoutMs: 100 });
    await expect(dropped.call('GetMLModel', { MLModelId: 'a' })).rejects.toThrow(
      `Connection was closed before we received a valid response from endpoint URL: "${server.origin}/dropped".`,
    );
    await expect(silent.call('GetMLModel', { MLModelId: 'a' })).rejects.toThrow(
      `Read timeout on endpoint URL: "${server.origin}/silent"`,
    );
    await dropped.close();
    await silent.close();
  });
});
