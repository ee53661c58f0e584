import { checkQuery, type Query } from '../output/query.js';
import { parseKnown } from './argument-parser.js';
import { usageFailure } from './failure.js';
import { requireInteger } from './numbers.js';
import { GLOBAL_OPTIONS, LOCAL_OPTIONS } from './option-tables.js';

export type OutputFormat = 'json' | 'text' | 'table' | 'yaml' | 'yaml-stream';

/** What the global options say. */
export interface Globals {
  readonly debug: boolean;
  readonly endpointUrl?: string;
  readonly verifyTls: boolean;
  readonly paginate: boolean;
  readonly output?: OutputFormat;
  readonly query?: Query;
  readonly profile?: string;
  readonly region?: string;
  readonly color: 'on' | 'off' | 'auto';
  readonly sign: boolean;
  readonly caBundle?: string;
  /** Milliseconds; 0: without end. */
  readonly readTimeoutMs: number;
  readonly connectTimeoutMs: number;
  readonly pager: boolean;
  /** Folders of the local store and of its `s3://` objects. */
  readonly home?: string;
  readonly s3Root?: string;
  /** S3-compatible endpoint in place of that folder. */
  readonly s3Endpoint?: string;
}

/** `--version` was met: nothing else counts. */
export class VersionAsked extends Error {
  override readonly name = 'VersionAsked';
}

const DEFAULT_TIMEOUT_S = 60;

/**
 * Take the global options out of a command line.
 *
 * @returns them and the other arguments
 * @throws CommandFailure for a choice or number that is none, an address without scheme
 * @throws OutputError for an expression of `--query` that cannot be understood
 * @throws VersionAsked
 */
export function readGlobals(program: string, args: readonly string[]): { globals: Globals; rest: string[] } {
  const options = [...GLOBAL_OPTIONS, ...LOCAL_OPTIONS].map((rule) =>
    rule.key === 'version' ? { ...rule, action: showVersion } : rule,
  );
  const { values, rest } = parseKnown({ program, options }, args);
  const text = (key: string): string | undefined => values[key] as string | undefined;
  const query = text('query') === undefined ? undefined : checkQuery(text('query')!);
  return {
    globals: {
      query,
      endpointUrl: checkEndpoint(text('endpoint-url')),
      readTimeoutMs: timeoutMs(text('cli-read-timeout')),
      connectTimeoutMs: timeoutMs(text('cli-connect-timeout')),
      debug: values.debug === true,
      verifyTls: values['verify-ssl'] !== false,
      paginate: values.paginate !== false,
      output: text('output') as OutputFormat | undefined,
      profile: text('profile'),
      region: text('region'),
      color: (text('color') ?? 'auto') as Globals['color'],
      sign: values['sign-request'] !== false,
      caBundle: text('ca-bundle'),
      pager: values['no-cli-pager'] !== true,
      home: text('home'),
      s3Root: text('s3-root'),
      s3Endpoint: text('s3-endpoint'),
    },
    rest,
  };
}

function showVersion(): never {
  throw new VersionAsked();
}

function checkEndpoint(url: string | undefined): string | undefined {
  if (url === undefined || /^[a-z][a-z\d+.-]*:/i.test(url)) return url;
  throw usageFailure(
    `Bad value for --endpoint-url "${url}": scheme is missing.  Must be of the form http://<hostname>/ or https://<hostname>/`,
  );
}

function timeoutMs(seconds: string | undefined): number {
  return 1000 * (seconds === undefined ? DEFAULT_TIMEOUT_S : requireInteger(seconds));
}
