import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Objects, openObjects, schemaText } from './bench.js';

let bench: Objects;
beforeAll(async () => {
  bench = await openObjects();
});
afterAll(() => bench.close());

describe('a batch prediction', () => {
  const result = async (key: string): Promise<string> => gunzipSync(await readFile(join(bench.s3, key))).toString();

  it('writes a result per file, in input order, with tag and label, a blank line for what it cannot read', async () => {
    const MLModelId = await bench.model(await bench.source());
    await bench.put('b/parts/1.csv', 'n1,5.1,3.5,1.4,0.2,Iris-setosa\nbroken\nn2,6.3,3.3,6.0,2.5,\n');
    await bench.put('b/parts/deep/1.csv', '"n,3",5.9,3.0,4.2,1.5,Iris-versicolor\n');
    await bench.put('b/parts/empty.csv', '');
    const attributes = { id: 'CATEGORICAL', sepal_length: 'NUMERIC', sepal_width: 'NUMERIC', petal_length: 'NUMERIC' };
    const schema = schemaText(
      { ...attributes, petal_width: 'NUMERIC', species: 'CATEGORICAL' },
      { rowId: 'id', targetAttributeName: 'species', dataFileContainsHeader: false },
    );
    const ds = await bench.source({ location: 's3://b/parts/', schema, statistics: false });
    const BatchPredictionId = bench.fresh();
    const input = { BatchPredictionId, MLModelId, BatchPredictionDataSourceId: ds, OutputUri: 's3://b/out' };
    await bench.call('CreateBatchPrediction', input);
    expect(await bench.outcome('GetBatchPrediction', { BatchPredictionId })).toMatchObject({
      Status: 'COMPLETED',
      TotalRecordCount: 4,
      InvalidRecordCount: 1,
      InputDataLocationS3: 's3://b/parts/',
    });
    const uri = (name: string): string => `s3://b/out/batch-prediction/result/${BatchPredictionId}-${name}.gz`;
    const manifest = await readFile(join(bench.s3, `b/out/batch-prediction/${BatchPredictionId}.manifest`), 'utf8');
    expect(JSON.parse(manifest)).toEqual({
      's3://b/parts/1.csv': uri('1.csv'),
      's3://b/parts/deep/1.csv': uri('2-1.csv'),
      's3://b/parts/empty.csv': uri('empty.csv'),
    });
    const [first, second, third] = await Promise.all(
      ['1.csv', '2-1.csv', 'empty.csv'].map((name) => result(uri(name).slice(5))),
    );
    const header = 'tag,trueLabel,Iris-setosa,Iris-versicolor,Iris-virginica';
    const lines = first.split('\n');
    expect(lines[0]).toBe(header);
    expect(lines[1]).toMatch(/^n1,Iris-setosa,9\.\d+E-1,/);
    expect(lines[2]).toBe('');
    expect(lines[3]).toMatch(/^n2,,/);
    expect(lines.slice(4)).toEqual(['']);
    expect(second).toMatch(/^tag.*\n"n,3",Iris-versicolor,[^\n]*\n$/);
    expect(third).toBe(`${header}\n`);
    const scores = lines[3].split(',').slice(2).map(Number);
    expect(scores.reduce((sum, score) => sum + score, 0)).toBeCloseTo(1, 5);
  });

  it('takes the part of the data that the data source is', async () => {
    const MLModelId = await bench.model(await bench.source());
    const parts: string[] = [];
    for (const rearrangement of [
      '{"splitting":{"percentBegin":0,"percentEnd":30}}',
      '{"splitting":{"percentBegin":30,"percentEnd":100}}',
      undefined,
    ]) {
      const BatchPredictionId = bench.fresh();
      const ds = await bench.source({ rearrangement, statistics: false });
      const input = { BatchPredictionId, MLModelId, BatchPredictionDataSourceId: ds, OutputUri: 's3://b/parts-out/' };
      await bench.call('CreateBatchPrediction', input);
      expect(await bench.outcome('GetBatchPrediction', { BatchPredictionId })).toMatchObject({ Status: 'COMPLETED' });
      parts.push(await result(`b/parts-out/batch-prediction/result/${BatchPredictionId}-iris.csv.gz`));
    }
    const body = (csv: string): string => csv.slice(csv.indexOf('\n') + 1);
    expect(parts[0].split('\n')).toHaveLength(1 + 45 + 1);
    expect(body(parts[0]) + body(parts[1])).toBe(body(parts[2]));
  });

  it('is refused where its output cannot go', async () => {
    const input = {
      BatchPredictionId: bench.fresh(),
      MLModelId: await bench.model(await bench.source()),
      BatchPredictionDataSourceId: await bench.source({ statistics: false }),
    };
    for (const OutputUri of ['s3://b/a:b/', 's3://b/x//y/', 's3://b/../']) {
      await expect(bench.call('CreateBatchPrediction', { ...input, OutputUri })).rejects.toMatchObject({
        code: 'InvalidInputException',
      });
    }
  });
});
