import { mkdir, writeFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { openLocalService } from '../../src/operations/local-service.js';
import { temporaryFolder } from '../helpers/cli.js';
import { fuzz, IDS } from './fuzz.js';
import { call } from './http.js';
import { startServer } from './model-service.js';

const folder = temporaryFolder();

it('answers 3,000 random and mutated requests with declared errors, and is well afterwards', async () => {
  const home = folder.file('home');
  await mkdir(folder.file('s3/bucket'), { recursive: true });
  await writeFile(folder.file('s3/bucket/data.csv'), 'x,y\n1,0\n');
  const service = await openLocalService({ home, s3Root: folder.file('s3'), startRunner: () => {} });
  const server = await startServer(service);
  try {
    for (const id of IDS.slice(0, -1)) {
      const DataSpec = { DataLocationS3: 's3://bucket/data.csv', DataSchemaLocationS3: 's3://bucket/data.csv.schema' };
      await service.call('CreateDataSourceFromS3', { DataSourceId: id, DataSpec, ComputeStatistics: true });
      await service.call('CreateMLModel', { MLModelId: id, MLModelType: 'BINARY', TrainingDataSourceId: id });
    }
    const { statuses, failures } = await fuzz(server.port, 1, 3000);
    expect(failures).toEqual([]);
    expect(server.logged().filter(({ event }) => event === 'operation failed')).toEqual([]);
    expect(statuses[200]).toBeGreaterThan(100);
    expect(statuses[400]).toBeGreaterThan(1000);
    expect((await call(server.url, 'DescribeMLModels')).status).toBe(200);
    expect(server.metrics.inFlight).toBe(0);
  } finally {
    await server.stop(100);
    await service.close();
  }
}, 60_000);
