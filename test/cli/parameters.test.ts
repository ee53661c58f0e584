import { describe, expect, it } from 'vitest';
import { readParameters } from '../../src/cli/parameters.js';

describe('readParameters', () => {
  it('reads the shorthand', () => {
    expect(readParameters('sgd.maxPasses=20, sgd.shuffleType=auto')).toEqual({
      'sgd.maxPasses': '20',
      'sgd.shuffleType': 'auto',
    });
  });

  it('reads JSON, numbers included', () => {
    expect(readParameters('{"sgd.maxPasses":20,"sgd.shuffleType":"auto"}')).toEqual({
      'sgd.maxPasses': '20',
      'sgd.shuffleType': 'auto',
    });
  });

  it('names the piece that is not key=value', () => {
    expect(() => readParameters('sgd.maxPasses=20,auto')).toThrow("--parameters: 'auto' is not key=value");
    expect(() => readParameters('')).toThrow("'' is not key=value");
  });

  it('refuses a key given twice', () => {
    expect(() => readParameters('sgd.maxPasses=2,sgd.maxPasses=3')).toThrow("'sgd.maxPasses=3' is given twice");
  });

  it('says that broken JSON is not JSON', () => {
    expect(() => readParameters('{"sgd.maxPasses":')).toThrow(/^--parameters: not JSON/);
  });
});
