import { trainingPlan } from './datasource/plan.js';
import { rearrangedRecords } from './datasource/rearrangement.js';
import { Rejections } from './datasource/rejections.js';
import { RowSelector } from './datasource/select.js';
import { watched } from './datasource/watched.js';
import type { Data, Environment } from './environment.js';
import { InvalidInput } from './errors.js';
import { InsightsCollector } from './insights/collector.js';
import { describe } from './insights/describe.js';
import type { DataInsights } from './insights/insights.js';
import { findSchema } from './resolve-schema.js';
import type { Schema } from './schema/schema.js';
import { withTarget } from './schema/target.js';

export interface DescribeDataOptions {
  readonly data: Data;
  /** The service's DataRearrangement, an object or its JSON text: which part of the data to look at. Default: all. */
  readonly rearrangement?: object | string;
  /** Attribute to compare the others with; default: the schema's target, if it has one. */
  readonly target?: string;
  /** A schema, its JSON text, or the path of its file. Default: `<data>.schema` beside the file, else inferred. */
  readonly schema?: object | string;
  readonly signal?: AbortSignal;
  onRead?(observationCount: number): void;
}

/** Data as it was read, and what can be seen of it. */
export interface DataDescription {
  readonly name: string;
  /** Stored size, when known. */
  readonly sizeInBytes: number | undefined;
  readonly schema: Schema;
  /** Where the schema comes from: a file, `given`, or `inferred from the first 10,000 observations`. */
  readonly schemaOrigin: string;
  /** Records that could not be read. */
  readonly rejectedCount: number;
  /** The first few, as `line 7: 4 fields where 5 are expected`. */
  readonly rejectedExamples: readonly string[];
  readonly insights: DataInsights;
}

/** `describeData`, in a given environment. */
export async function describeDataIn(environment: Environment, options: DescribeDataOptions): Promise<DataDescription> {
  const input = await environment.openInput(options.data, options.signal);
  try {
    const found = await findSchema(environment, input, options);
    const target = options.target ?? found.schema.targetAttributeName;
    const schema = target === null ? found.schema : withTarget(found.schema, target);
    const source = input.open(trainingPlan(schema), schema.dataFileContainsHeader);
    const keep = await rearrangedRecords(options.rearrangement, source, { signal: options.signal });
    const rejections = new Rejections();
    const selector = new RowSelector(undefined, keep, rejections);
    const collector = new InsightsCollector(schema, { module: environment.module });
    for await (const block of watched(source, { ...options, last: true })) collector.add(block, selector.select(block));
    const insights = describe(collector.finish());
    if (insights.observationCount === 0) {
      throw new InvalidInput(
        `${input.name}: no observation could be read; ${rejections.count} could not, the first on ${rejections.examples[0]}`,
        { hint: 'check the schema against the file' },
      );
    }
    return {
      name: input.name,
      sizeInBytes: input.sizeInBytes,
      schema,
      schemaOrigin: found.origin,
      rejectedCount: rejections.count,
      rejectedExamples: rejections.examples,
      insights,
    };
  } finally {
    await input.close();
  }
}
