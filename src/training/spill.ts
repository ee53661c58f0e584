/** Reads row records back from where `SpillStore` wrote them; every thread has its own. */
export interface SpilledRows {
  /** Fill an array from a place in the file on. */
  read(into: Uint8Array, offset: number): Promise<void>;
}

/**
 * Room on disk for encoded rows that do not fit in memory.
 *
 * Rows are first written to buckets, in any order of buckets; then, bucket by bucket, to one file in their final order.
 */
export interface SpillStore {
  /** Append to a bucket. */
  append(bucket: number, chunks: readonly Uint8Array[]): Promise<void>;
  /** All that was appended to a bucket; it is gone afterwards. */
  takeBucket(bucket: number): Promise<Uint8Array>;
  /** Write to the file of rows; what is there is replaced. */
  write(bytes: Uint8Array, offset: number): Promise<void>;
  readonly rows: SpilledRows;
  /** By which other threads of the process open `rows`. */
  readonly handle: number;
  /** Remove everything. */
  close(): Promise<void>;
}
