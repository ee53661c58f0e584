import { fittedAs, type Transform } from './transform.js';

/** ngram(t, n): all runs of 1 .. n consecutive tokens, joined by one space. */
export const ngram: Transform = {
  name: 'ngram',
  parameters: [
    { kind: 'value', name: 'text', types: ['TEXT'] },
    { kind: 'integer', name: 'size', least: 2, greatest: 10 },
  ],
  resultType: () => 'TOKENS',
  fit([value], [size]) {
    return { ...fittedAs(value, 'tokens'), ngram: size };
  },
};
