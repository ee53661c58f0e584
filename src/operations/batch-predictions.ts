import type { Entity } from '../store/entity.js';
import type { Input, OperationContext } from './context.js';
import { type Checked, create } from './create.js';
import { dataLocation, dataSpec } from './data-sources.js';
import { checkOutputUri } from './locations/location.js';
import { commonMembers } from './reply.js';
import type { Message } from './service.js';
import { usable } from './usable.js';

interface CreateInput {
  readonly BatchPredictionId: string;
  readonly BatchPredictionName?: string;
  readonly MLModelId: string;
  readonly BatchPredictionDataSourceId: string;
  readonly OutputUri: string;
}

export async function createBatchPrediction(context: OperationContext, input: Input): Promise<Message> {
  const { BatchPredictionId, BatchPredictionName, ...request } = input as unknown as CreateInput;
  const creation = { kind: 'BatchPrediction', id: BatchPredictionId, name: BatchPredictionName, request } as const;
  await create(context, creation, () => check(context, request));
  return { BatchPredictionId };
}

function check(
  { store }: OperationContext,
  { MLModelId, BatchPredictionDataSourceId: id, OutputUri }: Omit<CreateInput, 'BatchPredictionId'>,
): Checked {
  checkOutputUri(OutputUri);
  usable(store, 'MLModel', MLModelId, 'MLModelId');
  const source = usable(store, 'DataSource', id, 'BatchPredictionDataSourceId');
  const location = dataLocation(dataSpec(source));
  return {
    facts: { InputDataLocationS3: location },
    filters: { MLModelId, DataSourceId: id, DataURI: location },
  };
}

/** What Get and Describe say of a batch prediction. */
export function batchPredictionMembers(entity: Entity): Message {
  const { request, facts } = entity;
  return {
    ...commonMembers(entity),
    BatchPredictionId: entity.id,
    MLModelId: request.MLModelId,
    BatchPredictionDataSourceId: request.BatchPredictionDataSourceId,
    InputDataLocationS3: facts.InputDataLocationS3,
    OutputUri: request.OutputUri,
    TotalRecordCount: facts.TotalRecordCount,
    InvalidRecordCount: facts.InvalidRecordCount,
  };
}
