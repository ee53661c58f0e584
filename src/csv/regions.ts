const PAGE_BYTES = 65536;
/** The last page stays unused: the end of a region is an address too. */
const MOST_PAGES = 65535;
/** Memory grows by at least this much. */
const GROWTH_PAGES = 16;

/** Hands out memory from an address upwards; regions that were given back are used again for the same size. */
export class Regions {
  readonly #free = new Map<number, number[]>();
  #top: number;
  #u8 = new Uint8Array();
  #u32 = new Uint32Array();
  #f64 = new Float64Array();

  /** @param start first address that may be used */
  constructor(
    readonly memory: WebAssembly.Memory,
    start: number,
  ) {
    this.#top = start;
  }

  /** The whole memory; out of date after the next `allocate`. */
  get u8(): Uint8Array {
    this.#renew();
    return this.#u8;
  }

  /** Indexed by address / 4. */
  get u32(): Uint32Array {
    this.#renew();
    return this.#u32;
  }

  /** Indexed by address / 8. */
  get f64(): Float64Array {
    this.#renew();
    return this.#f64;
  }

  /**
   * Reserve bytes; their contents are arbitrary.
   *
   * @returns address, a multiple of 64
   * @throws RangeError when the memory would pass 4 GiB, or there is no more
   */
  allocate(bytes: number): number {
    const size = Math.ceil(bytes / 64) * 64;
    const used = this.#free.get(size)?.pop();
    if (used !== undefined) return used;
    const address = Math.ceil(this.#top / 64) * 64;
    const pages = this.memory.buffer.byteLength / PAGE_BYTES;
    const needed = Math.ceil((address + size) / PAGE_BYTES);
    if (needed > MOST_PAGES) throw new RangeError('memory ends at 4 GiB');
    if (needed > pages) this.memory.grow(Math.max(needed - pages, Math.min(GROWTH_PAGES, MOST_PAGES - pages)));
    this.#top = address + size;
    return address;
  }

  /** Give back a region that was allocated with this size. */
  release(address: number, bytes: number): void {
    const size = Math.ceil(bytes / 64) * 64;
    const list = this.#free.get(size);
    if (list) list.push(address);
    else this.#free.set(size, [address]);
  }

  /** A larger region with the same beginning; the old one is given back. */
  enlarge(address: number, bytes: number, newBytes: number): number {
    const larger = this.allocate(newBytes);
    this.u8.copyWithin(larger, address, address + bytes);
    this.release(address, bytes);
    return larger;
  }

  #renew(): void {
    const { buffer } = this.memory;
    if (this.#u8.buffer === buffer) return;
    this.#u8 = new Uint8Array(buffer);
    this.#u32 = new Uint32Array(buffer);
    this.#f64 = new Float64Array(buffer);
  }
}
