import { fittedAs, type Transform } from './transform.js';

/**
 * osb(t, n): the first token of every window of n with each later one, joined by as many underscores as their distance.
 *
 * @see Amazon Machine Learning developer guide, "Orthogonal Sparse Bigram (OSB) Transformation"
 */
export const osb: Transform = {
  name: 'osb',
  parameters: [
    { kind: 'value', name: 'text', types: ['TEXT'] },
    { kind: 'integer', name: 'size', least: 2, greatest: 10 },
  ],
  resultType: () => 'TOKENS',
  fit([value], [window]) {
    const { attribute, changes } = fittedAs(value, 'tokens');
    return { kind: 'pairs', attribute, changes, window };
  },
};
