// One record: fields to columns, and what is left of it when it is rejected.

import {
  beginRecord,
  escapes,
  fieldEnd,
  fieldStart,
  inputEnd,
  locate,
  skipFields,
  skippedFields,
  stop,
} from './csv-field';
import {
  BINARY,
  CATEGORICAL,
  COLUMN_BYTES,
  COMMA,
  CR,
  FIELD,
  INCOMPLETE,
  KIND,
  LF,
  NOTE_RAW,
  NUMERIC,
  OUTCOMES,
  RAW,
  RUN,
  TEXT,
  VALUES,
} from './csv-layout';
import { note } from './csv-notes';
import { readNumber, readNumbers } from './csv-number';
import { readBinary, readCategory, readText, storeCategory, storeTokens } from './csv-text';

/** More fields than a record can have. */
const ALL_FIELDS: u32 = 0x7fffffff;

let columns: usize = 0;
let columnsEnd: usize = 0;

/** Fields of the record that was read last. */
export let fieldsFound: u32 = 0;

export function setColumns(first: usize, end: usize): void {
  columns = first;
  columnsEnd = end;
}

/**
 * Read the record at p into a row.
 *
 * @returns address of the line feed that ends it, or an outcome
 */
export function readRecord(p: usize, row: u32): usize {
  const lastColumn = columnsEnd;
  let found: u32 = 0;
  beginRecord();
  for (let column = columns; ; column += COLUMN_BYTES) {
    if (column == lastColumn) return countFields(p, found);
    const kind = load<u32>(column, KIND);
    if (kind == NUMERIC) {
      p = readNumber(p, column, row);
      found++;
    } else if (kind == CATEGORICAL) {
      p = readCategory(p, column, row);
      found++;
    } else if (kind == TEXT) {
      p = readText(p, column, row);
      found++;
    } else if (kind == BINARY) {
      p = readBinary(p, column, row);
      found++;
    } else if (kind == RAW) {
      p = noteText(p, row, load<u32>(column, FIELD));
      found++;
    } else {
      p = skipFields(p, load<u32>(column, RUN));
      found += skippedFields;
    }
    if (p < OUTCOMES) return p;
    if (load<u8>(p) == LF) break;
    p++;
  }
  fieldsFound = found;
  return p < stop ? p : INCOMPLETE;
}

/**
 * Read a record without quotes into a row.
 *
 * @param ends addresses of the delimiters, as many as there are columns in the file
 * @param lastEnd where the last of them is, the line feed
 * @returns address of the line feed, or an outcome
 */
export function readIndexedRecord(p: usize, ends: usize, lastEnd: usize, row: u32): usize {
  const lastColumn = columnsEnd;
  const feed: usize = load<u32>(lastEnd);
  // Behind the last field the carriage return belongs to the line end.
  if (feed > p && load<u8>(feed - 1) == CR) store<u32>(lastEnd, <u32>feed - 1);
  fieldsFound = <u32>((lastEnd - ends) >> 2) + 1;
  beginRecord();
  for (let column = columns; column != lastColumn; ) {
    const kind = load<u32>(column, KIND);
    const run: usize = load<u32>(column, RUN);
    const end: usize = load<u32>(ends);
    let outcome: usize = 0;
    if (kind == NUMERIC) readNumbers(p, ends, column, run, row);
    else if (kind == CATEGORICAL) outcome = storeCategory(p, end, column, row);
    else if (kind == TEXT) outcome = storeTokens(p, end, column, row);
    else if (kind == BINARY) readBinary(p, column, row);
    else if (kind == RAW) note(NOTE_RAW, row, load<u32>(column, FIELD), p, end, 0);
    if (outcome != 0) return outcome;
    ends += run << 2;
    p = <usize>load<u32>(ends - 4) + 1;
    column += kind == NUMERIC ? run * COLUMN_BYTES : COLUMN_BYTES;
  }
  return feed;
}

/** The host makes a string of the field at p. */
function noteText(p: usize, row: u32, field: u32): usize {
  const delimiter = locate(p);
  if (delimiter >= OUTCOMES) note(NOTE_RAW, row, field, fieldStart, fieldEnd, escapes);
  return delimiter;
}

/** Pass over the fields from p on, of which there should be none. */
function countFields(p: usize, found: u32): usize {
  p = skipFields(p, ALL_FIELDS);
  if (p < OUTCOMES) return p;
  fieldsFound = found + skippedFields;
  return p < stop ? p : INCOMPLETE;
}

/** Pass over the record at p; returns address of its line feed, or an outcome. */
export function skipRecord(p: usize): usize {
  beginRecord();
  return countFields(p, 0);
}

/** Bytes of the blank line at p with its end; 0 when it is not blank. */
// @ts-ignore: decorator
@inline
export function blankLine(p: usize): usize {
  const first = <u32>load<u8>(p);
  if (first == LF) return 1;
  return first == CR && load<u8>(p, 1) == LF && p + 1 < inputEnd ? 2 : 0;
}

/** A rejected record has a row of missing values. */
export function storeMissing(row: u32): void {
  for (let column = columns; column < columnsEnd; column += COLUMN_BYTES) {
    const kind = load<u32>(column, KIND);
    const values: usize = load<u32>(column, VALUES);
    if (kind == NUMERIC) store<f64>(values + (row << 3), NaN);
    else if (kind == BINARY) store<u8>(values + row, 2);
    else if (kind == CATEGORICAL) store<u32>(values + (row << 2), 0);
    else if (kind == TEXT) store<u32>(values + (row << 2), load<u32>(values + (row << 2)), 4);
  }
}
