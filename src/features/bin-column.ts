import type { ColumnBlock } from '../datasource/block.js';
import type { FittedBins } from '../recipe/fitted.js';
import { type CellColumn, type Cells, columnOf } from './cells.js';

/**
 * A number as its bin: the number of edges <= x.
 *
 * The edges lie as a binary search tree in breadth-first order, the children of node k at 2k and 2k + 1, filled up with
 * infinity: the search takes the same steps for every x, without a branch to mispredict.
 */
export class BinColumn implements CellColumn {
  private column = new Float64Array(0);
  private readonly depth: number;
  private readonly tree: Float64Array;
  /** Feature of each leaf. */
  private readonly leaves: Uint32Array;
  private readonly missingFeature: number;

  /** @param slots features of the bins, lowest first, and of a missing value; 0: none */
  constructor(
    private readonly output: FittedBins,
    slots: Uint32Array,
  ) {
    const { edges } = output;
    this.depth = Math.ceil(Math.log2(edges.length + 1));
    const size = 2 ** this.depth;
    this.tree = new Float64Array(size);
    this.leaves = new Uint32Array(size);
    this.leaves.fill(slots[edges.length]);
    this.leaves.set(slots.subarray(0, edges.length + 1));
    this.missingFeature = slots[edges.length + 1];
    this.plant(1, 0, size - 1);
  }

  /** Put the edges low .. high - 1 under a node. */
  private plant(node: number, low: number, high: number): void {
    if (low >= high) return;
    const middle = (low + high) >>> 1;
    this.tree[node] = this.output.edges[middle] ?? Number.POSITIVE_INFINITY;
    this.plant(2 * node, low, middle);
    this.plant(2 * node + 1, middle + 1, high);
  }

  bind(block: ColumnBlock): void {
    this.column = columnOf(block, this.output.attribute, Float64Array);
  }

  encode(rows: Uint32Array, first: number, count: number, cells: Cells, place: number): void {
    const { column, depth, tree, leaves, missingFeature } = this;
    const { stride, features } = cells;
    for (let i = first, cell = place; i < first + count; i++, cell += stride) {
      features[cell] = featureOf(column[rows[i]], depth, tree, leaves, missingFeature);
    }
  }

  addMargins(rows: Uint32Array, weights: Float64Array, margins: Float64Array): void {
    const { column, depth, tree, leaves, missingFeature } = this;
    for (let i = 0; i < rows.length; i++) {
      margins[i] += weights[featureOf(column[rows[i]], depth, tree, leaves, missingFeature)];
    }
  }
}

function featureOf(x: number, depth: number, tree: Float64Array, leaves: Uint32Array, missingFeature: number): number {
  let node = 1;
  for (let level = 0; level < depth; level++) node = 2 * node + (Number(tree[node] <= x) | 0);
  return Number.isNaN(x) ? missingFeature : leaves[node & (leaves.length - 1)];
}
