import { instantiateExports, openMemory } from '../kernel/instantiate.js';
import { hasByteOrderMark } from './encoding.js';

interface LeadingZerosKernel {
  csvHoldsLeadingZero(start: number, end: number): number;
}

const PAGE_BYTES = 65536;
/** Bytes that are looked through at a time. */
const PART_BYTES = 2 * PAGE_BYTES;
/** Bytes before the first, of which two are read, and behind the last. */
const MARGIN_BYTES = 16;
const LINE_FEED = 10;

/**
 * Whether a number may be written with leading zeros, such as 007: false is certain.
 *
 * @param module the kernel
 * @param file whole lines of a CSV file, from its beginning
 */
export function mayHoldLeadingZeros(module: WebAssembly.Module, file: Uint8Array): boolean {
  const bytes = hasByteOrderMark(file) ? file.subarray(3) : file;
  const memory = openMemory();
  const kernel = instantiateExports<LeadingZerosKernel>(module, memory);
  const start = (Math.ceil(kernel.__heap_base.value / MARGIN_BYTES) + 1) * MARGIN_BYTES;
  memory.grow(Math.ceil((start + PART_BYTES + MARGIN_BYTES) / PAGE_BYTES) - 1);
  const input = new Uint8Array(memory.buffer, start - MARGIN_BYTES, PART_BYTES + 2 * MARGIN_BYTES);
  // Parts overlap by two bytes: the sign and the zero of -007 may be the last of one.
  for (let from = 0; from < bytes.length; from += PART_BYTES - 2) {
    const part = bytes.subarray(from, from + PART_BYTES);
    input.fill(LINE_FEED);
    if (from > 0) input.set(bytes.subarray(from - 2, from), MARGIN_BYTES - 2);
    input.set(part, MARGIN_BYTES);
    if (kernel.csvHoldsLeadingZero(start, start + part.length) !== 0) return true;
  }
  return false;
}
