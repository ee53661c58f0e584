import type { Entity, EntityKind } from '../store/entity.js';
import type { Input, OperationContext } from './context.js';
import { invalid } from './errors.js';
import { replyItem } from './reply.js';
import type { Message } from './service.js';
import type { OperationName } from './shapes.js';

const COMPARATORS = ['EQ', 'GT', 'LT', 'GE', 'LE', 'NE', 'Prefix'] as const;
const PAGE_SIZE = 100;

interface DescribeInput extends Partial<Record<(typeof COMPARATORS)[number], string>> {
  readonly FilterVariable?: string;
  readonly SortOrder?: 'asc' | 'dsc';
  readonly NextToken?: string;
  readonly Limit?: number;
}

/**
 * A page of the objects of a kind. Deleted ones are listed by a filter on `Status` only, so that waiters, which want all that
 * is listed to be COMPLETED, do not wait for them.
 *
 * @param members what is said of each
 */
export function describeObjects(
  { store }: OperationContext,
  operation: OperationName,
  kind: EntityKind,
  input: Input,
  members: (entity: Entity) => Message,
): Message {
  const { FilterVariable, SortOrder, NextToken, Limit = PAGE_SIZE, ...rest } = input as DescribeInput;
  const comparators = COMPARATORS.filter((name) => rest[name] !== undefined);
  if (comparators.length > 1) {
    throw invalid(`${comparators.join(' and ')} are given; a filter has one comparator. Hint: leave the others out`);
  }
  const [comparator] = comparators;
  if (comparator !== undefined && FilterVariable === undefined) {
    throw invalid(
      `${comparator} is given without a FilterVariable. Hint: name what to compare, such as Status or Name`,
    );
  }
  const { entities, nextToken } = store.describe(kind, {
    filterVariable: FilterVariable,
    comparator,
    value: comparator && rest[comparator],
    sortOrder: SortOrder,
    withoutDeleted: FilterVariable !== 'Status',
    limit: Limit,
    token: NextToken || undefined,
  });
  const Results = entities.map((entity) => replyItem(operation, members(entity)));
  return nextToken === undefined ? { Results } : { Results, NextToken: nextToken };
}
