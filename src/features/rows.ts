/**
 * The row record: how one encoded observation lies in memory, in 32-bit words.
 *
 *     sparse   [target f32][groupCount u32][weight f32][0][head f32 x 4 headGroups][index u32 x 4 groupCount]
 *     dense    [target f32][weight f32][0][0][x f32 x width]
 *
 * Sparse: the head holds the values of the features that the layout lists, 0 where the row does not contain one, filled up with
 * zeros. The other features that the row contains have the value 1; their indices are distinct, and `PADDING_FEATURE` fills the
 * last group.
 * Dense: `width` is a multiple of 8, filled with zeros; feature j stands at x[j].
 * target: BINARY -1 or +1; MULTICLASS the class number 0 .. K-1; REGRESSION (y - mean) / sd.
 * weight: how much the row counts in training, >= 0, mean 1 over the training rows; scoring does not look at it.
 */

/** Fills groups of four in sparse rows; its weight stays 0. Dense rows hold 0 there. */
export const PADDING_FEATURE = 0;
/** The constant 1 of every row; not regularised. */
export const BIAS_FEATURE = 1;
/** First feature that belongs to an output of the recipe. */
export const FIRST_FEATURE = 2;

/** Words before the features of a sparse row. */
export const SPARSE_HEADER_WORDS = 4;
/** Words before the features of a dense row. */
export const DENSE_HEADER_WORDS = 4;
/** Word of a sparse row that holds its weight. */
export const SPARSE_WEIGHT_WORD = 2;
/** Word of a dense row that holds its weight. */
export const DENSE_WEIGHT_WORD = 1;

/** Words that a dense row is padded to. */
export const DENSE_WIDTH_MULTIPLE = 8;

/** Which of the two forms the rows of a data set have. */
export type RowLayout =
  | {
      readonly form: 'sparse';
      /**
       * Features whose values all rows store, `PADDING_FEATURE` where one was taken out of the rows: the bias, then those of
       * numbers. Where there are no numbers it is empty, and the bias is the first index of each row.
       */
      readonly head: readonly number[];
    }
  | { readonly form: 'dense'; readonly width: number };

/** Words of the head of a sparse row. */
export function headWords({ head }: RowLayout & { readonly form: 'sparse' }): number {
  return Math.ceil(head.length / 4) * 4;
}

/** The layout of rows whose features have been given other numbers. */
export function remappedLayout(layout: RowLayout, remap: Uint32Array): RowLayout {
  return layout.form === 'dense' ? layout : { form: 'sparse', head: layout.head.map((feature) => remap[feature]) };
}
