import { describe, expect, it } from 'vitest';
import type { OutputError } from '../../../src/cli/output/errors.js';
import {
  formatResponse,
  OUTPUT_FORMATS,
  type OutputFormat,
  openPageFormatter,
} from '../../../src/cli/output/format.js';
import { checkQuery } from '../../../src/cli/output/query.js';
import { printSkeleton } from '../../../src/cli/output/skeleton.js';
import { OPERATIONS, type OperationName } from '../../../src/operations/shapes.js';
import { type AwsCase, runAws } from './aws-oracle.js';
import { Random, randomResponse } from './random.js';
import { inZone } from './zone.js';

/** More than the suite's share: AWS_CASES=2000 npx vitest run test/cli/output/differential.test.ts */
const CASE_COUNT = Number(process.env.AWS_CASES ?? 50);
const SEED = Number(process.env.AWS_SEED ?? 1);

const QUERIES = [
  ...[
    undefined,
    undefined,
    undefined,
    '@',
    '*',
    'Results',
    'Results[]',
    'Results[].MLModelId',
    'Results[].[Name,Status]',
  ],
  ...['Results[].{Id:Name,N:Status,x:SizeInBytes}', 'Results[0]', 'Results[0].Name', 'Results[9]', 'length(Results)'],
  ...[
    '[EndpointInfo,EndpointInfo]',
    '{a:TrainingParameters,b:TrainingParameters,c:`[]`}',
    'EndpointInfo',
    '*.*',
    '[Name]',
  ],
  ...['[[Name,Status],[Message,Name]]', '[[[Name]]]', 'keys(@)', '[`1`,`1.0`,`true`,null,Name]', '[*,EndpointInfo]'],
  ...['{a:`1.0`,b:`1e-7`,c:`{"x":[[1],[2,3]]}`}', '`[[1,2],[3]]`', '`[{"a":1},{"b":[1,2]},{"a":[1]}]`', 'Results[].*'],
  ...['`{"a":[1,{"b":2}],"c":{"d":{"e":1}}}`', 'Tags[].Key', 'Prediction.predictedScores', '`[]`', '`{}`', '`[[]]`'],
  ...['`[[1],2]`', '`0`', '`""`', '`false`', 'Name', '`"a\\nb"`', 'Results[*].TrainingParameters', 'avg([`1`,`3`])'],
];

const ARGUMENTS: Readonly<Partial<Record<OperationName, readonly string[]>>> = {
  GetMLModel: ['--ml-model-id', 'm'],
  GetDataSource: ['--data-source-id', 'm'],
  GetEvaluation: ['--evaluation-id', 'm'],
  GetBatchPrediction: ['--batch-prediction-id', 'm'],
  DescribeTags: ['--resource-id', 'm', '--resource-type', 'MLModel'],
  Predict: ['--ml-model-id', 'm', '--record', 'a=1', '--predict-endpoint', 'ENDPOINT'],
  CreateRealtimeEndpoint: ['--ml-model-id', 'm'],
  CreateMLModel: ['--ml-model-id', 'm', '--ml-model-type', 'BINARY', '--training-data-source-id', 'd'],
  DescribeMLModels: [],
  DescribeDataSources: [],
  DescribeEvaluations: [],
};
const PAGED: readonly OperationName[] = ['DescribeMLModels', 'DescribeDataSources', 'DescribeEvaluations'];

/** Inputs that differ in their types; with AWS_CASES all are compared. */
const INPUT_SAMPLES: readonly OperationName[] = [
  'AddTags',
  'CreateDataSourceFromRDS',
  'CreateMLModel',
  'DescribeMLModels',
];

interface FormatCase {
  readonly operation: OperationName;
  readonly output: OutputFormat;
  readonly query: string | undefined;
  readonly color: boolean;
  readonly pages: readonly Record<string, unknown>[];
  readonly paginate: boolean;
}

function randomCase(random: Random): FormatCase {
  const operation = random.pick(Object.keys(ARGUMENTS) as OperationName[]);
  const isPaged = PAGED.includes(operation);
  const pageCount = isPaged ? 1 + random.below(3) : 1;
  const pages = Array.from({ length: pageCount }, (_, index) => {
    const page = randomResponse(random, OPERATIONS[operation].output);
    if (isPaged && random.below(12) > 0) page.Results ??= [];
    delete page.NextToken;
    return index < pageCount - 1 ? { ...page, NextToken: `T${index}` } : page;
  });
  return {
    operation,
    pages,
    output: random.pick(OUTPUT_FORMATS),
    query: random.pick(QUERIES),
    color: random.below(6) === 0,
    paginate: isPaged && random.below(3) > 0,
  };
}

function asAwsCase({ operation, output, query, color, pages, paginate }: FormatCase): AwsCase {
  const options = [...(query ? ['--query', query] : []), ...(color ? ['--color', 'on'] : [])];
  const { command } = OPERATIONS[operation];
  return {
    args: [command, ...ARGUMENTS[operation]!, '--output', output, ...options, ...(paginate ? [] : ['--no-paginate'])],
    bodies: pages.map((page) => JSON.stringify(page)),
  };
}

function formatted({
  operation,
  output,
  query,
  color,
  pages,
  paginate,
}: FormatCase): { code: number; stdout: string } | OutputError {
  const options = { output, color, query: query === undefined ? undefined : checkQuery(query) };
  try {
    if (!paginate) return { code: 0, stdout: formatResponse(operation, pages[0], options) };
    const formatter = openPageFormatter(operation, options);
    return { code: 0, stdout: pages.map((page) => formatter.page(page)).join('') + formatter.end() };
  } catch (error) {
    return error as OutputError;
  }
}

describe('output, beside that of AWS CLI v2', () => {
  it.each(['UTC', 'America/New_York'])(
    `is the same for random responses, in zone %s`,
    (zone) => {
      const random = new Random(SEED + zone.length);
      const cases = Array.from({ length: CASE_COUNT / 2 }, () => randomCase(random));
      const expected = runAws(cases.map(asAwsCase), zone);
      let errorCount = 0;
      cases.forEach((one, index) => {
        const { code, stdout, stderr } = expected[index];
        const context = JSON.stringify(asAwsCase(one));
        const ours = inZone(zone, () => formatted(one));
        if (ours instanceof Error) {
          errorCount++;
          // With --color on, the CLI colours its errors where it runs inside another program.
          expect([ours.exitCode, `\n${ours.message}\n`], context).toEqual([code, stderr.replaceAll('\x1b[0m', '')]);
        } else expect({ ...ours, context }).toEqual({ code, stdout, context });
      });
      expect(errorCount).toBeLessThan(cases.length / 3);
    },
    600_000,
  );

  it('is the same for skeletons of inputs, but for the descriptions', () => {
    const all = Object.keys(OPERATIONS) as OperationName[];
    const operations = process.env.AWS_CASES ? all : INPUT_SAMPLES;
    const forms = ['input', 'yaml-input'] as const;
    const expected = runAws(
      operations.flatMap((name) =>
        forms.map((form) => ({ args: [OPERATIONS[name].command, '--generate-cli-skeleton', form] })),
      ),
    );
    const actual = operations.flatMap((name) => forms.map((form) => printSkeleton(name, form)));
    expect(actual.map(withoutDescriptions)).toEqual(expected.map(({ stdout }) => withoutDescriptions(stdout)));
  }, 60_000);

  it('is the same for skeletons of responses, in every format', () => {
    const operations = [
      'GetMLModel',
      'DescribeEvaluations',
      'CreateRealtimeEndpoint',
      'DescribeTags',
      'GetDataSource',
    ] as const;
    const cases = operations.flatMap((operation) => OUTPUT_FORMATS.map((output) => ({ operation, output })));
    const expected = runAws(
      cases.map(({ operation, output }) => ({
        args: [
          OPERATIONS[operation].command,
          ...(ARGUMENTS[operation] ?? []),
          '--generate-cli-skeleton',
          'output',
          '--output',
          output,
        ],
      })),
    );
    const actual = cases.map(({ operation, output }) => printSkeleton(operation, 'output', { output }));
    expect(actual).toEqual(expected.map(({ stdout }) => stdout));
  }, 60_000);
});

/** `MLModelId: ''  # [REQUIRED] …` keeps all but the sentence. */
function withoutDescriptions(skeleton: string): string {
  return skeleton.replace(/# (\[REQUIRED\])?.*?( Valid values are: .*)?$/gm, '# $1$2');
}
