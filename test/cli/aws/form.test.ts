import { describe, expect, it } from 'vitest';
import { isServiceCommandLine, isServiceForm } from '../../../src/cli/aws/form.js';

const words = (text: string): string[] => text.split(' ').filter(Boolean);

describe('the form of create-ml-model', () => {
  it.each([
    '--ml-model-id a --ml-model-type BINARY --training-data-source-id d',
    '--ml-model-id=a',
    '--parameters a=1',
    '--cli-input-json file://x.json',
    '--cli-input-yaml x',
    '--generate-cli-skeleton',
    '--generate-cli-skeleton output',
    '--endpoint-url http://h --ml-model-id a',
    '--ml-model-id a --bogus x',
    '--ml-model-id a --training-data-source-id d extra',
    '--training-data-source-id d --wait',
    'help',
  ])('is that of the service: %s', (text) => {
    expect(isServiceForm('create-ml-model', words(text))).toBe(true);
  });
  it.each([
    '',
    'data.csv --target y',
    'data.csv --ml-model-id a --ml-model-type BINARY',
    '--ml-model-id a data.csv',
    '--ml-model-id a -',
    '--target y --ml-model-id a',
    '-t y --ml-model-id a',
    'data.csv --targte y',
    '--bogus x',
    '--recipe r.json --seed 1',
    '--help',
    '--version',
    './help',
  ])('is that on a file: %s', (text) => {
    expect(isServiceForm('create-ml-model', words(text))).toBe(false);
  });
});

describe('the form of predict', () => {
  it('is that of the service with its ids, or a record and no model', () => {
    expect(isServiceForm('predict', words('--ml-model-id m --record a=1 --predict-endpoint http://h'))).toBe(true);
    expect(isServiceForm('predict', words('--record a=1'))).toBe(true);
  });
  it('is that on a file with a model', () => {
    expect(isServiceForm('predict', words('m.model --record {}'))).toBe(false);
    expect(isServiceForm('predict', words('m.model data.csv --out x'))).toBe(false);
  });
});

describe('the command lines of machinelearning', () => {
  it.each([
    'get-ml-model --ml-model-id a',
    '--output text describe-ml-models',
    '--outp text describe-ml-models',
    '--region us-east-1 predict --ml-model-id m',
    'wait ml-model-available',
    'help',
    'no-such-command',
    '--region x',
    'create-ml-model --ml-model-id a',
  ])('go to the service: %s', (text) => {
    expect(isServiceCommandLine(words(text))).toBe(true);
  });
  it.each([
    '',
    '--help',
    '--version',
    'describe-data data.csv',
    'evaluate m data.csv',
    'serve --port 0',
    'completion bash',
    'predict m data.csv',
    'create-ml-model data.csv --target y',
  ])('stay with files: %s', (text) => {
    expect(isServiceCommandLine(words(text))).toBe(false);
  });
});
