import { setFlagsFromString } from 'node:v8';

/** Later engines count calls instead of bytecodes, do not know the flag, and would complain. */
const KNOWS_BUDGET = process.versions.node.startsWith('20.');

/**
 * Let the engine compile a function to fast code when it has run for about four times as long as usual: a run of a second has a
 * hundred functions that get warm, few that get hot, and compiling each takes longer than what is left of its work.
 *
 * To be called when the program and its threads are loaded: the engine takes no code that was compiled under other flags,
 * Node's own included, and would parse it.
 *
 * `--interrupt-budget`: bytecodes, weighted by size, that a function runs before the engine judges it.
 */
export function compileLate(): void {
  if (KNOWS_BUDGET) setFlagsFromString('--interrupt-budget=300000');
}

/** Undo `compileLate`: what is compiled is kept for processes that begin without it. */
export function compileAsUsual(): void {
  if (KNOWS_BUDGET) setFlagsFromString('--interrupt-budget=67584');
}
