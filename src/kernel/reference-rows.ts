import {
  DENSE_HEADER_WORDS,
  DENSE_WEIGHT_WORD,
  PADDING_FEATURE,
  SPARSE_HEADER_WORDS,
  SPARSE_WEIGHT_WORD,
} from '../features/rows.js';

/** The bytes of a kernel memory: a WebAssembly.Memory, or an object with an ArrayBuffer. */
export interface Bytes {
  readonly buffer: ArrayBufferLike;
}

/** A row, taken apart. */
export interface Row {
  readonly target: number;
  readonly weight: number;
  /** The features that the row contains and their values; no padding. */
  readonly features: readonly number[];
  readonly values: readonly number[];
}

/** Features of the head by its table, padding included. */
export function headFeatures({ buffer }: Bytes, head: number): Uint32Array {
  const u32 = new Uint32Array(buffer);
  return head === 0 ? new Uint32Array(0) : u32.subarray(head / 4 + 4, head / 4 + 4 + 4 * u32[head / 4]);
}

/** The rows whose addresses stand at `rows`. */
export function* sparseRows({ buffer }: Bytes, rows: number, rowCount: number, head: number): Generator<Row> {
  const f32 = new Float32Array(buffer);
  const u32 = new Uint32Array(buffer);
  const inHead = headFeatures({ buffer }, head);
  for (let i = 0; i < rowCount; i++) {
    const row = u32[rows / 4 + i] / 4;
    const first = row + SPARSE_HEADER_WORDS + inHead.length;
    const indices = u32.subarray(first, first + 4 * u32[row + 1]);
    const features: number[] = [];
    const values: number[] = [];
    inHead.forEach((feature, j) => {
      const value = f32[row + SPARSE_HEADER_WORDS + j];
      if (value === 0) return;
      features.push(feature);
      values.push(value);
    });
    indices.forEach((feature) => {
      if (feature === PADDING_FEATURE) return;
      features.push(feature);
      values.push(1);
    });
    yield { target: f32[row], weight: f32[row + SPARSE_WEIGHT_WORD], features, values };
  }
}

export function* denseRows({ buffer }: Bytes, rows: number, rowCount: number, width: number): Generator<Row> {
  const f32 = new Float32Array(buffer);
  const u32 = new Uint32Array(buffer);
  for (let i = 0; i < rowCount; i++) {
    const row = u32[rows / 4 + i] / 4;
    const all = f32.subarray(row + DENSE_HEADER_WORDS, row + DENSE_HEADER_WORDS + width);
    const features = Array.from(all.keys()).filter((feature) => all[feature] !== 0);
    const values = features.map((feature) => all[feature]);
    yield { target: f32[row], weight: f32[row + DENSE_WEIGHT_WORD], features, values };
  }
}
