import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OPERATIONS, type OperationName } from '../../src/operations/shapes.js';
import { type Objects, openObjects } from './bench.js';

let bench: Objects;
beforeAll(async () => {
  bench = await openObjects();
});
afterAll(() => bench.close());

describe('every operation', () => {
  it('answers what does not exist with ResourceNotFoundException, or says why it cannot use it', async () => {
    const absent: Partial<Record<OperationName, object>> = {
      UpdateDataSource: { DataSourceName: 'x' },
      UpdateEvaluation: { EvaluationName: 'x' },
      UpdateBatchPrediction: { BatchPredictionName: 'x' },
      Predict: { Record: {}, PredictEndpoint: 'http://h' },
      AddTags: { Tags: [{ Key: 'a' }], ResourceType: 'MLModel' },
      DeleteTags: { TagKeys: ['a'], ResourceType: 'MLModel' },
      DescribeTags: { ResourceType: 'MLModel' },
    };
    const operations = (Object.keys(OPERATIONS) as OperationName[]).filter((name) =>
      OPERATIONS[name].errors.includes('ResourceNotFoundException'),
    );
    expect(operations).toHaveLength(18);
    for (const operation of operations) {
      const [idMember] = Object.keys(OPERATIONS[operation].input).filter((name) => /Id$/.test(name));
      const call = bench.call(operation, { [idMember]: 'nobody', ...absent[operation] });
      await expect(call, operation).rejects.toMatchObject({ code: 'ResourceNotFoundException', status: 404 });
    }
  });

  it('is one that there is', async () => {
    const call = bench.call('constructor' as OperationName, {});
    await expect(call).rejects.toMatchObject({ code: 'UnknownOperationException', status: 404 });
  });
});
