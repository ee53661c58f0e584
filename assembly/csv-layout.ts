// What the CSV reader and its host share in memory. Twin of src/csv/layout.ts; offsets in bytes.

// The state of a reader.
/** u32 address of the next record, of the end of the input (sentinels follow it). */
export const POSITION: usize = 0;
export const END: usize = 4;
/** u32 rows of the present block, and how many it may have. */
export const ROW: usize = 8;
export const BLOCK_ROWS: usize = 12;
/** u32 first column and end of the columns; fields in a record. */
export const COLUMNS: usize = 16;
export const COLUMNS_END: usize = 20;
export const FIELD_COUNT: usize = 24;
/** u32 1 while the rest of a rejected line is passed over; 1 while the header is still to come. */
export const PASSING: usize = 28;
export const HEADER: usize = 32;
/** u32 why the UTF-8 check stopped: 1 when a sequence is cut by the end of the input. */
export const CUT: usize = 36;
/** f64 line of the next record, from 1; offset in the file minus address. */
export const LINE: usize = 40;
export const BASE: usize = 48;
/** u32 addresses: f64[rows] byte offsets, f64[rows] lines, u8[rows] rejected. */
export const OFFSETS: usize = 56;
export const LINES: usize = 60;
export const REJECTED: usize = 64;
/** u32 notes for the host: address, count, capacity. */
export const NOTES: usize = 68;
export const NOTE_COUNT: usize = 72;
export const NOTE_CAPACITY: usize = 76;
/** u32 room for one unescaped field; u64[2][651] powers of five; the column that needs more room. */
export const SCRATCH: usize = 80;
export const POWERS: usize = 84;
export const FULL_COLUMN: usize = 88;
/** u32 addresses of the index: u32[INDEX_BYTES + 128] delimiters, u32[3][WINDOW_BYTES] runs of records. */
export const DELIMITERS: usize = 92;
export const RECORD_RUNS: usize = 96;
/** u32 addresses of how to read fields of few, some, many digits: u8[17][2][16][32], u8[17][16][32], u8[33][128]. */
export const SHORT_FORMS: usize = 100;
export const FORMS: usize = 112;
export const LONG_FORMS: usize = 116;
/** u32 address of the list of white space in a part of a text: u32[TEXT_PART + 16]. */
export const BREAKS: usize = 120;
/** u32[2] addresses before and behind the field that is read at present, if it is read alone. */
export const ONE_FIELD: usize = 104;

// A column, or a run of skipped ones.
export const KIND: usize = 0;
/** u32 number of the first field; fields in the run. */
export const FIELD: usize = 4;
export const RUN: usize = 8;
/** u32 address of the values: f64, u8 or u32 per row; TEXT u32[rows + 1], where the tokens of each row begin. */
export const VALUES: usize = 12;
/** u32 NUMERIC: 1 if the last number that was neither short nor missing had more than 16 characters. */
export const LONG: usize = 16;
/** u32 hash table: address of the codes u32[], 0 = free; its size, a power of two, less 1. */
export const SLOTS: usize = 16;
export const SLOT_MASK: usize = 20;
/** u32 addresses by code: where the text begins in the arena u32[+ 1], key u64. */
export const STARTS: usize = 24;
export const KEYS: usize = 28;
/** u32 codes in use, 0 included; how many there may be. */
export const SIZE: usize = 32;
export const CODE_CAPACITY: usize = 36;
/** u32 UTF-8 of the values: address, bytes (8 more are readable). */
export const ARENA: usize = 40;
export const ARENA_BYTES: usize = 44;
/** u32 tokens of the block: address, how many fit. */
export const TOKENS: usize = 48;
export const TOKEN_CAPACITY: usize = 52;
/** u32 SIZE before the present record if CHANGED is 1. */
export const OLD_SIZE: usize = 56;
export const CHANGED: usize = 60;
export const COLUMN_BYTES: usize = 64;

/** KIND */
export const NUMERIC: u32 = 0;
export const BINARY: u32 = 1;
export const CATEGORICAL: u32 = 2;
export const TEXT: u32 = 3;
export const RAW: u32 = 4;
export const SKIP: u32 = 5;

// A note: something that the host does or reports. u32 kind, row, field, address, length, detail.
export const NOTE_BYTES: usize = 24;
/** Number(text) is the value. */
export const NOTE_NUMBER: u32 = 0;
export const NOTE_INVALID_NUMBER: u32 = 1;
export const NOTE_INVALID_BINARY: u32 = 2;
/** The text is the value. */
export const NOTE_RAW: u32 = 3;
/** A rejected record; the detail says why: a fault, or FAULT_FIELDS + fields found. */
export const NOTE_RECORD: u32 = 4;

export const FAULT_TOO_LONG: u32 = 0;
export const FAULT_OPEN_TOO_LONG: u32 = 1;
export const FAULT_OPEN: u32 = 2;
export const FAULT_AFTER_QUOTE: u32 = 3;
export const FAULT_FIELDS: u32 = 4;

// What csvParse() returns: these, or NO_CODES, NO_ARENA, NO_TOKENS for FULL_COLUMN; that record is read again.
export const NEED_INPUT: i32 = 0;
export const BLOCK_FULL: i32 = 1;
export const NOTES_FULL: i32 = 2;

/** Greatest length of a record without its line end (Amazon ML: one observation at most 100 KB). */
export const RECORD_BYTES: usize = 102400;

/** Records are indexed until this many bytes and so many records are; a record that does not end within INDEX_BYTES is not indexed. */
export const WINDOW_BYTES: usize = 8192;
export const WINDOW_RECORDS: u32 = 64;
export const INDEX_BYTES: usize = 110592;

/** Bytes of a text whose white space is listed at a time. */
export const TEXT_PART: usize = 2048;

// Outcomes of reading a field, instead of the address of the comma or line feed that ends it. No address is as small.
export const OUTCOMES: usize = 16;
export const INCOMPLETE: usize = 1;
export const AFTER_QUOTE: usize = 2;
export const NO_CODES: usize = 3;
export const NO_ARENA: usize = 4;
export const NO_TOKENS: usize = 5;

export const LF: u32 = 10;
export const CR: u32 = 13;
export const QUOTE: u32 = 34;
export const COMMA: u32 = 44;
