import { connect } from 'node:net';
import fc from 'fast-check';
import {
  type Member,
  type Members,
  OPERATIONS,
  type OperationName,
  type SimpleShape,
} from '../../src/operations/shapes.js';
import { randomIntegers } from '../../src/training/shuffle.js';

/** What came of sending bytes to a server. */
export interface FuzzResult {
  readonly sent: number;
  readonly statuses: Readonly<Record<string, number>>;
  /** What should not have happened, with the bytes that caused it. */
  readonly failures: readonly string[];
}

const NAMES = Object.keys(OPERATIONS) as OperationName[];
export const IDS = ['a', 'b', 'c', 'd', 'none'];
const SCHEMA = JSON.stringify({
  version: '1.0',
  targetAttributeName: 'y',
  dataFormat: 'CSV',
  dataFileContainsHeader: true,
  attributes: [
    { attributeName: 'x', attributeType: 'NUMERIC' },
    { attributeName: 'y', attributeType: 'BINARY' },
  ],
});
const DECLARED = new Set([100, 200, 400, 403, 404, 408, 413, 417, 431]);
const HANG_MS = 10_000;
/** Requests that are sent over a connection when their framing is right. */
const PIPELINED = 8;
/** What is not a whole request gets no answer: the connection is ended after so long. */
const PATIENCE_MS = 40;

const odd = fc.oneof(
  { depthIdentifier: 'odd' },
  fc.constantFrom<unknown>(
    null,
    '',
    0,
    -1,
    1e308,
    0.5,
    true,
    [],
    {},
    '\u0000',
    '\ud800',
    '__proto__',
    's3://a/../b',
    '%s%n',
    'x'.repeat(3000),
  ),
  fc.string({ unit: 'binary' }),
  fc.jsonValue({ maxDepth: 4 }),
);

function simpleValue(shape: SimpleShape): fc.Arbitrary<unknown> {
  if (shape.enum) return fc.constantFrom(...shape.enum);
  switch (shape.type) {
    case 'boolean':
      return fc.boolean();
    case 'integer':
    case 'long':
      return fc.integer({ min: 1, max: 100 });
    case 'float':
      return fc.double({ noNaN: true, min: 0, max: 1 });
    case 'timestamp':
      return fc.integer();
    default:
      return textValue(shape);
  }
}

function textValue({ pattern, maxLength = 0 }: SimpleShape): fc.Arbitrary<string> {
  if (pattern?.startsWith('s3'))
    return fc.constantFrom('s3://bucket/data.csv', 's3://bucket/', 's3://none/x', 's3://bucket/../x');
  if (pattern?.startsWith('https')) return fc.constant('http://127.0.0.1:1');
  if (pattern?.startsWith('[a-z')) return fc.constantFrom(...IDS);
  if (maxLength > 100_000) return fc.constantFrom(SCHEMA, SCHEMA, '{"version":"1.0"}', '');
  return fc.constantFrom(...IDS, '2026-01-01T00:00:00Z', SCHEMA, '{"version":"1.0"}', 'ü😀');
}

/** Mostly as the shape says. */
function valueFor(shape: Member): fc.Arbitrary<unknown> {
  const right = (): fc.Arbitrary<unknown> => {
    switch (shape.type) {
      case 'structure':
        return inputOf(shape.members);
      case 'list':
        return fc.array(valueFor(shape.item), { maxLength: 4 });
      case 'map':
        return fc.dictionary(fc.string({ maxLength: 12 }), simpleValue(shape.value), {
          maxKeys: 4,
          noNullPrototype: true,
        });
      default:
        return simpleValue(shape);
    }
  };
  return fc.oneof({ weight: 24, arbitrary: right() }, { weight: 1, arbitrary: odd });
}

/** Required members, mostly, and few of the others, so that many inputs are right. */
function inputOf(members: Members): fc.Arbitrary<Record<string, unknown>> {
  const names = Object.keys(members);
  const required = names.filter((name) => members[name].required);
  const optional = names.filter((name) => !members[name].required);
  const chosen = fc.oneof(
    {
      weight: 9,
      arbitrary: fc
        .subarray(optional, { maxLength: Math.min(3, optional.length) })
        .map((some) => [...required, ...some]),
    },
    { weight: 1, arbitrary: fc.subarray(names) },
  );
  return chosen.chain((some) =>
    fc.record(Object.fromEntries(some.map((name) => [name, name === 'NextToken' ? odd : valueFor(members[name])]))),
  );
}

const toText = (value: unknown): string => JSON.stringify(value);

const operations = fc.oneof(
  {
    weight: 9,
    arbitrary: fc
      .constantFrom(...NAMES)
      .chain((name) => fc.tuple(fc.constant<string>(name), inputOf(OPERATIONS[name].input).map(toText))),
  },
  { weight: 1, arbitrary: fc.tuple(fc.constantFrom('', 'x', 'constructor', 'Predict\t'), odd.map(toText)) },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constantFrom<string>(...NAMES), fc.oneof(odd.map(toText), fc.string({ unit: 'binary' }))),
  },
);

/** A request as it goes over the wire. */
function requestBytes([operation, body]: readonly [string, string], path: string, isLast: boolean): Buffer {
  const bytes = Buffer.from(body);
  const head =
    `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Amz-Target: AmazonML_20141212.${operation}\r\n` +
    `Content-Type: application/x-amz-json-1.1\r\nContent-Length: ${bytes.length}\r\n` +
    (isLast ? 'Connection: close\r\n\r\n' : '\r\n');
  return Buffer.concat([Buffer.from(head), bytes]);
}

type Random = (below: number) => number;

/** What is sent over a connection. */
interface Batch {
  readonly bytes: Buffer;
  /** Requests in it that must be answered. */
  readonly whole: number;
}

/** One to eight changes: a bit, a byte in or out, a stretch repeated, moved or cut off. */
function mutate(bytes: Buffer, random: Random): Buffer {
  let result = Buffer.from(bytes);
  for (let changes = 1 + random(8); changes > 0 && result.length > 0; changes--) {
    const at = random(result.length);
    const length = Math.min(1 + random(40), result.length - at);
    const [before, piece, after] = [
      result.subarray(0, at),
      result.subarray(at, at + length),
      result.subarray(at + length),
    ];
    switch (random(6)) {
      case 0:
        result[at] ^= 1 << random(8);
        break;
      case 1:
        result = Buffer.concat([before, Buffer.from([random(256)]), piece, after]);
        break;
      case 2:
        result = Buffer.concat([before, after]);
        break;
      case 3:
        result = Buffer.concat([before, piece, piece, after]);
        break;
      case 4:
        result = Buffer.concat([piece, before, after]);
        break;
      default:
        result = random(4) === 0 ? Buffer.from(before) : result;
    }
  }
  return result;
}

/**
 * Send random requests: half of them well framed with inputs by the operations' shapes and odd values, several to a connection;
 * half with their bytes changed at random, each over a connection of its own.
 *
 * @param seed fixes what is sent
 */
export async function fuzz(port: number, seed: number, count: number, connections = 64): Promise<FuzzResult> {
  const random = randomIntegers(seed);
  const statuses: Record<string, number> = {};
  const failures: string[] = [];
  const batches = batchesOf(seed, count, random);
  const sender = async (): Promise<void> => {
    for (const batch of batches) {
      const failure = check(await exchange(port, batch), batch.whole, statuses);
      if (failure !== undefined)
        failures.push(`${failure}\n--- sent\n${batch.bytes.toString('latin1').slice(0, 5000)}`);
      if (failures.length > 5) return;
    }
  };
  await Promise.all(Array.from({ length: connections }, sender));
  return { sent: count, statuses, failures };
}

function* batchesOf(seed: number, count: number, random: Random): Generator<Batch> {
  const chunk = 512;
  for (let made = 0; made < count; made += chunk) {
    const requests = fc
      .sample(operations, { seed: seed + made, numRuns: Math.min(chunk, count - made) })
      .map((operation, i) =>
        requestBytes(operation, random(8) === 0 ? '/predict/ml-1?x=%20' : '/', i % PIPELINED === 7),
      );
    const half = Math.floor(requests.length / 2 / PIPELINED) * PIPELINED;
    for (let i = 0; i < half; i += PIPELINED)
      yield { bytes: Buffer.concat(requests.slice(i, i + PIPELINED)), whole: PIPELINED };
    for (const request of requests.slice(half)) yield { bytes: mutate(request, random), whole: 0 };
  }
}

/** @returns what came back; undefined when the server neither answers nor hangs up */
function exchange(port: number, { bytes, whole }: Batch): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    let text = '';
    const timer = setTimeout(() => {
      resolve(undefined);
      socket.destroy();
    }, HANG_MS);
    const patience = whole > 0 ? undefined : setTimeout(() => socket.end(), PATIENCE_MS);
    socket.setEncoding('latin1').on('data', (piece) => {
      text += piece;
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      clearTimeout(timer);
      clearTimeout(patience);
      resolve(text);
    });
    socket.write(bytes);
  });
}

/** @returns what is wrong with the answers of a connection */
function check(answers: string | undefined, whole: number, statuses: Record<string, number>): string | undefined {
  if (answers === undefined) return 'the server hangs';
  let count = 0;
  let rest = answers;
  while (rest !== '') {
    const head = /^HTTP\/1\.1 (\d{3}) [^\r\n]*\r\n([\s\S]*?)\r\n\r\n/.exec(rest);
    if (head === null) return `not an answer: ${rest.slice(0, 500)}`;
    const status = Number(head[1]);
    statuses[status] = (statuses[status] ?? 0) + 1;
    count++;
    if (!DECLARED.has(status)) return `status ${status}: ${rest.slice(0, 1000)}`;
    const length = Number(/^Content-Length: (\d+)$/im.exec(head[2])?.[1] ?? 0);
    const isHead = /^HTTP\/1\.1 200/.test(rest) && rest.length === head[0].length;
    const body = rest.slice(head[0].length, head[0].length + length);
    if (status >= 400 && length > 0 && !/"__type":"[A-Za-z]+"/.test(body)) return `no error: ${rest.slice(0, 500)}`;
    rest = isHead ? '' : rest.slice(head[0].length + length);
  }
  return count < whole ? `${count} of ${whole} answers: ${answers.slice(-1000)}` : undefined;
}
