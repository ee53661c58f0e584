import { rmSync } from 'node:fs';

const paths = new Set<string>();
let watching = false;

/**
 * Remove a file or folder when the process ends, however it is told to: by itself, by `process.exit`, by Ctrl-C.
 *
 * @returns call it when the path has been removed or is to be kept
 */
export function removeAtExit(path: string): () => void {
  if (!watching) {
    watching = true;
    process.on('exit', () => {
      for (const left of paths) rmSync(left, { recursive: true, force: true });
    });
  }
  paths.add(path);
  return () => {
    paths.delete(path);
  };
}
