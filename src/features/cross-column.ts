import type { ColumnBlock } from '../datasource/block.js';
import { InvalidInput } from '../errors.js';
import type { FittedOutput } from '../recipe/fitted.js';
import type { CellColumn, Cells } from './cells.js';
import type { CrossTree } from './cross-tree.js';
import { countEntries, type ListColumn } from './list-column.js';
import { grown } from './numbering.js';
import { NODE } from './pair-table.js';

/** Most combinations that one cross makes of one observation. */
export const MAX_COMBINATIONS = 1_000_000;

/** How a part of a cross encodes its items: at most one in a row, or any number. */
export type PartColumn =
  | { readonly form: 'cell'; readonly column: CellColumn }
  | { readonly form: 'list'; readonly column: ListColumn };

/**
 * A cross: which combinations of one item of each part occur in the row. Items of a row are distinct, so combinations are.
 */
export class CrossColumn implements ListColumn {
  offsets = new Uint32Array(1);
  features = new Uint32Array(1 << 10);
  private block: ColumnBlock | undefined;
  private cells: Cells;
  /** Nodes of the level reached, and of the next. */
  private nodes = new Uint32Array(1 << 6);
  private nextNodes = new Uint32Array(1 << 6);

  constructor(
    private readonly output: Pick<FittedOutput, 'expression'>,
    private readonly parts: readonly PartColumn[],
    private readonly tree: CrossTree,
  ) {
    const stride = parts.filter(({ form }) => form === 'cell').length;
    this.cells = { stride, features: new Uint32Array(0), values: new Float32Array(0) };
  }

  bind(block: ColumnBlock): void {
    this.block = block;
    for (const { column } of this.parts) column.bind(block);
  }

  encode(rows: Uint32Array, first: number, count: number): void {
    this.encodeParts(rows, first, count);
    if (this.offsets.length <= count) this.offsets = new Uint32Array(count + 1);
    const { offsets } = this;
    let end = 0;
    for (let row = 0; row < count; row++) {
      offsets[row] = end;
      const combinations = this.countCombinations(row);
      if (combinations === 0) continue;
      if (combinations > MAX_COMBINATIONS) throw this.tooMany(rows[first + row], combinations);
      if (this.features.length < end + combinations) this.features = grown(this.features, end + combinations);
      end = this.encodeRow(row, combinations, end);
    }
    offsets[count] = end;
  }

  private encodeParts(rows: Uint32Array, first: number, count: number): void {
    const { stride } = this.cells;
    if (this.cells.features.length < stride * count) {
      const length = stride * count;
      this.cells = { stride, features: new Uint32Array(length), values: new Float32Array(length) };
    }
    let place = 0;
    for (const { form, column } of this.parts) {
      if (form === 'cell') column.encode(rows, first, count, this.cells, place++);
      else column.encode(rows, first, count);
    }
  }

  private countCombinations(row: number): number {
    let product = 1;
    let place = row * this.cells.stride;
    for (const { form, column } of this.parts) {
      if (form === 'list') product *= column.offsets[row + 1] - column.offsets[row];
      else if (this.cells.features[place++] === 0) return 0;
    }
    return product;
  }

  countRows(rowCount: number, rowCounts: Uint32Array): void {
    countEntries(this, rowCount, rowCounts);
  }

  private encodeRow(row: number, combinations: number, start: number): number {
    if (this.nodes.length < combinations) {
      this.nodes = new Uint32Array(combinations * 2);
      this.nextNodes = new Uint32Array(combinations * 2);
    }
    const { parts, cells, features } = this;
    const last = parts.length - 1;
    let cell = row * cells.stride;
    let nodes = this.nodes;
    let nextNodes = this.nextNodes;
    let nodeCount = 0;
    let end = start;
    for (let i = 0; i <= last; i++) {
      const part = parts[i];
      const items = part.form === 'list' ? part.column.features : cells.features;
      const firstItem = part.form === 'list' ? part.column.offsets[row] : cell++;
      const endItem = part.form === 'list' ? part.column.offsets[row + 1] : firstItem + 1;
      if (i === 0) {
        for (let item = firstItem; item < endItem; item++) nodes[nodeCount++] = items[item];
      } else if (i < last) {
        nodeCount = this.cross(i - 1, nodes, nodeCount, items, firstItem, endItem, nextNodes, 0);
        [nodes, nextNodes] = [nextNodes, nodes];
      } else {
        end = this.cross(i - 1, nodes, nodeCount, items, firstItem, endItem, features, start);
      }
    }
    return end;
  }

  /** Write the nodes of each node with each item. @returns end of those written */
  private cross(
    level: number,
    nodes: Uint32Array,
    nodeCount: number,
    items: Uint32Array,
    firstItem: number,
    endItem: number,
    into: Uint32Array,
    start: number,
  ): number {
    const { tree } = this;
    const table = tree.levels[level];
    let end = start;
    for (let n = 0; n < nodeCount; n++) {
      const node = nodes[n];
      for (let i = firstItem; i < endItem; i++) {
        const pair = table.find(node, items[i]);
        const next = pair < 0 ? tree.learn(level, node, items[i]) : table.records[pair + NODE];
        into[end] = next;
        end += Number(next !== 0) | 0;
      }
    }
    return end;
  }

  private tooMany(row: number, combinations: number): InvalidInput {
    const { source, lines } = this.block as ColumnBlock;
    return new InvalidInput(
      `${source}: line ${lines[row]}: ${this.output.expression} makes ${combinations} combinations of one observation, more than ${MAX_COMBINATIONS}`,
      { hint: 'cross fewer texts, or shorten the text' },
    );
  }
}
