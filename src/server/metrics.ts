/** Upper limits of the latency buckets, seconds. */
const BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];
const PREFIX = 'create_ml_model';

interface Latency {
  /** Requests per bucket, not cumulated; the last one has no limit. */
  readonly counts: Float64Array;
  sumSeconds: number;
}

/** Values that are read when the metrics are: a name with labels, such as `jobs{status="PENDING"}`, and a number. */
export type Gauges = () => Iterable<readonly [string, number]> | Promise<Iterable<readonly [string, number]>>;

/**
 * Counts and times of requests, in Prometheus text format.
 *
 * @see Prometheus, Exposition formats, text format 0.0.4
 */
export class Metrics {
  /** Requests by operation, then HTTP status. */
  readonly #requests = new Map<string, Map<number, number>>();
  readonly #latencies = new Map<string, Latency>();
  /** Operations that are being carried out. */
  inFlight = 0;
  /** Requests that were turned away because too many were being carried out. */
  throttled = 0;

  /** @param operation one of few names, so that the metrics stay small */
  count(operation: string, status: number, elapsedMs: number): void {
    let byStatus = this.#requests.get(operation);
    if (byStatus === undefined) this.#requests.set(operation, (byStatus = new Map()));
    byStatus.set(status, (byStatus.get(status) ?? 0) + 1);
    let latency = this.#latencies.get(operation);
    if (latency === undefined) {
      latency = { counts: new Float64Array(BUCKETS.length + 1), sumSeconds: 0 };
      this.#latencies.set(operation, latency);
    }
    const seconds = elapsedMs / 1000;
    latency.sumSeconds += seconds;
    let bucket = 0;
    while (bucket < BUCKETS.length && seconds > BUCKETS[bucket]) bucket++;
    latency.counts[bucket]++;
  }

  async render(gauges: Gauges = () => []): Promise<string> {
    const cpu = process.cpuUsage();
    return [
      ...this.#renderRequests(),
      ...family('requests_in_flight', 'gauge', 'Operations that are being carried out.', [['', this.inFlight]]),
      ...family(
        'requests_throttled_total',
        'counter',
        'Requests turned away because too many were being carried out.',
        [['', this.throttled]],
      ),
      ...grouped([...(await gauges())]),
      '# TYPE process_resident_memory_bytes gauge',
      `process_resident_memory_bytes ${process.memoryUsage.rss()}`,
      '# TYPE process_cpu_seconds_total counter',
      `process_cpu_seconds_total ${(cpu.user + cpu.system) / 1e6}`,
      '# TYPE process_start_time_seconds gauge',
      `process_start_time_seconds ${((Date.now() - performance.now()) / 1000).toFixed(3)}`,
      '',
    ].join('\n');
  }

  #renderRequests(): string[] {
    const counts: Sample[] = [];
    const latencies: Sample[] = [];
    for (const [operation, byStatus] of this.#requests) {
      for (const [status, count] of byStatus) counts.push([`{operation="${operation}",status="${status}"}`, count]);
    }
    for (const [operation, { counts: buckets, sumSeconds }] of this.#latencies) {
      let total = 0;
      for (const [i, count] of buckets.entries()) {
        total += count;
        latencies.push([`_bucket{operation="${operation}",le="${BUCKETS[i] ?? '+Inf'}"}`, total]);
      }
      latencies.push([`_sum{operation="${operation}"}`, sumSeconds], [`_count{operation="${operation}"}`, total]);
    }
    return [
      ...family('requests_total', 'counter', 'Requests by operation and HTTP status.', counts),
      ...family(
        'request_duration_seconds',
        'histogram',
        'Time from the headers of a request to its answer.',
        latencies,
      ),
    ];
  }
}

/** What follows the family's name, and the value. */
type Sample = readonly [suffix: string, value: number];

function family(name: string, type: string, help: string, samples: readonly Sample[]): string[] {
  return [
    `# HELP ${PREFIX}_${name} ${help}`,
    `# TYPE ${PREFIX}_${name} ${type}`,
    ...samples.map(([suffix, value]) => `${PREFIX}_${name}${suffix} ${value}`),
  ];
}

/** Gauges, each family after its one TYPE line. */
function grouped(gauges: readonly (readonly [string, number])[]): string[] {
  const families = new Map<string, (readonly [string, number])[]>();
  for (const gauge of gauges) {
    const name = gauge[0].replace(/\{.*/, '');
    families.set(name, [...(families.get(name) ?? []), gauge]);
  }
  return [...families].flatMap(([name, samples]) => [
    `# TYPE ${PREFIX}_${name} gauge`,
    ...samples.map(([sample, value]) => `${PREFIX}_${sample} ${value}`),
  ]);
}
