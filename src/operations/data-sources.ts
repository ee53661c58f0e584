import { parseRearrangement } from '../datasource/rearrangement.js';
import { InvalidInput } from '../errors.js';
import { parseSchema } from '../schema/parse.js';
import type { Schema } from '../schema/schema.js';
import type { Entity } from '../store/entity.js';
import type { Input, OperationContext } from './context.js';
import { type Checked, create } from './create.js';
import { parseS3Uri, SCHEMA_BYTES } from './locations/location.js';
import { commonMembers } from './reply.js';
import type { Message } from './service.js';

/** Members of `DataSpec` and `RDSData` that say where the data is and what it is. */
export interface DataSpec {
  readonly DataLocationS3?: string;
  readonly S3StagingLocation?: string;
  readonly DataRearrangement?: string;
  readonly DataSchema?: string;
  readonly DataSchemaLocationS3?: string;
  readonly DataSchemaUri?: string;
  readonly DatabaseInformation?: Message;
  readonly DatabaseCredentials?: Message;
  readonly SelectSqlQuery?: string;
}

/** The create call's spec, whichever of the three calls it was. */
export function dataSpec({ request }: Pick<Entity, 'request'>): DataSpec {
  return (request.DataSpec ?? request.RDSData) as DataSpec;
}

/** Where the data is, or will be put by a database. */
export function dataLocation(spec: DataSpec): string {
  return (spec.DataLocationS3 ?? spec.S3StagingLocation)!;
}

/** CreateDataSourceFromS3, …FromRedshift, …FromRDS. */
export async function createDataSource(context: OperationContext, input: Input): Promise<Message> {
  const { DataSourceId, DataSourceName, ...given } = input as { DataSourceId: string; DataSourceName?: string } & Input;
  const member = 'RDSData' in given ? 'RDSData' : 'DataSpec';
  const spec = given[member] as DataSpec;
  const request = { ...given, [member]: withoutPassword(spec) };
  const creation = { kind: 'DataSource', id: DataSourceId, name: DataSourceName, request } as const;
  await create(context, creation, () => check(context, spec));
  return { DataSourceId };
}

function withoutPassword(spec: DataSpec): DataSpec {
  const { DatabaseCredentials: credentials } = spec;
  return credentials === undefined ? spec : { ...spec, DatabaseCredentials: { Username: credentials.Username } };
}

async function check({ places }: OperationContext, spec: DataSpec): Promise<Checked> {
  if (given(spec.DataRearrangement)) parseRearrangement(spec.DataRearrangement!);
  const schemaUri = spec.DataSchemaLocationS3 ?? spec.DataSchemaUri;
  if (given(spec.DataSchema) && given(schemaUri)) {
    throw new InvalidInput('both a DataSchema and the location of one are given', { hint: 'leave one of them out' });
  }
  if (given(spec.DataSchema)) parseSchema(spec.DataSchema!, 'DataSchema');
  const location = dataLocation(spec);
  for (const uri of [location, schemaUri]) if (uri?.startsWith('s3:')) parseS3Uri(uri);
  if (!given(spec.DataSchema) && !given(schemaUri) && spec.DataLocationS3 !== undefined) {
    await requireSchemaBeside(places, location);
  }
  return { facts: {}, filters: { DataLocationS3: location } };
}

async function requireSchemaBeside(places: OperationContext['places'], location: string): Promise<void> {
  const uri = `${location}.schema`;
  if ((await places.readText(uri, SCHEMA_BYTES)) !== undefined) return;
  throw new InvalidInput('neither DataSchema nor DataSchemaLocationS3 is given', {
    hint: `give one of them, or put the schema at ${uri}; machinelearning infer-schema proposes one`,
  });
}

/** An empty text counts as absent. */
function given(text: string | undefined): boolean {
  return text !== undefined && text !== '';
}

/** The schema, as soon as it is known: given with the call, or found by the work on the data source. */
export function knownSchema(entity: Entity): Schema | undefined {
  const text = schemaText(entity);
  return text === undefined ? undefined : parseSchema(text, 'DataSchema');
}

/** JSON text of the schema, as it was written. */
export function schemaText(entity: Entity): string | undefined {
  const { DataSchema } = dataSpec(entity);
  return (entity.facts.DataSourceSchema as string | undefined) ?? (given(DataSchema) ? DataSchema : undefined);
}

/** What Get and Describe say of a data source. */
export function dataSourceMembers(entity: Entity, verbose: boolean): Message {
  const { request, facts } = entity;
  const spec = dataSpec(entity);
  const common = commonMembers(entity);
  const statistics = request.ComputeStatistics === true;
  return {
    ...common,
    DataSourceId: entity.id,
    DataLocationS3: dataLocation(spec),
    DataRearrangement: spec.DataRearrangement,
    DataSizeInBytes: facts.DataSizeInBytes,
    NumberOfFiles: facts.NumberOfFiles,
    RoleARN: request.RoleARN,
    ComputeStatistics: statistics,
    ComputeTime: statistics ? common.ComputeTime : undefined,
    ...databaseMembers(request, spec, verbose),
    DataSourceSchema: verbose ? schemaText(entity) : undefined,
  };
}

function databaseMembers(request: Message, spec: DataSpec, verbose: boolean): Message {
  if (spec.DatabaseInformation === undefined) return {};
  const DatabaseUserName = spec.DatabaseCredentials?.Username;
  const query = verbose ? { SelectSqlQuery: spec.SelectSqlQuery } : {};
  if (request.RDSData === undefined) {
    return { RedshiftMetadata: { RedshiftDatabase: spec.DatabaseInformation, DatabaseUserName, ...query } };
  }
  const { ResourceRole, ServiceRole } = request.RDSData as Message;
  return {
    RDSMetadata: { Database: spec.DatabaseInformation, DatabaseUserName, ...query, ResourceRole, ServiceRole },
  };
}
