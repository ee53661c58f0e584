import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { InvalidInput } from '../../src/errors.js';
import { anonymousAccess } from '../../src/server/access.js';
import { type Limits, listen } from '../../src/server/listen.js';
import { Log } from '../../src/server/log.js';
import { Metrics } from '../../src/server/metrics.js';
import { call, exchange, openSocket } from './http.js';
import { modelService, startServer, type TestServer } from './model-service.js';

const service = await modelService();
const servers: TestServer[] = [];
afterEach(async () => {
  service.release();
  await Promise.all(servers.splice(0).map((server) => server.stop(50)));
});

async function start(limits: Partial<Limits> = {}): Promise<TestServer> {
  const server = await startServer(service, { limits });
  servers.push(server);
  return server;
}

const HEAD = 'POST / HTTP/1.1\r\nHost: localhost\r\nX-Amz-Target: AmazonML_20141212.GetMLModel\r\n';
const waitFor = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await sleep(5);
};

describe('limits', () => {
  it('refuses a body that is declared or found to be too large, and keeps the connection', async () => {
    const server = await start({ bodyLimit: 1000 });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    for (const framing of ['Content-Length', 'Transfer-Encoding']) {
      const headers = { [framing]: framing === 'Content-Length' ? '1001' : 'chunked' };
      const { status, body } = await call(server.url, 'GetMLModel', { body: 'x'.repeat(1001), agent, headers });
      expect([status, body.__type]).toEqual([413, 'RequestEntityTooLargeException']);
      expect(body.message).toBe('the body is larger than 1000 bytes');
    }
    const fits = JSON.stringify({ Name: 'x'.repeat(989) });
    expect(fits).toHaveLength(1000);
    expect((await call(server.url, 'GetMLModel', { body: fits, agent })).status).toBe(200);
    expect(Object.values(agent.freeSockets).flat()).toHaveLength(1);
    agent.destroy();
  });

  it('cuts the connection of a client that sends on and on', async () => {
    const server = await start({ bodyLimit: 1000 });
    const socket = await openSocket(server.port);
    const closed = new Promise((resolve) => socket.on('close', resolve));
    const answer = new Promise((resolve) => socket.once('data', (data) => resolve(String(data))));
    socket.write(`${HEAD}Content-Length: 100000000\r\n\r\n`);
    expect(await answer).toContain('RequestEntityTooLargeException');
    socket.removeAllListeners('error').on('error', () => {});
    socket.write('x'.repeat(100_000));
    await closed;
  });

  it('turns large bodies away when too many are arriving, and takes them again later', async () => {
    const server = await start({ bodyLimit: 1000 });
    const slow = await Promise.all(Array.from({ length: 17 }, () => openSocket(server.port)));
    const answers = slow.map(
      (socket) => new Promise<string>((resolve) => socket.once('data', (data) => resolve(String(data)))),
    );
    for (const socket of slow) socket.write(`${HEAD}Content-Length: 1000\r\n\r\n${'x'.repeat(950)}`);
    const first = await Promise.race(answers);
    expect(first).toMatch(/^HTTP\/1.1 400 [\s\S]*ThrottlingException/);
    for (const socket of slow) socket.destroy();
    let status = 0;
    for (let i = 0; i < 100 && status !== 200; i++) {
      status = (await call(server.url, 'GetMLModel', { body: JSON.stringify({ x: 'y'.repeat(900) }) })).status;
    }
    expect(status).toBe(200);
  });

  it('answers ThrottlingException, which clients try again, when too many operations are under way', async () => {
    const server = await start({ maxInFlight: 2 });
    const waiting = [1, 2].map(() => call(server.url, 'DescribeMLModels'));
    await waitFor(() => service.waiting === 2);
    const { status, body } = await call(server.url, 'GetMLModel');
    expect([status, body.__type]).toEqual([400, 'ThrottlingException']);
    service.release();
    expect((await Promise.all(waiting)).map((answer) => answer.status)).toEqual([200, 200]);
    expect((await call(server.url, 'GetMLModel')).status).toBe(200);
    expect(await server.metrics.render()).toContain('create_ml_model_requests_throttled_total 1\n');
  });

  it.each([
    ['headers', 'POST / HTTP/1.1\r\nHost: local', /^HTTP\/1.1 408 [\s\S]*RequestTimeoutException/],
    ['body', `${HEAD}Content-Length: 10\r\n\r\n{`, /^$/],
  ])('does not wait for ever for the rest of the %s', async (_, text, answer) => {
    const server = await start({ headersTimeoutMs: 200, requestTimeoutMs: 300 });
    expect(await exchange(server.port, text)).toMatch(answer);
    expect(server.metrics.inFlight).toBe(0);
  });

  it('closes a connection that is not used any more', async () => {
    const server = await start({ keepAliveTimeoutMs: 100 });
    expect(await exchange(server.port, `${HEAD}Content-Length: 2\r\n\r\n{}`)).toMatch(/^HTTP\/1.1 200 /);
  });

  it.each([
    ['what is not HTTP', 'hello\r\n\r\n', 400, 'MalformedHttpRequestException'],
    ['bytes of TLS', Buffer.from('16030100fa010000f60303', 'hex'), 400, 'MalformedHttpRequestException'],
    ['two lengths', `${HEAD}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}`, 400, 'MalformedHttpRequestException'],
    [
      'a length and chunks',
      `${HEAD}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n`,
      400,
      'MalformedHttpRequestException',
    ],
    ['headers too large', `${HEAD}X: ${'x'.repeat(20_000)}\r\n\r\n`, 431, 'RequestHeaderSectionTooLargeException'],
  ])('answers %s with an error and hangs up', async (_, bytes, status, name) => {
    const server = await start();
    const answer = await exchange(server.port, bytes);
    const [head, body] = answer.split('\r\n\r\n');
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} [A-Z]`));
    expect(JSON.parse(body).__type).toBe(name);
    expect(head).toContain(`Content-Length: ${body.length}`);
  });

  it('survives clients that go away at any point', async () => {
    const server = await start();
    const text = `${HEAD.replace('Get', 'Describe').replace('Model\r', 'Models\r')}Content-Length: 2\r\n\r\n{}`;
    for (let length = 0; length <= text.length; length += 9) {
      const socket = await openSocket(server.port);
      await new Promise((resolve) => socket.write(text.slice(0, length), resolve));
      socket.resetAndDestroy();
    }
    expect((await call(server.url, 'GetMLModel')).status).toBe(200);
    service.release();
    await waitFor(() => server.metrics.inFlight === 0);
  });
});

describe('stop', () => {
  it('answers what has been asked, closes idle connections and takes no new ones', async () => {
    const server = await start();
    const agent = new Agent({ keepAlive: true });
    await call(server.url, 'GetMLModel', { agent });
    const asked = call(server.url, 'DescribeMLModels');
    await waitFor(() => service.waiting === 1);
    const stopped = server.stop(5000);
    await expect(call(server.url, 'GetMLModel')).rejects.toThrow(/ECONNREFUSED|ECONNRESET|socket hang up/);
    service.release();
    const { status, headers } = await asked;
    expect([status, headers.connection]).toEqual([200, 'close']);
    await stopped;
    agent.destroy();
  });

  it('cuts what is not done when the time is over', async () => {
    const server = await start();
    const asked = call(server.url, 'DescribeMLModels');
    await waitFor(() => service.waiting === 1);
    const lost = expect(asked).rejects.toThrow('socket hang up');
    await server.stop(100);
    await lost;
  });
});

describe('start', () => {
  it('names the port that is in use', async () => {
    const { port } = await start();
    const given = {
      access: anonymousAccess(),
      log: new Log(() => {}),
      metrics: new Metrics(),
      openService: async () => service,
    };
    await expect(listen({ host: '127.0.0.1', port, ...given })).rejects.toThrow(`port ${port} of 127.0.0.1 is in use`);
    await expect(listen({ host: '192.0.2.1', port: 0, ...given })).rejects.toThrow(
      "--host: '192.0.2.1' is not an address of this machine",
    );
    const broken = async (): Promise<never> => {
      throw new InvalidInput('the store is damaged');
    };
    await expect(listen({ host: '127.0.0.1', port: 0, ...given, openService: broken })).rejects.toThrow('damaged');
  });
});
