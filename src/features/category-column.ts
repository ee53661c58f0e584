import type { ColumnBlock, Dictionary } from '../datasource/block.js';
import type { FittedCategories } from '../recipe/fitted.js';
import { type CellColumn, type Cells, columnOf } from './cells.js';
import { CodeMaps, UNRESOLVED } from './code-maps.js';
import type { Numbering } from './numbering.js';

/** A categorical attribute: one feature per distinct value. The empty value is a value like any other. */
export class CategoryColumn implements CellColumn {
  private readonly featureOf = new Map<string, number>();
  private readonly maps = new CodeMaps();
  private column = new Uint32Array(0);
  private dictionary: Dictionary | undefined;
  private map: Uint32Array = new Uint32Array(0);

  /**
   * @param known values that have a feature, and the number of the first one
   * @param numbering numbers new values; without it they have no feature
   */
  constructor(
    private readonly output: FittedCategories,
    known: readonly string[],
    firstFeature: number,
    private readonly numbering?: Numbering,
  ) {
    for (const [i, value] of known.entries()) this.featureOf.set(value, firstFeature + i);
  }

  bind(block: ColumnBlock): void {
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
      features[cell] = feature === UNRESOLVED ? this.resolve(code) : feature;
    }
  }

  private resolve(code: number): number {
    const value = (this.dictionary as Dictionary).text(code);
    let feature = this.featureOf.get(value);
    if (feature === undefined && this.numbering !== undefined) {
      feature = this.numbering.allocate();
      this.featureOf.set(value, feature);
    }
    return (this.map[code] = feature ?? 0);
  }

  /** The values seen and their features, in order of first appearance. */
  learned(): { texts: string[]; features: Uint32Array } {
    return { texts: [...this.featureOf.keys()], features: Uint32Array.from(this.featureOf.values()) };
  }
}
