import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { findCredentials, parseCredentials } from '../../src/server/credentials.js';
import { temporaryFolder } from '../helpers/cli.js';

const FILE = `# keys
[default]
aws_access_key_id = AKIA1
aws_secret_access_key=wJal/r+=

[ team ] ; a comment
AWS_ACCESS_KEY_ID=ASIA2
aws_secret_access_key = two
aws_session_token = t==
region = eu-west-1
s3 =
    max_concurrent_requests = 20

[empty]
`;

describe('credentials file', () => {
  it('gives the keys of each profile that has some', () => {
    expect(Object.fromEntries(parseCredentials(FILE, 'f'))).toEqual({
      default: { accessKeyId: 'AKIA1', secretAccessKey: 'wJal/r+=' },
      team: { accessKeyId: 'ASIA2', secretAccessKey: 'two', sessionToken: 't==' },
    });
  });

  it.each([
    ['[a]\naws_access_key_id = x', "f: profile 'a' has no aws_secret_access_key"],
    ['[a]\naws_secret_access_key = x', "f: profile 'a' has no aws_access_key_id"],
    ['[a]\naws_access_key_id = \naws_secret_access_key = x', "f: profile 'a' has no aws_access_key_id"],
    ['aws_access_key_id = x', 'f: line 1 is not a setting of a profile'],
    ['[a]\nsecret', 'f: line 2 is not a setting of a profile'],
    [
      '[a]\naws_access_key_id=x\naws_secret_access_key=1\n[b]\naws_access_key_id=x\naws_secret_access_key=2',
      "f: profiles 'a' and 'b' have the same key id and different secrets",
    ],
  ])('refuses %j without repeating what may be secret', (text, message) => {
    expect(() => parseCredentials(text, 'f')).toThrow(new RegExp(`^${message}$`));
  });
});

describe('credentials of a server', () => {
  const folder = temporaryFolder();

  it('come from the given file, the environment, or the profile of the shared file, in this order', async () => {
    const file = folder.file('credentials');
    await writeFile(file, FILE);
    const keys = { AWS_ACCESS_KEY_ID: 'env', AWS_SECRET_ACCESS_KEY: 'secret' };
    const shared = { AWS_SHARED_CREDENTIALS_FILE: file };
    const ids = async (given: string | undefined, environment: NodeJS.ProcessEnv): Promise<string[]> =>
      (await findCredentials(given, environment)).map(({ accessKeyId }) => accessKeyId);
    expect(await ids(file, keys)).toEqual(['AKIA1', 'ASIA2']);
    expect(await ids(undefined, { ...keys, ...shared })).toEqual(['env']);
    expect(await ids(undefined, shared)).toEqual(['AKIA1']);
    expect(await ids(undefined, { ...shared, AWS_PROFILE: 'team' })).toEqual(['ASIA2']);
    const withToken = await findCredentials(undefined, { ...keys, AWS_SESSION_TOKEN: 't' });
    expect(withToken).toEqual([{ accessKeyId: 'env', secretAccessKey: 'secret', sessionToken: 't' }]);
  });

  it('must be there', async () => {
    const none = { AWS_SHARED_CREDENTIALS_FILE: folder.file('none') };
    await expect(findCredentials(undefined, none)).rejects.toThrow('no credentials to check signatures against');
    await expect(findCredentials(folder.file('none'), {})).rejects.toThrow('there is no such file');
    await expect(findCredentials(undefined, { AWS_ACCESS_KEY_ID: 'x' })).rejects.toThrow('only one is set');
    await writeFile(folder.file('empty'), '[default]\n');
    await expect(findCredentials(folder.file('empty'), {})).rejects.toThrow('there are no credentials in it');
  });
});
