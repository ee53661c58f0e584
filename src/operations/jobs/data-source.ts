import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { writeWhole } from '../../datasource/files.js';
import { csvInput } from '../../datasource/input.js';
import { openLocation } from '../../datasource/location.js';
import { InvalidInput } from '../../errors.js';
import { kernelModule } from '../../kernel/load.js';
import { describeData } from '../../node.js';
import { checkHeader } from '../../schema/header.js';
import { parseSchema } from '../../schema/parse.js';
import type { Schema } from '../../schema/schema.js';
import type { Entity } from '../../store/entity.js';
import { type DataSpec, dataLocation, dataSpec } from '../data-sources.js';
import { nothingThere, type OpenData, SCHEMA_BYTES } from '../locations/location.js';
import { statisticsPath } from '../paths.js';
import type { Message } from '../service.js';
import { observations, type WorkContext, withData } from './work.js';

/** Find the data and its schema; with statistics, read all of it. */
export async function computeDataSource(entity: Entity, context: WorkContext): Promise<Message> {
  const spec = dataSpec(entity);
  if (spec.DatabaseInformation !== undefined) throw noDatabase(entity, spec);
  const { places, signal } = context;
  return withData(dataLocation(spec), places, signal, async (data) => {
    const { text, source } = await findSchema(spec, data, context);
    const schema = parseSchema(text, source);
    if (entity.request.ComputeStatistics === true) await computeStatistics(entity, data, schema, context);
    else await checkFirstLines(data, schema);
    return {
      DataSizeInBytes: data.files.reduce((sum, { sizeInBytes }) => sum + sizeInBytes, 0),
      NumberOfFiles: data.files.length,
      DataSourceSchema: text,
    };
  });
}

function noDatabase({ request }: Entity, spec: DataSpec): InvalidInput {
  const database = request.RDSData === undefined ? 'Redshift' : 'RDS';
  return new InvalidInput(`data sources from ${database} are not read by this version`, {
    hint:
      `export the result of the query as CSV to ${spec.S3StagingLocation}, ` +
      'and create a data source from it with CreateDataSourceFromS3 (create-data-source-from-s3)',
  });
}

async function findSchema(
  spec: DataSpec,
  data: OpenData,
  { places }: WorkContext,
): Promise<{ text: string; source: string }> {
  if (spec.DataSchema) return { text: spec.DataSchema, source: 'DataSchema' };
  const uri = spec.DataSchemaLocationS3;
  if (uri) {
    const text = await places.readText(uri, SCHEMA_BYTES);
    if (text === undefined) throw nothingThere(uri);
    return { text, source: uri };
  }
  const location = dataLocation(spec);
  if (data.schema !== undefined) return { text: data.schema, source: `the schema of ${location}` };
  throw new InvalidInput(`${location}: there is no schema`, {
    hint: `give DataSchema or DataSchemaLocationS3, or put the schema at ${location}.schema`,
  });
}

/** All statistics and insights go into a file. */
async function computeStatistics(
  entity: Entity,
  data: OpenData,
  schema: Schema,
  { home, signal, progress }: WorkContext,
): Promise<void> {
  const description = await describeData({
    data: data.path,
    schema,
    rearrangement: dataSpec(entity).DataRearrangement || undefined,
    signal,
    onRead: (count) => progress(`${observations(count)} read`),
  });
  const path = statisticsPath(home, entity.id);
  await mkdir(dirname(path), { recursive: true });
  const name = dataLocation(dataSpec(entity));
  await writeWhole(path, [JSON.stringify({ ...description, name, schemaOrigin: undefined })]);
}

/** Whether schema and data have to do with each other, without reading all of it. */
async function checkFirstLines(data: OpenData, schema: Schema): Promise<void> {
  const input = csvInput(await openLocation(data.path), kernelModule());
  const expected = schema.attributes.length;
  for (const { fields, source } of await input.firstLines()) {
    if (schema.dataFileContainsHeader) checkHeader(fields, schema, source);
    else if (fields.length !== expected) {
      throw new InvalidInput(
        `${source}: line 1 has ${fields.length} fields where the schema has ${expected} attributes`,
        {
          hint: 'list one attribute per column, in order',
        },
      );
    }
  }
}
