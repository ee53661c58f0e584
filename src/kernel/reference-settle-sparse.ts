import { SPARSE_HEADER_WORDS } from '../features/rows.js';
import { withinSingle } from '../features/single.js';
import type { Bytes } from './reference-rows.js';
import { CENTRES, DEVIATIONS, ENTRY_BYTES, MASKS, MEANS, MOST_IN_LIST, WORK_WORDS } from './settle-kernel.js';

/** assembly/settle-sparse.ts in plain TypeScript. */
export function settleSparse({ buffer }: Bytes, rows: number, rowCount: number, work: number): void {
  const u32 = new Uint32Array(buffer);
  const f32 = new Float32Array(buffer);
  const f64 = new Float64Array(buffer);
  const [recordBytes, headGroups, table, lists, finalWords, sources, targets] = new Uint32Array(
    buffer,
    work,
    WORK_WORDS,
  );
  const headWords = 4 * headGroups;
  const finalHeadWords = 4 * Math.ceil(finalWords / 4);
  for (let row = 0; row < rowCount; row++) {
    const record = (rows + row * recordBytes) / 4;
    const head = record + SPARSE_HEADER_WORDS;
    const words = u32.slice(head + headWords, head + headWords + 4 * u32[record + 1]);
    const values = Array.from(f32.subarray(head, head + headWords), (x, i) => {
      const entry = table + Math.floor(i / 4) * ENTRY_BYTES;
      const at = entry / 8 + (i % 4);
      const z = Math.fround((x + f64[at + CENTRES / 8] - f64[at + MEANS / 8]) / f64[at + DEVIATIONS / 8]);
      return Number.isNaN(z) || u32[(entry + MASKS) / 4 + (i % 4)] === 0 ? 0 : withinSingle(z) + 0;
    });
    const left = Array.from({ length: finalWords }, (_, i) => values[sources === 0 ? i : u32[sources / 4 + i]]);
    const tail = Array.from(
      words,
      (word) => u32[u32[lists / 4 + Math.floor(word / MOST_IN_LIST)] / 4 + (word % MOST_IN_LIST)],
    ).filter((feature) => feature !== 0);
    const groups = Math.ceil(tail.length / 4);
    u32.fill(0, head, head + finalHeadWords + 4 * groups);
    f32.set(left, head);
    u32.set(tail, head + finalHeadWords);
    u32[record + 1] = groups;
    if (targets === 0) continue;
    const [centre, mean, deviation] = f64.subarray(targets / 8, targets / 8 + 3);
    f32[record] = (f32[record] + centre - mean) / deviation;
  }
}
