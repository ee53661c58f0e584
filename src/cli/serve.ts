import { isIPv6 } from 'node:net';
import { resolve } from 'node:path';
import { InvalidInput } from '../errors.js';
import { openLocalService } from '../operations/local-service.js';
import type { Service } from '../operations/service.js';
import { type Access, anonymousAccess, isLoopbackName, signedAccess } from '../server/access.js';
import { findCredentials } from '../server/credentials.js';
import { type Limits, listen, type RunningServer } from '../server/listen.js';
import { Log } from '../server/log.js';
import { Metrics } from '../server/metrics.js';
import { SignatureVerifier } from '../server/sigv4.js';
import { type Supervised, supervise } from '../server/supervise.js';
import { startResidentRunner } from '../store/runner.js';
import { openStore, type Store } from '../store/store.js';
import { VERSION } from '../version.js';
import { homeFolder } from './home.js';
import { workWithoutReader } from './run.js';
import type { ServeFlags } from './serve-command.js';

/** Time for requests that are under way when the server is stopped. */
const REQUEST_GRACE_MS = 3000;
/** Time for the job runner to hand back its jobs. */
const RUNNER_GRACE_MS = 6000;

/** `serve`: until a signal comes. */
export async function serve(flags: ServeFlags): Promise<void> {
  const port = wholeNumber('--port', flags.port, 0, 65535);
  const limits = readLimits(flags);
  const jobs = wholeNumber('--jobs', flags.jobs, 1, 64);
  const publicUrl = flags.publicUrl === undefined ? undefined : checkUrl(flags.publicUrl);
  const access = await chooseAccess(flags);
  const home = resolve(homeFolder(flags.home));
  const s3Root = flags.s3Root === undefined ? undefined : resolve(flags.s3Root);
  workWithoutReader();
  const log = new Log((text) => process.stderr.write(text), flags.logLevel);
  const metrics = new Metrics();
  let service: Service | undefined;
  let store: Store | undefined;
  let runner: Supervised | undefined;
  const server = await listen({
    host: flags.host,
    port,
    access,
    log,
    metrics,
    limits,
    gauges: () => [...objectGauges(store), ['job_runner_restarts', runner?.restarts ?? 0]],
    openService: async (bound) => {
      store = await openStore(home);
      const endpointUrl = publicUrl ?? `http://${reachableHost(flags.host)}:${bound}`;
      service = await openLocalService({
        home,
        s3Root,
        s3Endpoint: flags.s3Endpoint,
        endpointUrl,
        startRunner: () => {},
      });
      return service;
    },
  });
  const url = publicUrl ?? `http://${reachableHost(flags.host)}:${server.port}`;
  log.info('listening', { url, host: server.host, port: server.port, home, pid: process.pid, version: VERSION });
  runner = supervise(() => startResidentRunner(home, { jobs, output: 'pipe' }), log);
  process.stdout.write(`listening on ${url}\n`);
  await stopSignal(log);
  await stopAll(server, runner, service!);
  store!.close();
  log.info('stopped');
  log.flush();
  process.exit(0);
}

async function stopAll(server: RunningServer, runner: Supervised, service: Service): Promise<void> {
  await Promise.all([server.stop(REQUEST_GRACE_MS), runner.stop(RUNNER_GRACE_MS)]);
  await service.close();
}

/** Jobs are seen by the status of their objects: PENDING ones wait, INPROGRESS ones are worked on. */
function objectGauges(store: Store | undefined): [string, number][] {
  return (store?.objectCounts() ?? []).map(({ kind, status, count }) => [
    `objects{kind="${kind}",status="${status}"}`,
    count,
  ]);
}

/** Kept when SIGTERM or SIGINT comes first; the second one ends the process. */
function stopSignal(log: Log): Promise<void> {
  return new Promise((stop) => {
    let first = true;
    for (const [signal, code] of [
      ['SIGTERM', 143],
      ['SIGINT', 130],
    ] as const) {
      process.on(signal, () => {
        if (!first) process.exit(code);
        first = false;
        log.info('stopping', { signal });
        log.flush();
        stop();
      });
    }
  });
}

async function chooseAccess({ anonymous, host, credentials, region }: ServeFlags): Promise<Access> {
  if (!anonymous) return signedAccess(new SignatureVerifier(await findCredentials(credentials), { region }));
  if (isLoopbackName(host)) return anonymousAccess();
  throw new InvalidInput(`--anonymous would let everyone use the server who can reach '${host}'`, {
    hint: 'leave --anonymous out, or listen on --host 127.0.0.1',
  });
}

function readLimits(flags: ServeFlags): Partial<Limits> {
  return {
    bodyLimit: wholeNumber('--body-limit', flags.bodyLimit, 1024, 1024 ** 3),
    maxInFlight: wholeNumber('--max-in-flight', flags.maxInFlight, 1, 1e6),
    maxConnections: wholeNumber('--max-connections', flags.maxConnections, 1, 1e6),
  };
}

function wholeNumber(flag: string, text: string, least: number, most: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new InvalidInput(`${flag}: '${text}' is not a whole number from ${least} to ${most}`);
}

function checkUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol) && url.pathname === '/' && !url.search && !url.hash) {
    return url.origin;
  }
  throw new InvalidInput(`--public-url: '${text}' is not an http or https URL without a path`, {
    hint: 'the AWS CLI replaces the path of an endpoint, so there must be none; give https://ml.example.org',
  });
}

/** A host that clients of this machine can connect to, as URLs spell it. */
function reachableHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost';
  return isIPv6(host) ? `[${host}]` : host;
}
