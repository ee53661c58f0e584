import { applyRemap } from '../features/remap.js';
import { type RowLayout, SPARSE_HEADER_WORDS } from '../features/rows.js';
import type { Kernel } from './kernel.js';
import { permuted, readPermutation } from './permutation.js';
import { type Bytes, headFeatures } from './reference-rows.js';

type RecordKernels = Pick<
  Kernel,
  'copyRecords' | 'listFollowing' | 'listSparse' | 'placeRows' | 'remapPlaced' | 'remapSparse'
>;

/** Word of a sparse record that holds its place on a list. */
const PLACE_WORD = 3;

/** Row records on their way to where passes visit them. */
export function recordKernels(memory: Bytes): RecordKernels {
  const words = (): Uint32Array => new Uint32Array(memory.buffer);
  const lengthOf = (u32: Uint32Array, start: number, head: number): number =>
    SPARSE_HEADER_WORDS + headFeatures(memory, head).length + u32[start + 1] * 4;
  const layoutOf = (head: number): RowLayout => ({ form: 'sparse', head: Array.from(headFeatures(memory, head)) });
  return {
    copyRecords(moves, count) {
      const u32 = words();
      for (let move = moves / 4; move < moves / 4 + 3 * count; move += 3) {
        u32.copyWithin(u32[move + 1] / 4, u32[move] / 4, (u32[move] + u32[move + 2]) / 4);
      }
    },
    listFollowing(from, count, head, list) {
      const u32 = words();
      let start = from / 4;
      for (let row = 0; row < count; row++, start += lengthOf(u32, start, head)) u32[list / 4 + row] = start * 4;
      return start * 4;
    },
    listSparse(from, end, head, list) {
      const u32 = words();
      for (let start = from / 4; start < end / 4; start += lengthOf(u32, start, head)) {
        u32[list / 4 + u32[start + PLACE_WORD]] = start * 4;
      }
    },
    placeRows(first, count, permutation, base, recordBytes, places) {
      const u32 = words();
      const order = readPermutation(u32.subarray(permutation / 4));
      for (let i = 0; i < count; i++) u32[places / 4 + i] = base + permuted(order, first + i) * recordBytes;
    },
    remapSparse(list, count, head, remap, to, end, result) {
      const u32 = words();
      const table = u32.subarray(remap / 4);
      let place = to / 4;
      let row = 0;
      for (; row < count; row++) {
        const start = u32[list / 4 + row] / 4;
        const record = u32.slice(start, start + lengthOf(u32, start, head));
        if (place + record.length > end / 4) break;
        u32[list / 4 + row] = place * 4;
        record[PLACE_WORD] = 0;
        applyRemap(record, Uint32Array.of(0), layoutOf(head), table);
        const length = lengthOf(record, 0, head);
        u32.set(record.subarray(0, length), place);
        u32[result / 4 + 1] = Math.max(u32[result / 4 + 1], record[1]);
        place += length;
      }
      u32[result / 4] = row;
      return place * 4;
    },
    remapPlaced(from, count, stride, head, remap) {
      const u32 = words();
      const starts = Uint32Array.from({ length: count }, (_, row) => (from + row * stride) / 4);
      applyRemap(u32, starts, layoutOf(head), u32.subarray(remap / 4));
    },
  };
}
