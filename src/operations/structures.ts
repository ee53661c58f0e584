import type { ListShape, MapShape, Members, Shape, SimpleShape, StructureShape } from './shape.js';

/** The service's types, by their names: simple ones, then structures of them (API 2014-12-12). */
export const text: SimpleShape = { type: 'string' };
export const boolean: SimpleShape = { type: 'boolean' };
export const integer: SimpleShape = { type: 'integer' };
export const long: SimpleShape = { type: 'long' };
export const float: SimpleShape = { type: 'float' };
export const timestamp: SimpleShape = { type: 'timestamp' };

export function required<S extends Shape>(shape: S): S & { readonly required: true } {
  return { ...shape, required: true };
}

export const list = (item: Shape, maxItems?: number): ListShape => ({
  type: 'list',
  item,
  ...(maxItems && { maxItems }),
});
export const map = (key: SimpleShape, value: SimpleShape): MapShape => ({ type: 'map', key, value });
export const structure = (members: Members): StructureShape => ({ type: 'structure', members });

export const Algorithm: SimpleShape = { type: 'string', enum: ['sgd'] };
export const AwsUserArn: SimpleShape = { type: 'string', pattern: 'arn:aws:iam::[0-9]+:((user/.+)|(root))' };
export const BatchPredictionFilterVariable: SimpleShape = {
  type: 'string',
  enum: ['CreatedAt', 'LastUpdatedAt', 'Status', 'Name', 'IAMUser', 'MLModelId', 'DataSourceId', 'DataURI'],
};
export const ComparatorValue: SimpleShape = { type: 'string', pattern: '.*\\S.*|^$', maxLength: 1024 };
export const DataSchema: SimpleShape = { type: 'string', maxLength: 131071 };
export const DataSourceFilterVariable: SimpleShape = {
  type: 'string',
  enum: ['CreatedAt', 'LastUpdatedAt', 'Status', 'Name', 'DataLocationS3', 'IAMUser'],
};
export const DetailsAttributes: SimpleShape = { type: 'string', enum: ['PredictiveModelType', 'Algorithm'] };
export const DetailsValue: SimpleShape = { type: 'string', minLength: 1 };
export const EDPPipelineId: SimpleShape = { type: 'string', minLength: 1, maxLength: 1024 };
export const EDPResourceRole: SimpleShape = { type: 'string', minLength: 1, maxLength: 64 };
export const EDPSecurityGroupId: SimpleShape = { type: 'string', minLength: 1, maxLength: 255 };
export const EDPServiceRole: SimpleShape = { type: 'string', minLength: 1, maxLength: 64 };
export const EDPSubnetId: SimpleShape = { type: 'string', minLength: 1, maxLength: 255 };
export const EntityId: SimpleShape = { type: 'string', pattern: '[a-zA-Z0-9_.-]+', minLength: 1, maxLength: 64 };
export const EntityName: SimpleShape = { type: 'string', pattern: '.*\\S.*|^$', maxLength: 1024 };
export const EntityStatus: SimpleShape = {
  type: 'string',
  enum: ['PENDING', 'INPROGRESS', 'FAILED', 'COMPLETED', 'DELETED'],
};
export const EvaluationFilterVariable: SimpleShape = {
  type: 'string',
  enum: ['CreatedAt', 'LastUpdatedAt', 'Status', 'Name', 'IAMUser', 'MLModelId', 'DataSourceId', 'DataURI'],
};
export const Label: SimpleShape = { type: 'string', minLength: 1 };
export const MLModelFilterVariable: SimpleShape = {
  type: 'string',
  enum: [
    'CreatedAt',
    'LastUpdatedAt',
    'Status',
    'Name',
    'IAMUser',
    'TrainingDataSourceId',
    'RealtimeEndpointStatus',
    'MLModelType',
    'Algorithm',
    'TrainingDataURI',
  ],
};
export const MLModelName: SimpleShape = { type: 'string', maxLength: 1024 };
export const MLModelType: SimpleShape = { type: 'string', enum: ['REGRESSION', 'BINARY', 'MULTICLASS'] };
export const Message: SimpleShape = { type: 'string', maxLength: 10240 };
export const PageLimit: SimpleShape = { type: 'integer', minimum: 1, maximum: 100 };
export const RDSDatabaseName: SimpleShape = { type: 'string', minLength: 1, maxLength: 64 };
export const RDSDatabasePassword: SimpleShape = { type: 'string', minLength: 8, maxLength: 128 };
export const RDSDatabaseUsername: SimpleShape = { type: 'string', minLength: 1, maxLength: 128 };
export const RDSInstanceIdentifier: SimpleShape = {
  type: 'string',
  pattern: '[a-z0-9-]+',
  minLength: 1,
  maxLength: 63,
};
export const RDSSelectSqlQuery: SimpleShape = { type: 'string', minLength: 1, maxLength: 16777216 };
export const RealtimeEndpointStatus: SimpleShape = { type: 'string', enum: ['NONE', 'READY', 'UPDATING', 'FAILED'] };
export const Recipe: SimpleShape = { type: 'string', maxLength: 131071 };
export const RedshiftClusterIdentifier: SimpleShape = {
  type: 'string',
  pattern: '[a-z0-9-]+',
  minLength: 1,
  maxLength: 63,
};
export const RedshiftDatabaseName: SimpleShape = { type: 'string', pattern: '[a-z0-9]+', minLength: 1, maxLength: 64 };
export const RedshiftDatabasePassword: SimpleShape = { type: 'string', minLength: 8, maxLength: 64 };
export const RedshiftDatabaseUsername: SimpleShape = { type: 'string', minLength: 1, maxLength: 128 };
export const RedshiftSelectSqlQuery: SimpleShape = { type: 'string', minLength: 1, maxLength: 16777216 };
export const RoleARN: SimpleShape = { type: 'string', minLength: 1, maxLength: 110 };
export const S3Url: SimpleShape = { type: 'string', pattern: 's3://([^/]+)(/.*)?', maxLength: 2048 };
export const SortOrder: SimpleShape = { type: 'string', enum: ['asc', 'dsc'] };
export const TagKey: SimpleShape = {
  type: 'string',
  pattern: '^([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*)$',
  minLength: 1,
  maxLength: 128,
};
export const TagValue: SimpleShape = {
  type: 'string',
  pattern: '^([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*)$',
  minLength: 0,
  maxLength: 256,
};
export const TaggableResourceType: SimpleShape = {
  type: 'string',
  enum: ['BatchPrediction', 'DataSource', 'Evaluation', 'MLModel'],
};
export const VipURL: SimpleShape = {
  type: 'string',
  pattern: 'https://[a-zA-Z0-9-.]*\\.amazon(aws)?\\.com[/]?',
  maxLength: 2048,
};
export const Tag = structure({ Key: TagKey, Value: TagValue });
export const RDSDatabase = structure({
  InstanceIdentifier: required(RDSInstanceIdentifier),
  DatabaseName: required(RDSDatabaseName),
});
export const RDSDatabaseCredentials = structure({
  Username: required(RDSDatabaseUsername),
  Password: required(RDSDatabasePassword),
});
export const RedshiftDatabase = structure({
  DatabaseName: required(RedshiftDatabaseName),
  ClusterIdentifier: required(RedshiftClusterIdentifier),
});
export const RedshiftDatabaseCredentials = structure({
  Username: required(RedshiftDatabaseUsername),
  Password: required(RedshiftDatabasePassword),
});
export const S3DataSpec = structure({
  DataLocationS3: required(S3Url),
  DataRearrangement: text,
  DataSchema,
  DataSchemaLocationS3: S3Url,
});
export const RealtimeEndpointInfo = structure({
  PeakRequestsPerSecond: integer,
  CreatedAt: timestamp,
  EndpointUrl: VipURL,
  EndpointStatus: RealtimeEndpointStatus,
});
export const BatchPrediction = structure({
  BatchPredictionId: EntityId,
  MLModelId: EntityId,
  BatchPredictionDataSourceId: EntityId,
  InputDataLocationS3: S3Url,
  CreatedByIamUser: AwsUserArn,
  CreatedAt: timestamp,
  LastUpdatedAt: timestamp,
  Name: EntityName,
  Status: EntityStatus,
  OutputUri: S3Url,
  Message,
  ComputeTime: long,
  FinishedAt: timestamp,
  StartedAt: timestamp,
  TotalRecordCount: long,
  InvalidRecordCount: long,
});
export const RedshiftMetadata = structure({
  RedshiftDatabase,
  DatabaseUserName: RedshiftDatabaseUsername,
  SelectSqlQuery: RedshiftSelectSqlQuery,
});
export const RDSMetadata = structure({
  Database: RDSDatabase,
  DatabaseUserName: RDSDatabaseUsername,
  SelectSqlQuery: RDSSelectSqlQuery,
  ResourceRole: EDPResourceRole,
  ServiceRole: EDPServiceRole,
  DataPipelineId: EDPPipelineId,
});
export const PerformanceMetrics = structure({ Properties: map(text, text) });
export const MLModel = structure({
  MLModelId: EntityId,
  TrainingDataSourceId: EntityId,
  CreatedByIamUser: AwsUserArn,
  CreatedAt: timestamp,
  LastUpdatedAt: timestamp,
  Name: MLModelName,
  Status: EntityStatus,
  SizeInBytes: long,
  EndpointInfo: RealtimeEndpointInfo,
  TrainingParameters: map(text, text),
  InputDataLocationS3: S3Url,
  Algorithm,
  MLModelType,
  ScoreThreshold: float,
  ScoreThresholdLastUpdatedAt: timestamp,
  Message,
  ComputeTime: long,
  FinishedAt: timestamp,
  StartedAt: timestamp,
});
export const Prediction = structure({
  predictedLabel: Label,
  predictedValue: float,
  predictedScores: map(Label, float),
  details: map(DetailsAttributes, DetailsValue),
});
export const RDSDataSpec = structure({
  DatabaseInformation: required(RDSDatabase),
  SelectSqlQuery: required(RDSSelectSqlQuery),
  DatabaseCredentials: required(RDSDatabaseCredentials),
  S3StagingLocation: required(S3Url),
  DataRearrangement: text,
  DataSchema,
  DataSchemaUri: S3Url,
  ResourceRole: required(EDPResourceRole),
  ServiceRole: required(EDPServiceRole),
  SubnetId: required(EDPSubnetId),
  SecurityGroupIds: required(list(EDPSecurityGroupId)),
});
export const RedshiftDataSpec = structure({
  DatabaseInformation: required(RedshiftDatabase),
  SelectSqlQuery: required(RedshiftSelectSqlQuery),
  DatabaseCredentials: required(RedshiftDatabaseCredentials),
  S3StagingLocation: required(S3Url),
  DataRearrangement: text,
  DataSchema,
  DataSchemaUri: S3Url,
});
export const DataSource = structure({
  DataSourceId: EntityId,
  DataLocationS3: S3Url,
  DataRearrangement: text,
  CreatedByIamUser: AwsUserArn,
  CreatedAt: timestamp,
  LastUpdatedAt: timestamp,
  DataSizeInBytes: long,
  NumberOfFiles: long,
  Name: EntityName,
  Status: EntityStatus,
  Message,
  RedshiftMetadata,
  RDSMetadata,
  RoleARN,
  ComputeStatistics: boolean,
  ComputeTime: long,
  FinishedAt: timestamp,
  StartedAt: timestamp,
});
export const Evaluation = structure({
  EvaluationId: EntityId,
  MLModelId: EntityId,
  EvaluationDataSourceId: EntityId,
  InputDataLocationS3: S3Url,
  CreatedByIamUser: AwsUserArn,
  CreatedAt: timestamp,
  LastUpdatedAt: timestamp,
  Name: EntityName,
  Status: EntityStatus,
  PerformanceMetrics,
  Message,
  ComputeTime: long,
  FinishedAt: timestamp,
  StartedAt: timestamp,
});
