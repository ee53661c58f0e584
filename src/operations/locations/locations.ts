import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InvalidInput } from '../../errors.js';
import { FolderPlace, openFolderData, readTextFile, writeFileAt } from './folder.js';
import type { LocationOptions, OpenData, Place } from './location.js';
import { RemotePlace } from './s3-remote.js';

/** Where `s3://` and `file:///` URIs lead. Files are refused where a service takes URIs from others, not here. */
export function openLocations({ home, s3Root, s3Endpoint }: LocationOptions): Place {
  const s3: Place =
    s3Endpoint === undefined ? new FolderPlace(s3Root ?? join(home, 's3')) : new RemotePlace({ endpoint: s3Endpoint });
  const placeOf = (uri: string): Place => (/^file:/i.test(uri) ? files : s3);
  return {
    openData: (uri, signal) => placeOf(uri).openData(uri, signal),
    readText: (uri, maxBytes) => placeOf(uri).readText(uri, maxBytes),
    write: (uri, chunks) => placeOf(uri).write(uri, chunks),
  };
}

/** `file:///path` */
const files: Place = {
  openData: async (uri): Promise<OpenData> => openFolderData(pathOf(uri), uri),
  readText: async (uri, maxBytes) => readTextFile(pathOf(uri), uri, maxBytes),
  write: async (uri, chunks) => writeFileAt(pathOf(uri), uri, chunks),
};

function pathOf(uri: string): string {
  try {
    return fileURLToPath(uri);
  } catch (cause) {
    throw new InvalidInput(`${uri}: not the URI of a file`, { hint: 'write file:///folder/file.csv', cause });
  }
}
