import { Command, Option } from 'commander';
import { LOG_LEVELS, type LogLevel } from '../server/log.js';

/** The options of `serve`, as commander gives them. */
export interface ServeFlags {
  port: string;
  host: string;
  home?: string;
  s3Root?: string;
  s3Endpoint?: string;
  anonymous?: true;
  credentials?: string;
  region?: string;
  publicUrl?: string;
  logLevel: LogLevel;
  jobs: string;
  bodyLimit: string;
  maxInFlight: string;
  maxConnections: string;
}

const EXAMPLES = `
Examples:
  $ machinelearning serve --anonymous
  $ AWS_ACCESS_KEY_ID=key AWS_SECRET_ACCESS_KEY=secret machinelearning serve --port 8090 --s3-root ./buckets
  $ aws machinelearning describe-ml-models --endpoint-url http://127.0.0.1:8090

Without --anonymous, requests must be signed with one of the keys of --credentials; else with AWS_ACCESS_KEY_ID and
AWS_SECRET_ACCESS_KEY; else with those of the profile AWS_PROFILE of the AWS credentials file.
GET /ping says whether the server is alive; GET /metrics is for Prometheus. SIGTERM and Ctrl-C stop the server: it answers
what has been asked and hands back unfinished jobs; a second one ends it at once.
`;

/** The `serve` command; the work is loaded when it is run. */
export function serveCommand(): Command {
  return new Command('serve')
    .description('serve the operations over HTTP, for AWS clients')
    .option('-p, --port <number>', 'port to listen on; 0 takes one that is free', '8090')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--home <folder>', 'folder of objects and models (default: $CREATE_ML_MODEL_HOME or the data folder)')
    .option(
      '--s3-root <folder>',
      'folder whose subfolders are the buckets of s3://bucket/key (default: s3 in the home folder)',
    )
    .addOption(
      new Option('--s3-endpoint <url>', 'S3-compatible endpoint that s3:// leads to instead').conflicts('s3Root'),
    )
    .addOption(
      new Option('--anonymous', 'take requests of all programs of this machine, signed or not').conflicts([
        'credentials',
        'region',
      ]),
    )
    .option('--credentials <file>', 'AWS credentials file; signatures with the key of any of its profiles are taken')
    .option('--region <name>', 'take only signatures for this region (default: for any)')
    .option(
      '--public-url <url>',
      'URL by which clients reach the server, for realtime endpoints (default: http://HOST:PORT)',
    )
    .addOption(
      new Option('--log-level <level>', 'what to log, as JSON on standard error').choices(LOG_LEVELS).default('info'),
    )
    .option('--jobs <count>', 'jobs to run at a time', '1')
    .option('--body-limit <bytes>', 'largest request body', '4194304')
    .option('--max-in-flight <count>', 'operations to carry out at a time; clients are asked to try again', '256')
    .option('--max-connections <count>', 'connections to hold', '2048')
    .addHelpText('after', EXAMPLES)
    .action(async (flags: ServeFlags) => {
      const { serve } = await import('./serve.js');
      await serve(flags);
    });
}
