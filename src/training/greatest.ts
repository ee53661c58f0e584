/** Most bits of a digit. */
const DIGIT_BITS = 11;
/** Digits of an element, the highest first: the word of 32 bits that holds it, and where in it. */
const DIGITS = [1, 0].flatMap((word) => [
  { word, shift: 21, mask: 0x7ff },
  { word, shift: 10, mask: 0x7ff },
  { word, shift: 0, mask: 0x3ff },
]);

/**
 * Where the greatest of some numbers stand; among equals those that come first.
 *
 * @param values from 0 to infinity
 * @returns ascending indices, as many as are wanted or as there are
 */
export function greatest(values: Float64Array, count: number): Uint32Array {
  const wanted = Math.min(count, values.length);
  if (wanted <= 0) return new Uint32Array(0);
  const least = nthGreatest(values, wanted);
  let equalLeft = wanted;
  for (let i = 0; i < values.length; i++) equalLeft -= Number(values[i] > least) | 0;
  const chosen = new Uint32Array(wanted);
  let end = 0;
  for (let i = 0; i < values.length; i++) {
    if (values[i] > least || (values[i] === least && equalLeft-- > 0)) chosen[end++] = i;
  }
  return chosen;
}

/** The n-th of some numbers from 0 on, sorted by falling size, n from 1. Their order is that of their bits (radix select). */
function nthGreatest(values: Float64Array, n: number): number {
  // Those that agree with the answer in all digits looked at.
  const left = Float64Array.from(values);
  const words = new Uint32Array(left.buffer);
  const counts = new Uint32Array(2 ** DIGIT_BITS);
  let size = left.length;
  let rank = n;
  for (const { word, shift, mask } of DIGITS) {
    counts.fill(0);
    for (let i = word; i < 2 * size; i += 2) counts[(words[i] >>> shift) & mask]++;
    let digit = mask;
    for (; counts[digit] < rank; digit--) rank -= counts[digit];
    let end = 0;
    for (let i = 0; i < size; i++) {
      const value = left[i];
      const agrees = ((words[2 * i + word] >>> shift) & mask) === digit;
      left[end] = value;
      end += Number(agrees) | 0;
    }
    size = end;
  }
  return left[0];
}
