/**
 * A file of the build folder: the kernel, and what threads and processes begin with. They are what is built also when the
 * caller runs from its TypeScript source.
 *
 * @param path inside the folder
 */
export function builtFile(path: string): URL {
  return new URL(`${ROOT}/build/${path}`);
}

/** This code is in `src`, in `build`, or in a chunk there; benches compile their own copy into `build/bench/src`. */
const IN_BENCHES = /^(.*)\/build\/bench\/src\/built-file\.js$/;
const IN_PACKAGE = /^(.*)\/(?:src|build)\//;
const ROOT = (IN_BENCHES.exec(import.meta.url) ?? IN_PACKAGE.exec(import.meta.url))![1];
