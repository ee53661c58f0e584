// Pieces of the sentences that say why an attribute has its type.

import { formatCount } from '../format-count.js';

export const times = (count: number): string => (count === 1 ? 'once' : `${formatCount(count)} times`);

export const everyValue = (filled: number): string =>
  filled === 1 ? 'the only value is' : `all ${formatCount(filled)} values are`;

export const emptyPart = (empty: number): string => (empty === 0 ? '' : `; ${formatCount(empty)} empty`);

export const shorten = (value: string): string => (value.length > 30 ? `${value.slice(0, 29)}…` : value);
