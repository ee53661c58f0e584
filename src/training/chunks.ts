import type { KernelMemory } from '../kernel/memory.js';

const LEAST_CHUNK_BYTES = 1 << 14;
const MOST_CHUNK_BYTES = 1 << 18;
/** Chunks that a budget is divided into, unless they would be too small or too large. */
const CHUNKS = 4096;

/** Pieces of kernel memory for encoded rows, handed out and taken back, up to a limit. */
export class ChunkPool {
  /** Of an ordinary chunk. */
  readonly chunkBytes: number;
  #usedBytes = 0;
  /** Addresses of chunks that were given back, by size. */
  readonly #free = new Map<number, number[]>();

  /** @param limitBytes for all rows in memory */
  constructor(
    readonly memory: KernelMemory,
    readonly limitBytes: number,
  ) {
    this.chunkBytes = LEAST_CHUNK_BYTES;
    while (this.chunkBytes < MOST_CHUNK_BYTES && this.chunkBytes * 2 * CHUNKS <= limitBytes) this.chunkBytes *= 2;
  }

  /** What is handed out. */
  get usedBytes(): number {
    return this.#usedBytes;
  }

  /** Size of the chunk that so many bytes get: larger than the ordinary one only where it must be. */
  sizeFor(bytes: number): number {
    return Math.max(1, Math.ceil(bytes / this.chunkBytes)) * this.chunkBytes;
  }

  /**
   * @param force take it even beyond the limit
   * @returns address of `sizeFor(bytes)` bytes with arbitrary content, undefined when the limit is reached
   */
  take(bytes: number, force: boolean): number | undefined {
    const size = this.sizeFor(bytes);
    if (!force && this.#usedBytes + size > this.limitBytes) return undefined;
    this.#usedBytes += size;
    return this.#free.get(size)?.pop() ?? this.memory.allocate(size);
  }

  /** @param bytes as it was taken */
  give(address: number, bytes: number): void {
    const size = this.sizeFor(bytes);
    this.#usedBytes -= size;
    const free = this.#free.get(size);
    if (free === undefined) this.#free.set(size, [address]);
    else free.push(address);
  }
}

/** Kernel memory that grows when more is asked for; what was in it is lost then. */
export class Room {
  address = 0;
  #bytes = 0;

  constructor(private readonly memory: KernelMemory) {}

  reserve(bytes: number): number {
    if (bytes > this.#bytes) {
      this.#bytes = bytes + (bytes >>> 2);
      this.address = this.memory.allocate(this.#bytes, 64);
    }
    return this.address;
  }

  /** Valid until something is allocated. */
  get words(): Uint32Array {
    return this.memory.u32.subarray(this.address / 4, (this.address + this.#bytes) / 4);
  }
}
