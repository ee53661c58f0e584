import { headWords, PADDING_FEATURE, type RowLayout } from '../features/rows.js';
import type { KernelMemory } from './memory.js';

/** Words before the features of a table. */
const TABLE_HEADER_WORDS = 4;

/**
 * Write the table by which kernels know the head of sparse rows: assembly/head.ts.
 *
 * @param remap features that it makes `PADDING_FEATURE` are to lose their values; default: none
 * @returns its address, a multiple of 16; 0 where rows have no head
 */
export function placeHead(memory: KernelMemory, layout: RowLayout, remap?: Uint32Array): number {
  if (layout.form === 'dense' || layout.head.length === 0) return 0;
  const words = headWords(layout);
  const address = memory.allocate(4 * (TABLE_HEADER_WORDS + 2 * words));
  const first = address / 4 + TABLE_HEADER_WORDS;
  const { u32 } = memory;
  u32.fill(0, address / 4, first + 2 * words);
  u32[address / 4] = words / 4;
  u32.set(layout.head, first);
  for (const [i, feature] of layout.head.entries()) {
    u32[first + words + i] = remap?.[feature] === PADDING_FEATURE ? 0 : 0xffffffff;
  }
  return address;
}

/** Write other features into a table: those of rows that have been given other numbers. */
export function replaceHead(memory: KernelMemory, address: number, layout: RowLayout): void {
  if (layout.form === 'sparse' && address !== 0) memory.u32.set(layout.head, address / 4 + TABLE_HEADER_WORDS);
}
