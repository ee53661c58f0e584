import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { fixture, run, temporaryFolder } from '../../helpers/cli.js';

const SCHEMA = {
  version: '1.0',
  targetAttributeName: 'species',
  dataFormat: 'CSV',
  dataFileContainsHeader: true,
  attributes: ['sepal_length', 'sepal_width', 'petal_length', 'petal_width', 'species'].map((attributeName) => ({
    attributeName,
    attributeType: attributeName === 'species' ? 'CATEGORICAL' : 'NUMERIC',
  })),
};
const folder = temporaryFolder();
const isolated = (): Record<string, string | undefined> => ({
  HOME: folder.path,
  CREATE_ML_MODEL_HOME: folder.file('home'),
  AWS_CONFIG_FILE: folder.file('none'),
  AWS_PROFILE: undefined,
  AWS_ENDPOINT_URL: undefined,
});
const service = (...args: string[]) => run(args, { command: 'machinelearning', environment: isolated() });
const createModel = (...args: string[]) => run(args, { environment: isolated() });

describe('the service on the local store', () => {
  it('makes a data source and a model, waits, and predicts, without region and credentials', async () => {
    await writeFile(folder.file('schema.json'), JSON.stringify(SCHEMA));
    const spec = `DataLocationS3=file://${fixture('iris.csv')},DataSchemaLocationS3=file://${folder.file('schema.json')}`;
    const source = [
      'create-data-source-from-s3',
      '--data-source-id',
      'ds-1',
      '--compute-statistics',
      '--data-spec',
      spec,
    ];
    const created = await service(...source, '--wait');
    expect(created).toMatchObject({ code: 0, stdout: '{\n    "DataSourceId": "ds-1"\n}\n' });
    expect(created.stderr).toMatch(/ds-1: COMPLETED\n$/);

    const model = ['--ml-model-id', 'ml-1', '--ml-model-type', 'MULTICLASS', '--training-data-source-id', 'ds-1'];
    expect(await createModel(...model)).toEqual({ code: 0, stdout: '{\n    "MLModelId": "ml-1"\n}\n', stderr: '' });
    expect((await service('wait', 'ml-model-available')).code).toBe(0);
    const status = await service('get-ml-model', '--ml-model-id', 'ml-1', '--query', 'Status', '--output', 'text');
    expect(status.stdout).toBe('COMPLETED\n');

    const record = 'sepal_length=5.1,sepal_width=3.5,petal_length=1.4,petal_width=0.2';
    const endpoint = ['--ml-model-id', 'ml-1', '--predict-endpoint', 'http://localhost'];
    await service('create-realtime-endpoint', '--ml-model-id', 'ml-1');
    const label = await service('predict', ...endpoint, '--record', record, '--query', 'Prediction.predictedLabel');
    expect(label).toMatchObject({ code: 0, stdout: '"Iris-setosa"\n' });
  }, 30_000);

  it('takes relative paths of files, also inside a data specification', async () => {
    await writeFile(folder.file('few.csv'), 'a,y\n1,0\n2,1\n');
    const attributes = ['a', 'y'].map((attributeName) => ({ attributeName, attributeType: 'NUMERIC' }));
    await writeFile(folder.file('few.csv.schema'), JSON.stringify({ ...SCHEMA, targetAttributeName: 'y', attributes }));
    const args = ['create-data-source-from-s3', '--data-source-id', 'ds-few', '--compute-statistics', '--wait'];
    const spec = ['--data-spec', 'DataLocationS3=file://few.csv'];
    expect((await service(...args, ...spec)).code).toBe(254);
    const options = { command: 'machinelearning', environment: isolated(), folder: folder.path } as const;
    expect((await run([...args, ...spec], options)).stderr).toMatch(/ds-few: COMPLETED\n$/);
    const get = ['get-data-source', '--data-source-id', 'ds-few', '--query', 'DataLocationS3', '--output', 'text'];
    expect((await service(...get)).stdout).toBe(`file://${folder.file('few.csv')}\n`);
  });

  it('gives the errors of the service exit code 254', async () => {
    const { code, stdout, stderr } = await service('get-ml-model', '--ml-model-id', 'nope');
    expect({ code, stdout }).toEqual({ code: 254, stdout: '' });
    expect(stderr).toMatch(
      /^\nAn error occurred \(ResourceNotFoundException\) when calling the GetMLModel operation: .+\n$/,
    );
  });

  it('says under its own name what is missing', async () => {
    const { code, stderr } = await createModel('--ml-model-id', 'a');
    expect(code).toBe(252);
    expect(stderr).toMatch(/^\nusage: create-ml-model \[options\]/);
    expect(stderr).toMatch(
      /\ncreate-ml-model: error: the following arguments are required: --ml-model-type, --training-data-source-id\n\n$/,
    );
  });

  it('prints help pages and its version', async () => {
    expect((await createModel('help')).stdout).toMatch(/^NAME\n +create-ml-model/);
    expect((await service('help')).stdout).toContain('describe-ml-models');
    expect((await service('wait', 'help')).stdout).toContain('ml-model-available');
    expect((await createModel('--ml-model-id', 'a', '--version')).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it('prompts on a terminal only', async () => {
    const { code, stderr } = await createModel('--cli-auto-prompt');
    expect({ code, stderr }).toEqual({ code: 255, stderr: '\nWarning: Input is not a terminal (fd=0).\n' });
  });

  it('logs with --debug to standard error', async () => {
    const { stdout, stderr } = await service('describe-ml-models', '--max-items', '0', '--debug', '--query', '`1`');
    expect(stdout).toBe('1\n');
    expect(stderr).toMatch(
      /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} - MainThread - awscli\.clidriver - DEBUG - CLI version: /,
    );
  });
});
