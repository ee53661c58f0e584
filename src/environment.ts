import type { ColumnTable } from 'arquero';
import type { Input } from './datasource/input.js';
import type { DataRecord } from './datasource/records.js';
import type { Crew, Plays } from './threads/crew.js';
import type { CheckpointStore } from './training/checkpoint.js';
import type { TrainingResources } from './training/resources.js';

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
  /** The kernel's. */
  readonly module: WebAssembly.Module;
  /**
   * @param signal ends the reading of a stream
   * @param crew threads to parse with beside this one; default: some of its own, as many as can run at a time; null: none
   */
  openInput(data: Data, signal?: AbortSignal, crew?: Crew | null): Promise<Input>;
  /** The text of a file; undefined when there is none. */
  readText(path: string): Promise<string | undefined>;
  /** What training may use. */
  readonly resources: PlaceResources;
  /** Write a file whole or not at all. */
  writeWhole(path: string, bytes: Uint8Array): Promise<void>;
}

/** Threads, memory and disk. */
export interface PlaceResources extends Pick<TrainingResources, 'openThreads' | 'openSpill' | 'leastThreadedBytes'> {
  /** Threads that can run at a time. */
  threads(): number;
  /** Threads for a run, the calling one included, which plays by `plays`; absent where there is but one. */
  openCrew?(size: number, plays: Plays): Crew;
  /** Remove from disk what runs have left behind that were killed. */
  removeLeftovers(): void;
  /** Memory that nobody uses, bytes. */
  freeBytes(): number;
  /** @throws InvalidInput when the folder cannot be made */
  openCheckpoint(folder: string): Promise<CheckpointStore>;
}
