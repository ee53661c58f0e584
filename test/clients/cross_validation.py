"""How well does it do on data it has not seen? Trains on all folds but one, evaluates on that one, for each fold.

usage: cross_validation.py ENDPOINT_URL DATA_URI SCHEMA_URI FOLDS SEED
"""
import json
import statistics
import sys

from work import connect, new_id, wait_for

RECIPE = {'outputs': ['ALL_CATEGORICAL', 'quantile_bin(ALL_NUMERIC,20)']}


def fold(number, count, seed, complement):
    return json.dumps({'splitting': {
        'percentBegin': number * 100 // count,
        'percentEnd': (number + 1) * 100 // count,
        'strategy': 'random',
        'complement': complement,
        'strategyParams': {'randomSeed': seed},
    }})


def start_fold(ml, name, data, schema, number, count, seed):
    ids = {}
    for role, complement in [('training', True), ('evaluation', False)]:
        ids[role] = new_id('ds')
        ml.create_data_source_from_s3(
            DataSourceId=ids[role],
            DataSourceName=f'{name}, {role} {number + 1} of {count}',
            DataSpec={
                'DataLocationS3': data,
                'DataSchemaLocationS3': schema,
                'DataRearrangement': fold(number, count, seed, complement),
            },
            ComputeStatistics=complement,
        )
    ids['model'] = new_id('ml')
    ml.create_ml_model(MLModelId=ids['model'], MLModelName=f'{name}, model {number + 1} of {count}',
                       MLModelType='BINARY', Parameters={'sgd.maxPasses': '10', 'sgd.shuffleType': 'none'},
                       Recipe=json.dumps(RECIPE), TrainingDataSourceId=ids['training'])
    evaluation = new_id('ev')
    ml.create_evaluation(EvaluationId=evaluation, EvaluationName=f'{name}, evaluation {number + 1} of {count}',
                         MLModelId=ids['model'], EvaluationDataSourceId=ids['evaluation'])
    return evaluation


def main(endpoint_url, data, schema, folds, seed):
    ml = connect(endpoint_url)
    name = new_id('cv')
    count = int(folds)
    evaluations = [start_fold(ml, name, data, schema, number, count, seed) for number in range(count)]
    ml.get_waiter('evaluation_available').wait(FilterVariable='Name', Prefix=name)
    found = [wait_for(lambda: ml.get_evaluation(EvaluationId=id)) for id in evaluations]
    scores = [float(one['PerformanceMetrics']['Properties']['BinaryAUC']) for one in found]
    pages = ml.get_paginator('describe_ml_models').paginate(
        FilterVariable='Name', Prefix=name, PaginationConfig={'PageSize': 3})
    models = [model['MLModelId'] for page in pages for model in page['Results']]
    print(json.dumps({
        'scores': scores,
        'mean': statistics.mean(scores),
        'deviation': statistics.stdev(scores),
        'models': len(models),
    }))


if __name__ == '__main__':
    main(*sys.argv[1:])
