import type { Dictionary } from '../datasource/block.js';
import { grown } from './numbering.js';

/** A dictionary code that has not been looked up yet. */
export const UNRESOLVED = 0xffffffff;
/** A token of which the changes leave nothing. */
export const VANISHED = 0xfffffffe;

/**
 * For each data source an array: dictionary code → what the encoder makes of it.
 *
 * Every source numbers its values in its own way and its dictionary may grow from block to block; new codes are
 * `UNRESOLVED` until a row shows them.
 */
export class CodeMaps {
  private readonly maps: Map<Dictionary, Uint32Array<ArrayBuffer>> | WeakMap<Dictionary, Uint32Array<ArrayBuffer>>;

  /** @param learning keep the maps until the end, so that `forget` finds them */
  constructor(learning: boolean) {
    this.maps = learning ? new Map() : new WeakMap();
  }

  /** The map of a source, long enough for all codes now in its dictionary. */
  for(dictionary: Dictionary): Uint32Array {
    const known = this.maps.get(dictionary);
    if (known !== undefined && known.length >= dictionary.size) return known;
    const map = grown(known ?? new Uint32Array(0), dictionary.size, UNRESOLVED);
    this.maps.set(dictionary, map);
    return map;
  }

  /** Make the codes unresolved that stand for something that is not kept. */
  forget(kept: Uint8Array): void {
    if (!(this.maps instanceof Map)) throw new Error('only a learning encoder forgets');
    for (const map of this.maps.values()) {
      for (let code = 0; code < map.length; code++) {
        if (map[code] < VANISHED && kept[map[code]] === 0) map[code] = UNRESOLVED;
      }
    }
  }
}
