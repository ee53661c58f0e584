/** Of the bits of a number, its first ones: enough to leave few of many numbers. */
const FIRST_BITS = 16;

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

/** The n-th of some numbers from 0 on, sorted by falling size, n from 1. Their order is that of their bits. */
function nthGreatest(values: Float64Array, n: number): number {
  const words = new Uint32Array(values.buffer, values.byteOffset, 2 * values.length);
  const counts = new Uint32Array(2 ** FIRST_BITS);
  for (let i = 1; i < words.length; i += 2) counts[words[i] >>> FIRST_BITS]++;
  let rank = n;
  let first = counts.length - 1;
  for (; counts[first] < rank; first--) rank -= counts[first];
  const alike = new Float64Array(counts[first]);
  let end = 0;
  for (let i = 0; i < values.length; i++) if (words[2 * i + 1] >>> FIRST_BITS === first) alike[end++] = values[i];
  alike.sort();
  return alike[alike.length - rank];
}
