/** 64 bits are looked at in halves of halves. */
const DIGIT_BITS = 16;
const DIGIT_MASK = 2 ** DIGIT_BITS - 1;
/** Of an element, the word that holds a digit and where in it, from the highest digit on. */
const DIGITS = [
  { word: 1, shift: DIGIT_BITS },
  { word: 1, shift: 0 },
  { word: 0, shift: DIGIT_BITS },
  { word: 0, shift: 0 },
];

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
  const counts = new Uint32Array(DIGIT_MASK + 1);
  let size = left.length;
  let rank = n;
  for (const { word, shift } of DIGITS) {
    counts.fill(0);
    for (let i = word; i < 2 * size; i += 2) counts[(words[i] >>> shift) & DIGIT_MASK]++;
    let digit = DIGIT_MASK;
    for (; counts[digit] < rank; digit--) rank -= counts[digit];
    let end = 0;
    for (let i = 0; i < size; i++) {
      const value = left[i];
      const agrees = ((words[2 * i + word] >>> shift) & DIGIT_MASK) === digit;
      left[end] = value;
      end += Number(agrees) | 0;
    }
    size = end;
  }
  return left[0];
}
