/** A value that goes over the wire. `timestamp`: seconds since 1970 as a JSON number. */
export interface SimpleShape {
  readonly type: 'string' | 'boolean' | 'integer' | 'long' | 'float' | 'timestamp';
  /** The only values allowed. */
  readonly enum?: readonly string[];
  /** Regular expression of the whole value. */
  readonly pattern?: string;
  /** Characters. */
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
}

export interface ListShape {
  readonly type: 'list';
  readonly item: Shape;
  readonly maxItems?: number;
}

export interface MapShape {
  readonly type: 'map';
  readonly key: SimpleShape;
  readonly value: SimpleShape;
}

export interface StructureShape {
  readonly type: 'structure';
  /** In the order in which clients show them. */
  readonly members: Members;
}

export type Shape = SimpleShape | ListShape | MapShape | StructureShape;

/** A shape in its place: a member of a structure, or of an operation's input. */
export type Member = Shape & { readonly required?: true };
export type Members = Readonly<Record<string, Member>>;

const text: SimpleShape = { type: 'string' };
const boolean: SimpleShape = { type: 'boolean' };
const integer: SimpleShape = { type: 'integer' };
const long: SimpleShape = { type: 'long' };
const float: SimpleShape = { type: 'float' };
const timestamp: SimpleShape = { type: 'timestamp' };

function required<S extends Shape>(shape: S): S & { readonly required: true } {
  return { ...shape, required: true };
}

const list = (item: Shape, maxItems?: number): ListShape => ({ type: 'list', item, ...(maxItems && { maxItems }) });
const map = (key: SimpleShape, value: SimpleShape): MapShape => ({ type: 'map', key, value });
const structure = (members: Members): StructureShape => ({ type: 'structure', members });

const Algorithm: SimpleShape = { type: 'string', enum: ['sgd'] };
const AwsUserArn: SimpleShape = { type: 'string', pattern: 'arn:aws:iam::[0-9]+:((user/.+)|(root))' };
const BatchPredictionFilterVariable: SimpleShape = {
  type: 'string',
  enum: ['CreatedAt', 'LastUpdatedAt', 'Status', 'Name', 'IAMUser', 'MLModelId', 'DataSourceId', 'DataURI'],
};
const ComparatorValue: SimpleShape = { type: 'string', pattern: '.*\\S.*|^$', maxLength: 1024 };
const DataSchema: SimpleShape = { type: 'string', maxLength: 131071 };
const DataSourceFilterVariable: SimpleShape = {
  type: 'string',
  enum: ['CreatedAt', 'LastUpdatedAt', 'Status', 'Name', 'DataLocationS3', 'IAMUser'],
};
const DetailsAttributes: SimpleShape = { type: 'string', enum: ['PredictiveModelType', 'Algorithm'] };
const DetailsValue: SimpleShape = { type: 'string', minLength: 1 };
const EDPPipelineId: SimpleShape = { type: 'string', minLength: 1, maxLength: 1024 };
const EDPResourceRole: SimpleShape = { type: 'string', minLength: 1, maxLength: 64 };
const EDPSecurityGroupId: SimpleShape = { type: 'string', minLength: 1, maxLength: 255 };
const EDPServiceRole: SimpleShape = { type: 'string', minLength: 1, maxLength: 64 };
const EDPSubnetId: SimpleShape = { type: 'string', minLength: 1, maxLength: 255 };
const EntityId: SimpleShape = { type: 'string', pattern: '[a-zA-Z0-9_.-]+', minLength: 1, maxLength: 64 };
const EntityName: SimpleShape = { type: 'string', pattern: '.*\\S.*|^$', maxLength: 1024 };
const EntityStatus: SimpleShape = { type: 'string', enum: ['PENDING', 'INPROGRESS', 'FAILED', 'COMPLETED', 'DELETED'] };
const EvaluationFilterVariable: SimpleShape = {
  type: 'string',
  enum: ['CreatedAt', 'LastUpdatedAt', 'Status', 'Name', 'IAMUser', 'MLModelId', 'DataSourceId', 'DataURI'],
};
const Label: SimpleShape = { type: 'string', minLength: 1 };
const MLModelFilterVariable: SimpleShape = {
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
const MLModelName: SimpleShape = { type: 'string', maxLength: 1024 };
const MLModelType: SimpleShape = { type: 'string', enum: ['REGRESSION', 'BINARY', 'MULTICLASS'] };
const Message: SimpleShape = { type: 'string', maxLength: 10240 };
const PageLimit: SimpleShape = { type: 'integer', minimum: 1, maximum: 100 };
const RDSDatabaseName: SimpleShape = { type: 'string', minLength: 1, maxLength: 64 };
const RDSDatabasePassword: SimpleShape = { type: 'string', minLength: 8, maxLength: 128 };
const RDSDatabaseUsername: SimpleShape = { type: 'string', minLength: 1, maxLength: 128 };
const RDSInstanceIdentifier: SimpleShape = { type: 'string', pattern: '[a-z0-9-]+', minLength: 1, maxLength: 63 };
const RDSSelectSqlQuery: SimpleShape = { type: 'string', minLength: 1, maxLength: 16777216 };
const RealtimeEndpointStatus: SimpleShape = { type: 'string', enum: ['NONE', 'READY', 'UPDATING', 'FAILED'] };
const Recipe: SimpleShape = { type: 'string', maxLength: 131071 };
const RedshiftClusterIdentifier: SimpleShape = { type: 'string', pattern: '[a-z0-9-]+', minLength: 1, maxLength: 63 };
const RedshiftDatabaseName: SimpleShape = { type: 'string', pattern: '[a-z0-9]+', minLength: 1, maxLength: 64 };
const RedshiftDatabasePassword: SimpleShape = { type: 'string', minLength: 8, maxLength: 64 };
const RedshiftDatabaseUsername: SimpleShape = { type: 'string', minLength: 1, maxLength: 128 };
const RedshiftSelectSqlQuery: SimpleShape = { type: 'string', minLength: 1, maxLength: 16777216 };
const RoleARN: SimpleShape = { type: 'string', minLength: 1, maxLength: 110 };
const S3Url: SimpleShape = { type: 'string', pattern: 's3://([^/]+)(/.*)?', maxLength: 2048 };
const SortOrder: SimpleShape = { type: 'string', enum: ['asc', 'dsc'] };
const TagKey: SimpleShape = {
  type: 'string',
  pattern: '^([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*)$',
  minLength: 1,
  maxLength: 128,
};
const TagValue: SimpleShape = {
  type: 'string',
  pattern: '^([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*)$',
  minLength: 0,
  maxLength: 256,
};
const TaggableResourceType: SimpleShape = {
  type: 'string',
  enum: ['BatchPrediction', 'DataSource', 'Evaluation', 'MLModel'],
};
const VipURL: SimpleShape = {
  type: 'string',
  pattern: 'https://[a-zA-Z0-9-.]*\\.amazon(aws)?\\.com[/]?',
  maxLength: 2048,
};
const Tag = structure({ Key: TagKey, Value: TagValue });
const RDSDatabase = structure({
  InstanceIdentifier: required(RDSInstanceIdentifier),
  DatabaseName: required(RDSDatabaseName),
});
const RDSDatabaseCredentials = structure({
  Username: required(RDSDatabaseUsername),
  Password: required(RDSDatabasePassword),
});
const RedshiftDatabase = structure({
  DatabaseName: required(RedshiftDatabaseName),
  ClusterIdentifier: required(RedshiftClusterIdentifier),
});
const RedshiftDatabaseCredentials = structure({
  Username: required(RedshiftDatabaseUsername),
  Password: required(RedshiftDatabasePassword),
});
const S3DataSpec = structure({
  DataLocationS3: required(S3Url),
  DataRearrangement: text,
  DataSchema,
  DataSchemaLocationS3: S3Url,
});
const RealtimeEndpointInfo = structure({
  PeakRequestsPerSecond: integer,
  CreatedAt: timestamp,
  EndpointUrl: VipURL,
  EndpointStatus: RealtimeEndpointStatus,
});
const BatchPrediction = structure({
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
const RedshiftMetadata = structure({
  RedshiftDatabase,
  DatabaseUserName: RedshiftDatabaseUsername,
  SelectSqlQuery: RedshiftSelectSqlQuery,
});
const RDSMetadata = structure({
  Database: RDSDatabase,
  DatabaseUserName: RDSDatabaseUsername,
  SelectSqlQuery: RDSSelectSqlQuery,
  ResourceRole: EDPResourceRole,
  ServiceRole: EDPServiceRole,
  DataPipelineId: EDPPipelineId,
});
const PerformanceMetrics = structure({ Properties: map(text, text) });
const MLModel = structure({
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
const Prediction = structure({
  predictedLabel: Label,
  predictedValue: float,
  predictedScores: map(Label, float),
  details: map(DetailsAttributes, DetailsValue),
});
const RDSDataSpec = structure({
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
const RedshiftDataSpec = structure({
  DatabaseInformation: required(RedshiftDatabase),
  SelectSqlQuery: required(RedshiftSelectSqlQuery),
  DatabaseCredentials: required(RedshiftDatabaseCredentials),
  S3StagingLocation: required(S3Url),
  DataRearrangement: text,
  DataSchema,
  DataSchemaUri: S3Url,
});
const DataSource = structure({
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
const Evaluation = structure({
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

export interface OperationShape {
  /** The name on the command line. */
  readonly command: string;
  readonly input: Members;
  readonly output: Members;
  readonly errors: readonly ErrorName[];
}

function operation(command: string, input: Members, output: Members, errors: readonly ErrorName[]): OperationShape {
  return { command, input, output, errors };
}

/** The service's exceptions and their HTTP statuses. */
export const ERROR_STATUS = {
  IdempotentParameterMismatchException: 400,
  InternalServerException: 500,
  InvalidInputException: 400,
  InvalidTagException: 400,
  LimitExceededException: 417,
  PredictorNotMountedException: 400,
  ResourceNotFoundException: 404,
  TagLimitExceededException: 400,
} as const;
export type ErrorName = keyof typeof ERROR_STATUS;

/**
 * The operations of the service.
 *
 * Amazon Machine Learning API, version 2014-12-12.
 */
export const OPERATIONS = {
  AddTags: operation(
    'add-tags',
    { Tags: required(list(Tag, 100)), ResourceId: required(EntityId), ResourceType: required(TaggableResourceType) },
    { ResourceId: EntityId, ResourceType: TaggableResourceType },
    [
      'InvalidInputException',
      'InvalidTagException',
      'TagLimitExceededException',
      'ResourceNotFoundException',
      'InternalServerException',
    ],
  ),
  CreateBatchPrediction: operation(
    'create-batch-prediction',
    {
      BatchPredictionId: required(EntityId),
      BatchPredictionName: EntityName,
      MLModelId: required(EntityId),
      BatchPredictionDataSourceId: required(EntityId),
      OutputUri: required(S3Url),
    },
    { BatchPredictionId: EntityId },
    ['InvalidInputException', 'InternalServerException', 'IdempotentParameterMismatchException'],
  ),
  CreateDataSourceFromRDS: operation(
    'create-data-source-from-rds',
    {
      DataSourceId: required(EntityId),
      DataSourceName: EntityName,
      RDSData: required(RDSDataSpec),
      RoleARN: required(RoleARN),
      ComputeStatistics: boolean,
    },
    { DataSourceId: EntityId },
    ['InvalidInputException', 'InternalServerException', 'IdempotentParameterMismatchException'],
  ),
  CreateDataSourceFromRedshift: operation(
    'create-data-source-from-redshift',
    {
      DataSourceId: required(EntityId),
      DataSourceName: EntityName,
      DataSpec: required(RedshiftDataSpec),
      RoleARN: required(RoleARN),
      ComputeStatistics: boolean,
    },
    { DataSourceId: EntityId },
    ['InvalidInputException', 'InternalServerException', 'IdempotentParameterMismatchException'],
  ),
  CreateDataSourceFromS3: operation(
    'create-data-source-from-s3',
    {
      DataSourceId: required(EntityId),
      DataSourceName: EntityName,
      DataSpec: required(S3DataSpec),
      ComputeStatistics: boolean,
    },
    { DataSourceId: EntityId },
    ['InvalidInputException', 'InternalServerException', 'IdempotentParameterMismatchException'],
  ),
  CreateEvaluation: operation(
    'create-evaluation',
    {
      EvaluationId: required(EntityId),
      EvaluationName: EntityName,
      MLModelId: required(EntityId),
      EvaluationDataSourceId: required(EntityId),
    },
    { EvaluationId: EntityId },
    ['InvalidInputException', 'InternalServerException', 'IdempotentParameterMismatchException'],
  ),
  CreateMLModel: operation(
    'create-ml-model',
    {
      MLModelId: required(EntityId),
      MLModelName: EntityName,
      MLModelType: required(MLModelType),
      Parameters: map(text, text),
      TrainingDataSourceId: required(EntityId),
      Recipe,
      RecipeUri: S3Url,
    },
    { MLModelId: EntityId },
    ['InvalidInputException', 'InternalServerException', 'IdempotentParameterMismatchException'],
  ),
  CreateRealtimeEndpoint: operation(
    'create-realtime-endpoint',
    { MLModelId: required(EntityId) },
    { MLModelId: EntityId, RealtimeEndpointInfo },
    ['InvalidInputException', 'ResourceNotFoundException', 'InternalServerException'],
  ),
  DeleteBatchPrediction: operation(
    'delete-batch-prediction',
    { BatchPredictionId: required(EntityId) },
    { BatchPredictionId: EntityId },
    ['InvalidInputException', 'ResourceNotFoundException', 'InternalServerException'],
  ),
  DeleteDataSource: operation('delete-data-source', { DataSourceId: required(EntityId) }, { DataSourceId: EntityId }, [
    'InvalidInputException',
    'ResourceNotFoundException',
    'InternalServerException',
  ]),
  DeleteEvaluation: operation('delete-evaluation', { EvaluationId: required(EntityId) }, { EvaluationId: EntityId }, [
    'InvalidInputException',
    'ResourceNotFoundException',
    'InternalServerException',
  ]),
  DeleteMLModel: operation('delete-ml-model', { MLModelId: required(EntityId) }, { MLModelId: EntityId }, [
    'InvalidInputException',
    'ResourceNotFoundException',
    'InternalServerException',
  ]),
  DeleteRealtimeEndpoint: operation(
    'delete-realtime-endpoint',
    { MLModelId: required(EntityId) },
    { MLModelId: EntityId, RealtimeEndpointInfo },
    ['InvalidInputException', 'ResourceNotFoundException', 'InternalServerException'],
  ),
  DeleteTags: operation(
    'delete-tags',
    {
      TagKeys: required(list(TagKey, 100)),
      ResourceId: required(EntityId),
      ResourceType: required(TaggableResourceType),
    },
    { ResourceId: EntityId, ResourceType: TaggableResourceType },
    ['InvalidInputException', 'InvalidTagException', 'ResourceNotFoundException', 'InternalServerException'],
  ),
  DescribeBatchPredictions: operation(
    'describe-batch-predictions',
    {
      FilterVariable: BatchPredictionFilterVariable,
      EQ: ComparatorValue,
      GT: ComparatorValue,
      LT: ComparatorValue,
      GE: ComparatorValue,
      LE: ComparatorValue,
      NE: ComparatorValue,
      Prefix: ComparatorValue,
      SortOrder,
      NextToken: text,
      Limit: PageLimit,
    },
    { Results: list(BatchPrediction), NextToken: text },
    ['InvalidInputException', 'InternalServerException'],
  ),
  DescribeDataSources: operation(
    'describe-data-sources',
    {
      FilterVariable: DataSourceFilterVariable,
      EQ: ComparatorValue,
      GT: ComparatorValue,
      LT: ComparatorValue,
      GE: ComparatorValue,
      LE: ComparatorValue,
      NE: ComparatorValue,
      Prefix: ComparatorValue,
      SortOrder,
      NextToken: text,
      Limit: PageLimit,
    },
    { Results: list(DataSource), NextToken: text },
    ['InvalidInputException', 'InternalServerException'],
  ),
  DescribeEvaluations: operation(
    'describe-evaluations',
    {
      FilterVariable: EvaluationFilterVariable,
      EQ: ComparatorValue,
      GT: ComparatorValue,
      LT: ComparatorValue,
      GE: ComparatorValue,
      LE: ComparatorValue,
      NE: ComparatorValue,
      Prefix: ComparatorValue,
      SortOrder,
      NextToken: text,
      Limit: PageLimit,
    },
    { Results: list(Evaluation), NextToken: text },
    ['InvalidInputException', 'InternalServerException'],
  ),
  DescribeMLModels: operation(
    'describe-ml-models',
    {
      FilterVariable: MLModelFilterVariable,
      EQ: ComparatorValue,
      GT: ComparatorValue,
      LT: ComparatorValue,
      GE: ComparatorValue,
      LE: ComparatorValue,
      NE: ComparatorValue,
      Prefix: ComparatorValue,
      SortOrder,
      NextToken: text,
      Limit: PageLimit,
    },
    { Results: list(MLModel), NextToken: text },
    ['InvalidInputException', 'InternalServerException'],
  ),
  DescribeTags: operation(
    'describe-tags',
    { ResourceId: required(EntityId), ResourceType: required(TaggableResourceType) },
    { ResourceId: EntityId, ResourceType: TaggableResourceType, Tags: list(Tag, 100) },
    ['InvalidInputException', 'ResourceNotFoundException', 'InternalServerException'],
  ),
  GetBatchPrediction: operation(
    'get-batch-prediction',
    { BatchPredictionId: required(EntityId) },
    {
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
      LogUri: text,
      Message,
      ComputeTime: long,
      FinishedAt: timestamp,
      StartedAt: timestamp,
      TotalRecordCount: long,
      InvalidRecordCount: long,
    },
    ['InvalidInputException', 'ResourceNotFoundException', 'InternalServerException'],
  ),
  GetDataSource: operation(
    'get-data-source',
    { DataSourceId: required(EntityId), Verbose: boolean },
    {
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
      LogUri: text,
      Message,
      RedshiftMetadata,
      RDSMetadata,
      RoleARN,
      ComputeStatistics: boolean,
      ComputeTime: long,
      FinishedAt: timestamp,
      StartedAt: timestamp,
      DataSourceSchema: DataSchema,
    },
    ['InvalidInputException', 'ResourceNotFoundException', 'InternalServerException'],
  ),
  GetEvaluation: operation(
    'get-evaluation',
    { EvaluationId: required(EntityId) },
    {
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
      LogUri: text,
      Message,
      ComputeTime: long,
      FinishedAt: timestamp,
      StartedAt: timestamp,
    },
    ['InvalidInputException', 'ResourceNotFoundException', 'InternalServerException'],
  ),
  GetMLModel: operation(
    'get-ml-model',
    { MLModelId: required(EntityId), Verbose: boolean },
    {
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
      MLModelType,
      ScoreThreshold: float,
      ScoreThresholdLastUpdatedAt: timestamp,
      LogUri: text,
      Message,
      ComputeTime: long,
      FinishedAt: timestamp,
      StartedAt: timestamp,
      Recipe,
      Schema: DataSchema,
    },
    ['InvalidInputException', 'ResourceNotFoundException', 'InternalServerException'],
  ),
  Predict: operation(
    'predict',
    { MLModelId: required(EntityId), Record: required(map(text, text)), PredictEndpoint: required(VipURL) },
    { Prediction },
    [
      'InvalidInputException',
      'ResourceNotFoundException',
      'LimitExceededException',
      'InternalServerException',
      'PredictorNotMountedException',
    ],
  ),
  UpdateBatchPrediction: operation(
    'update-batch-prediction',
    { BatchPredictionId: required(EntityId), BatchPredictionName: required(EntityName) },
    { BatchPredictionId: EntityId },
    ['InvalidInputException', 'ResourceNotFoundException', 'InternalServerException'],
  ),
  UpdateDataSource: operation(
    'update-data-source',
    { DataSourceId: required(EntityId), DataSourceName: required(EntityName) },
    { DataSourceId: EntityId },
    ['InvalidInputException', 'ResourceNotFoundException', 'InternalServerException'],
  ),
  UpdateEvaluation: operation(
    'update-evaluation',
    { EvaluationId: required(EntityId), EvaluationName: required(EntityName) },
    { EvaluationId: EntityId },
    ['InvalidInputException', 'ResourceNotFoundException', 'InternalServerException'],
  ),
  UpdateMLModel: operation(
    'update-ml-model',
    { MLModelId: required(EntityId), MLModelName: EntityName, ScoreThreshold: float },
    { MLModelId: EntityId },
    ['InvalidInputException', 'ResourceNotFoundException', 'InternalServerException'],
  ),
} as const satisfies Readonly<Record<string, OperationShape>>;
export type OperationName = keyof typeof OPERATIONS;
