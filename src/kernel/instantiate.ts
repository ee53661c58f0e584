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
  return new WebAssembly.Memory({ initial: pages, maximum: 65536, shared: true });
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
