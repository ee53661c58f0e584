import { instantiateSync } from '@assemblyscript/loader';
import type { HeapBase, Kernel } from './kernel.js';

/**
 * Instantiate the kernel module over a memory.
 *
 * A module may be instantiated many times over one shared memory, once per thread: all instances have the same tables at
 * the same addresses. Two different modules over one memory would overwrite each other's.
 *
 * @param module compiled from `build/kernel-shared.wasm` if the memory is shared, from `build/kernel.wasm` if not
 * @param memory at least one page; its maximum at most 65536 pages
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
