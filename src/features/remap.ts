import { DENSE_HEADER_WORDS, headWords, PADDING_FEATURE, type RowLayout, SPARSE_HEADER_WORDS } from './rows.js';

/**
 * Give the features of row records their final numbers, in place.
 *
 * Sparse: features that are not in the model leave the record, which becomes shorter and stays where it is; the head keeps its
 * length, and `remappedLayout` says what it means then. Dense: columns move
 * down over those that are gone; final numbers are never larger than provisional ones there.
 *
 * @param words memory that holds the records
 * @param starts word at which each record begins
 * @param remap provisional number → final number; sparse: `PADDING_FEATURE` for those beyond
 */
export function applyRemap(
  words: Uint32Array,
  starts: Uint32Array | Float64Array,
  layout: RowLayout,
  remap: Uint32Array,
): void {
  if (layout.form === 'dense') {
    if (remap.some((final, provisional) => final !== provisional)) remapDense(words, starts, remap);
  } else remapSparse(words, starts, layout, remap);
}

/** Features that are left move to the front, so that padding stands only at the end of a record. */
function remapSparse(
  words: Uint32Array,
  starts: Uint32Array | Float64Array,
  layout: RowLayout & { readonly form: 'sparse' },
  remap: Uint32Array,
): void {
  const length = headWords(layout);
  const gone = layout.head.flatMap((feature, i) => (remap[feature] === PADDING_FEATURE ? i : []));
  for (let row = 0; row < starts.length; row++) {
    const head = starts[row] + SPARSE_HEADER_WORDS;
    for (const i of gone) words[head + i] = 0;
    const first = head + length;
    const kept = remapTail(words, first, 4 * words[starts[row] + 1], remap);
    const left = (kept + 3) & ~3;
    for (let i = kept; i < left; i++) words[first + i] = PADDING_FEATURE;
    words[starts[row] + 1] = left >>> 2;
  }
}

/** Apart, so that the compiler has little to do. @returns number of the features that are left */
function remapTail(words: Uint32Array, first: number, count: number, remap: Uint32Array): number {
  let kept = first;
  for (let i = first; i < first + count; i++) {
    const number = words[i];
    const feature = number < remap.length ? remap[number] : PADDING_FEATURE;
    words[kept] = feature;
    kept += Number(feature !== PADDING_FEATURE) | 0;
  }
  return kept - first;
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
