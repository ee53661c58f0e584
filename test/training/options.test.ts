import { describe, expect, it } from 'vitest';
import { InvalidInput } from '../../src/errors.js';
import { formatParameters, parseParameters } from '../../src/training/options.js';

describe('parseParameters', () => {
  it("has the service's defaults", () => {
    expect(formatParameters(parseParameters())).toEqual({
      algorithm: 'sgd',
      'sgd.l1RegularizationAmount': '0.0',
      'sgd.l2RegularizationAmount': '1E-6',
      'sgd.maxMLModelSizeInBytes': '33554432',
      'sgd.maxPasses': '10',
      'sgd.shuffleType': 'none',
      'trainer.prior': 'auto',
      'trainer.tolerance': 'auto',
    });
  });

  it('accepts what it gave back', () => {
    const options = parseParameters({ 'sgd.maxPasses': '25', 'sgd.l2RegularizationAmount': '1e-4' });
    expect(parseParameters(formatParameters(options))).toEqual(options);
  });

  it('drops the default L2 beside an L1', () => {
    expect(parseParameters({ 'sgd.l1RegularizationAmount': '1e-5' })).toMatchObject({ l1: 1e-5, l2: 0 });
    expect(parseParameters({ 'sgd.l1RegularizationAmount': '0.0' })).toMatchObject({ l1: 0, l2: 1e-6 });
  });

  it('refuses L1 together with L2, but not when one of them is 0', () => {
    const both = { 'sgd.l1RegularizationAmount': '1e-5', 'sgd.l2RegularizationAmount': '1e-5' };
    expect(() => parseParameters(both)).toThrow(/L1|l1.*exclude/);
    expect(parseParameters({ ...both, 'sgd.l1RegularizationAmount': '0.0' })).toMatchObject({ l1: 0, l2: 1e-5 });
  });

  it.each([
    ['sgd.maxPasses', '0'],
    ['sgd.maxPasses', '10001'],
    ['sgd.maxPasses', '2.5'],
    ['sgd.maxPasses', 'ten'],
    ['sgd.maxPasses', ''],
    ['sgd.maxPasses', '0x10'],
    ['sgd.shuffleType', 'random'],
    ['sgd.l1RegularizationAmount', '-1'],
    ['sgd.l2RegularizationAmount', 'Infinity'],
    ['sgd.maxMLModelSizeInBytes', '99999'],
    ['sgd.maxMLModelSizeInBytes', '2147483649'],
    ['trainer.prior', 'NaN'],
    ['trainer.tolerance', '-1e-9'],
    ['trainer.tolerance', 'never'],
  ])('refuses %s=%s, naming key and value', (key, value) => {
    expect(() => parseParameters({ [key]: value })).toThrow(`parameter ${key}: '${value}' is not allowed`);
  });

  it('suggests the key that was meant', () => {
    try {
      parseParameters({ 'sgd.maxPass': '3' });
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(InvalidInput);
      expect((error as InvalidInput).message).toBe("unknown training parameter 'sgd.maxPass'");
      expect((error as InvalidInput).hint).toContain("did you mean 'sgd.maxPasses'?");
    }
  });
});
