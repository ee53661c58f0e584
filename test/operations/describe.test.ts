import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IRIS_SCHEMA, invalid, type Objects, openObjects } from './bench.js';

let bench: Objects;
beforeAll(async () => {
  bench = await openObjects();
});
afterAll(() => bench.close());

describe('describe', () => {
  it('filters, sorts and pages', async () => {
    const names = ['p-c', 'p-a', 'p-b'];
    for (const DataSourceName of names) {
      const DataSpec = { DataLocationS3: 's3://b/paged.csv', DataSchema: IRIS_SCHEMA };
      await bench.call('CreateDataSourceFromS3', { DataSourceId: bench.fresh(), DataSourceName, DataSpec });
    }
    const listed: unknown[] = [];
    let NextToken: unknown;
    do {
      const page = await bench.call('DescribeDataSources', {
        FilterVariable: 'Name',
        Prefix: 'p-',
        SortOrder: 'dsc',
        Limit: 2,
        ...(NextToken === undefined ? {} : { NextToken }),
      });
      listed.push((page.Results as { Name: string }[]).map(({ Name }) => Name));
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    expect(listed).toEqual([['p-c', 'p-b'], ['p-a']]);
    const located = await bench.call('DescribeDataSources', {
      FilterVariable: 'DataLocationS3',
      EQ: 's3://b/paged.csv',
    });
    expect(located.Results).toHaveLength(3);
    const user = await bench.call('DescribeDataSources', {
      FilterVariable: 'IAMUser',
      NE: 'arn:aws:iam::000000000000:root',
    });
    expect(user).toEqual({ Results: [] });
    const past = await bench.call('DescribeDataSources', { FilterVariable: 'CreatedAt', LT: '2015-01-01T00:00:00Z' });
    expect(past).toEqual({ Results: [] });
  });

  it('finds models by the status of their endpoint', async () => {
    const MLModelId = await bench.model(await bench.source());
    await bench.work();
    const ready = async (): Promise<unknown[]> => {
      const list = await bench.call('DescribeMLModels', { FilterVariable: 'RealtimeEndpointStatus', EQ: 'READY' });
      return (list.Results as { MLModelId: string }[]).map((one) => one.MLModelId);
    };
    expect(await ready()).toEqual([]);
    await bench.call('CreateRealtimeEndpoint', { MLModelId });
    expect(await ready()).toEqual([MLModelId]);
    await bench.call('DeleteRealtimeEndpoint', { MLModelId });
    expect(await ready()).toEqual([]);
  });

  it('refuses filters that make no sense', async () => {
    const list = (input: Record<string, unknown>): Promise<unknown> => bench.call('DescribeEvaluations', input);
    await invalid(list({ FilterVariable: 'Status', EQ: 'A', NE: 'B' }), 'EQ and NE are given');
    await invalid(list({ EQ: 'A' }), 'without a FilterVariable');
    await invalid(list({ FilterVariable: 'CreatedAt', EQ: 'yesterday' }), 'yesterday');
    await invalid(list({ FilterVariable: 'Bogus' }), 'Member must satisfy enum value set');
    await invalid(list({ NextToken: 'damaged' }), '');
  });
});
