// Records of rows that have nothing but the features of tokens; layout in src/features/rows.ts.

import { FEATURES, OFFSETS, ROW_COUNT } from './ngram-layout';

const BIAS_FEATURE: u32 = 1;

/**
 * Write the records of the rows that were encoded last, one behind the other; targets and weights are left 0.
 *
 * to        a multiple of 16; up to 16 bytes behind the last record are written as well
 * starts    u32 per row, written: words from `base` to each record
 * returns   where they end
 */
export function writeTokenRecords(state: usize, to: usize, base: usize, starts: usize): usize {
  let offset: usize = load<u32>(state, OFFSETS);
  const features: usize = load<u32>(state, FEATURES);
  const last = offset + (<usize>load<u32>(state, ROW_COUNT) << 2);
  for (; offset < last; offset += 4, starts += 4) {
    store<u32>(starts, <u32>((to - base) >> 2));
    let from = features + (<usize>load<u32>(offset) << 2);
    const end = features + (<usize>load<u32>(offset, 4) << 2);
    const first = to + 16;
    // The bias is the first feature.
    const past = first + 4 + (end - from);
    const next = (past + 15) & ~15;
    v128.store(to, i32x4.replace_lane(i32x4.splat(0), 1, <i32>((next - first) >> 4)));
    store<u32>(first, BIAS_FEATURE);
    for (to = first + 4; from < end; from += 16, to += 16) v128.store(to, v128.load(from));
    v128.store(past, i32x4.splat(0));
    to = next;
  }
  return to;
}
