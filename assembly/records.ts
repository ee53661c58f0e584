// Row records on their way to where passes visit them; layout in src/features/rows.ts. Addresses and lengths are multiples of 16.

import { HEAD_FEATURES, headBytes } from './head';

/** From the beginning of a sparse record to its head. */
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
export function listSparse(from: usize, end: usize, head: usize, list: usize): void {
  const toTail = HEADER_BYTES + headBytes(head);
  while (from < end) {
    store<u32>(list + (<usize>load<u32>(from, 12) << 2), <u32>from);
    from += toTail + (<usize>load<u32>(from, 4) << 4);
  }
}

/**
 * List the addresses of sparse records, one behind the other.
 *
 * list      u32[count]  written
 * returns   address behind the last
 */
export function listFollowing(from: usize, count: i32, head: usize, list: usize): usize {
  const toTail = HEADER_BYTES + headBytes(head);
  for (const end = list + (<usize>count << 2); list < end; list += 4) {
    store<u32>(list, <u32>from);
    from += toTail + (<usize>load<u32>(from, 4) << 4);
  }
  return from;
}

/**
 * Copy sparse records, one behind the other, and give their features other numbers. Those that become 0 leave the record. Copies
 * may take the place of the records, from the first on: none is longer, and all is read before it is written over.
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
  head: usize,
  remap: usize,
  to: usize,
  end: usize,
  result: usize,
): usize {
  const bytes = headBytes(head);
  let maxGroups = load<u32>(result, 4);
  let row = 0;
  for (; row < count; row++, list += 4) {
    const from = <usize>load<u32>(list);
    const tailBytes = <usize>load<u32>(from, 4) << 4;
    if (to + HEADER_BYTES + bytes + tailBytes > end) break;
    store<u32>(list, <u32>to);
    v128.store(to, i32x4.replace_lane(v128.load(from), 3, 0));
    maskHead(head, bytes, from + HEADER_BYTES, to + HEADER_BYTES);
    const first = to + HEADER_BYTES + bytes;
    const past = remapTail(from + HEADER_BYTES + bytes, tailBytes, remap, first);
    const left = <u32>((past - first) >>> 4);
    store<u32>(to, left, 4);
    maxGroups = max(maxGroups, left);
    to = past;
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
export function remapPlaced(from: usize, count: i32, stride: usize, head: usize, remap: usize): void {
  const bytes = headBytes(head);
  for (; count > 0; count--, from += stride) {
    maskHead(head, bytes, from + HEADER_BYTES, from + HEADER_BYTES);
    const first = from + HEADER_BYTES + bytes;
    const past = remapTail(first, <usize>load<u32>(from, 4) << 4, remap, first);
    store<u32>(from, <u32>((past - first) >>> 4), 4);
  }
}

/** What is left of the values of a head. */
// @ts-ignore: decorator
@inline
function maskHead(head: usize, bytes: usize, from: usize, to: usize): void {
  const mask = head + HEAD_FEATURES + bytes;
  for (let at: usize = 0; at < bytes; at += 16) v128.store(to + at, v128.and(v128.load(from + at), v128.load(mask + at)));
}

/** The features that stay, and zeros up to a multiple of 16, which is returned. */
// @ts-ignore: decorator
@inline
function remapTail(from: usize, bytes: usize, remap: usize, to: usize): usize {
  for (const past = from + bytes; from < past; from += 16) {
    const a = load<u32>(remap + (<usize>load<u32>(from) << 2));
    const b = load<u32>(remap + (<usize>load<u32>(from, 4) << 2));
    const c = load<u32>(remap + (<usize>load<u32>(from, 8) << 2));
    const d = load<u32>(remap + (<usize>load<u32>(from, 12) << 2));
    store<u32>(to, a);
    to += <usize>(a != 0) << 2;
    store<u32>(to, b);
    to += <usize>(b != 0) << 2;
    store<u32>(to, c);
    to += <usize>(c != 0) << 2;
    store<u32>(to, d);
    to += <usize>(d != 0) << 2;
  }
  const end = (to + 15) & ~15;
  for (; to < end; to += 4) store<u32>(to, 0);
  return end;
}
