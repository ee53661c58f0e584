import { fittedAs, type Transform } from './transform.js';

/** normalize(x): mean 0 and variance 1. The encoder standardises every number exactly, so nothing is left to do. */
export const normalize: Transform = {
  name: 'normalize',
  parameters: [{ kind: 'value', name: 'number', types: ['NUMERIC'] }],
  resultType: () => 'NUMERIC',
  fit: ([value]) => fittedAs(value, 'number'),
};
