import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call, exchange } from './http.js';
import { modelService, startServer, type TestServer } from './model-service.js';

let server: TestServer;
beforeAll(async () => {
  server = await startServer(await modelService());
});
afterAll(() => server.stop(100));

const record = { sepal_length: '5.1', sepal_width: '3.5', petal_length: '1.4', petal_width: '0.2' };
const predict = JSON.stringify({ MLModelId: 'ml-1', Record: record, PredictEndpoint: 'http://127.0.0.1' });
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe('AWS JSON 1.1', () => {
  it('answers an operation with its output, a request id and the content type', async () => {
    const { status, headers, body } = await call(server.url, 'Predict', { body: predict });
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('application/x-amz-json-1.1');
    expect(headers['x-amzn-requestid']).toMatch(UUID);
    expect(headers.date).toBeDefined();
    expect(body.Prediction.details).toEqual({ Algorithm: 'SGD', PredictiveModelType: 'MULTICLASS' });
    expect(body.Prediction.predictedLabel).toMatch(/setosa/);
    const scores = Object.values(body.Prediction.predictedScores as Record<string, number>);
    expect(scores.reduce((a, b) => a + b)).toBeCloseTo(1, 5);
  });

  it('gives each answer another request id', async () => {
    const answers = await Promise.all([1, 2, 3].map(() => call(server.url, 'GetMLModel')));
    expect(new Set(answers.map(({ headers }) => headers['x-amzn-requestid'])).size).toBe(3);
  });

  it('serves any path, and reads header names in any case', async () => {
    expect((await call(server.url, 'GetMLModel', { path: '/predict/ml-1?x=1' })).status).toBe(200);
    expect(
      (await call(server.url, undefined, { headers: { 'x-AMZ-target': 'AmazonML_20141212.GetMLModel' } })).status,
    ).toBe(200);
  });

  it('sends text as UTF-8 and times as numbers', async () => {
    const { body } = await call(server.url, 'GetMLModel');
    expect(body).toEqual({ CreatedAt: 1435616399.123, Name: 'mödel €😀' });
  });

  it('takes no body for an empty input, and a body in chunks', async () => {
    expect((await call(server.url, 'GetMLModel', { body: '' })).status).toBe(200);
    const answer = await exchange(
      server.port,
      'POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n' +
        'X-Amz-Target: AmazonML_20141212.Predict\r\n\r\n',
      ...[predict.slice(0, 7), predict.slice(7)].map((piece) => `${piece.length.toString(16)}\r\n${piece}\r\n`),
      '0\r\n\r\n',
    );
    expect(answer).toContain('HTTP/1.1 200 OK');
    expect(answer).toContain('predictedLabel');
  });

  it('names the error in the body and in x-amzn-ErrorType, with the status of its shape', async () => {
    const { status, headers, body } = await call(server.url, 'Predict', { body: predict.replace('ml-1', 'ml-2') });
    expect(status).toBe(404);
    expect(body).toEqual({ __type: 'ResourceNotFoundException', message: "no model 'ml-2'" });
    expect(headers['x-amzn-errortype']).toBe('ResourceNotFoundException');
    expect(headers['content-type']).toBe('application/x-amz-json-1.1');
    expect(headers['x-amzn-requestid']).toMatch(UUID);
  });

  it("passes the library's errors on as InvalidInputException, with what to do", async () => {
    const { status, body } = await call(server.url, 'Predict', { body: predict.replace('petal_width', 'petal_widht') });
    expect(status).toBe(400);
    expect(body.__type).toBe('InvalidInputException');
    expect(body.message).toContain("no attribute 'petal_widht'. Hint: did you mean 'petal_width'?");
  });

  it('keeps messages within 2,048 characters', async () => {
    const { body } = await call(server.url, 'Predict', { body: predict.replace('ml-1', 'x'.repeat(5000)) });
    expect(body.message).toHaveLength(2048);
  });

  it.each([
    ['GetNothing', "there is no operation 'AmazonML_20141212.GetNothing'"],
    ['constructor', "there is no operation 'AmazonML_20141212.constructor'"],
    [undefined, 'the request names no operation'],
  ])('answers UnknownOperationException for %s', async (operation, message) => {
    const { status, body } = await call(server.url, operation);
    expect(status).toBe(404);
    expect(body.__type).toBe('UnknownOperationException');
    expect(body.message).toContain(message);
  });

  it('answers SerializationException for the bare NaN of the AWS CLI', async () => {
    const body = '{"MLModelId": "ml-1", "ScoreThreshold": NaN}';
    expect((await call(server.url, 'UpdateMLModel', { body })).body).toEqual({
      __type: 'SerializationException',
      message: "NaN at character 39 is not a JSON number; send the operation's input as a JSON object",
    });
  });

  it('answers InternalServerException for a bug, and tells of it in the log only', async () => {
    const { status, body, headers } = await call(server.url, 'DeleteMLModel');
    expect(status).toBe(500);
    expect(body.__type).toBe('InternalServerException');
    expect(body.message).not.toMatch(/undefined|gone|\/test\//);
    expect(body.message).toContain(headers['x-amzn-requestid']);
    const logged = server.logged().find(({ event }) => event === 'operation failed')!;
    expect(logged.requestId).toBe(headers['x-amzn-requestid']);
    expect(logged.stack).toMatch(/TypeError.*\n.*model-service/);
  });

  it('answers several requests of a connection in order', async () => {
    const one = (operation: string): string =>
      `POST / HTTP/1.1\r\nHost: localhost\r\nX-Amz-Target: AmazonML_20141212.${operation}\r\nContent-Length: 2\r\n\r\n{}`;
    const socketText = exchange(
      server.port,
      one('GetMLModel') + one('GetNothing') + one('GetMLModel').replace('Host', 'Connection: close\r\nHost'),
    );
    expect((await socketText).match(/HTTP\/1.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 404', 'HTTP/1.1 200']);
  });
});

describe('pages for operators', () => {
  it('answers GET and HEAD /ping', async () => {
    expect((await call(server.url, undefined, { method: 'GET', path: '/ping' })).body).toEqual({ status: 'ok' });
    expect((await call(server.url, undefined, { method: 'HEAD', path: '/ping' })).status).toBe(200);
  });

  it.each([
    ['GET', '/'],
    ['GET', '/pings'],
    ['PUT', '/ping'],
    ['DELETE', '/metrics'],
    ['OPTIONS', '/'],
  ])('answers %s %s with an error of the protocol', async (method, path) => {
    const { status, body, headers } = await call(server.url, undefined, { method, path });
    expect([status, body.__type]).toEqual([404, 'UnknownOperationException']);
    expect(headers['access-control-allow-origin']).toBeUndefined();
  });

  it('counts requests by operation and status, with a latency histogram, at /metrics', async () => {
    const count = (text: string, name: string): number =>
      Number(
        text
          .split('\n')
          .find((line) => line.startsWith(`${name} `))
          ?.slice(name.length) ?? 0,
      );
    const metrics = async (): Promise<string> =>
      (await call(server.url, undefined, { method: 'GET', path: '/metrics' })).text;
    const ok = 'create_ml_model_requests_total{operation="Predict",status="200"}';
    const missing = 'create_ml_model_requests_total{operation="Predict",status="404"}';
    const infinite = 'create_ml_model_request_duration_seconds_bucket{operation="Predict",le="+Inf"}';
    const before = await metrics();
    for (let i = 0; i < 3; i++) await call(server.url, 'Predict', { body: predict });
    await call(server.url, 'Predict', { body: predict.replace('ml-1', 'ml-2') });
    const after = await metrics();
    expect(count(after, ok) - count(before, ok)).toBe(3);
    expect(count(after, missing) - count(before, missing)).toBe(1);
    expect(count(after, infinite) - count(before, infinite)).toBe(4);
    expect(count(after, 'create_ml_model_request_duration_seconds_count{operation="Predict"}')).toBe(
      count(after, infinite),
    );
    expect(count(after, 'process_resident_memory_bytes')).toBeGreaterThan(1e7);
    expect(count(after, 'create_ml_model_requests_in_flight')).toBe(0);
    for (const line of after.trim().split('\n'))
      expect(line).toMatch(/^(# (HELP|TYPE) \w+ .+|\w+(\{[^{}]+\})? [\d.e+-]+)$/);
  });

  it('logs a line per request, without what was in it', async () => {
    const { headers } = await call(server.url, 'Predict', { body: predict });
    const line = server.logged().find(({ requestId }) => requestId === headers['x-amzn-requestid'])!;
    expect(line).toEqual({
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      level: 'info',
      event: 'request',
      requestId: headers['x-amzn-requestid'],
      operation: 'Predict',
      status: 200,
      ms: expect.any(Number),
      remote: '127.0.0.1',
    });
  });
});
