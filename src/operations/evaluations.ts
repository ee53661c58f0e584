import { InvalidInput } from '../errors.js';
import type { Entity } from '../store/entity.js';
import type { Input, OperationContext } from './context.js';
import { type Checked, create } from './create.js';
import { dataLocation, dataSpec, knownSchema } from './data-sources.js';
import { commonMembers } from './reply.js';
import type { Message } from './service.js';
import { usable } from './usable.js';

interface CreateInput {
  readonly EvaluationId: string;
  readonly EvaluationName?: string;
  readonly MLModelId: string;
  readonly EvaluationDataSourceId: string;
}

export async function createEvaluation(context: OperationContext, input: Input): Promise<Message> {
  const { EvaluationId, EvaluationName, ...request } = input as unknown as CreateInput;
  const creation = { kind: 'Evaluation', id: EvaluationId, name: EvaluationName, request } as const;
  await create(context, creation, () => check(context, request));
  return { EvaluationId };
}

function check(
  { store }: OperationContext,
  { MLModelId, EvaluationDataSourceId: id }: Pick<CreateInput, 'MLModelId' | 'EvaluationDataSourceId'>,
): Checked {
  usable(store, 'MLModel', MLModelId, 'MLModelId');
  const source = usable(store, 'DataSource', id, 'EvaluationDataSourceId');
  if (knownSchema(source)?.targetAttributeName === null) {
    throw new InvalidInput(`EvaluationDataSourceId: the schema of the data source '${id}' names no target`, {
      hint: 'an evaluation compares predictions with targets: set targetAttributeName in the schema',
    });
  }
  const location = dataLocation(dataSpec(source));
  return {
    facts: { InputDataLocationS3: location },
    filters: { MLModelId, DataSourceId: id, DataURI: location },
  };
}

/** What Get and Describe say of an evaluation. */
export function evaluationMembers(entity: Entity): Message {
  const { request, facts } = entity;
  return {
    ...commonMembers(entity),
    EvaluationId: entity.id,
    MLModelId: request.MLModelId,
    EvaluationDataSourceId: request.EvaluationDataSourceId,
    InputDataLocationS3: facts.InputDataLocationS3,
    PerformanceMetrics: facts.PerformanceMetrics,
  };
}
