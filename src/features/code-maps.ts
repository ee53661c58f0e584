import type { Dictionary } from '../datasource/block.js';
import { grown } from './numbering.js';

/** A dictionary code that has not been looked up yet. */
export const UNRESOLVED = 0xffffffff;

/**
 * For each data source an array: dictionary code → what the encoder makes of it.
 *
 * Every source numbers its values in its own way and its dictionary may grow from block to block; new codes are
 * `UNRESOLVED` until a row shows them.
 */
export class CodeMaps {
  private readonly maps = new WeakMap<Dictionary, Uint32Array<ArrayBuffer>>();

  /** The map of a source, long enough for all codes now in its dictionary. */
  for(dictionary: Dictionary): Uint32Array {
    const known = this.maps.get(dictionary);
    if (known !== undefined && known.length >= dictionary.size) return known;
    const map = grown(known ?? new Uint32Array(0), dictionary.size, UNRESOLVED);
    this.maps.set(dictionary, map);
    return map;
  }
}
