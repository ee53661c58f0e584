import { grown, type Numbers } from './numbering.js';
import { textHash } from './text-hash.js';
import type { Words } from './token-reader.js';

/** Tokens or categories that are being learned, in order of first appearance. */
export class WordList implements Words {
  private readonly nodeOf = new Map<string, number>();

  constructor(private readonly numbers: Numbers) {}

  /** The node of a text; a new one for a text not seen before. */
  word(text: string): number {
    let node = this.nodeOf.get(text);
    if (node === undefined) this.nodeOf.set(text, (node = this.numbers.allocate()));
    return node;
  }

  get count(): number {
    return this.nodeOf.size;
  }

  texts(): string[] {
    return [...this.nodeOf.keys()];
  }

  /** Nodes of the texts; ascending. */
  nodes(): Uint32Array {
    const nodes = new Uint32Array(this.nodeOf.size);
    let i = 0;
    for (const node of this.nodeOf.values()) nodes[i++] = node;
    return nodes;
  }

  forget(kept: Uint8Array): void {
    for (const [text, node] of this.nodeOf) if (kept[node] === 0) this.nodeOf.delete(text);
  }
}

/** Node → index in a list of nodes. Elements of other nodes mean nothing. */
export class NodeIndex {
  private index = new Uint32Array(0);

  /** @param size greater than any node */
  of(nodes: Uint32Array, size: number): Uint32Array {
    this.index = grown(this.index, size);
    const { index } = this;
    for (let i = 0; i < nodes.length; i++) index[nodes[i]] = i;
    return index;
  }
}

/** Hashes of texts. */
export function textHashes(texts: readonly string[]): Uint32Array {
  return Uint32Array.from(texts, textHash);
}
