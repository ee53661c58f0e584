import { readFileSync } from 'node:fs';
import type { KernelModules } from './modules.js';

const compiled = new Map<string, WebAssembly.Module>();

function module(file: string): WebAssembly.Module {
  let result = compiled.get(file);
  if (result === undefined) {
    result = new WebAssembly.Module(readFileSync(new URL(`../../build/${file}`, import.meta.url)));
    compiled.set(file, result);
  }
  return result;
}

/** The WebAssembly modules that are built beside this file, compiled when first asked for. */
export const kernelModules: KernelModules = {
  get plain() {
    return module('kernel.wasm');
  },
  get shared() {
    return module('kernel-shared.wasm');
  },
};
