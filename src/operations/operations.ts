import { rm } from 'node:fs/promises';
import type { Entity, EntityKind } from '../store/entity.js';
import { batchPredictionMembers, createBatchPrediction } from './batch-predictions.js';
import type { Input, OperationContext } from './context.js';
import { createDataSource, dataSourceMembers } from './data-sources.js';
import { describeObjects } from './describe.js';
import { alive, invalid, nameOf, notFound } from './errors.js';
import { createEvaluation, evaluationMembers } from './evaluations.js';
import { createMLModel, mlModelMembers, updateMLModel } from './ml-models.js';
import { resultPath } from './paths.js';
import { predict } from './predict.js';
import { createRealtimeEndpoint, deleteRealtimeEndpoint, hasEndpoint } from './realtime.js';
import { reply } from './reply.js';
import type { Message } from './service.js';
import type { OperationName } from './shapes.js';
import { addTags, deleteTags, describeTags } from './tags.js';

/** What an operation does with an input that has passed validation. Errors: ServiceError, InvalidInput. */
export type Operation = (context: OperationContext, input: Input) => Message | Promise<Message>;

const ID_MEMBERS: Readonly<Record<EntityKind, string>> = {
  DataSource: 'DataSourceId',
  MLModel: 'MLModelId',
  Evaluation: 'EvaluationId',
  BatchPrediction: 'BatchPredictionId',
};

function membersOf(entity: Entity, { endpointUrl }: OperationContext, verbose: boolean): Message {
  switch (entity.kind) {
    case 'DataSource':
      return dataSourceMembers(entity, verbose);
    case 'MLModel':
      return mlModelMembers(entity, verbose, endpointUrl);
    case 'Evaluation':
      return evaluationMembers(entity);
    case 'BatchPrediction':
      return batchPredictionMembers(entity);
  }
}

/** A deleted object is still shown. */
function getOf(operation: OperationName, kind: EntityKind): Operation {
  return (context, input) => {
    const id = input[ID_MEMBERS[kind]] as string;
    const entity = context.store.get(kind, id);
    if (entity === undefined) throw notFound(kind, id);
    return reply(operation, membersOf(entity, context, input.Verbose === true));
  };
}

function describeOf(operation: OperationName, kind: EntityKind): Operation {
  return (context, input) =>
    describeObjects(context, operation, kind, input, (entity) => membersOf(entity, context, false));
}

/** Updates the name. */
function renameOf(kind: EntityKind, nameMember: string): Operation {
  const idMember = ID_MEMBERS[kind];
  return ({ store }, input) => {
    const id = input[idMember] as string;
    return store.transaction(() => {
      alive(store.get(kind, id), kind, id);
      store.rename(kind, id, input[nameMember] as string);
      return { [idMember]: id };
    });
  };
}

/** Marks the object as deleted and removes its file. One that is deleted already stays so. */
function deleteOf(kind: EntityKind): Operation {
  const idMember = ID_MEMBERS[kind];
  return async ({ store, home }, input) => {
    const id = input[idMember] as string;
    store.transaction(() => {
      const entity = store.get(kind, id);
      if (entity === undefined) throw notFound(kind, id);
      if (kind === 'MLModel' && entity.status !== 'DELETED' && hasEndpoint(entity)) {
        throw invalid(`The ${nameOf(kind, id)} has a real-time endpoint. Hint: delete the endpoint first`);
      }
      store.remove(kind, id);
    });
    const path = resultPath(home, kind, id);
    if (path !== undefined) await rm(path, { force: true });
    return { [idMember]: id };
  };
}

export const HANDLERS: Readonly<Record<OperationName, Operation>> = {
  AddTags: addTags,
  CreateBatchPrediction: createBatchPrediction,
  CreateDataSourceFromRDS: createDataSource,
  CreateDataSourceFromRedshift: createDataSource,
  CreateDataSourceFromS3: createDataSource,
  CreateEvaluation: createEvaluation,
  CreateMLModel: createMLModel,
  CreateRealtimeEndpoint: createRealtimeEndpoint,
  DeleteBatchPrediction: deleteOf('BatchPrediction'),
  DeleteDataSource: deleteOf('DataSource'),
  DeleteEvaluation: deleteOf('Evaluation'),
  DeleteMLModel: deleteOf('MLModel'),
  DeleteRealtimeEndpoint: deleteRealtimeEndpoint,
  DeleteTags: deleteTags,
  DescribeBatchPredictions: describeOf('DescribeBatchPredictions', 'BatchPrediction'),
  DescribeDataSources: describeOf('DescribeDataSources', 'DataSource'),
  DescribeEvaluations: describeOf('DescribeEvaluations', 'Evaluation'),
  DescribeMLModels: describeOf('DescribeMLModels', 'MLModel'),
  DescribeTags: describeTags,
  GetBatchPrediction: getOf('GetBatchPrediction', 'BatchPrediction'),
  GetDataSource: getOf('GetDataSource', 'DataSource'),
  GetEvaluation: getOf('GetEvaluation', 'Evaluation'),
  GetMLModel: getOf('GetMLModel', 'MLModel'),
  Predict: predict,
  UpdateBatchPrediction: renameOf('BatchPrediction', 'BatchPredictionName'),
  UpdateDataSource: renameOf('DataSource', 'DataSourceName'),
  UpdateEvaluation: renameOf('Evaluation', 'EvaluationName'),
  UpdateMLModel: updateMLModel,
};
