// Row records on their way to where passes visit them; layout in src/features/rows.ts. Addresses and lengths are multiples of 16.

/** From the beginning of a sparse record to its features. */
const HEADER_BYTES: usize = 16;

/**
 * Copy records from where they were encoded.
 *
 * moves     u32[count][3]  from where, to where, how many bytes
 */
export function copyRecords(moves: usize, count: i32): void {
  for (const end = moves + <usize>count * 12; moves < end; moves += 12) {
    copy(load<u32>(moves), load<u32>(moves, 4), load<u32>(moves, 8));
  }
}

// @ts-ignore: decorator
@inline
function copy(from: usize, to: usize, bytes: usize): void {
  for (const end = from + bytes; from < end; from += 16, to += 16) v128.store(to, v128.load(from));
}

/**
 * Put sparse records, one behind the other, on a list by their places, which stand in the last word of their headers.
 *
 * list      u32[]  written: addresses
 */
export function listSparse(from: usize, end: usize, valued: i32, list: usize): void {
  const groupBits: usize = valued ? 5 : 4;
  while (from < end) {
    store<u32>(list + (<usize>load<u32>(from, 12) << 2), <u32>from);
    from += HEADER_BYTES + (<usize>load<u32>(from, 4) << groupBits);
  }
}

/**
 * List the addresses of sparse records, one behind the other.
 *
 * list      u32[count]  written
 * returns   address behind the last
 */
export function listFollowing(from: usize, count: i32, valued: i32, list: usize): usize {
  const groupBits: usize = valued ? 5 : 4;
  for (const end = list + (<usize>count << 2); list < end; list += 4) {
    store<u32>(list, <u32>from);
    from += HEADER_BYTES + (<usize>load<u32>(from, 4) << groupBits);
  }
  return from;
}

/**
 * Copy sparse records, one behind the other, and give their features other numbers. Those that become 0 leave the record.
 *
 * list      u32[count]  addresses; those of copied records are replaced by where the copies are
 * remap     u32[]       number → new number
 * end       records are copied until one may not fit before it
 * result    u32[2]      written: how many were copied, most groups of one of them or of what it says already
 * returns   where they end
 */
export function remapSparse(
  list: usize,
  count: i32,
  valued: i32,
  remap: usize,
  to: usize,
  end: usize,
  result: usize,
): usize {
  let maxGroups = load<u32>(result, 4);
  let row = 0;
  for (; row < count; row++, list += 4) {
    const from = <usize>load<u32>(list);
    const groups = load<u32>(from, 4);
    const indexBytes = <usize>groups << 4;
    if (to + HEADER_BYTES + (indexBytes << (valued ? 1 : 0)) > end) break;
    store<u32>(list, <u32>to);
    v128.store(to, i32x4.replace_lane(v128.load(from), 3, 0));
    const first = to + HEADER_BYTES;
    const source = from + HEADER_BYTES;
    const past = source + indexBytes;
    let place = first;
    for (let index = source; index < past; index += 4) {
      const feature = load<u32>(remap + (<usize>load<u32>(index) << 2));
      store<u32>(place, feature);
      place += <usize>(feature != 0) << 2;
    }
    const indexEnd = pad(place);
    if (valued) place = keepValues(source, indexBytes, remap, indexEnd, indexEnd - first);
    else place = indexEnd;
    const left = <u32>((indexEnd - first) >>> 4);
    store<u32>(to, left, 4);
    maxGroups = max(maxGroups, left);
    to = place;
  }
  store<u32>(result, row);
  store<u32>(result, maxGroups, 4);
  return to;
}

/**
 * Give the features of sparse records other numbers, where they are. Those that become 0 leave the record.
 *
 * stride    bytes from one record to the next
 * remap     u32[]       number → new number
 */
export function remapPlaced(from: usize, count: i32, stride: usize, valued: i32, remap: usize): void {
  for (; count > 0; count--, from += stride) {
    const indexBytes = <usize>load<u32>(from, 4) << 4;
    const first = from + HEADER_BYTES;
    const past = first + indexBytes;
    let place = first;
    for (let index = first; index < past; index += 4) {
      const feature = load<u32>(remap + (<usize>load<u32>(index) << 2));
      if (valued) store<u32>(place + indexBytes, load<u32>(index + indexBytes));
      store<u32>(place, feature);
      place += <usize>(feature != 0) << 2;
    }
    const end = pad(place);
    if (valued) placeValues(place + indexBytes, end, past, end - first);
    store<u32>(from, <u32>((end - first) >>> 4), 4);
  }
}

/** Values that end at `place` fill up with zeros and move down to `to` from where indices ended before. */
// @ts-ignore: decorator
@inline
function placeValues(place: usize, to: usize, from: usize, bytes: usize): void {
  for (const end = from + bytes; place < end; place += 4) store<u32>(place, 0);
  if (to != from) copy(from, to, bytes);
}

/** Zeros up to a multiple of 16, which is returned. */
// @ts-ignore: decorator
@inline
function pad(place: usize): usize {
  const end = (place + 15) & ~15;
  for (; place < end; place += 4) store<u32>(place, 0);
  return end;
}

/** Values of features that stay; returns their end. */
// @ts-ignore: decorator
@inline
function keepValues(source: usize, indexBytes: usize, remap: usize, to: usize, bytes: usize): usize {
  const end = to + bytes;
  for (const past = source + indexBytes; source < past; source += 4) {
    const kept = load<u32>(remap + (<usize>load<u32>(source) << 2)) != 0;
    if (!kept) continue;
    store<u32>(to, load<u32>(source + indexBytes));
    to += 4;
  }
  for (; to < end; to += 4) store<u32>(to, 0);
  return end;
}
