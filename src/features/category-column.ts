import type { ColumnBlock, Dictionary } from '../datasource/block.js';
import type { FittedCategories } from '../recipe/fitted.js';
import { changed } from '../recipe/transforms/registry.js';
import { type CellColumn, type Cells, columnOf } from './cells.js';
import { CodeMaps, UNRESOLVED } from './code-maps.js';
import type { CodeFeatures, SparseColumn } from './sparse-plan.js';
import type { Words } from './token-reader.js';

/** A categorical attribute: one feature per distinct value. The empty value is a value like any other. */
export class CategoryColumn implements CellColumn, CodeFeatures {
  private readonly maps: CodeMaps;
  private column = new Uint32Array(0);
  private dictionary: Dictionary | undefined;
  map: Uint32Array = new Uint32Array(0);
  forgottenCount = 0;

  /** @param values features of the values; 0: none */
  constructor(
    private readonly output: FittedCategories,
    private readonly values: Words,
    learning: boolean,
  ) {
    this.maps = new CodeMaps(learning);
  }

  get sparsePlan(): SparseColumn {
    return { kind: 'categories', attribute: this.output.attribute };
  }

  bind(block: Pick<ColumnBlock, 'columns' | 'source' | 'dictionaries'>): void {
    const { attribute } = this.output;
    this.column = columnOf(block, attribute, Uint32Array) as Uint32Array<ArrayBuffer>;
    this.dictionary = block.dictionaries.get(attribute);
    if (this.dictionary === undefined) throw new Error(`no dictionary for '${attribute}'`);
    this.map = this.maps.for(this.dictionary);
  }

  encode(rows: Uint32Array, first: number, count: number, cells: Cells, place: number): void {
    const { column, map } = this;
    const { stride, features } = cells;
    for (let i = first, cell = place; i < first + count; i++, cell += stride) {
      const code = column[rows[i]];
      const feature = map[code];
      features[cell] = feature === UNRESOLVED ? this.featureOf(code) : feature;
    }
  }

  addMargins(rows: Uint32Array, weights: Float64Array, margins: Float64Array): void {
    const { column, map } = this;
    for (let i = 0; i < rows.length; i++) {
      const code = column[rows[i]];
      const feature = map[code];
      margins[i] += weights[feature === UNRESOLVED ? this.featureOf(code) : feature];
    }
  }

  /** Look up again the values whose features are not kept. */
  forget(kept: Uint8Array): void {
    this.maps.forget(kept);
    this.forgottenCount++;
  }

  resolve(rows: Uint32Array, first: number, end: number, known: Uint32Array): number {
    const { column } = this;
    let greatest = 0;
    for (let i = first; i < end; i++) {
      const code = column[rows[i]];
      if (known[code] === UNRESOLVED) greatest = Math.max(greatest, (known[code] = this.featureOf(code)));
    }
    return greatest;
  }

  private featureOf(code: number): number {
    const known = this.map[code];
    if (known !== UNRESOLVED) return known;
    const text = (this.dictionary as Dictionary).text(code);
    return (this.map[code] = this.values.word(changed(text, this.output.changes ?? [])));
  }
}
