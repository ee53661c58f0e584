// CSV bytes to column blocks (RFC 4180).
//
// The host lays out memory (csv-layout.ts), fills the input and calls `csvParse` until it asks for something.

import { dropValues, fillSlots, fullColumn, keepValues } from './csv-dictionary';
import { setForms } from './csv-digits';
import { setPowers } from './csv-eisel-lemire';
import { fieldEnd, findLineFeed, innerLines, inputEnd, setInput, stop } from './csv-field';
import {
  AFTER_QUOTE,
  BASE,
  BLOCK_FULL,
  BLOCK_ROWS,
  BREAKS,
  COLUMNS,
  COLUMNS_END,
  CR,
  CUT,
  DELIMITERS,
  END,
  FAULT_AFTER_QUOTE,
  FAULT_FIELDS,
  FAULT_OPEN,
  FAULT_OPEN_TOO_LONG,
  FAULT_TOO_LONG,
  FIELD_COUNT,
  FORMS,
  FULL_COLUMN,
  HEADER,
  INCOMPLETE,
  LINE,
  LINES,
  LONG_FORMS,
  NEED_INPUT,
  NOTE_CAPACITY,
  NOTE_COUNT,
  NOTE_RECORD,
  NOTES,
  NOTES_FULL,
  OFFSETS,
  ONE_FIELD,
  OUTCOMES,
  PASSING,
  POSITION,
  POWERS,
  RECORD_BYTES,
  RECORD_RUNS,
  REJECTED,
  ROW,
  SCRATCH,
  SHORT_FORMS,
} from './csv-layout';
import { indexedRecords, setIndex, takeRecords } from './csv-index';
import { dropNotes, note, noteCount, setNotes } from './csv-notes';
import { setOneField } from './csv-number';
import { blankLine, fieldsFound, readRecord, readRecords, setColumns, skipRecord, storeMissing } from './csv-record';
import { setLongForms } from './csv-long';
import { setShortForms } from './csv-short';
import { setScratch } from './csv-text';
import { cutSequence, findInvalid } from './utf8';

/** Bytes of a rejected record that the host may show. */
const EXCERPT_BYTES: usize = 512;
/** The record is not at fault. */
const NO_FAULT: u32 = 0xffffffff;

/** @returns the first byte in [start, end) that is not UTF-8, or `end`; CUT says whether only the end is to blame */
export function csvFindInvalid(state: usize, start: usize, end: usize): usize {
  const found = findInvalid(start, end);
  store<u32>(state, cutSequence, CUT);
  return found;
}

/** Copy bytes. */
export function csvCopy(to: usize, from: usize, count: usize): void {
  memory.copy(to, from, count);
}

/** Fill the hash table that the host gave to a column. */
export function csvFillSlots(column: usize): void {
  fillSlots(column);
}

/**
 * Read records into the block until something is needed.
 *
 * @param final 1 when the file ends where the input ends
 * @returns NEED_INPUT: keep the bytes from POSITION on and put more behind them; BLOCK_FULL: take the block; NOTES_FULL: take
 *   the notes; NO_CODES, NO_ARENA, NO_TOKENS: give FULL_COLUMN more room
 */
export function csvParse(state: usize, final: u32): i32 {
  setColumns(load<u32>(state, COLUMNS), load<u32>(state, COLUMNS_END));
  setPowers(load<u32>(state, POWERS));
  setScratch(load<u32>(state, SCRATCH), load<u32>(state, BREAKS));
  setNotes(load<u32>(state, NOTES), load<u32>(state, NOTE_COUNT));
  setShortForms(load<u32>(state, SHORT_FORMS));
  setForms(load<u32>(state, FORMS));
  setLongForms(load<u32>(state, LONG_FORMS));
  setOneField(state + ONE_FIELD);
  setInput(load<u32>(state, END), final);
  setIndex(load<u32>(state, DELIMITERS), load<u32>(state, RECORD_RUNS), load<u32>(state, FIELD_COUNT));
  const ready = passLine(state) && passHeader(state);
  const status = ready ? readRows(state) : NEED_INPUT;
  store<u32>(state, noteCount, NOTE_COUNT);
  store<u32>(state, <u32>fullColumn, FULL_COLUMN);
  return status;
}

/** Pass over the rest of a rejected line; false when its end is still to come. */
function passLine(state: usize): bool {
  if (load<u32>(state, PASSING) == 0) return true;
  const feed = findLineFeed(load<u32>(state, POSITION));
  if (feed >= inputEnd) {
    store<u32>(state, <u32>inputEnd, POSITION);
    return false;
  }
  store<u32>(state, 0, PASSING);
  store<u32>(state, <u32>feed + 1, POSITION);
  store<f64>(state, load<f64>(state, LINE) + 1, LINE);
  return true;
}

/** Pass over the header, if there is one to come; false when its end is not in the input yet. */
function passHeader(state: usize): bool {
  if (load<u32>(state, HEADER) == 0) return true;
  let p: usize = load<u32>(state, POSITION);
  let line = load<f64>(state, LINE);
  for (let blank = blankLine(p); p < inputEnd && blank != 0; blank = blankLine(p)) {
    p += blank;
    line++;
  }
  const end = p < inputEnd ? skipRecord(p) : p;
  const fault = faultOf(p, end);
  const waits = p >= inputEnd || (fault == NO_FAULT && end < OUTCOMES);
  if (!waits) {
    store<u32>(state, 0, HEADER);
    line += linesPassed(p, end, fault);
    p = nextRecord(state, p, end, fault);
  }
  store<u32>(state, <u32>p, POSITION);
  store<f64>(state, line, LINE);
  return !waits;
}

function readRows(state: usize): i32 {
  const columns: usize = load<u32>(state, COLUMNS);
  const columnsEnd: usize = load<u32>(state, COLUMNS_END);
  const fieldCount = load<u32>(state, FIELD_COUNT);
  const blockRows = load<u32>(state, BLOCK_ROWS);
  const noteCapacity = load<u32>(state, NOTE_CAPACITY);
  const noteLimit = noteCapacity - fieldCount;
  let p: usize = load<u32>(state, POSITION);
  let line = load<f64>(state, LINE);
  let row = load<u32>(state, ROW);
  let status = NEED_INPUT;
  while (p < inputEnd) {
    const blank = fieldCount == 1 ? <usize>0 : blankLine(p);
    if (blank != 0) {
      p += blank;
      line++;
      continue;
    }
    if (row == blockRows || noteCount >= noteLimit) {
      status = row == blockRows ? BLOCK_FULL : NOTES_FULL;
      break;
    }
    const notesBefore = noteCount;
    const indexed = indexedRecords(p);
    if (indexed != 0) {
      const count = min(min(indexed, blockRows - row), (noteCapacity - noteCount) / fieldCount);
      const ends = takeRecords(count);
      const outcome = readRecords(ends, fieldCount, count, row);
      keepValues(columns, columnsEnd);
      if (outcome != 0) {
        // The same records will be read again: the values that they brought are known then.
        dropNotes(notesBefore);
        status = <i32>outcome;
        break;
      }
      p = placeRows(state, row, count, ends, fieldCount, line);
      line += count;
      row += count;
      continue;
    }
    const end = readRecord(p, row);
    let fault = faultOf(p, end);
    if (fault == NO_FAULT && end >= OUTCOMES && fieldsFound != fieldCount) fault = FAULT_FIELDS + fieldsFound;
    if (fault == NO_FAULT && end >= OUTCOMES) {
      keepValues(columns, columnsEnd);
      placeRow(state, row, p, line, 0);
      line += 1 + innerLines;
      p = end + 1;
    } else {
      dropValues(columns, columnsEnd);
      dropNotes(notesBefore);
      if (fault == NO_FAULT) {
        status = end == INCOMPLETE ? NEED_INPUT : <i32>end;
        break;
      }
      placeRow(state, row, p, line, 1);
      storeMissing(row);
      note(NOTE_RECORD, row, 0, p, excerptEnd(p), fault);
      line += linesPassed(p, end, fault);
      p = nextRecord(state, p, end, fault);
    }
    row++;
  }
  store<u32>(state, <u32>(p < inputEnd ? p : inputEnd), POSITION);
  store<f64>(state, line, LINE);
  store<u32>(state, row, ROW);
  return status;
}

/** Note where records without line feeds inside of fields are; returns where the next record begins. */
function placeRows(state: usize, row: u32, count: u32, ends: usize, fields: u32, line: f64): usize {
  const stride = <usize>fields << 2;
  const base = load<f64>(state, BASE);
  const offsets = <usize>load<u32>(state, OFFSETS) + (row << 3);
  const lines = <usize>load<u32>(state, LINES) + (row << 3);
  let before = ends - 4;
  for (let i: u32 = 0; i < count; i++, before += stride) {
    store<f64>(offsets + (i << 3), base + <f64>(load<u32>(before) + 1));
    store<f64>(lines + (i << 3), line + <f64>i);
  }
  memory.fill(<usize>load<u32>(state, REJECTED) + row, 0, count);
  return <usize>load<u32>(before) + 1;
}

// @ts-ignore: decorator
@inline
function placeRow(state: usize, row: u32, p: usize, line: f64, rejected: u32): void {
  store<u8>(load<u32>(state, REJECTED) + row, rejected);
  store<f64>(load<u32>(state, OFFSETS) + (row << 3), load<f64>(state, BASE) + <f64>p);
  store<f64>(load<u32>(state, LINES) + (row << 3), line);
}

/** What is wrong with the quotes or the length of the record at p; `end` is its line feed or the outcome of reading it. */
// @ts-ignore: decorator
@inline
function faultOf(p: usize, end: usize): u32 {
  return end >= OUTCOMES && end - p <= RECORD_BYTES ? NO_FAULT : rareFaultOf(p, end);
}

function rareFaultOf(p: usize, end: usize): u32 {
  if (end >= OUTCOMES) {
    const hasReturn = end < inputEnd && load<u8>(end - 1) == CR;
    return end - p - <usize>hasReturn <= RECORD_BYTES ? NO_FAULT : tooLong(p);
  }
  // The same verdict wherever the input happens to end: nothing further than the limit counts.
  if (end == AFTER_QUOTE) return fieldEnd - p < RECORD_BYTES ? FAULT_AFTER_QUOTE : tooLong(p);
  if (end != INCOMPLETE) return NO_FAULT;
  if (inputEnd - p > RECORD_BYTES + 1) return tooLong(p);
  return stop > inputEnd ? FAULT_OPEN : NO_FAULT;
}

/** A record that goes on behind a line feed is too long because of a quote. */
function tooLong(p: usize): u32 {
  return findLineFeed(p) - p <= RECORD_BYTES ? FAULT_OPEN_TOO_LONG : FAULT_TOO_LONG;
}

/** Where reading goes on. Of a record with a broken quote or of excessive length only the first line is passed. */
function nextRecord(state: usize, p: usize, end: usize, fault: u32): usize {
  if (fault >= FAULT_FIELDS) return end < inputEnd ? end + 1 : inputEnd;
  const feed = findLineFeed(p);
  if (feed < inputEnd) return feed + 1;
  store<u32>(state, 1, PASSING);
  return inputEnd;
}

/** Lines that end before `nextRecord`. */
function linesPassed(p: usize, end: usize, fault: u32): u32 {
  if (fault >= FAULT_FIELDS) return 1 + innerLines;
  return findLineFeed(p) < inputEnd ? 1 : 0;
}

function excerptEnd(p: usize): usize {
  const feed = findLineFeed(p);
  const end = feed < inputEnd && feed > p && load<u8>(feed - 1) == CR ? feed - 1 : feed;
  return end - p < EXCERPT_BYTES ? end : p + EXCERPT_BYTES;
}
