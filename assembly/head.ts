// The head of sparse rows (src/features/rows.ts): values that all rows have, behind the header. A table says of which features:
//
//     u32[4]           groups of four, 0, 0, 0
//     u32[4 groups]    features, 0 where there is none
//     u32[4 groups]    what is left of the values when features get other numbers: all bits, or none
//
// No table, address 0: no head.

/** From the beginning of a table to the features. */
export const HEAD_FEATURES: usize = 16;

/** Bytes of the values of a row. */
// @ts-ignore: decorator
@inline
export function headBytes(head: usize): usize {
  return head ? <usize>load<u32>(head) << 4 : 0;
}
