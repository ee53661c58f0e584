import type { OperationName } from '../../operations/shapes.js';

/** What the members of inputs and outputs are, one sentence each. */
const MEMBERS: Readonly<Record<string, string>> = {
  Algorithm: 'The algorithm that trains the model.',
  BatchPredictionDataSourceId: 'Id of the data source whose observations are predicted.',
  BatchPredictionId: 'Id of the batch prediction, chosen by you.',
  BatchPredictionName: 'Name of the batch prediction, for people.',
  ClusterIdentifier: 'Name of the Redshift cluster.',
  ComputeStatistics: 'Whether statistics are computed, which a data source for training needs.',
  ComputeTime: 'Milliseconds of processor time that the work took.',
  CreatedAt: 'When it was created.',
  CreatedByIamUser: 'ARN of the user who created it.',
  DataLocationS3: 'Where the CSV is: a file, or a folder whose files are read in order.',
  DataPipelineId: 'Id of the pipeline that copied the data.',
  DataRearrangement:
    'JSON that says which part of the data counts, such as {"splitting":{"percentBegin":0,"percentEnd":70}}.',
  DataSchema: 'Schema of the data, as JSON text.',
  DataSchemaLocationS3: 'Where the schema is, a JSON file.',
  DataSchemaUri: 'Where the schema is, a JSON file.',
  DataSizeInBytes: 'Size of the data.',
  DataSourceId: 'Id of the data source, chosen by you.',
  DataSourceName: 'Name of the data source, for people.',
  DataSourceSchema: 'Schema of the data, as JSON text.',
  DataSpec: 'Where the data is and what it looks like.',
  Database: 'The database that was queried.',
  DatabaseCredentials: 'User name and password for the database.',
  DatabaseInformation: 'Which database to query.',
  DatabaseName: 'Name of the database.',
  DatabaseUserName: 'Name of the database user.',
  EQ: 'Keep objects whose variable equals this value.',
  EndpointInfo: 'State of the endpoint for single predictions.',
  EndpointStatus: 'Whether the endpoint takes requests.',
  EndpointUrl: 'URL for predict requests.',
  EvaluationDataSourceId: 'Id of the data source that the model is measured on.',
  EvaluationId: 'Id of the evaluation, chosen by you.',
  EvaluationName: 'Name of the evaluation, for people.',
  FilterVariable: 'Variable by which objects are filtered and sorted.',
  FinishedAt: 'When the work ended.',
  GE: 'Keep objects whose variable is this value or greater.',
  GT: 'Keep objects whose variable is greater than this value.',
  InputDataLocationS3: 'Where the data is that it was made from.',
  InstanceIdentifier: 'Name of the RDS instance.',
  InvalidRecordCount: 'Number of observations that could not be predicted.',
  Key: 'Key of the tag.',
  LE: 'Keep objects whose variable is this value or less.',
  LT: 'Keep objects whose variable is less than this value.',
  LastUpdatedAt: 'When it was changed last.',
  Limit: 'Number of objects on a page at most.',
  LogUri: 'Where the log of the work is.',
  MLModelId: 'Id of the model, chosen by you.',
  MLModelName: 'Name of the model, for people.',
  MLModelType:
    "What the model predicts: a number, one of two classes or one of several; it must fit the target's type.",
  Message: 'What the work is at, or why it failed.',
  NE: 'Keep objects whose variable differs from this value.',
  Name: 'Name, for people.',
  NextToken: 'Where the next page begins, as the page before said.',
  NumberOfFiles: 'Number of files that the data consists of.',
  OutputUri: 'Folder that the predictions are written to.',
  Parameters:
    'Training parameters, such as sgd.maxPasses=10, sgd.shuffleType=auto and sgd.l2RegularizationAmount=1e-6.',
  Password: 'Password of the database user.',
  PeakRequestsPerSecond: 'Requests that the endpoint takes in a second.',
  PerformanceMetrics: 'How good the predictions are.',
  PredictEndpoint: "URL of the model's endpoint, as get-ml-model shows it.",
  Prediction: 'What the model says of the observation.',
  Prefix: 'Keep objects whose variable begins with this text.',
  Properties: 'BinaryAUC, MulticlassAvgFScore or RegressionRMSE, as text.',
  RDSData: 'Which rows of an RDS database to read, and how.',
  RDSMetadata: 'The RDS query that the data came from.',
  RealtimeEndpointInfo: 'State of the endpoint for single predictions.',
  Recipe: 'Recipe that makes features of the attributes, as JSON text; without one it is made from the data.',
  RecipeUri: 'Where the recipe is, a JSON file.',
  Record: 'The observation: values of the attributes by name, all as text.',
  RedshiftDatabase: 'The Redshift database that was queried.',
  RedshiftMetadata: 'The Redshift query that the data came from.',
  ResourceId: 'Id of the tagged object.',
  ResourceRole: 'Role of the machine that copies the data.',
  ResourceType: 'Kind of the tagged object.',
  Results: 'The objects of this page.',
  RoleARN: 'ARN of the role that reads the database for you.',
  S3StagingLocation: 'Folder that the result of the query is copied to.',
  Schema: 'Schema of the data that the model was trained on, as JSON text.',
  ScoreThreshold: 'Score from which on a binary model answers 1.',
  ScoreThresholdLastUpdatedAt: 'When the score threshold was changed last.',
  SecurityGroupIds: 'Ids of the security groups of the machine that copies the data.',
  SelectSqlQuery: 'SQL query whose rows are the observations.',
  ServiceRole: 'Role of the service that supervises the copying.',
  SizeInBytes: 'Size of the model.',
  SortOrder: 'Whether the smallest or the greatest values come first.',
  StartedAt: 'When the work began.',
  Status: 'How far the work is.',
  SubnetId: 'Id of the subnet of the machine that copies the data.',
  TagKeys: 'Keys of the tags to remove.',
  Tags: 'Keys and values to attach; a key that is there already gets the new value.',
  TotalRecordCount: 'Number of observations that were read.',
  TrainingDataSourceId: 'Id of the data source to learn from, which must have statistics.',
  TrainingParameters: 'The training parameters, defaults included.',
  Username: 'Name of the database user.',
  Value: 'Value of the tag.',
  Verbose: 'Whether schema and recipe are shown too.',
  details: 'Type of the model and algorithm.',
  predictedLabel: 'The predicted class.',
  predictedScores: 'Score of each class.',
  predictedValue: 'The predicted number.',
};

/** What a member is, in one sentence. */
export function describeMember(name: string): string {
  return MEMBERS[name] ?? '';
}

export interface OperationDescription {
  /** One sentence without a full stop, for lists. */
  readonly summary: string;
  readonly details: readonly string[];
}

const ASYNCHRONOUS = (get: string, waiter: string): string =>
  `Returns at once. The object is PENDING, then INPROGRESS, then COMPLETED or FAILED; ${get} shows its status and message, ` +
  `and "wait ${waiter}" or --wait wait for the end. The same call again gives the same answer; another call with the same id ` +
  'is refused.';
const STATEMENT_ABOUT_DATABASES =
  'The query is not carried out by this version: the data source becomes FAILED and its message says how to export the data.';
const LISTED =
  'Give a filter variable and one comparator to filter; results are sorted by the filter variable. All pages are fetched unless ' +
  '--no-paginate, --limit, --next-token or --max-items say otherwise.';
const DELETED = 'The object stays known as DELETED but cannot be used any more.';

const describeOperation = (summary: string, ...details: string[]): OperationDescription => ({ summary, details });

export const OPERATION_DESCRIPTIONS: Readonly<Record<OperationName, OperationDescription>> = {
  AddTags: describeOperation('Attach keys with values to an object', 'An object has at most 50 tags.'),
  CreateBatchPrediction: describeOperation(
    'Predict all observations of a data source into files',
    'Writes the folder batch-prediction below the output folder: a manifest, and one gzip-compressed CSV per input file.',
    ASYNCHRONOUS('get-batch-prediction', 'batch-prediction-available'),
  ),
  CreateDataSourceFromRDS: describeOperation(
    'Make a data source from a query of an RDS database',
    STATEMENT_ABOUT_DATABASES,
    ASYNCHRONOUS('get-data-source', 'data-source-available'),
  ),
  CreateDataSourceFromRedshift: describeOperation(
    'Make a data source from a query of a Redshift database',
    STATEMENT_ABOUT_DATABASES,
    ASYNCHRONOUS('get-data-source', 'data-source-available'),
  ),
  CreateDataSourceFromS3: describeOperation(
    'Make a data source from CSV files',
    'A data source names data, its schema and the part of it that counts; the data itself is not copied. On the local store ' +
      's3://bucket/key is the file key in the folder bucket of --s3-root, and file://path is a file of this machine.',
    ASYNCHRONOUS('get-data-source', 'data-source-available'),
  ),
  CreateEvaluation: describeOperation(
    'Measure a model on a data source with known targets',
    ASYNCHRONOUS('get-evaluation', 'evaluation-available'),
  ),
  CreateMLModel: describeOperation(
    'Train a model on a data source',
    'Trains logistic regression (BINARY), multinomial logistic regression (MULTICLASS) or linear regression (REGRESSION) by ' +
      'stochastic gradient descent. Of a finished model only the name and the score threshold change.',
    ASYNCHRONOUS('get-ml-model', 'ml-model-available'),
  ),
  CreateRealtimeEndpoint: describeOperation(
    'Open the endpoint of a model, for single predictions',
    'predict needs the URL that get-ml-model then shows.',
  ),
  DeleteBatchPrediction: describeOperation('Delete a batch prediction', DELETED),
  DeleteDataSource: describeOperation('Delete a data source', DELETED),
  DeleteEvaluation: describeOperation('Delete an evaluation', DELETED),
  DeleteMLModel: describeOperation('Delete a model', DELETED),
  DeleteRealtimeEndpoint: describeOperation('Close the endpoint of a model'),
  DeleteTags: describeOperation('Remove tags from an object', 'Keys that the object does not have are ignored.'),
  DescribeBatchPredictions: describeOperation('List batch predictions', LISTED),
  DescribeDataSources: describeOperation('List data sources', LISTED),
  DescribeEvaluations: describeOperation('List evaluations', LISTED),
  DescribeMLModels: describeOperation('List models', LISTED),
  DescribeTags: describeOperation('List the tags of an object'),
  GetBatchPrediction: describeOperation('Show a batch prediction and its status'),
  GetDataSource: describeOperation('Show a data source and its status'),
  GetEvaluation: describeOperation('Show an evaluation, its status and its metrics'),
  GetMLModel: describeOperation('Show a model, its status and its endpoint'),
  Predict: describeOperation(
    'Predict one observation with the endpoint of a model',
    'The model needs an open endpoint: see create-realtime-endpoint.',
  ),
  UpdateBatchPrediction: describeOperation('Rename a batch prediction'),
  UpdateDataSource: describeOperation('Rename a data source'),
  UpdateEvaluation: describeOperation('Rename an evaluation'),
  UpdateMLModel: describeOperation('Rename a model or change its score threshold'),
};

/** What the options are that do not come from an operation's input, one sentence each; also those of some commands only. */
export const OPTION_DESCRIPTIONS: Readonly<Record<string, string>> = {
  '--debug': 'Write what happens to standard error.',
  '--endpoint-url': 'URL of a server to talk to; without it the command works on the local store.',
  '--no-verify-ssl': "Accept the server's certificate unseen.",
  '--no-paginate': 'Fetch the first page only.',
  '--output': 'Form of the output.',
  '--query': 'JMESPath expression that picks from the output; see https://jmespath.org.',
  '--profile': 'Profile of the configuration and credentials files.',
  '--region': 'Region that requests are signed for.',
  '--version': 'Print the version.',
  '--color': 'Whether tables are coloured.',
  '--no-sign-request': 'Send the request without signature; no credentials are needed.',
  '--ca-bundle': 'File of certificates to trust.',
  '--cli-read-timeout': 'Seconds to wait for an answer; 0 is for ever.',
  '--cli-connect-timeout': 'Seconds to wait for a connection; 0 is for ever.',
  '--cli-binary-format': 'Form of binary values, of which this service has none.',
  '--no-cli-pager': 'Print to the terminal directly instead of through a pager.',
  '--cli-auto-prompt': 'Ask for the options on the terminal.',
  '--no-cli-auto-prompt': 'Do not ask, whatever the configuration says.',
  '--home': 'Folder of the local store; default $CREATE_ML_MODEL_HOME, else the data folder of the platform.',
  '--s3-root': 'Folder whose subfolders are the buckets of s3://bucket/key; default s3 in the home folder.',
  '--s3-endpoint': 'URL of an S3-compatible endpoint that s3:// leads to instead of a folder.',
  '--cli-input-json': 'JSON document with the members of the input; options go before it.',
  '--cli-input-yaml': 'YAML document with the members of the input; options go before it.',
  '--generate-cli-skeleton':
    'Print a document for --cli-input-json or --cli-input-yaml, or a sample of the response; send nothing.',
  '--starting-token': 'Where to go on: the NextToken that --max-items printed.',
  '--page-size': 'Number of objects that are asked for at once.',
  '--max-items': 'Number of objects to print at most; if there are more, a NextToken is printed.',
  '--wait': 'Wait for the end of the work.',
};
