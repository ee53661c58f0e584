import { setFlagsFromString } from 'node:v8';

/** Later engines count calls instead of bytecodes, do not know the flag, and would complain. */
const KNOWS_BUDGET = process.versions.node.startsWith('20.');

/**
 * Let the engine compile less: a function to fast code when it has run for about four times as long as usual, as a run of a second
 * has a hundred functions that get warm, few that get hot, and compiling each takes longer than what is left of its work; and a
 * function that has not run for a while not again when it is called once more.
 *
 * To be called when the program and its threads are loaded: the engine takes no code that was compiled under other flags,
 * Node's own included, and would parse it.
 *
 * `--interrupt-budget`: bytecodes, weighted by size, that a function runs before the engine judges it.
 */
export function compileLess(): void {
  setFlagsFromString('--no-flush-bytecode');
  if (KNOWS_BUDGET) setFlagsFromString('--interrupt-budget=300000');
}

/**
 * Let no threads mark garbage beside a run that ends with the process: what little there is besides the data is marked sooner at
 * one go, and rarely has to be. Called when `compileLess` is.
 */
export function markAtOnce(): void {
  setFlagsFromString('--no-incremental-marking');
}

/** Undo `compileLess` and `markAtOnce`: what is compiled is kept for processes that begin without them. */
export function flagsAsUsual(): void {
  setFlagsFromString('--flush-bytecode');
  setFlagsFromString('--incremental-marking');
  if (KNOWS_BUDGET) setFlagsFromString('--interrupt-budget=67584');
}
