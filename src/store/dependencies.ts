import type { EntityKind, Message } from './entity.js';

/** An object that another one is made from. */
export interface Dependency {
  readonly kind: EntityKind;
  readonly id: string;
}

/** By kind: the members of the create call that name objects it is made from, and their kinds. */
const MEMBERS: Readonly<Record<EntityKind, Readonly<Record<string, EntityKind>>>> = {
  DataSource: {},
  MLModel: { TrainingDataSourceId: 'DataSource' },
  Evaluation: { MLModelId: 'MLModel', EvaluationDataSourceId: 'DataSource' },
  BatchPrediction: { MLModelId: 'MLModel', BatchPredictionDataSourceId: 'DataSource' },
};

/** What must be COMPLETED before the work on an object can begin. */
export function dependenciesOf(kind: EntityKind, request: Message): Dependency[] {
  return Object.entries(MEMBERS[kind]).flatMap(([member, needed]) => {
    const id = request[member];
    return typeof id === 'string' ? [{ kind: needed, id }] : [];
  });
}

const NAMES: Readonly<Record<EntityKind, string>> = {
  DataSource: 'data source',
  MLModel: 'ML model',
  Evaluation: 'evaluation',
  BatchPrediction: 'batch prediction',
};

/** `data source 'ds-1'` */
export function nameOf(kind: EntityKind, id: string): string {
  return `${NAMES[kind]} '${id}'`;
}
