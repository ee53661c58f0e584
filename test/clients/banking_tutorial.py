"""Who will subscribe? Trains on 70 % of a bank's campaign, evaluates on the rest, and predicts the next campaign.

usage: banking_tutorial.py ENDPOINT_URL DATA_URI SCHEMA_FILE OUTPUT_URI
"""
import json
import sys

from work import connect, new_id, wait_for

THRESHOLD = 0.77
RECIPE = {
    'groups': {},
    'assignments': {},
    'outputs': ['ALL_BINARY', 'ALL_CATEGORICAL', 'quantile_bin(ALL_NUMERIC,50)', 'lowercase(ALL_TEXT)'],
}


def create_data_source(ml, data, schema, begin, end, statistics):
    id = new_id('ds')
    splitting = {'percentBegin': begin, 'percentEnd': end, 'strategy': 'random',
                 'strategyParams': {'randomSeed': data}}
    ml.create_data_source_from_s3(
        DataSourceId=id,
        DataSourceName=f'campaign, {begin} to {end} %',
        DataSpec={
            'DataLocationS3': data,
            'DataSchema': schema,
            'DataRearrangement': json.dumps({'splitting': splitting}),
        },
        ComputeStatistics=statistics,
    )
    return id


def main(endpoint_url, data, schema_file, output):
    ml = connect(endpoint_url)
    with open(schema_file, encoding='utf-8') as file:
        schema = file.read()
    training = create_data_source(ml, data, schema, 0, 70, True)
    held_out = create_data_source(ml, data, schema, 70, 100, False)
    model = new_id('ml')
    ml.create_ml_model(
        MLModelId=model,
        MLModelName='will subscribe',
        MLModelType='BINARY',
        Parameters={
            'sgd.maxPasses': '100',
            'sgd.maxMLModelSizeInBytes': '104857600',
            'sgd.l2RegularizationAmount': '1e-4',
        },
        Recipe=json.dumps(RECIPE),
        TrainingDataSourceId=training,
    )
    evaluation = new_id('ev')
    ml.create_evaluation(EvaluationId=evaluation, EvaluationName='on the other 30 %', MLModelId=model,
                         EvaluationDataSourceId=held_out)
    metrics = wait_for(lambda: ml.get_evaluation(EvaluationId=evaluation))['PerformanceMetrics']['Properties']

    ml.update_ml_model(MLModelId=model, ScoreThreshold=THRESHOLD)
    batch = new_id('bp')
    ml.create_batch_prediction(BatchPredictionId=batch, BatchPredictionName='next campaign', MLModelId=model,
                               BatchPredictionDataSourceId=held_out, OutputUri=output)
    predicted = wait_for(lambda: ml.get_batch_prediction(BatchPredictionId=batch))

    endpoint = ml.create_realtime_endpoint(MLModelId=model)['RealtimeEndpointInfo']
    answer = ml.predict(MLModelId=model, Record={'duration': '2000', 'poutcome': 'success'},
                        PredictEndpoint=endpoint['EndpointUrl'])
    print(json.dumps({
        'model': model,
        'batch': batch,
        'metrics': metrics,
        'records': predicted['TotalRecordCount'],
        'invalid': predicted['InvalidRecordCount'],
        'prediction': answer['Prediction'],
        'trained': ml.get_ml_model(MLModelId=model)['StartedAt'].isoformat(),
    }))


if __name__ == '__main__':
    main(*sys.argv[1:])
