import type { ColumnTable } from 'arquero';
import type { Input } from './datasource/input.js';
import type { DataRecord } from './datasource/records.js';
import type { KernelModules } from './kernel/modules.js';

/**
 * Observations to learn from, to evaluate on or to predict: the path of a CSV file (gzip or not) or of a folder of such
 * files, CSV bytes as a stream, an arquero table, or an array of objects.
 */
export type Data =
  | string
  | URL
  | AsyncIterable<Uint8Array>
  | ReadableStream<Uint8Array>
  | ColumnTable
  | readonly DataRecord[];

/** What the library needs from the place it runs in. */
export interface Environment {
  readonly modules: KernelModules;
  /** @param signal ends the reading of a stream */
  openInput(data: Data, signal?: AbortSignal): Promise<Input>;
  /** The text of a file; undefined when there is none. */
  readText(path: string): Promise<string | undefined>;
  /** Write a file whole or not at all. */
  writeWhole(path: string, bytes: Uint8Array): Promise<void>;
}
