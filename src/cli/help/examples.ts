import type { OperationName } from '../../operations/shapes.js';

export interface Example {
  readonly text: string;
  /** Lines to type; `PROGRAM` stands for the command. */
  readonly lines: readonly string[];
}

const example = (text: string, ...lines: string[]): Example => ({ text, lines });

/** Examples that build on each other, in this order, on the file banking.csv in the folder `buckets/demo`. */
export const EXAMPLES: Readonly<Record<OperationName, readonly Example[]>> = {
  CreateDataSourceFromS3: [
    example(
      'The first 70 % of banking.csv for training; its schema is banking.csv.schema, beside it:',
      'DATA=s3://demo/banking.csv',
      `RANGE='{"splitting":{"percentBegin":0,"percentEnd":70}}'`,
      'PROGRAM create-data-source-from-s3 --data-source-id ds-train \\',
      `  --data-spec "DataLocationS3=$DATA,DataRearrangement='$RANGE'" \\`,
      '  --compute-statistics --s3-root buckets --wait',
    ),
    example(
      'The other 30 % for evaluation:',
      `RANGE='{"splitting":{"percentBegin":70,"percentEnd":100}}'`,
      'PROGRAM create-data-source-from-s3 --data-source-id ds-test \\',
      `  --data-spec "DataLocationS3=$DATA,DataRearrangement='$RANGE'" \\`,
      '  --s3-root buckets --wait',
    ),
  ],
  CreateDataSourceFromRDS: [
    example(
      'Print a document to fill in, then create the data source from it:',
      'PROGRAM create-data-source-from-rds --generate-cli-skeleton yaml-input > rds.yaml',
      'PROGRAM create-data-source-from-rds --cli-input-yaml file://rds.yaml',
    ),
  ],
  CreateDataSourceFromRedshift: [
    example(
      'Print a document to fill in, then create the data source from it:',
      'PROGRAM create-data-source-from-redshift --generate-cli-skeleton yaml-input > redshift.yaml',
      'PROGRAM create-data-source-from-redshift --cli-input-yaml file://redshift.yaml',
    ),
  ],
  CreateMLModel: [
    example(
      'Train a binary model in the background, then wait for it:',
      'PROGRAM create-ml-model --ml-model-id ml-1 --ml-model-type BINARY \\',
      '  --training-data-source-id ds-train \\',
      '  --parameters sgd.maxPasses=20,sgd.l2RegularizationAmount=1e-4 --s3-root buckets',
      'PROGRAM wait ml-model-available --filter-variable TrainingDataSourceId --eq ds-train',
    ),
    example(
      'Train with a recipe from a file and wait for the end:',
      'PROGRAM create-ml-model --ml-model-id ml-2 --ml-model-type BINARY \\',
      '  --training-data-source-id ds-train --recipe file://recipe.json --s3-root buckets --wait',
    ),
  ],
  GetMLModel: [
    example(
      'Show how far the training is:',
      'PROGRAM get-ml-model --ml-model-id ml-1 --query "[Status,Message]" --output text',
    ),
  ],
  CreateEvaluation: [
    example(
      'Measure the model on another data source and print the metric:',
      'PROGRAM create-evaluation --evaluation-id ev-1 --ml-model-id ml-1 \\',
      '  --evaluation-data-source-id ds-test --s3-root buckets --wait',
      'PROGRAM get-evaluation --evaluation-id ev-1 --query PerformanceMetrics.Properties',
    ),
  ],
  GetEvaluation: [
    example(
      'Print the metric:',
      'PROGRAM get-evaluation --evaluation-id ev-1 --query PerformanceMetrics.Properties.BinaryAUC',
    ),
  ],
  UpdateMLModel: [
    example('Answer 1 from a score of 0.77 on:', 'PROGRAM update-ml-model --ml-model-id ml-1 --score-threshold 0.77'),
  ],
  CreateBatchPrediction: [
    example(
      'Predict the observations of a data source into buckets/demo/out/batch-prediction:',
      'PROGRAM create-batch-prediction --batch-prediction-id bp-1 --ml-model-id ml-1 \\',
      '  --batch-prediction-data-source-id ds-test --output-uri s3://demo/out/ --s3-root buckets --wait',
    ),
  ],
  GetBatchPrediction: [
    example(
      'Show how many observations were predicted:',
      'PROGRAM get-batch-prediction --batch-prediction-id bp-1 --query "[TotalRecordCount,InvalidRecordCount]"',
    ),
  ],
  CreateRealtimeEndpoint: [example('Open the endpoint:', 'PROGRAM create-realtime-endpoint --ml-model-id ml-1')],
  Predict: [
    example(
      'Predict one observation:',
      'PROGRAM predict --ml-model-id ml-1 --record age=44,job=services,duration=1200 \\',
      '  --predict-endpoint "$(PROGRAM get-ml-model --ml-model-id ml-1 \\',
      '    --query EndpointInfo.EndpointUrl --output text)"',
    ),
  ],
  DeleteRealtimeEndpoint: [example('Close the endpoint:', 'PROGRAM delete-realtime-endpoint --ml-model-id ml-1')],
  DescribeMLModels: [
    example(
      'List the finished models, newest first:',
      'PROGRAM describe-ml-models --filter-variable CreatedAt --gt 2020-01-01 --sort-order dsc \\',
      '  --query "Results[?Status==\'COMPLETED\'].[MLModelId,Name]" --output text',
    ),
  ],
  DescribeDataSources: [
    example(
      'List data sources that failed, and why:',
      'PROGRAM describe-data-sources --filter-variable Status --eq FAILED \\',
      '  --query "Results[].[DataSourceId,Message]" --output table',
    ),
  ],
  DescribeEvaluations: [
    example(
      'Compare the evaluations of a model:',
      'PROGRAM describe-evaluations --filter-variable MLModelId --eq ml-1 \\',
      '  --query "Results[].[EvaluationId,PerformanceMetrics]" --output yaml',
    ),
  ],
  DescribeBatchPredictions: [example('Ten at a time:', 'PROGRAM describe-batch-predictions --max-items 10')],
  GetDataSource: [
    example(
      'Show the schema:',
      'PROGRAM get-data-source --data-source-id ds-train --verbose --query DataSourceSchema --output text',
    ),
  ],
  AddTags: [
    example(
      'Attach two tags:',
      'PROGRAM add-tags --resource-id ml-1 --resource-type MLModel \\',
      '  --tags Key=team,Value=churn Key=stage,Value=test',
    ),
  ],
  DescribeTags: [
    example('List them:', 'PROGRAM describe-tags --resource-id ml-1 --resource-type MLModel --output table'),
  ],
  DeleteTags: [
    example('Remove one:', 'PROGRAM delete-tags --resource-id ml-1 --resource-type MLModel --tag-keys stage'),
  ],
  UpdateDataSource: [
    example(
      'Give it a name:',
      'PROGRAM update-data-source --data-source-id ds-train --data-source-name "bank, first 70 %"',
    ),
  ],
  UpdateEvaluation: [
    example('Give it a name:', 'PROGRAM update-evaluation --evaluation-id ev-1 --evaluation-name "last 30 %"'),
  ],
  UpdateBatchPrediction: [
    example(
      'Give it a name:',
      'PROGRAM update-batch-prediction --batch-prediction-id bp-1 --batch-prediction-name march',
    ),
  ],
  DeleteBatchPrediction: [example('Delete it:', 'PROGRAM delete-batch-prediction --batch-prediction-id bp-1')],
  DeleteEvaluation: [example('Delete it:', 'PROGRAM delete-evaluation --evaluation-id ev-1')],
  DeleteMLModel: [example('Delete it:', 'PROGRAM delete-ml-model --ml-model-id ml-1')],
  DeleteDataSource: [example('Delete it:', 'PROGRAM delete-data-source --data-source-id ds-train')],
};
