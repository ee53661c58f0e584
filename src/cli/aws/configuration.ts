import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Credentials } from '../../client/signature.js';
import { CommandFailure, EXIT, generalFailure } from './failure.js';
import { readProfileFile, type Settings } from './profile-file.js';

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * What the environment variables and the files of the AWS clients say, for one profile.
 *
 * @see AWS CLI user guide, "Configuration and credential file settings", "Environment variables"
 */
export class Configuration {
  private readonly config: ReadonlyMap<string, Settings>;
  private readonly credentialSections: ReadonlyMap<string, Settings>;
  private readonly settings: Settings;
  private readonly profile: string;
  private readonly isMissing: boolean;

  /**
   * @param given the profile that `--profile` names
   * @throws CommandFailure for a file that cannot be understood
   */
  constructor(
    private readonly given: string | undefined,
    private readonly environment: Variables = process.env,
  ) {
    const folder = join(homedir(), '.aws');
    this.config = readProfileFile(expand(environment.AWS_CONFIG_FILE) || join(folder, 'config'));
    this.credentialSections = readProfileFile(
      expand(environment.AWS_SHARED_CREDENTIALS_FILE) || join(folder, 'credentials'),
    );
    const named = given || environment.AWS_DEFAULT_PROFILE || environment.AWS_PROFILE;
    this.profile = named || 'default';
    const inConfig = this.profileInConfig();
    const inCredentials = this.credentialSections.get(this.profile);
    this.isMissing = Boolean(named && !inConfig && !inCredentials);
    this.settings = new Map([...(inConfig ?? []), ...(inCredentials ?? [])]);
  }

  /** @throws CommandFailure for a profile that is in neither file */
  checkProfile(): void {
    if (this.isMissing) throw generalFailure(`The config profile (${this.profile}) could not be found`);
  }

  /** A setting of the profile: `output`, `cli_pager`, `cli_timestamp_format`, … */
  setting(name: string): string | undefined {
    return this.settings.get(name);
  }

  variable(name: string): string | undefined {
    return this.environment[name];
  }

  get region(): string | undefined {
    const { AWS_REGION, AWS_DEFAULT_REGION } = this.environment;
    return AWS_REGION || AWS_DEFAULT_REGION || this.settings.get('region') || undefined;
  }

  /** Address of the service, in the order of the AWS CLI from 2.13 on: variables before files, the service's own before the general one. */
  get endpointUrl(): string | undefined {
    const { environment, settings } = this;
    const ignored = environment.AWS_IGNORE_CONFIGURED_ENDPOINT_URLS ?? settings.get('ignore_configured_endpoint_urls');
    if (ignored?.toLowerCase() === 'true') return undefined;
    const services = this.config.get(`services ${settings.get('services')}`);
    return (
      environment.AWS_ENDPOINT_URL_MACHINE_LEARNING ||
      environment.AWS_ENDPOINT_URL ||
      services?.get('machine_learning.endpoint_url') ||
      settings.get('endpoint_url') ||
      undefined
    );
  }

  /** Command that shows long output; empty: none. */
  get pager(): string {
    return this.environment.AWS_PAGER ?? this.settings.get('cli_pager') ?? this.environment.PAGER ?? 'less';
  }

  get timestampFormat(): 'iso8601' | 'wire' {
    const format = this.settings.get('cli_timestamp_format') ?? 'iso8601';
    if (format === 'iso8601' || format === 'wire') return format;
    throw new CommandFailure(
      EXIT.configuration,
      `Unknown cli_timestamp_format value: ${format}, valid values are "wire" or "iso8601"`,
    );
  }

  /** How often a request is made at most. */
  get maxAttempts(): number {
    const given = this.environment.AWS_MAX_ATTEMPTS ?? this.settings.get('max_attempts') ?? '3';
    if (!/^\s*[+-]?\d+\s*$/.test(given)) {
      throw generalFailure(`invalid literal for int() with base 10: '${given}'`);
    }
    if (Number(given) > 0) return Number(given);
    throw generalFailure(
      `Value provided to "max_attempts": ${Number(given)} must be an integer greater than or equal to one.`,
    );
  }

  get caBundle(): string | undefined {
    const { environment, settings } = this;
    return environment.AWS_CA_BUNDLE || environment.REQUESTS_CA_BUNDLE || settings.get('ca_bundle') || undefined;
  }

  /**
   * From the environment, unless `--profile` was given, then from the credentials file, then from the configuration file.
   *
   * @throws CommandFailure when only a part of them is there
   */
  get credentials(): Credentials | undefined {
    if (this.given === undefined && this.environment.AWS_ACCESS_KEY_ID) return this.environmentCredentials();
    return (
      readCredentials(this.credentialSections.get(this.profile), 'shared-credentials-file') ??
      readCredentials(this.profileInConfig(), 'config-file')
    );
  }

  private environmentCredentials(): Credentials {
    const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_SECURITY_TOKEN } = this.environment;
    if (!AWS_SECRET_ACCESS_KEY) throw partial('env', 'AWS_SECRET_ACCESS_KEY');
    const sessionToken = AWS_SESSION_TOKEN || AWS_SECURITY_TOKEN || undefined;
    return { accessKeyId: AWS_ACCESS_KEY_ID!, secretAccessKey: AWS_SECRET_ACCESS_KEY, sessionToken };
  }

  private profileInConfig(): Settings | undefined {
    const named = this.config.get(`profile ${this.profile}`);
    return this.profile === 'default' ? (this.config.get('default') ?? named) : named;
  }
}

function readCredentials(settings: Settings | undefined, provider: string): Credentials | undefined {
  const accessKeyId = settings?.get('aws_access_key_id');
  if (settings === undefined || accessKeyId === undefined) return undefined;
  const secretAccessKey = settings.get('aws_secret_access_key');
  if (!secretAccessKey) throw partial(provider, 'aws_secret_access_key');
  const sessionToken = settings.get('aws_session_token') ?? settings.get('aws_security_token');
  return { accessKeyId, secretAccessKey, sessionToken };
}

const partial = (provider: string, missing: string): CommandFailure =>
  generalFailure(`Partial credentials found in ${provider}, missing: ${missing}`);

const expand = (path: string | undefined): string => path?.replace(/^~(?=\/|$)/, homedir()) ?? '';
