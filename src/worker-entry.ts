/**
 * Where the entry file of a worker is. Workers run what is built, also when the caller runs from its TypeScript source.
 *
 * @param file relative to the caller
 * @param caller its `import.meta.url`
 */
export function workerEntry(file: string, caller: string): URL {
  const url = new URL(file, caller);
  if (!caller.endsWith('.ts')) return url;
  const at = url.pathname.lastIndexOf('/src/');
  url.pathname = `${url.pathname.slice(0, at)}/build/${url.pathname.slice(at + '/src/'.length)}`;
  return url;
}
