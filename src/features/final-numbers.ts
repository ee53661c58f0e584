import { FIRST_FEATURE } from './rows.js';

/** Row counts from this on share a bin. */
const LARGE = 1 << 16;

/** What is kept of an output. */
export interface KeptItems {
  /** Provisional numbers, by item. */
  readonly features: Uint32Array;
  readonly rowCounts: Uint32Array;
  /** Those that are kept, ascending. */
  readonly items: Uint32Array;
  /** By falling row count, equal counts by ascending feature; else they keep their order. */
  readonly isSorted: boolean;
}

export interface FinalNumbers {
  /** By output: the number of its first feature. */
  readonly starts: readonly number[];
  /** Provisional number → final number; 0 for those that are not kept. */
  readonly remap: Uint32Array;
  /** By output: its items in the order of their numbers. */
  readonly orders: readonly Uint32Array[];
}

/**
 * Number the features that are kept, one output after the other, from `FIRST_FEATURE` on.
 *
 * A counting sort: each provisional number, from the least on, takes the next final number of the features in as many rows.
 *
 * @param size provisional numbers are below it
 */
export function finalNumbers(outputs: readonly KeptItems[], size: number): FinalNumbers {
  const remap = new Uint32Array(size);
  const starts: number[] = [];
  let start = FIRST_FEATURE;
  for (const { items } of outputs) {
    starts.push(start);
    start += items.length;
  }
  takeNumbers(remap, fillBins(outputs, starts, remap));
  const orders = outputs.map((output, i) =>
    output.isSorted ? sortedItems(output, starts[i], remap) : numberInOrder(output, starts[i], remap),
  );
  return { starts, remap, orders };
}

/**
 * Put features into bins by their row counts, those of the most rows first.
 *
 * @param remap written: the bin of each feature, from 1
 * @returns the first number of each bin
 */
function fillBins(outputs: readonly KeptItems[], starts: readonly number[], remap: Uint32Array): Uint32Array {
  const greatest = outputs.map((output) => (output.isSorted ? Math.min(LARGE, mostRows(output)) : -1));
  const next = new Uint32Array(greatest.reduce((sum, most) => sum + most + 1, 1));
  let bin = 1;
  for (const [i, { features, rowCounts, items }] of outputs.entries()) {
    const last = bin + greatest[i];
    if (last < bin) continue;
    for (let j = 0; j < items.length; j++) {
      const own = Math.max(bin, last - rowCounts[items[j]]);
      remap[features[items[j]]] = own;
      next[own]++;
    }
    for (let number = starts[i]; bin <= last; bin++) {
      const count = next[bin];
      next[bin] = number;
      number += count;
    }
  }
  return next;
}

function mostRows({ rowCounts, items }: KeptItems): number {
  let most = 0;
  for (let i = 0; i < items.length; i++) most = Math.max(most, rowCounts[items[i]]);
  return most;
}

/** Replace bins by numbers. */
function takeNumbers(remap: Uint32Array, next: Uint32Array): void {
  for (let feature = 0; feature < remap.length; feature++) {
    const bin = remap[feature];
    if (bin !== 0) remap[feature] = next[bin]++;
  }
}

/** Items in the order of their numbers; those of the first bin, which may hold several counts, are put in order here. */
function sortedItems({ features, rowCounts, items }: KeptItems, start: number, remap: Uint32Array): Uint32Array {
  const order = new Uint32Array(items.length);
  for (let i = 0; i < items.length; i++) order[remap[features[items[i]]] - start] = items[i];
  let large = 0;
  while (large < order.length && rowCounts[order[large]] >= LARGE) large++;
  if (large > 1) order.set([...order.subarray(0, large)].sort((a, b) => rowCounts[b] - rowCounts[a]));
  for (let place = 0; place < large; place++) remap[features[order[place]]] = start + place;
  return order;
}

function numberInOrder({ features, items }: KeptItems, start: number, remap: Uint32Array): Uint32Array {
  for (let i = 0; i < items.length; i++) remap[features[items[i]]] = start + i;
  return items;
}
