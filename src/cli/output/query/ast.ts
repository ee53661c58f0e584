import type { Value } from '../value.js';

export type Comparator = 'eq' | 'ne' | 'lt' | 'lte' | 'gt' | 'gte';

/** A parsed expression. */
export type Node =
  | { readonly type: 'identity' | 'current' }
  | { readonly type: 'field'; readonly name: string }
  | { readonly type: 'literal'; readonly value: Value }
  | { readonly type: 'index'; readonly index: number }
  | { readonly type: 'slice'; readonly bounds: Bounds }
  | { readonly type: 'chain' | 'indexed'; readonly steps: readonly Node[] }
  | { readonly type: 'projection' | 'valueProjection'; readonly source: Node; readonly each: Node }
  | { readonly type: 'filter'; readonly source: Node; readonly each: Node; readonly condition: Node }
  | { readonly type: 'flatten' | 'not' | 'expression'; readonly operand: Node }
  | { readonly type: 'or' | 'and'; readonly left: Node; readonly right: Node }
  | { readonly type: 'compare'; readonly comparator: Comparator; readonly left: Node; readonly right: Node }
  | { readonly type: 'call'; readonly name: string; readonly arguments: readonly Node[] }
  | { readonly type: 'list'; readonly items: readonly Node[] }
  | { readonly type: 'structure'; readonly members: readonly (readonly [string, Node])[] };

/** Start, stop and step of a slice. */
export type Bounds = readonly [number | undefined, number | undefined, number | undefined];
