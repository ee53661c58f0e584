/** 32-bit hash of a text's UTF-16 units (FNV-1a of Fowler, Noll and Vo, by unit instead of by byte). */
export function textHash(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return mixHash(hash, 0);
}

/** Hash of a sequence from the hash of its beginning and that of its last part (finalizer of MurmurHash3, Appleby 2011). */
export function mixHash(beginning: number, last: number): number {
  let hash = (Math.imul(beginning, 0xcc9e2d51) + last) | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** Mixes two numbers; the high bits are the good ones (multipliers of MurmurHash3, Appleby 2011). */
export function hashPair(first: number, second: number): number {
  const h = Math.imul(first, 0xcc9e2d51) + Math.imul(second, 0x1b873593);
  return Math.imul(h ^ (h >>> 15), 0x85ebca6b);
}
