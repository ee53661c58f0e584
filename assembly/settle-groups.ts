// Groups of row records (src/features/rows.ts) that were encoded before means and deviations were known: settles them and moves
// them to where they belong, all in place.
//
// Work: settle-dense.ts, settle-sparse.ts; u32 [0] is the bytes of a record, [7] 0 for dense and 1 for sparse records.
//
// State: start u32, to u32, then room for the group on its way and for another.

import { settleDense } from './settle-dense';
import { settleSparse } from './settle-sparse';

const NONE: u32 = 0xffffffff;
const IS_SPARSE: usize = 28;
/** Before the groups of the state. */
const HEAD: usize = 16;

/**
 * Settle groups of records that are permuted, cycle by cycle: each takes the place of the one that is settled next.
 *
 * state         where the last call has stopped; start 0, to 2^32 - 1 at first
 * rows          address of the first record
 * places        u32[groupCount]  where each group belongs, counted in groups; 2^32 - 1 when it has been settled
 * most          groups to settle, at most
 * returns       how many were settled; fewer than `most`: none is left
 */
export function settleGroups(
  state: usize,
  rows: usize,
  groupRows: i32,
  groupCount: u32,
  places: usize,
  work: usize,
  most: i32,
): i32 {
  const bytes = <usize>groupRows * <usize>load<u32>(work);
  let held = state + HEAD;
  let other = held + bytes;
  let start = load<u32>(state);
  let to = load<u32>(state, 4);
  let settled = 0;
  while (settled < most) {
    if (to == NONE) {
      while (start < groupCount && load<u32>(places + (<usize>start << 2)) == NONE) start++;
      if (start == groupCount) break;
      const group = rows + <usize>start * bytes;
      to = take(places, start);
      settle(group, groupRows, work);
      memory.copy(held, group, bytes);
    }
    const group = rows + <usize>to * bytes;
    to = take(places, to);
    if (to != NONE) {
      settle(group, groupRows, work);
      memory.copy(other, group, bytes);
    }
    memory.copy(group, held, bytes);
    const free = held;
    held = other;
    other = free;
    settled++;
  }
  if (held != state + HEAD) memory.copy(state + HEAD, held, bytes);
  store<u32>(state, start);
  store<u32>(state, to, 4);
  return settled;
}

/** Where a group belongs, which has no place from now on. */
// @ts-ignore: decorator
@inline
function take(places: usize, group: u32): u32 {
  const place = places + (<usize>group << 2);
  const to = load<u32>(place);
  store<u32>(place, NONE);
  return to;
}

// @ts-ignore: decorator
@inline
function settle(group: usize, rowCount: i32, work: usize): void {
  if (load<u32>(work, IS_SPARSE)) settleSparse(group, rowCount, work);
  else settleDense(group, rowCount, work);
}
