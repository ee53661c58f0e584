import { instantiateSync } from '@assemblyscript/loader';
import type { HeapBase, Kernel } from './kernel.js';

/**
 * A memory for the kernel module, which grows to at most 4 GiB.
 *
 * All are shared, also those that one thread uses: with one module the engine compiles each function once, and only memory that
 * is not shared counts as garbage that may be waiting, which has it look through everything again and again.
 *
 * @param pages of 64 KiB at first
 */
export function openMemory(pages = 1): WebAssembly.Memory {
  const memory = new WebAssembly.Memory({ initial: pages, maximum: 65536, shared: true });
  const reference = new WeakRef(memory);
  untold.add(reference);
  gone.register(memory, reference);
  return memory;
}

/** So many bytes that are not shared, come since it did so last, have the engine look for garbage. */
const NOTICED_BYTES = 2 ** 26;
/** Memories that may have come since. */
const untold = new Set<WeakRef<WebAssembly.Memory>>();
const gone = new FinalizationRegistry<WeakRef<WebAssembly.Memory>>((reference) => untold.delete(reference));

/**
 * Have the engine look for memories that nobody uses any more, if there are large ones: it would let those of one training after
 * the other pile up. To be called where those that were opened before may be garbage.
 */
export function freeMemories(): void {
  let bytes = 0;
  for (const reference of untold) bytes += reference.deref()?.buffer.byteLength ?? 0;
  if (bytes < NOTICED_BYTES) return;
  untold.clear();
  // Never written, it takes no room.
  new ArrayBuffer(NOTICED_BYTES);
}

/**
 * Instantiate the kernel module over a memory.
 *
 * A module may be instantiated many times over one memory, once per thread: all instances have the same tables at the same
 * addresses. Two different modules over one memory would overwrite each other's.
 *
 * @param memory of `openMemory`
 */
export function instantiateKernel(module: WebAssembly.Module, memory: WebAssembly.Memory): Kernel {
  return instantiateExports<Kernel>(module, memory);
}

/** Instantiate the module and see its exports as the given type: the kernels, the CSV tokenizer. */
export function instantiateExports<Exports extends object>(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
): Exports & HeapBase {
  // The loader's own `exports` count the arguments of each call.
  const { instance } = instantiateSync<Record<string, unknown>>(module, { env: { memory } });
  return instance.exports as unknown as Exports & HeapBase;
}
