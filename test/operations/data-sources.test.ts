import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fixture } from '../helpers/cli.js';
import { IRIS_SCHEMA, invalid, type Objects, openBench, openObjects, refused, schemaText } from './bench.js';

let bench: Objects;
beforeAll(async () => {
  bench = await openObjects();
});
afterAll(() => bench.close());

describe('a data source', () => {
  it('is PENDING until somebody works on it', async () => {
    const DataSourceId = await bench.source();
    const pending = await bench.call('GetDataSource', { DataSourceId });
    expect(pending).toMatchObject({ Status: 'PENDING', ComputeStatistics: true });
    for (const absent of ['StartedAt', 'FinishedAt', 'DataSizeInBytes', 'NumberOfFiles', 'Name', 'Message']) {
      expect(pending).not.toHaveProperty(absent);
    }
    expect(await bench.outcome('GetDataSource', { DataSourceId })).toMatchObject({
      Status: 'COMPLETED',
      NumberOfFiles: 1,
    });
  });

  it('takes its schema from the call, an object, or the file beside the data', async () => {
    await bench.put('b/given.json', IRIS_SCHEMA);
    await bench.put('b/beside/x.csv', await readFile(fixture('iris.csv')));
    await bench.put('b/beside/.schema', IRIS_SCHEMA);
    for (const DataSpec of [
      { DataLocationS3: 's3://b/iris.csv', DataSchema: IRIS_SCHEMA },
      { DataLocationS3: 's3://b/iris.csv', DataSchemaLocationS3: 's3://b/given.json' },
      { DataLocationS3: 's3://b/beside/' },
    ]) {
      const DataSourceId = bench.fresh();
      await bench.call('CreateDataSourceFromS3', { DataSourceId, DataSpec });
      await bench.work();
      const found = await bench.call('GetDataSource', { DataSourceId, Verbose: true });
      expect(found).toMatchObject({ Status: 'COMPLETED', DataSourceSchema: IRIS_SCHEMA });
    }
  });

  it.each([
    [
      'no schema',
      {},
      'neither DataSchema nor DataSchemaLocationS3 is given. Hint: give one of them, or put the schema at s3://b/iris.csv.schema',
    ],
    ['two schemas', { DataSchema: IRIS_SCHEMA, DataSchemaLocationS3: 's3://b/x' }, 'both a DataSchema and'],
    ['a schema that is none', { DataSchema: '{"attributes":[]}' }, 'DataSchema: attributes: 0 attributes'],
    ['the path of a schema', { DataSchema: '/etc/passwd' }, 'not valid JSON'],
    [
      'half a percent',
      { DataSchema: IRIS_SCHEMA, DataRearrangement: '{"splitting":{"percentBegin":0.5}}' },
      'DataRearrangement: splitting.percentBegin: 0.5',
    ],
    ['a way out', { DataLocationS3: 's3://b/../x.csv', DataSchema: IRIS_SCHEMA }, "must not have '..'"],
  ])('is refused at once for %s', async (_, spec, text) => {
    const DataSpec = { DataLocationS3: 's3://b/iris.csv', ...spec };
    await invalid(bench.call('CreateDataSourceFromS3', { DataSourceId: bench.fresh(), DataSpec }), text);
  });

  it.each([
    ['data that is not there', { location: 's3://b/none.csv' }, 's3://b/none.csv: nothing is there'],
    ['a header that does not fit', { schema: schemaText({ a: 'NUMERIC', b: 'NUMERIC' }) }, 's3://b/iris.csv: line 1'],
  ])('fails later for %s, with or without statistics', async (_, options, text) => {
    for (const statistics of [true, false]) {
      const DataSourceId = await bench.source({ ...options, statistics });
      const { Status, Message } = await bench.outcome('GetDataSource', { DataSourceId });
      expect(Status).toBe('FAILED');
      expect(Message).toContain(text);
      expect(Message).not.toContain(bench.home);
    }
  });

  it('of a database fails with what can be done instead, and keeps no password', async () => {
    const credentials = { Username: 'me', Password: 'verysecret' };
    const common = {
      SelectSqlQuery: 'select * from t',
      DatabaseCredentials: credentials,
      S3StagingLocation: 's3://b/staging/',
      DataSchema: IRIS_SCHEMA,
    };
    const redshift = { DatabaseInformation: { DatabaseName: 'db', ClusterIdentifier: 'c' }, ...common };
    const rds = {
      DatabaseInformation: { DatabaseName: 'db', InstanceIdentifier: 'i' },
      ...common,
      ResourceRole: 'r',
      ServiceRole: 's',
      SubnetId: 'n',
      SecurityGroupIds: ['g'],
    };
    const [first, second] = [bench.fresh(), bench.fresh()];
    await bench.call('CreateDataSourceFromRedshift', { DataSourceId: first, DataSpec: redshift, RoleARN: 'arn' });
    await bench.call('CreateDataSourceFromRDS', { DataSourceId: second, RDSData: rds, RoleARN: 'arn' });
    await bench.work();
    const [a, b] = await Promise.all(
      [first, second].map((DataSourceId) => bench.call('GetDataSource', { DataSourceId, Verbose: true })),
    );
    expect(a).toMatchObject({
      Status: 'FAILED',
      DataLocationS3: 's3://b/staging/',
      RoleARN: 'arn',
      RedshiftMetadata: {
        RedshiftDatabase: redshift.DatabaseInformation,
        DatabaseUserName: 'me',
        SelectSqlQuery: 'select * from t',
      },
    });
    expect(a.Message).toContain('CreateDataSourceFromS3');
    expect(b.RDSMetadata).toEqual({
      Database: rds.DatabaseInformation,
      DatabaseUserName: 'me',
      SelectSqlQuery: 'select * from t',
      ResourceRole: 'r',
      ServiceRole: 's',
    });
    const short = await bench.call('GetDataSource', { DataSourceId: first });
    expect(short.RedshiftMetadata).not.toHaveProperty('SelectSqlQuery');
    for (const file of ['store.sqlite', 'store.sqlite-wal']) {
      const bytes = await readFile(join(bench.home, file)).catch(() => Buffer.alloc(0));
      expect(bytes.includes('verysecret')).toBe(false);
    }
  });

  it('may be created again by the same call only', async () => {
    const DataSourceId = bench.fresh();
    const input = {
      DataSourceId,
      DataSourceName: 'n',
      DataSpec: { DataLocationS3: 's3://b/iris.csv', DataSchema: IRIS_SCHEMA },
    };
    const { DataSpec, ...rest } = input;
    expect(await bench.call('CreateDataSourceFromS3', input)).toEqual({ DataSourceId });
    expect(await bench.call('CreateDataSourceFromS3', { DataSpec, ...rest, Unknown: 1 })).toEqual({ DataSourceId });
    for (const other of [{ DataSourceName: 'm' }, { ComputeStatistics: true }, { DataSourceName: undefined }]) {
      const call = bench.call('CreateDataSourceFromS3', { ...input, ...other });
      await refused(call, 'IdempotentParameterMismatchException', 'exists already');
    }
    await bench.call('UpdateDataSource', { DataSourceId, DataSourceName: 'renamed' });
    expect(await bench.call('CreateDataSourceFromS3', input)).toEqual({ DataSourceId });
    expect(await bench.call('GetDataSource', { DataSourceId })).toMatchObject({ Name: 'renamed' });
    await bench.call('DeleteDataSource', { DataSourceId });
    await refused(bench.call('CreateDataSourceFromS3', input), 'IdempotentParameterMismatchException', 'was deleted');
  });

  it('may be a file of this machine only where the caller is trusted', async () => {
    const location = pathToFileURL(fixture('iris.csv')).href;
    await invalid(bench.source({ location }), 'DataSpec.DataLocationS3');
    const trusting = await openBench({ fileUris: true });
    const DataSpec = { DataLocationS3: location, DataSchema: IRIS_SCHEMA };
    await trusting.call('CreateDataSourceFromS3', { DataSourceId: 'ds', DataSpec, ComputeStatistics: true });
    await trusting.work();
    expect(await trusting.call('GetDataSource', { DataSourceId: 'ds' })).toMatchObject({ Status: 'COMPLETED' });
    await trusting.close();
  });
});
