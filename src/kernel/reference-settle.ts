import { BIAS_FEATURE, DENSE_HEADER_WORDS } from '../features/rows.js';
import type { Bytes } from './reference-rows.js';
import {
  CENTRES,
  COLUMN_WORDS,
  COUNTS,
  DEVIATIONS,
  GROUP_BYTES,
  MEANS,
  NO_PLACE,
  type SettleKernel,
  STATE_WORDS,
} from './settle-kernel.js';

/** assembly/settle-dense.ts in plain TypeScript. */
export function settleKernel(memory: Bytes): SettleKernel {
  return {
    settleDense(state, rows, recordBytes, rowCount, places, table, columns, columnCount, most) {
      const f32 = new Float32Array(memory.buffer);
      const u32 = new Uint32Array(memory.buffer);
      const f64 = new Float64Array(memory.buffer);
      const words = recordBytes / 4;
      const placeOf = u32.subarray(places / 4, places / 4 + rowCount);
      const held = f32.subarray(state / 4 + STATE_WORDS, state / 4 + STATE_WORDS + words);
      const recordAt = (row: number): Float32Array =>
        f32.subarray(rows / 4 + row * words, rows / 4 + (row + 1) * words);

      const settled = (record: Float32Array): Float32Array => {
        const values = record.map((x, word) => {
          const group = table + Math.floor(word / 4) * GROUP_BYTES;
          const at = group / 8 + (word % 4);
          const z = Math.fround((x + f64[at + CENTRES / 8] - f64[at + MEANS / 8]) / f64[at + DEVIATIONS / 8]);
          u32[(group + COUNTS) / 4 + (word % 4)] += Number(z !== 0);
          return z;
        });
        return columnCount === 0 ? values : scattered(values);
      };
      const scattered = (values: Float32Array): Float32Array => {
        const record = new Float32Array(words + 1);
        record.set(values.subarray(0, DENSE_HEADER_WORDS + BIAS_FEATURE + 1));
        for (let column = columns / 4; column < columns / 4 + columnCount * COLUMN_WORDS; column += COLUMN_WORDS) {
          const value = values[u32[column] / 4];
          if (Number.isNaN(value)) record[u32[column + 2] / 4] = 1;
          else record[u32[column + 1] / 4] = value;
          u32[column + 3] += Number(Number.isNaN(value));
        }
        return record.subarray(0, words);
      };

      let [start, to] = u32.subarray(state / 4, state / 4 + 2);
      let count = 0;
      for (; count < most; count++) {
        if (to === NO_PLACE) {
          while (start < rowCount && placeOf[start] === NO_PLACE) start++;
          if (start === rowCount) break;
          to = placeOf[start];
          placeOf[start] = NO_PLACE;
          held.set(settled(recordAt(start)));
        }
        const record = recordAt(to);
        const next = placeOf[to];
        placeOf[to] = NO_PLACE;
        const other = next === NO_PLACE ? undefined : settled(record);
        record.set(held);
        if (other !== undefined) held.set(other);
        to = next;
      }
      u32.set([start, to], state / 4);
      return count;
    },
  };
}
