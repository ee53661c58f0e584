// One record: fields to columns, and what is left of it when it is rejected.

import {
  beginRecord,
  contentEnd,
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
  SKIP,
  TEXT,
  VALUES,
} from './csv-layout';
import { note } from './csv-notes';
import { readNumber, readNumberIn, readNumbers } from './csv-number';
import { readBinary, readCategories, readCategory, readText, storeCategory, storeTokens } from './csv-text';

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
 * Read records without quotes that follow one another into rows, column by column.
 *
 * @param ends addresses of the delimiters, as many per record as there are columns in the file
 * @param fields how many these are
 * @param row of the first record
 * @returns 0 or an outcome
 */
export function readRecords(ends: usize, fields: u32, count: u32, row: u32): usize {
  const lastColumn = columnsEnd;
  const stride = <usize>fields << 2;
  const lastEnd = ends + stride - 4;
  const returns = returnsBefore(lastEnd, stride, count);
  for (let column = columns; column != lastColumn; column += COLUMN_BYTES) {
    const outcome =
      returns && ends == lastEnd
        ? readLines(ends, stride, count, column, row)
        : readColumn(ends, stride, count, column, row);
    if (outcome != 0) return outcome;
    ends += <usize>load<u32>(column, RUN) << 2;
  }
  return 0;
}

/** Whether a carriage return is before one of the line feeds. */
// @ts-ignore: decorator
@inline
function returnsBefore(feeds: usize, stride: usize, count: u32): bool {
  let found: u32 = 0;
  for (; count > 0; count--, feeds += stride) found |= <u32>(load<u8>(<usize>load<u32>(feeds) - 1) == CR);
  return found != 0;
}

/** Read the fields of a column, one of each record. */
function readColumn(ends: usize, stride: usize, count: u32, column: usize, row: u32): usize {
  const kind = load<u32>(column, KIND);
  if (kind == NUMERIC) {
    readNumbers(ends, stride, count, column, row);
    return 0;
  }
  if (kind == CATEGORICAL) return readCategories(ends, stride, count, column, row);
  if (kind == SKIP) return 0;
  const limit = row + count;
  for (; row < limit; row++, ends += stride) {
    const outcome = readField(<usize>load<u32>(ends - 4) + 1, load<u32>(ends), kind, column, row);
    if (outcome != 0) return outcome;
  }
  return 0;
}

/** Read the last fields of records. Behind them the carriage return belongs to the line end. */
function readLines(ends: usize, stride: usize, count: u32, column: usize, row: u32): usize {
  const kind = load<u32>(column, KIND);
  const limit = row + count;
  for (; row < limit; row++, ends += stride) {
    const start = <usize>load<u32>(ends - 4) + 1;
    const outcome = readField(start, contentEnd(start, load<u32>(ends)), kind, column, row);
    if (outcome != 0) return outcome;
  }
  return 0;
}

/** Read the field [start, end) without quotes. */
function readField(start: usize, end: usize, kind: u32, column: usize, row: u32): usize {
  if (kind == TEXT) return storeTokens(start, end, column, row);
  if (kind == CATEGORICAL) return storeCategory(start, end, column, row);
  if (kind == NUMERIC) readNumberIn(start, end, column, row);
  else if (kind == BINARY) readBinary(start, column, row);
  else if (kind == RAW) note(NOTE_RAW, row, load<u32>(column, FIELD), start, end, 0);
  return 0;
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
