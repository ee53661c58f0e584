import { setFlagsFromString } from 'node:v8';

/**
 * Let the engine compile a function to fast code when it has run for about four times as long as usual: a run of a second has a
 * hundred functions that get warm, few that get hot, and compiling each takes longer than what is left of its work.
 *
 * To be called when the program and its threads are loaded: the engine takes no compiled code, Node's own included, from under
 * other flags, and would parse it.
 *
 * `--interrupt-budget`: bytecodes, weighted by size, that a function runs before the engine judges it; 67,584 by default in Node 20.
 * Later engines count calls instead, do not know the flag, and would complain.
 */
export function compileLate(): void {
  if (process.versions.node.startsWith('20.')) setFlagsFromString('--interrupt-budget=300000');
}
