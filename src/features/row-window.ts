/** Further rows that a kernel may read. */
export const SPARE_ROWS = 4;

/** Rows of a block whose columns are in kernel memory: rows[first] .. rows[end - 1]. */
export interface Window {
  readonly first: number;
  readonly end: number;
  /** Address of the list of the rows inside the window; 0: they follow each other. */
  readonly list: number;
}

/**
 * As many ascending rows as there is room for; lists them unless they follow each other.
 *
 * @param rows indices of rows of a block
 * @param limit end of the rows to look at
 * @param most rows of a block that there is room for
 * @param u32 kernel memory
 * @param list address of u32[most + 4]
 */
export function openWindow(
  rows: Uint32Array,
  first: number,
  limit: number,
  most: number,
  u32: Uint32Array,
  list: number,
): Window {
  const begin = rows[first];
  const last = Math.min(limit, first + most);
  let end = first + 1;
  while (end < last && rows[end] > rows[end - 1] && rows[end] - begin < most) end++;
  if (rows[end - 1] - begin === end - 1 - first) return { first, end, list: 0 };
  const place = list / 4 - first;
  for (let i = first; i < end; i++) u32[place + i] = rows[i] - begin;
  u32.fill(0, place + end, place + end + SPARE_ROWS - 1);
  return { first, end, list };
}
