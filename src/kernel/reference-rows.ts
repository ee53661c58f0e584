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

/** The rows whose addresses stand at `rows`. */
export function* sparseRows({ buffer }: Bytes, rows: number, rowCount: number, valued: number): Generator<Row> {
  const f32 = new Float32Array(buffer);
  const u32 = new Uint32Array(buffer);
  for (let i = 0; i < rowCount; i++) {
    const row = u32[rows / 4 + i] / 4;
    const size = 4 * u32[row + 1];
    const indices = u32.subarray(row + SPARSE_HEADER_WORDS, row + SPARSE_HEADER_WORDS + size);
    const features: number[] = [];
    const values: number[] = [];
    indices.forEach((feature, j) => {
      if (feature === PADDING_FEATURE) return;
      features.push(feature);
      values.push(valued ? f32[row + SPARSE_HEADER_WORDS + size + j] : 1);
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
