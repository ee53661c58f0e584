import { DENSE_HEADER_WORDS, PADDING_FEATURE, type RowLayout, SPARSE_HEADER_WORDS } from './rows.js';

/**
 * Give the features of row records their final numbers, in place.
 *
 * Sparse: a feature that is not in the model becomes padding with value 0; records keep their length. Dense: columns move
 * down over those that are gone; final numbers are never larger than provisional ones there.
 *
 * @param words memory that holds the records
 * @param starts word at which each record begins
 * @param remap provisional number → final number
 */
export function applyRemap(
  words: Uint32Array,
  starts: Uint32Array | Float64Array,
  layout: RowLayout,
  remap: Uint32Array,
): void {
  if (remap.every((final, provisional) => final === provisional)) return;
  if (layout.form === 'dense') remapDense(words, starts, remap);
  else remapSparse(words, starts, layout.valued, remap);
}

function remapSparse(
  words: Uint32Array,
  starts: Uint32Array | Float64Array,
  valued: boolean,
  remap: Uint32Array,
): void {
  for (let row = 0; row < starts.length; row++) {
    const first = starts[row] + SPARSE_HEADER_WORDS;
    const count = 4 * words[starts[row] + 1];
    for (let i = first; i < first + count; i++) {
      const feature = remap[words[i]];
      words[i] = feature;
      if (valued && feature === PADDING_FEATURE) words[i + count] = 0;
    }
  }
}

function remapDense(words: Uint32Array, starts: Uint32Array | Float64Array, remap: Uint32Array): void {
  for (let row = 0; row < starts.length; row++) {
    const x = starts[row] + DENSE_HEADER_WORDS;
    for (let provisional = 1; provisional < remap.length; provisional++) {
      const value = words[x + provisional];
      words[x + provisional] = 0;
      if (remap[provisional] !== PADDING_FEATURE) words[x + remap[provisional]] = value;
    }
  }
}
