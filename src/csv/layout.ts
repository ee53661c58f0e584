// What the host and the kernel share in memory: twin of assembly/csv-layout.ts, which says what each word means.
// Offsets in bytes.

export const POSITION = 0;
export const END = 4;
export const ROW = 8;
export const BLOCK_ROWS = 12;
export const COLUMNS = 16;
export const COLUMNS_END = 20;
export const FIELD_COUNT = 24;
export const PASSING = 28;
export const HEADER = 32;
export const CUT = 36;
export const LINE = 40;
export const BASE = 48;
export const OFFSETS = 56;
export const LINES = 60;
export const REJECTED = 64;
export const NOTES = 68;
export const NOTE_COUNT = 72;
export const NOTE_CAPACITY = 76;
export const SCRATCH = 80;
export const POWERS = 84;
export const FULL_COLUMN = 88;
export const DELIMITERS = 92;
export const RECORD_RUNS = 96;
export const SHORT_FORMS = 100;
export const ONE_FIELD = 104;
export const FORMS = 112;
export const LONG_FORMS = 116;
export const BREAKS = 120;
/** Size of the state, rounded up. */
export const STATE_BYTES = 128;

export const KIND = 0;
export const FIELD = 4;
export const RUN = 8;
export const VALUES = 12;
export const SLOTS = 16;
export const SLOT_MASK = 20;
export const STARTS = 24;
export const KEYS = 28;
export const SIZE = 32;
export const CODE_CAPACITY = 36;
export const ARENA = 40;
export const ARENA_BYTES = 44;
export const TOKENS = 48;
export const TOKEN_CAPACITY = 52;
export const COLUMN_BYTES = 64;

export const NUMERIC = 0;
export const BINARY = 1;
export const CATEGORICAL = 2;
export const TEXT = 3;
export const RAW = 4;
export const SKIP = 5;

export const NOTE_BYTES = 24;
export const NOTE_NUMBER = 0;
export const NOTE_INVALID_NUMBER = 1;
export const NOTE_INVALID_BINARY = 2;
export const NOTE_RAW = 3;
export const NOTE_RECORD = 4;

export const FAULT_TOO_LONG = 0;
export const FAULT_OPEN_TOO_LONG = 1;
export const FAULT_OPEN = 2;
export const FAULT_AFTER_QUOTE = 3;
export const FAULT_FIELDS = 4;

export const NEED_INPUT = 0;
export const BLOCK_FULL = 1;
export const NOTES_FULL = 2;
export const NO_CODES = 3;
export const NO_ARENA = 4;
export const NO_TOKENS = 5;

export const RECORD_BYTES = 102400;
export const WINDOW_BYTES = 8192;
export const WINDOW_RECORDS = 64;
export const INDEX_BYTES = 110592;
export const TEXT_PART = 2048;
