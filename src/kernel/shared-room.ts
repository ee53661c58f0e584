const PAGE_BYTES = 65536;
/** Memory grows by at least this much: every growth interrupts all threads. */
const GROWTH_PAGES = 512;
/** Room is counted in these. */
const UNIT_BYTES = 64;

/** Where the end of a shared room is noted; plain data. */
export interface RoomPlace {
  /** Address of u32[2]: what is taken up to, and the limit, both in units of 64 bytes. */
  readonly state: number;
}

export const ROOM_STATE_BYTES = 8;

/** Kernel memory that several threads take pieces of at the same time. */
export class SharedRoom {
  constructor(
    readonly memory: WebAssembly.Memory,
    readonly place: RoomPlace,
  ) {}

  /** @param begin a multiple of 64, as is the end */
  static open(memory: WebAssembly.Memory, place: RoomPlace, begin: number, end: number): SharedRoom {
    const room = new SharedRoom(memory, place);
    room.#words.set([begin / UNIT_BYTES, Math.floor(end / UNIT_BYTES)]);
    return room;
  }

  get #words(): Uint32Array {
    return new Uint32Array(this.memory.buffer, this.place.state, 2);
  }

  /** Behind the last piece. */
  get end(): number {
    return Atomics.load(this.#words, 0) * UNIT_BYTES;
  }

  /** @returns address of so many bytes, a multiple of 64; undefined where there are no more */
  take(bytes: number): number | undefined {
    const words = this.#words;
    const units = Math.ceil(bytes / UNIT_BYTES);
    // Memory is there before a piece of it is taken, so that nothing has to be given back that others have taken more behind.
    for (;;) {
      const first = Atomics.load(words, 0);
      const end = first + units;
      if (end > words[1] || !this.#reach(end * UNIT_BYTES)) return undefined;
      if (Atomics.compareExchange(words, 0, first, end) === first) return first * UNIT_BYTES;
    }
  }

  #reach(end: number): boolean {
    const { memory } = this;
    const needed = Math.ceil(end / PAGE_BYTES) - memory.buffer.byteLength / PAGE_BYTES;
    if (needed <= 0) return true;
    for (const pages of [Math.max(needed, GROWTH_PAGES), needed]) {
      try {
        memory.grow(pages);
        return true;
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
      }
    }
    // Another thread may have been sooner.
    return memory.buffer.byteLength >= end;
  }
}
