// Where rows go that are visited in random order: the twin of src/kernel/permutation.ts.

/**
 * Places of records that follow each other in the data.
 *
 * first        row of the first record; rowCount < 2^32
 * sides        u32[2]   the network works on pairs (l, r) with l < sides[0], r < sides[1]
 * keys         u32[6]   one per round
 * base         address of the record that is visited first
 * places       u32[count]  written: addresses
 */
export function placeRows(
  first: u32,
  count: i32,
  rowCount: u32,
  sides: usize,
  keys: usize,
  base: u32,
  recordBytes: u32,
  places: usize,
): void {
  const a = load<u32>(sides);
  const b = load<u32>(sides, 4);
  const end = places + (<usize>count << 2);
  for (let row = first; places < end; row++, places += 4) {
    let place = row;
    do {
      let l = place / b;
      let r = place - l * b;
      for (let key = keys; key < keys + 24; key += 8) {
        l = rotated(l, mix(r ^ load<u32>(key)) % a, a);
        r = rotated(r, mix(l ^ load<u32>(key, 4)) % b, b);
      }
      place = l * b + r;
    } while (place >= rowCount);
    store<u32>(places, base + place * recordBytes);
  }
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
