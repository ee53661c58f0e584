import type { ColumnBlock, Dictionary } from '../datasource/block.js';
import type { FittedCategories } from '../recipe/fitted.js';
import { changed } from '../recipe/transforms/registry.js';
import { type CellColumn, type Cells, columnOf } from './cells.js';
import { CodeMaps, UNRESOLVED } from './code-maps.js';
import type { CodeFeatures, SparseColumn } from './sparse-plan.js';
import type { Words } from './token-reader.js';

/** From so many rows on, all codes are looked up that a dictionary has got since they last were; else those of the rows. */
const MANY_ROWS = 64;

/** A categorical attribute: one feature per distinct value. The empty value is a value like any other. */
export class CategoryColumn implements CellColumn, CodeFeatures {
  private readonly maps: CodeMaps;
  private column = new Uint32Array(0);
  private dictionary: Dictionary | undefined;
  /** Codes of the dictionaries of other sources that have been looked up: all below a number. */
  private readonly knownCodes = new WeakMap<Dictionary, number>();
  map: Uint32Array = new Uint32Array(0);
  forgottenCount = 0;

  /** @param values features of the values; 0: none */
  constructor(
    private readonly output: FittedCategories,
    private readonly values: Words,
    private readonly learning: boolean,
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
    this.lookUp(rows, first, first + count);
    writeFeatures(this.column, this.map, rows.subarray(first, first + count), cells, place);
  }

  addMargins(rows: Uint32Array, weights: Float64Array, margins: Float64Array): void {
    this.lookUp(rows, 0, rows.length);
    addWeights(this.column, this.map, rows, weights, margins);
  }

  /** Look up the codes of rows[first] .. rows[end - 1]; when learning, in their order. */
  private lookUp(rows: Uint32Array, first: number, end: number): void {
    if (this.learning || end - first < MANY_ROWS) {
      const { column, map } = this;
      for (let i = first; i < end; i++) if (map[column[rows[i]]] === UNRESOLVED) this.featureOf(column[rows[i]]);
      return;
    }
    const dictionary = this.dictionary as Dictionary;
    const known = this.knownCodes.get(dictionary) ?? 0;
    if (known === dictionary.size) return;
    this.knownCodes.set(dictionary, dictionary.size);
    if (this.output.changes === undefined) lookUpAll(dictionary, known, this.values, this.map);
    else for (let code = known; code < dictionary.size; code++) this.featureOf(code);
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

/** Look up all codes of a dictionary from one on. */
function lookUpAll(dictionary: Dictionary, from: number, values: Words, map: Uint32Array): void {
  const features = Uint32Array.from({ length: dictionary.size - from }, (_, i) =>
    values.word(dictionary.text(from + i)),
  );
  map.set(features, from);
}

/** Apart from what looks codes up, for which the compiler takes long. */
function writeFeatures(codes: Uint32Array, map: Uint32Array, rows: Uint32Array, cells: Cells, place: number): void {
  const { stride, features } = cells;
  for (let i = 0, cell = place; i < rows.length; i++, cell += stride) features[cell] = map[codes[rows[i]]];
}

function addWeights(
  codes: Uint32Array,
  map: Uint32Array,
  rows: Uint32Array,
  weights: Float64Array,
  margins: Float64Array,
): void {
  for (let i = 0; i < rows.length; i++) margins[i] += weights[map[codes[rows[i]]]];
}
