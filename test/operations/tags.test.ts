import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { invalid, type Objects, openObjects, refused } from './bench.js';

let bench: Objects;
beforeAll(async () => {
  bench = await openObjects();
});
afterAll(() => bench.close());

describe('tags', () => {
  const tag = (Key: string, Value?: string): object => ({ Key, ...(Value === undefined ? {} : { Value }) });
  const on = (ResourceId: string): object => ({ ResourceId, ResourceType: 'DataSource' });

  it('are added, overwritten, listed and deleted', async () => {
    const id = await bench.source();
    expect(await bench.call('DescribeTags', { ...on(id) })).toEqual({ ...on(id), Tags: [] });
    expect(await bench.call('AddTags', { ...on(id), Tags: [tag('a', '1'), tag('b')] })).toEqual(on(id));
    await bench.call('AddTags', { ...on(id), Tags: [tag('a', '2'), tag('c', '')] });
    expect(await bench.call('DescribeTags', { ...on(id) })).toMatchObject({
      Tags: [tag('a', '2'), tag('b'), tag('c', '')],
    });
    await bench.call('DeleteTags', { ...on(id), TagKeys: ['a', 'zzz'] });
    expect(await bench.call('DescribeTags', { ...on(id) })).toMatchObject({ Tags: [tag('b'), tag('c', '')] });
  });

  it('are at most 50, have keys of their own, and belong to something', async () => {
    const id = await bench.source();
    const many = Array.from({ length: 50 }, (_, i) => tag(`k${i}`, 'v'));
    await bench.call('AddTags', { ...on(id), Tags: many });
    await bench.call('AddTags', { ...on(id), Tags: [tag('k7', 'w')] });
    await refused(bench.call('AddTags', { ...on(id), Tags: [tag('x')] }), 'TagLimitExceededException', '51 tags; 50');
    const wrong = (Tags: object[]): Promise<unknown> => bench.call('AddTags', { ...on(id), Tags });
    await refused(wrong([tag('aws:x', '1')]), 'InvalidTagException', 'reserved');
    await refused(wrong([tag('x'), tag('x')]), 'InvalidTagException', 'given twice');
    await refused(wrong([{ Value: 'x' }]), 'InvalidTagException', 'Tags[0] has no Key');
    await invalid(wrong([tag('a*b')]), 'Tags[0].Key');
    await refused(bench.call('DescribeTags', { ...on('nobody') }), 'ResourceNotFoundException', "'nobody'");
    await bench.call('DeleteDataSource', { DataSourceId: id });
    await refused(wrong([tag('late')]), 'ResourceNotFoundException', 'was deleted');
  });
});
