/** Finds the bins of numbers: how many of the edges are <= x. */
export interface BinSearch {
  /** What a kernel needs for the same. */
  readonly plan: BinPlan;
  /**
   * Find the bins of x[rows[first]], x[rows[first + 1]], …
   *
   * @param bins written from 0 on; for NaN the number of bins
   */
  find(x: Float64Array, rows: Uint32Array, first: number, count: number, bins: Uint32Array): void;
}

/** The contents of a `BinGrid` or a `BinTree`. */
export type BinPlan =
  | {
      readonly kind: 'grid';
      readonly low: number;
      readonly scale: number;
      readonly before: Uint16Array;
      readonly edges: Float64Array;
      readonly most: number;
    }
  | { readonly kind: 'tree'; readonly depth: number; readonly nodes: Float64Array };

/** @param edges ascending */
export function binSearch(edges: readonly number[]): BinSearch {
  return BinGrid.of(edges) ?? new BinTree(edges);
}

/** Cells per edge, so that most cells hold none or one. */
const CELLS_PER_EDGE = 8;
const MOST_CELLS = 1 << 13;
/** Edges in one cell that x is compared with, one after the other. */
const MOST_PER_CELL = 4;

/**
 * Cuts the range of the edges into cells of equal width: x is compared only with the edges in its cell. Rounding included, the
 * cell never decreases as x grows, so edges in other cells lie on the same side of x as their cells, and the bin is exact.
 */
export class BinGrid implements BinSearch {
  private constructor(
    private readonly low: number,
    /** Cells per unit. */
    private readonly scale: number,
    /** Edges in the cells before each cell. */
    private readonly before: Uint16Array,
    /** Behind the last edge NaN, which is never <= x. */
    private readonly edges: Float64Array,
    /** Edges in one cell at most. */
    private readonly most: number,
  ) {}

  /** @returns undefined where edges lie too unevenly, or are too many */
  static of(edges: readonly number[]): BinGrid | undefined {
    const count = edges.length;
    const cells = 2 ** Math.ceil(Math.log2(Math.max(2, count * CELLS_PER_EDGE)));
    if (count === 0 || cells > MOST_CELLS) return undefined;
    const low = edges[0];
    const scale = (cells - 1) / (edges[count - 1] - low);
    const inCell = new Uint32Array(cells);
    for (const edge of edges) inCell[cellOf(edge, low, scale, cells - 1)]++;
    const most = Math.max(...inCell);
    if (most > MOST_PER_CELL) return undefined;
    const before = new Uint16Array(cells);
    for (let cell = 1; cell < cells; cell++) before[cell] = before[cell - 1] + inCell[cell - 1];
    const padded = new Float64Array(count + MOST_PER_CELL).fill(Number.NaN);
    padded.set(edges);
    return new BinGrid(low, scale, before, padded, most);
  }

  get plan(): BinPlan {
    const { low, scale, before, edges, most } = this;
    return { kind: 'grid', low, scale, before, edges, most };
  }

  find(x: Float64Array, rows: Uint32Array, first: number, count: number, bins: Uint32Array): void {
    const { low, scale, before, edges, most } = this;
    const last = before.length - 1;
    const missing = edges.length - MOST_PER_CELL + 1;
    for (let i = 0; i < count; i++) {
      const value = x[rows[first + i]];
      const begin = before[cellOf(value, low, scale, last)];
      const bin = begin + (Number(edges[begin] <= value) | 0);
      bins[i] = Number.isNaN(value) ? missing : bin;
    }
    if (most > 1) this.compareOthers(x, rows, first, count, bins);
  }

  /** Go on where an edge was not above x: with those that follow in its cell. */
  private compareOthers(x: Float64Array, rows: Uint32Array, first: number, count: number, bins: Uint32Array): void {
    const { edges } = this;
    for (let i = 0; i < count; i++) {
      const value = x[rows[first + i]];
      while (edges[bins[i]] <= value) bins[i]++;
    }
  }
}

/** The cell of a number, 0 .. last; 0 for NaN. */
function cellOf(x: number, low: number, scale: number, last: number): number {
  const cell = (x - low) * scale;
  return cell > 0 ? (cell < last ? cell | 0 : last) : 0;
}

/**
 * The edges as a binary search tree in breadth-first order, the children of node k at 2k and 2k + 1, filled up with NaN, which is
 * never <= x: the search takes the same steps for every x, without a branch to mispredict.
 */
export class BinTree implements BinSearch {
  private readonly depth: number;
  private readonly nodes: Float64Array;

  constructor(private readonly edges: readonly number[]) {
    this.depth = Math.ceil(Math.log2(edges.length + 1));
    this.nodes = new Float64Array(2 ** this.depth);
    this.plant(1, 0, this.nodes.length - 1);
  }

  /** Put the edges low .. high - 1 under a node. */
  private plant(node: number, low: number, high: number): void {
    if (low >= high) return;
    const middle = (low + high) >>> 1;
    this.nodes[node] = this.edges[middle] ?? Number.NaN;
    this.plant(2 * node, low, middle);
    this.plant(2 * node + 1, middle + 1, high);
  }

  get plan(): BinPlan {
    const { depth, nodes } = this;
    return { kind: 'tree', depth, nodes };
  }

  find(x: Float64Array, rows: Uint32Array, first: number, count: number, bins: Uint32Array): void {
    const { depth, nodes } = this;
    const mask = nodes.length - 1;
    const missing = this.edges.length + 1;
    for (let i = 0; i < count; i++) {
      const value = x[rows[first + i]];
      let node = 1;
      for (let level = 0; level < depth; level++) node = 2 * node + (Number(nodes[node] <= value) | 0);
      bins[i] = Number.isNaN(value) ? missing : node & mask;
    }
  }
}
