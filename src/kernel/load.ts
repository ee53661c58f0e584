import { readFileSync } from 'node:fs';
import { builtFile } from '../built-file.js';

let compiled: WebAssembly.Module | undefined;

/** The WebAssembly module of the build folder, compiled when first asked for. */
export function kernelModule(): WebAssembly.Module {
  compiled ??= new WebAssembly.Module(readFileSync(builtFile('kernel.wasm')));
  return compiled;
}
