import { readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type ColumnBlock, TextColumn } from '../../src/datasource/block.js';
import { csvInput } from '../../src/datasource/input.js';
import { openLocation } from '../../src/datasource/location.js';
import { trainingPlan } from '../../src/datasource/plan.js';
import { InvalidInput } from '../../src/errors.js';
import { kernelModule } from '../../src/kernel/load.js';
import { type AttributeType, inferSchema, type Schema, trainModel } from '../../src/node.js';
import { parseSchema } from '../../src/schema/parse.js';
import { fixture, temporaryFolder } from '../helpers/cli.js';
import { generated } from './nasty-files.js';

/** What a file beside a nasty one says of it. Large results are cut short by `summary`. */
interface Expected {
  readonly about: string;
  /** Made by `nasty-files.ts`. */
  readonly generated?: true;
  readonly target: string;
  /** A schema to read and train with instead of the inferred one: types by name, in column order; with a header. */
  readonly types?: Readonly<Record<string, AttributeType>>;
  /** What `inferSchema` proposes without a target. */
  readonly inferred: Outcome<{ header: boolean; types: Readonly<Record<string, AttributeType>> }>;
  /** What the data source gives. Absent when there is no schema to read with. */
  readonly read?: Outcome<{ rows: unknown[]; rejected?: string[]; invalid?: string[] }>;
  /** What `trainModel` does. */
  readonly trained: Outcome<{ observations: number; rejected: number }>;
}

/** A result, or the message of an InvalidInput and its hint; FOLDER stands for the folder. */
type Outcome<T> = T | { error: string; hint?: string };

const temporary = temporaryFolder();
const folder = fixture('nasty');
const endings = '.expected.json';

async function outcomeOf<T>(path: string, action: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return await action();
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    const clean = (text: string): string => text.replaceAll(path, basename(path));
    return { error: clean(error.message), hint: error.hint && clean(error.hint) };
  }
}

async function schemaOf(path: string, expected: Expected): Promise<Schema | undefined> {
  if (expected.types) return givenSchema(expected.types);
  return inferSchema(path, { target: expected.target }).then(
    ({ schema }) => schema,
    () => undefined,
  );
}

function givenSchema(types: NonNullable<Expected['types']>): Schema {
  const attributes = Object.entries(types).map(([attributeName, attributeType]) => ({ attributeName, attributeType }));
  return parseSchema({ dataFileContainsHeader: true, attributes }, 'schema');
}

async function infer(path: string): Promise<Expected['inferred']> {
  const { schema } = await inferSchema(path);
  const types = schema.attributes.map(({ attributeName, attributeType }) => [attributeName, attributeType] as const);
  return { header: schema.dataFileContainsHeader, types: Object.fromEntries(types) };
}

async function read(path: string, schema: Schema): Promise<Expected['read']> {
  const rows: unknown[] = [];
  const rejected: string[] = [];
  const invalid: string[] = [];
  const input = csvInput(await openLocation(path), kernelModule());
  for await (const block of input.open(trainingPlan(schema), schema.dataFileContainsHeader).read()) {
    for (let row = 0; row < block.rowCount; row++) {
      if (block.rejected[row] === 0) rows.push([...block.columns.keys()].map((name) => cell(block, name, row)));
    }
    for (const { row, kind, reason, attribute, text } of block.issues) {
      const line = `line ${block.lines[row]}`;
      if (kind === 'record') rejected.push(`${line}: ${reason}`);
      else invalid.push(`${line}, ${attribute}: '${text}' is ${reason}`);
    }
  }
  return { rows, ...(rejected.length > 0 && { rejected }), ...(invalid.length > 0 && { invalid }) };
}

/** A value as JSON: numbers, texts, lists of tokens; null when missing. */
function cell(block: ColumnBlock, name: string, row: number): unknown {
  const column = block.columns.get(name) as unknown;
  if (column instanceof TextColumn) return column.at(row).split(' ');
  if (column instanceof Uint32Array) {
    return column[row] === 0 ? null : block.dictionaries.get(name)!.text(column[row]);
  }
  const value = (column as ArrayLike<number>)[row];
  return Number.isNaN(value) || (column instanceof Uint8Array && value === 2) ? null : value;
}

async function train(path: string, { types, target }: Expected): Promise<Expected['trained']> {
  const schema = types && givenSchema(types);
  const { training } = await trainModel({ data: path, target, schema, parameters: { 'sgd.maxPasses': 1 } });
  return { observations: training.observationCount, rejected: training.rejectedCount };
}

/** Lists and objects cut after 20 members, texts of more than 300 characters after 40, with what was left out. */
function summary(value: unknown): unknown {
  if (typeof value === 'string' && value.length > 300) return `${value.slice(0, 40)}… (${value.length} characters)`;
  if (Array.isArray(value)) {
    const shown = value.slice(0, 20).map(summary);
    return value.length > 20 ? [...shown, `… (${value.length} in all)`] : shown;
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, member]) => [name, summary(member)] as const);
  if (entries.length <= 20) return Object.fromEntries(entries);
  return Object.fromEntries([...entries.slice(0, 3), ['…', `${entries.length} in all`]]);
}

async function resultOf(path: string, expected: Expected): Promise<Expected> {
  const schema = await schemaOf(path, expected);
  const { about, generated: made, target, types } = expected;
  return {
    about,
    ...(made && { generated: made }),
    target,
    ...(types && { types }),
    inferred: await outcomeOf(path, () => infer(path)),
    ...(schema && { read: await outcomeOf(path, () => read(path, schema)) }),
    trained: await outcomeOf(path, () => train(path, expected)),
  };
}

const files = await readdir(folder);
const names = files.filter((file) => file.endsWith(endings)).map((file) => file.slice(0, -endings.length));

describe('a nasty file', () => {
  for (const name of names) {
    it(`${name} gives what stands beside it`, async () => {
      const expected = JSON.parse(await readFile(join(folder, name + endings), 'utf8')) as Expected;
      let path = join(folder, name);
      if (expected.generated) {
        path = temporary.file(name);
        await writeFile(path, generated[name]());
      }
      const result = summary(JSON.parse(JSON.stringify(await resultOf(path, expected))));
      expect(result).toEqual(expected);
    });
  }

  it('has an expectation, and every expectation a file', () => {
    const data = files.filter((file) => !file.endsWith(endings) && !file.startsWith('.'));
    expect([...data, ...Object.keys(generated)].sort()).toEqual([...names].sort());
    expect(names.length).toBeGreaterThan(30);
  });
});
