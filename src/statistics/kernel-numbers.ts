import type { ColumnHome } from '../datasource/block.js';
import { instantiateExports, openMemory } from '../kernel/instantiate.js';
import type { Moments } from './moments.js';
import type { NumberWork } from './number-work.js';
import { sortNumbers } from './sort.js';
import { CELLS, fits, isRange, takeRange, thin, VALUES_PER_BUCKET } from './thin.js';

/** The loops of assembly/statistics-*.ts; addresses in bytes. */
interface StatisticsKernel {
  readonly __heap_base: { readonly value: number };
  statisticsMoments(values: number, count: number, result: number): number;
  statisticsMomentsInPlace(values: number, count: number, result: number): number;
  statisticsFill(
    values: number,
    count: number,
    low: number,
    scale: number,
    cells: number,
    bucketOf: number,
    counts: number,
    held: number,
    crowded: number,
    apart: number,
    found: number,
  ): number;
  statisticsPick(
    counts: number,
    held: number,
    crowded: number,
    buckets: number,
    apart: number,
    below: number,
    step: number,
    first: number,
    result: number,
    length: number,
  ): void;
  statisticsMerge(a: number, aEnd: number, b: number, bEnd: number, result: number): void;
}

const PAGE_BYTES = 65_536;
const LEAST_LENGTH = 4096;
const MOMENTS_BYTES = 5 * 8;

/**
 * In WebAssembly. Values of the room and those that `thin` is given lie in memories of their own, as the latter may come from
 * the former; both stay as large as the longest list.
 */
class KernelNumbers implements NumberWork {
  readonly #room: Work<ReturnType<typeof layOutRoom>>;
  readonly #lists: Work<ReturnType<typeof layOutList>>;

  constructor(module: WebAssembly.Module) {
    this.#room = new Work(module, layOutRoom);
    this.#lists = new Work(module, layOutList);
  }

  room(length: number): Float64Array {
    const { values } = this.#room.reserve(length);
    return new Float64Array(this.#room.memory.buffer, values, length);
  }

  moments(length: number): Moments {
    const { kernel, memory } = this.#room;
    const { values, result } = this.#room.reserve(length);
    const count = kernel.statisticsMoments(values, length, result);
    return momentsAt(memory.buffer, result, count);
  }

  momentsInPlace({ buffer, byteOffset, length }: Float64Array, home: ColumnHome): Moments | undefined {
    const kernel = home.kernel as StatisticsKernel;
    if (length === 0 || buffer !== home.memory.buffer) return undefined;
    if (kernel.statisticsMomentsInPlace(byteOffset, length, home.scratch) === 0) return undefined;
    return momentsAt(buffer, home.scratch, length);
  }

  thin(values: Float64Array, step: number, first: number): Float64Array {
    const range = fits(values.length, step) ? takeRange(values) : { low: 0, scale: 0 };
    if (!isRange(range)) return thin(values, step, first);
    const at = this.#lists.reserve(values.length);
    const { kernel, memory } = this.#lists;
    const { buffer } = memory;
    new Float64Array(buffer, at.values, values.length).set(values);
    const { low, scale } = range;
    const { cells, bucketOf, counts, held, crowded, apart, found, result } = at;
    const apartCount = kernel.statisticsFill(
      at.values,
      values.length,
      low,
      scale,
      cells,
      bucketOf,
      counts,
      held,
      crowded,
      apart,
      found,
    );
    sortNumbers(new Float64Array(buffer, apart, apartCount));
    const whole = new Uint32Array(buffer, found, 2);
    const length = Math.ceil((values.length - first) / step);
    kernel.statisticsPick(counts, held, crowded, whole[0], apart, whole[1], step, first, result, length);
    return new Float64Array(buffer, result, length).slice();
  }

  merge(a: Float64Array, b: Float64Array): Float64Array {
    if (a.length === 0 || b.length === 0) return (a.length === 0 ? b : a).slice();
    const { values, apart } = this.#lists.reserve(a.length + b.length);
    const { kernel, memory } = this.#lists;
    const list = new Float64Array(memory.buffer, values, a.length + b.length);
    list.set(a);
    list.set(b, a.length);
    const middle = values + 8 * a.length;
    kernel.statisticsMerge(values, middle, middle, middle + 8 * b.length, apart);
    return new Float64Array(memory.buffer, apart, list.length).slice();
  }
}

function momentsAt(buffer: ArrayBufferLike, address: number, count: number): Moments {
  const found = new Float64Array(buffer, address, 5);
  // One by one: compilers take long over iterators.
  return { count, shift: found[0], sum: found[1], squares: found[2], min: found[3], max: found[4] };
}

/** An instance with arrays for lists of numbers, laid out anew for longer ones. */
class Work<Addresses extends { readonly end: number }> {
  readonly memory = openMemory();
  readonly kernel: StatisticsKernel;
  #length = 0;
  #addresses: Addresses | undefined;

  constructor(
    module: WebAssembly.Module,
    private readonly layOut: (base: number, length: number) => Addresses,
  ) {
    this.kernel = instantiateExports<StatisticsKernel>(module, this.memory);
  }

  /** Addresses for a list of a length. What was in the arrays before is lost when it is the longest so far. */
  reserve(length: number): Addresses {
    if (this.#addresses !== undefined && length <= this.#length) return this.#addresses;
    this.#length = Math.max(LEAST_LENGTH, length, 2 * this.#length);
    this.#addresses = this.layOut(this.kernel.__heap_base.value, this.#length);
    const lack = this.#addresses.end - this.memory.buffer.byteLength;
    if (lack > 0) this.memory.grow(Math.ceil(lack / PAGE_BYTES));
    return this.#addresses;
  }
}

/** Hands out addresses from a base on, each a multiple of 64. */
function addresses(base: number): (bytes: number) => number {
  const align = (address: number): number => Math.ceil(address / 64) * 64;
  let end = align(base);
  return (bytes) => {
    const address = end;
    end += align(bytes);
    return address;
  };
}

function layOutRoom(base: number, length: number) {
  const next = addresses(base);
  return { values: next(8 * length), result: next(MOMENTS_BYTES), end: next(0) };
}

function layOutList(base: number, length: number) {
  const bucketLimit = Math.ceil(length / VALUES_PER_BUCKET) + CELLS;
  const next = addresses(base);
  return {
    values: next(8 * length),
    /** One more is written behind them. */
    apart: next(8 * (length + 1)),
    held: next(8 * bucketLimit),
    cells: next(16 * CELLS),
    /** Every second value at most. */
    result: next(4 * (length + 1)),
    counts: next(4 * bucketLimit),
    found: next(8),
    bucketOf: next(2 * length),
    crowded: next(bucketLimit),
    end: next(0),
  };
}

const opened = new WeakMap<WebAssembly.Module, NumberWork>();

/**
 * One for each module: nothing of one call is needed in the next.
 *
 * @param module the kernel
 */
export function kernelNumbers(module: WebAssembly.Module): NumberWork {
  let numbers = opened.get(module);
  if (numbers === undefined) opened.set(module, (numbers = new KernelNumbers(module)));
  return numbers;
}
