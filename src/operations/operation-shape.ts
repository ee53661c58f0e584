import type { Member, Members, Shape } from './shape.js';
import { ComparatorValue, EntityId, EntityName, list, PageLimit, required, SortOrder, text } from './structures.js';

export interface OperationShape {
  /** The name on the command line. */
  readonly command: string;
  readonly input: Members;
  readonly output: Members;
  readonly errors: readonly ErrorName[];
}

/** The service's exceptions and their HTTP statuses. */
export const ERROR_STATUS = {
  IdempotentParameterMismatchException: 400,
  InternalServerException: 500,
  InvalidInputException: 400,
  InvalidTagException: 400,
  LimitExceededException: 417,
  PredictorNotMountedException: 400,
  ResourceNotFoundException: 404,
  TagLimitExceededException: 400,
} as const;
export type ErrorName = keyof typeof ERROR_STATUS;

/** Of operations that create an object. */
export const CREATION_ERRORS = [
  'InvalidInputException',
  'InternalServerException',
  'IdempotentParameterMismatchException',
] as const;

/** Of operations on an object that must be there. */
export const FINDING_ERRORS = [
  'InvalidInputException',
  'ResourceNotFoundException',
  'InternalServerException',
] as const;

export function operation(
  command: string,
  input: Members,
  output: Members,
  errors: readonly ErrorName[],
): OperationShape {
  return { command, input, output, errors };
}

/** An operation that describes objects, page by page. */
export function pages(command: string, FilterVariable: Member, item: Shape): OperationShape {
  const input = {
    FilterVariable,
    EQ: ComparatorValue,
    GT: ComparatorValue,
    LT: ComparatorValue,
    GE: ComparatorValue,
    LE: ComparatorValue,
    NE: ComparatorValue,
    Prefix: ComparatorValue,
    SortOrder,
    NextToken: text,
    Limit: PageLimit,
  };
  const output = { Results: list(item), NextToken: text };
  return operation(command, input, output, ['InvalidInputException', 'InternalServerException']);
}

/** An operation that deletes an object, given the member that holds its id. */
export function deletion(command: string, id: string): OperationShape {
  return operation(command, { [id]: required(EntityId) }, { [id]: EntityId }, FINDING_ERRORS);
}

/** An operation that gives an object another name; both by the members that hold id and name. */
export function renaming(command: string, id: string, name: string): OperationShape {
  const input = { [id]: required(EntityId), [name]: required(EntityName) };
  return operation(command, input, { [id]: EntityId }, FINDING_ERRORS);
}
