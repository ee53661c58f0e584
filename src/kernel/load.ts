import { readFileSync } from 'node:fs';
import { builtFile } from '../built-file.js';
import type { KernelModules } from './modules.js';

const compiled = new Map<string, WebAssembly.Module>();

function module(file: string): WebAssembly.Module {
  let result = compiled.get(file);
  if (result === undefined) {
    result = new WebAssembly.Module(readFileSync(builtFile(file)));
    compiled.set(file, result);
  }
  return result;
}

/** The WebAssembly modules of the build folder, compiled when first asked for. */
export const kernelModules: KernelModules = {
  get plain() {
    return module('kernel.wasm');
  },
  get shared() {
    return module('kernel-shared.wasm');
  },
};
