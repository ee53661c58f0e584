// Notes for the host: values that only it can make, and what is wrong with the input.

import { NOTE_BYTES } from './csv-layout';

let notes: usize = 0;
export let noteCount: u32 = 0;

export function setNotes(address: usize, count: u32): void {
  notes = address;
  noteCount = count;
}

/** Forget the notes after the first `count`. */
export function dropNotes(count: u32): void {
  noteCount = count;
}

/** Note the text [start, end); the caller sees to it that there is room. */
export function note(kind: u32, row: u32, field: u32, start: usize, end: usize, detail: u32): void {
  const at = notes + <usize>noteCount * NOTE_BYTES;
  store<u32>(at, kind);
  store<u32>(at, row, 4);
  store<u32>(at, field, 8);
  store<u32>(at, <u32>start, 12);
  store<u32>(at, <u32>(end - start), 16);
  store<u32>(at, detail, 20);
  noteCount++;
}
