/** Distinct places in ascending order; `upTo[i]` is the total weight of `values[0] .. values[i]`. */
export interface WeightedValues {
  readonly values: Float64Array;
  readonly upTo: Float64Array;
}

/** Two ascending lists as one. */
export function mergeSorted(a: Float64Array, b: Float64Array): Float64Array {
  const merged = new Float64Array(a.length + b.length);
  let i = 0;
  let j = 0;
  let to = 0;
  while (i < a.length && j < b.length) merged[to++] = b[j] < a[i] ? b[j++] : a[i++];
  if (i < a.length) merged.set(a.subarray(i), to);
  else merged.set(b.subarray(j), to);
  return merged;
}

/** Ascending lists, the values of each of one weight, as one list. */
export function mergeWeighted(lists: readonly { values: Float64Array; weight: number }[]): WeightedValues {
  let merged: Weighted = { values: new Float64Array(0), weights: new Float64Array(0) };
  for (const { values, weight } of lists) {
    if (values.length > 0) merged = mergePair(merged, values, weight);
  }
  const upTo = merged.weights;
  for (let i = 1; i < upTo.length; i++) upTo[i] += upTo[i - 1];
  return { values: merged.values, upTo };
}

interface Weighted {
  values: Float64Array;
  weights: Float64Array;
}

function mergePair(a: Weighted, b: Float64Array, weight: number): Weighted {
  const values = new Float64Array(a.values.length + b.length);
  const weights = new Float64Array(values.length);
  for (let i = 0, j = 0, to = 0; to < values.length; to++) {
    const takeB = i === a.values.length || (j < b.length && b[j] < a.values[i]);
    values[to] = takeB ? b[j] : a.values[i];
    weights[to] = takeB ? weight : a.weights[i];
    if (takeB) j++;
    else i++;
  }
  return { values, weights };
}
