import type { Message } from '../../operations/service.js';
import { OPERATIONS, type OperationName } from '../../operations/shapes.js';
import type { Query } from './query.js';
import { readResponse, type TimestampFormat } from './response.js';
import { writeTable } from './table.js';
import { writeText } from './text.js';
import { isList, isScalar, isStructure, type Value } from './value.js';
import { writeJson } from './write-json.js';
import { writeYaml } from './write-yaml.js';

export const OUTPUT_FORMATS = ['json', 'text', 'table', 'yaml', 'yaml-stream'] as const;
export type OutputFormat = (typeof OUTPUT_FORMATS)[number];

export interface FormatOptions {
  readonly output: OutputFormat;
  readonly query?: Query;
  /** Colours tables. Default false. */
  readonly color?: boolean;
  /** Default `iso8601`. */
  readonly timestampFormat?: TimestampFormat;
  /** Columns of the terminal, for tables. Default 80. */
  readonly width?: number;
}

/**
 * A response as AWS's command line prints it, with its last line end; empty when there is nothing to print.
 *
 * @throws OutputError with exit code 255
 */
export function formatResponse(operation: OperationName, response: Message, options: FormatOptions): string {
  const { output: members } = OPERATIONS[operation];
  return formatValue(operation, readResponse(members, response, options.timestampFormat ?? 'iso8601'), options);
}

/**
 * A value that is no response, such as a skeleton, as `formatResponse` prints it.
 *
 * @param title of tables
 */
export function formatValue(title: string, value: Value, options: FormatOptions): string {
  const result = options.query ? options.query.apply(value) : value;
  switch (options.output) {
    case 'json':
      return isNothing(result) ? '' : `${writeJson(result)}\n`;
    case 'yaml':
      return isNothing(result) ? '' : yamlDocument(result);
    case 'yaml-stream':
      return isNothing(result) ? '' : writeYaml([result]);
    case 'text':
      return writeText(result);
    case 'table':
      return writeTable(title, result, { color: options.color ?? false, width: options.width ?? 80 });
  }
}

/** Only an empty structure: an empty list is printed. */
function isNothing(value: Value): boolean {
  return isStructure(value) && value.size === 0;
}

function yamlDocument(value: Value): string {
  return isScalar(value) ? `${writeJson(value)}\n` : writeYaml(value);
}

/** Prints the pages of a list as they come. */
export interface PageFormatter {
  /** What to print for a page: all of it in `text` and `yaml-stream`, else nothing before the end. */
  page(response: Message): string;
  /**
   * What to print at the end.
   *
   * @param resumeToken for `--starting-token`, when `--max-items` left results out
   */
  end(resumeToken?: string): string;
}

/**
 * For the operations that give `Results` in pages: `json`, `yaml` and `table` print one list of all results, `text` and
 * `yaml-stream` print page by page, to each of which the query is applied. Pages come as `--max-items` cut them.
 */
export function openPageFormatter(operation: OperationName, options: FormatOptions): PageFormatter {
  const { output: members } = OPERATIONS[operation];
  const timestampFormat = options.timestampFormat ?? 'iso8601';
  const print = (value: Value): string => formatValue(operation, value, options);
  const read = (response: Message) => readResponse(members, response, timestampFormat);
  if (options.output === 'yaml-stream') {
    const apply = (value: Value): Value => (options.query ? options.query.apply(value) : value);
    return { page: (response) => writeYaml([apply(read(response))]), end: () => '' };
  }
  if (options.output === 'text') {
    return {
      page: (response) => print(new Map([['Results', read(response).get('Results') ?? null]])),
      end: (token) => (token === undefined ? '' : print(new Map([['NextToken', new Map([['NextToken', token]])]]))),
    };
  }
  let results: Value[] | undefined;
  return {
    page(response) {
      const page = read(response).get('Results');
      if (page !== undefined && isList(page)) (results ??= []).push(...page);
      return '';
    },
    end(token) {
      const joined = new Map<string, Value>();
      if (results) joined.set('Results', results);
      if (token !== undefined) joined.set('NextToken', token);
      return print(joined);
    },
  };
}
