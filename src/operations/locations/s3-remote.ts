import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { S3Client } from '@aws-sdk/client-s3';
import { removeAtExit } from '../../datasource/temporary.js';
import { InvalidInput } from '../../errors.js';
import { openFolderData, tooLarge } from './folder.js';
import { isDataKey, nothingThere, type OpenData, type Place, parseS3Uri } from './location.js';

type Sdk = typeof import('@aws-sdk/client-s3');

export interface RemoteOptions {
  /** `http://127.0.0.1:9000`, or a region's own endpoint. */
  readonly endpoint: string;
  /** Default: `$AWS_REGION`, `$AWS_DEFAULT_REGION`, else us-east-1. Credentials are found as AWS's SDK finds them. */
  readonly region?: string;
}

/** Objects of an S3-compatible endpoint. Data is copied to a temporary folder while it is open. */
export class RemotePlace implements Place {
  #opened: Promise<{ sdk: Sdk; client: S3Client }> | undefined;

  constructor(readonly options: RemoteOptions) {}

  async openData(uri: string, signal?: AbortSignal): Promise<OpenData> {
    const { bucket, key } = parseS3Uri(uri);
    const isPrefix = key === '' || key.endsWith('/');
    const keys = isPrefix ? await this.#list(bucket, key, uri) : [key];
    const folder = await mkdtemp(join(tmpdir(), 'create-ml-model-s3-'));
    const forget = removeAtExit(folder);
    const close = (): Promise<void> => rm(folder, { recursive: true, force: true }).finally(forget);
    try {
      const schemaKey = `${key}.schema`;
      for (const each of [...keys, schemaKey]) {
        const copied = await this.#copy(bucket, each, join(folder, each.slice(isPrefix ? key.length : 0)), signal);
        if (!copied && each === key) throw nothingThere(uri);
      }
      const path = isPrefix ? join(folder, '/') : join(folder, key);
      return { ...(await openFolderData(path, uri)), close };
    } catch (error) {
      await close();
      throw error;
    }
  }

  async readText(uri: string, maxBytes: number): Promise<string | undefined> {
    const { bucket, key } = parseS3Uri(uri);
    const found = await this.#get(bucket, key);
    if (found === undefined) return undefined;
    const { body, sizeInBytes } = found;
    if (sizeInBytes > maxBytes) {
      body.destroy();
      throw tooLarge(uri, sizeInBytes, maxBytes);
    }
    const chunks: Uint8Array[] = [];
    for await (const chunk of body) chunks.push(chunk as Uint8Array);
    return Buffer.concat(chunks).toString('utf8');
  }

  async write(uri: string, chunks: AsyncIterable<Uint8Array | string>): Promise<void> {
    const { bucket, key } = parseS3Uri(uri);
    const { sdk, client } = await this.#open();
    const folder = await mkdtemp(join(tmpdir(), 'create-ml-model-s3-'));
    const forget = removeAtExit(folder);
    try {
      const path = join(folder, 'object');
      await pipeline(Readable.from(chunks), createWriteStream(path));
      const { size } = await stat(path);
      const Body = createReadStream(path);
      const command = new sdk.PutObjectCommand({ Bucket: bucket, Key: key, Body, ContentLength: size });
      await client.send(command).catch(rethrow(uri, this.options));
    } finally {
      await rm(folder, { recursive: true, force: true }).finally(forget);
    }
  }

  /** Keys of the data under a prefix. */
  async #list(bucket: string, prefix: string, uri: string): Promise<string[]> {
    const { sdk, client } = await this.#open();
    const keys: string[] = [];
    let ContinuationToken: string | undefined;
    do {
      const command = new sdk.ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ContinuationToken });
      const page = await client.send(command).catch(rethrow(uri, this.options));
      for (const { Key = '' } of page.Contents ?? []) if (isDataKey(Key.slice(prefix.length))) keys.push(Key);
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken !== undefined);
    if (keys.length === 0) throw nothingThere(uri);
    for (const key of keys) parseS3Uri(`s3://${bucket}/${key}`);
    return keys;
  }

  /** @returns false when there is no such object */
  async #copy(bucket: string, key: string, path: string, signal?: AbortSignal): Promise<boolean> {
    const found = await this.#get(bucket, key);
    if (found === undefined) return false;
    await mkdir(dirname(path), { recursive: true });
    await pipeline(found.body, createWriteStream(path), { signal });
    return true;
  }

  async #get(bucket: string, key: string): Promise<{ body: Readable; sizeInBytes: number } | undefined> {
    const { sdk, client } = await this.#open();
    try {
      const reply = await client.send(new sdk.GetObjectCommand({ Bucket: bucket, Key: key }));
      return { body: reply.Body as Readable, sizeInBytes: reply.ContentLength ?? 0 };
    } catch (error) {
      if (['NoSuchKey', 'NotFound'].includes((error as Error).name)) return undefined;
      return rethrow(`s3://${bucket}/${key}`, this.options)(error);
    }
  }

  #open(): Promise<{ sdk: Sdk; client: S3Client }> {
    this.#opened ??= this.#connect();
    return this.#opened;
  }

  async #connect(): Promise<{ sdk: Sdk; client: S3Client }> {
    const sdk = await import('@aws-sdk/client-s3').catch((cause: unknown) => {
      throw new InvalidInput('s3:// URIs of an endpoint need @aws-sdk/client-s3, which is not installed', {
        hint: 'npm install @aws-sdk/client-s3, or use a folder with --s3-root',
        cause,
      });
    });
    const { endpoint, region = process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION ?? 'us-east-1' } = this.options;
    const client = new sdk.S3Client({
      endpoint,
      region,
      forcePathStyle: true,
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
    });
    return { sdk, client };
  }
}

/** An error of the endpoint as one that the user can repair. */
function rethrow(uri: string, { endpoint }: RemoteOptions): (error: unknown) => never {
  return (error) => {
    const { name, message } = error as Error;
    throw new InvalidInput(`${uri}: ${endpoint} answers ${name}: ${message}`, {
      hint: 'check the bucket, the endpoint and the credentials',
      cause: error,
    });
  };
}
