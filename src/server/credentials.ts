import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { InvalidInput } from '../errors.js';

/** A key whose signatures a server takes. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Requests must carry it as `X-Amz-Security-Token`. */
  readonly sessionToken?: string;
}

const HINT = 'a credentials file has [profile] sections with aws_access_key_id = … and aws_secret_access_key = …';

/**
 * Keys of an AWS credentials file: one per profile.
 *
 * @param name of the file, for errors
 * @throws InvalidInput naming the line that cannot be read, or the profile that lacks a setting
 */
export function parseCredentials(text: string, name: string): Map<string, Credentials> {
  const sections = readSections(text, name);
  const found = new Map<string, Credentials>();
  for (const [profile, settings] of sections) {
    const accessKeyId = settings.get('aws_access_key_id');
    const secretAccessKey = settings.get('aws_secret_access_key');
    if (accessKeyId === undefined && secretAccessKey === undefined) continue;
    if (!accessKeyId || !secretAccessKey) {
      const missing = accessKeyId ? 'aws_secret_access_key' : 'aws_access_key_id';
      throw new InvalidInput(`${name}: profile '${profile}' has no ${missing}`, { hint: HINT });
    }
    const sessionToken = settings.get('aws_session_token');
    found.set(profile, { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) });
  }
  checkDistinct(found, name);
  return found;
}

function readSections(text: string, name: string): Map<string, Map<string, string>> {
  const sections = new Map<string, Map<string, string>>();
  let settings: Map<string, string> | undefined;
  for (const [i, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#') || line.startsWith(';')) continue;
    const section = /^\[([^\]]+)\]\s*([#;].*)?$/.exec(line);
    const setting = /^([^=\s]+)\s*=\s*(.*)$/.exec(line);
    if (section) {
      const profile = section[1].trim();
      settings = sections.get(profile) ?? new Map();
      sections.set(profile, settings);
    } else if (setting && settings !== undefined) settings.set(setting[1].toLowerCase(), setting[2]);
    // Nested settings of other tools are indented; secrets are not repeated in errors.
    else if (!/^\s/.test(raw))
      throw new InvalidInput(`${name}: line ${i + 1} is not a setting of a profile`, { hint: HINT });
  }
  return sections;
}

function checkDistinct(found: ReadonlyMap<string, Credentials>, name: string): void {
  const profiles = new Map<string, string>();
  for (const [profile, { accessKeyId, secretAccessKey }] of found) {
    const other = profiles.get(accessKeyId);
    if (other !== undefined && found.get(other)!.secretAccessKey !== secretAccessKey) {
      throw new InvalidInput(
        `${name}: profiles '${other}' and '${profile}' have the same key id and different secrets`,
        {
          hint: 'correct one of them',
        },
      );
    }
    profiles.set(accessKeyId, profile);
  }
}

/**
 * The keys a server takes: all of the given file; else `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`; else the profile
 * `AWS_PROFILE` (default `default`) of `AWS_SHARED_CREDENTIALS_FILE` (default `~/.aws/credentials`).
 *
 * @throws InvalidInput when there is none
 */
export async function findCredentials(
  file: string | undefined,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<readonly Credentials[]> {
  if (file !== undefined) {
    const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
      const why = cause.code === 'ENOENT' ? 'there is no such file' : cause.message;
      throw new InvalidInput(`${file}: ${why}`, { hint: HINT, cause });
    });
    const found = [...parseCredentials(text, file).values()];
    if (found.length === 0) throw new InvalidInput(`${file}: there are no credentials in it`, { hint: HINT });
    return found;
  }
  return fromEnvironment(environment) ?? fromSharedFile(environment);
}

function fromEnvironment(environment: NodeJS.ProcessEnv): readonly Credentials[] | undefined {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = environment;
  if (!accessKeyId && !secretAccessKey) return undefined;
  if (!accessKeyId || !secretAccessKey) {
    throw new InvalidInput('of AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY only one is set', {
      hint: 'set both, or none',
    });
  }
  const sessionToken = environment.AWS_SESSION_TOKEN;
  return [{ accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) }];
}

async function fromSharedFile(environment: NodeJS.ProcessEnv): Promise<readonly Credentials[]> {
  const path = environment.AWS_SHARED_CREDENTIALS_FILE || join(homedir(), '.aws', 'credentials');
  const profile = environment.AWS_PROFILE || 'default';
  const text = await readFile(path, 'utf8').catch(() => '');
  const found = parseCredentials(text, path).get(profile);
  if (found !== undefined) return [found];
  throw new InvalidInput('there are no credentials to check signatures against', {
    hint:
      'give --credentials FILE, set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY to keys of your choice, ' +
      'or take unsigned requests with --anonymous',
  });
}
