import type { EntityKind } from './entity.js';

/** Filter variables that every kind has; they are columns of the entity. */
export const COLUMN_VARIABLES: Readonly<Record<string, { readonly column: string; readonly time: boolean }>> = {
  CreatedAt: { column: 'entity.created_at', time: true },
  LastUpdatedAt: { column: 'entity.last_updated_at', time: true },
  Status: { column: 'entity.status', time: false },
  Name: { column: 'entity.name_or_empty', time: false },
};

const USE = ['IAMUser', 'MLModelId', 'DataSourceId', 'DataURI'];

/** The filter variables of a kind that are given at creation. */
export const TEXT_VARIABLES: Readonly<Record<EntityKind, readonly string[]>> = {
  DataSource: ['IAMUser', 'DataLocationS3'],
  MLModel: ['IAMUser', 'TrainingDataSourceId', 'RealtimeEndpointStatus', 'MLModelType', 'Algorithm', 'TrainingDataURI'],
  Evaluation: USE,
  BatchPrediction: USE,
};
