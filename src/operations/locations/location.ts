import { InvalidInput } from '../../errors.js';

export interface LocationOptions {
  /** Folder of objects and models. */
  readonly home: string;
  /** Folder that stands for S3: `s3://bucket/key` is `<s3Root>/bucket/key`. Default: `<home>/s3`. */
  readonly s3Root?: string;
  /** URL of an S3-compatible endpoint that `s3://` URIs lead to instead; needs `@aws-sdk/client-s3`. */
  readonly s3Endpoint?: string;
}

/** Data at a URI, on a local disk while it is open. */
export interface OpenData {
  /** File or folder, for the library. */
  readonly path: string;
  /** In the order in which they are read. */
  readonly files: readonly DataFile[];
  /** Text of the schema beside the data: `<file>.schema` or `<folder>/.schema`. */
  readonly schema: string | undefined;
  /** Remove temporary copies. */
  close(): Promise<void>;
}

export interface DataFile {
  readonly path: string;
  readonly uri: string;
  /** Stored size. */
  readonly sizeInBytes: number;
}

/** Largest schema that is read: more than any schema's 131,071 characters take. */
export const SCHEMA_BYTES = 1 << 20;

/** A place that URIs lead to: a folder, or an S3-compatible endpoint. Errors name URIs, not paths. */
export interface Place {
  /**
   * @param uri an object, or a prefix that ends in `/` and stands for all objects under it
   * @throws InvalidInput when there is nothing, or it lies outside
   */
  openData(uri: string, signal?: AbortSignal): Promise<OpenData>;
  /**
   * The text of an object; undefined when there is none.
   *
   * @throws InvalidInput when it lies outside, cannot be read, or has more bytes
   */
  readText(uri: string, maxBytes: number): Promise<string | undefined>;
  /** Write an object whole or not at all. */
  write(uri: string, chunks: AsyncIterable<Uint8Array | string>): Promise<void>;
}

/** `s3://bucket/key` in parts. */
export interface S3Location {
  readonly bucket: string;
  /** '' for the bucket itself; a prefix ends in '/'. */
  readonly key: string;
}

/**
 * Take an `s3://` URI apart.
 *
 * @throws InvalidInput for a bucket or key that could lead out of its place
 */
export function parseS3Uri(uri: string): S3Location {
  const [, bucket, key = ''] = /^s3:\/\/([^/]+)(?:\/(.*))?$/s.exec(uri) ?? [];
  if (bucket === undefined) {
    throw new InvalidInput(`'${uri}' is not the URI of an S3 object`, { hint: 'write s3://bucket/key' });
  }
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(bucket)) {
    throw new InvalidInput(`${uri}: '${bucket}' is not the name of a bucket`, {
      hint: "letters, digits, '.', '-' and '_'; it begins with a letter or digit",
    });
  }
  const segments = key.replace(/\/$/, '').split('/');
  const wrong = segments.find((segment) => isUnsafe(segment));
  if (key !== '' && wrong !== undefined) {
    throw new InvalidInput(`${uri}: a key must not have '${printable(wrong)}' between slashes`, {
      hint: "remove empty parts, '.', '..', backslashes and control characters",
    });
  }
  return { bucket, key };
}

function isUnsafe(segment: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return segment === '' || segment === '.' || segment === '..' || /[\\\u0000-\u001f\u007f]/.test(segment);
}

function printable(text: string): string {
  return JSON.stringify(text.slice(0, 60)).slice(1, -1);
}

/** Whether an object under a prefix is data, not a schema or hidden. */
export function isDataKey(relative: string): boolean {
  return relative !== '' && !relative.endsWith('.schema') && relative.split('/').every((s) => s !== '' && s[0] !== '.');
}

/** @throws InvalidInput for a part of `OutputUri` that the service does not allow */
export function checkOutputUri(uri: string): void {
  if (uri.startsWith('file:')) return;
  const { key } = parseS3Uri(uri);
  if (!key.includes(':')) return;
  throw new InvalidInput(`OutputUri: ${uri}: the key must not contain ':'`, { hint: 'name another folder' });
}

/** The error for a URI that leads to nothing. */
export function nothingThere(uri: string): InvalidInput {
  const [folder, file] = uri.startsWith('s3:')
    ? ['the bucket and the prefix', 'bucket and key']
    : ['the path', 'the path'];
  const hint = uri.endsWith('/') ? `check ${folder}` : `check ${file}; a folder's URI ends in '/'`;
  return new InvalidInput(`${uri}: nothing is there`, { hint });
}
