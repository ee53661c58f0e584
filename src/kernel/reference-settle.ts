import { BIAS_FEATURE, DENSE_HEADER_WORDS } from '../features/rows.js';
import type { Bytes } from './reference-rows.js';
import { settleSparse } from './reference-settle-sparse.js';
import {
  CENTRES,
  COLUMN_WORDS,
  COUNTS,
  DEVIATIONS,
  ENTRY_BYTES,
  isSparseWork,
  MEANS,
  NO_PLACE,
  type SettleKernel,
  type SettleWork,
  WORK_WORDS,
} from './settle-kernel.js';

/** assembly/settle-*.ts in plain TypeScript. */
export function settleKernel(memory: Bytes): SettleKernel {
  const kernel: SettleKernel = {
    settleDense(rows, rowCount, work) {
      const { recordBytes, ...plan } = readWork(memory, work);
      for (let row = 0; row < rowCount; row++) {
        const record = new Float32Array(memory.buffer, rows + row * recordBytes, recordBytes / 4);
        settle(memory, record, plan);
        if (plan.columnCount > 0) scatter(memory, record, plan);
      }
    },

    settleSparse: (rows, rowCount, work) => settleSparse(memory, rows, rowCount, work),

    settleGroups(state, rows, groupRows, groupCount, places, work, most) {
      const bytes = groupRows * readWork(memory, work).recordBytes;
      const progress = new Uint32Array(memory.buffer, state, 2);
      const placeOf = new Uint32Array(memory.buffer, places, groupCount);
      const held = new Uint8Array(memory.buffer, state + 16, bytes);
      const groupAt = (group: number): Uint8Array => new Uint8Array(memory.buffer, rows + group * bytes, bytes);
      const take = (group: number): number => {
        const to = placeOf[group];
        placeOf[group] = NO_PLACE;
        if (to !== NO_PLACE) settleGroup(rows + group * bytes, groupRows, work);
        return to;
      };
      const settleGroup = isSparseWork(new Uint32Array(memory.buffer, work, WORK_WORDS))
        ? kernel.settleSparse
        : kernel.settleDense;
      let [start, to] = progress;
      let count = 0;
      for (; count < most; count++) {
        if (to === NO_PLACE) {
          while (start < groupCount && placeOf[start] === NO_PLACE) start++;
          if (start === groupCount) break;
          to = take(start);
          held.set(groupAt(start));
        }
        const group = groupAt(to);
        to = take(to);
        const next = group.slice();
        group.set(held);
        held.set(next);
      }
      progress.set([start, to]);
      return count;
    },
  };
  return kernel;
}

type Plan = Omit<SettleWork, 'recordBytes' | 'scratch'>;

function readWork({ buffer }: Bytes, work: number): Plan & { readonly recordBytes: number } {
  const [recordBytes, from, table, entries, columns, columnCount] = new Uint32Array(buffer, work, WORK_WORDS);
  return { recordBytes, from, table, entries, columns, columnCount };
}

function settle({ buffer }: Bytes, record: Float32Array, { from, table, entries }: Plan): void {
  const f64 = new Float64Array(buffer);
  const u32 = new Uint32Array(buffer);
  for (let i = 0; i < 4 * entries; i++) {
    const word = from / 4 + i;
    const entry = table + Math.floor(i / 4) * ENTRY_BYTES;
    const at = entry / 8 + (i % 4);
    record[word] = (record[word] + f64[at + CENTRES / 8] - f64[at + MEANS / 8]) / f64[at + DEVIATIONS / 8];
    u32[(entry + COUNTS) / 4 + (i % 4)] += Number(record[word] !== 0);
  }
}

function scatter({ buffer }: Bytes, record: Float32Array, { columns, columnCount }: Plan): void {
  const u32 = new Uint32Array(buffer);
  const values = record.slice();
  record.fill(0, DENSE_HEADER_WORDS + BIAS_FEATURE + 1);
  for (let column = columns / 4; column < columns / 4 + columnCount * COLUMN_WORDS; column += COLUMN_WORDS) {
    const value = values[u32[column] / 4];
    // What lies behind the record is not written.
    if (Number.isNaN(value)) record[u32[column + 2] / 4] = 1;
    else record[u32[column + 1] / 4] = value;
    u32[column + 3] += Number(Number.isNaN(value));
  }
}
