// Where rows go that are visited in random order, group by group: the twin of src/kernel/permutation.ts.
//
// Permutation, u32[10]: rowCount; rows of a group; a, b: the network works on pairs (l, r) with l < a, r < b; 6 keys, one per round.

const GROUP_ROWS: usize = 4;
const A: usize = 8;
const B: usize = 12;
const KEYS: usize = 16;
const END: usize = 40;

/**
 * Places of records that follow each other in the data.
 *
 * first        row of the first record
 * base         address of the record that is visited first
 * places       u32[count]  written: addresses
 */
export function placeRows(
  first: u32,
  count: u32,
  permutation: usize,
  base: u32,
  recordBytes: u32,
  places: usize,
): void {
  for (let done: u32 = 0; done < count; ) {
    const together = min(count - done, rowsTogether(first + done, permutation));
    const to = base + placeOf(first + done, permutation) * recordBytes;
    for (let i: u32 = 0; i < together; i++, places += 4) store<u32>(places, to + i * recordBytes);
    done += together;
  }
}

/** Rows from one of them on that keep their order, to the end of the group. */
// @ts-ignore: decorator
@inline
function rowsTogether(row: u32, permutation: usize): u32 {
  const groupRows = load<u32>(permutation, GROUP_ROWS);
  return groupRows - (row % groupRows);
}

function placeOf(row: u32, permutation: usize): u32 {
  const groupRows = load<u32>(permutation, GROUP_ROWS);
  const groups = load<u32>(permutation) / groupRows;
  const a = load<u32>(permutation, A);
  const b = load<u32>(permutation, B);
  const keysEnd = permutation + END;
  let place = row / groupRows;
  const rest = row - place * groupRows;
  if (place == groups) return row;
  do {
    let l = place / b;
    let r = place - l * b;
    for (let key = permutation + KEYS; key < keysEnd; key += 8) {
      l = rotated(l, mix(r ^ load<u32>(key)) % a, a);
      r = rotated(r, mix(l ^ load<u32>(key, 4)) % b, b);
    }
    place = l * b + r;
  } while (place >= groups);
  return place * groupRows + rest;
}

/** value + distance, modulo the side; both are below it. */
// @ts-ignore: decorator
@inline
function rotated(value: u32, distance: u32, side: u32): u32 {
  const sum = value + distance;
  return sum >= side ? sum - side : sum;
}

// @ts-ignore: decorator
@inline
function mix(word: u32): u32 {
  let hash = (word ^ (word >>> 16)) * 0x85ebca6b;
  hash = (hash ^ (hash >>> 13)) * 0xc2b2ae35;
  return hash ^ (hash >>> 16);
}
