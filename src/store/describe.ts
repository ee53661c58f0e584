import { InvalidInput } from '../errors.js';
import type { Connection } from './connection.js';
import type { Entity, EntityKind } from './entity.js';
import { COLUMN_VARIABLES, TEXT_VARIABLES } from './filters.js';
import { type Comparator, type Interval, intervals } from './intervals.js';
import { ENTITY_COLUMNS, entityOf, storableText } from './rows.js';
import type { Row, SqlValue } from './sqlite.js';
import { parseTime } from './times.js';
import { decodeToken, encodeToken, type Position } from './token.js';

export type { Comparator } from './intervals.js';

export interface Query {
  /** Filter and sort by it; default: CreatedAt. */
  readonly filterVariable?: string;
  /** Without it all objects are in the list, in order of the filter variable. */
  readonly comparator?: Comparator;
  /** Texts compare by code points. Times: seconds since 1970 with decimals, milliseconds from 1e11 on, or ISO 8601. */
  readonly value?: string;
  /** Default: asc. Equal values follow in order of creation, or the reverse. */
  readonly sortOrder?: 'asc' | 'dsc';
  /** Leave deleted objects out; default: false. */
  readonly withoutDeleted?: boolean;
  /** Objects on a page. */
  readonly limit: number;
  /** `nextToken` of the page before. */
  readonly token?: string;
}

export interface QueryPage {
  readonly entities: Entity[];
  /** Absent on the last page. */
  readonly nextToken?: string;
}

/** The index that a list is read from: rows of `source` in order of `value`, then of `sequence`. */
interface Order {
  readonly source: string;
  readonly condition: string;
  readonly parameters: readonly SqlValue[];
  readonly value: string;
  readonly sequence: string;
  readonly time: boolean;
}

export function describe(connection: Connection, kind: EntityKind, query: Query): QueryPage {
  const variable = query.filterVariable ?? 'CreatedAt';
  const order = orderBy(kind, variable, query.withoutDeleted);
  const descending = query.sortOrder === 'dsc';
  const wanted = wantedValues(query, variable, order.time);
  if (descending) wanted.reverse();

  const key = JSON.stringify([storeId(connection), kind, variable, query.comparator, query.value, descending]);
  const after = query.token === undefined ? undefined : decodeToken(query.token, key);
  const found = connection.transaction('read', () => {
    const rows: { row: Row; interval: number }[] = [];
    for (let interval = after?.interval ?? 0; interval < wanted.length && rows.length <= query.limit; interval++) {
      const behind = interval === after?.interval ? after : undefined;
      const { sql, parameters } = select(order, wanted[interval], descending, behind);
      const more = connection.all(sql, ...parameters, query.limit + 1 - rows.length);
      rows.push(...more.map((row) => ({ row, interval })));
    }
    return rows;
  });
  const page = found.slice(0, query.limit);
  const entities = page.map(({ row }) => entityOf(row));
  const last = page.at(-1);
  if (found.length <= query.limit || !last) return { entities };
  const position = { value: last.row.sort_value, sequence: last.row.sequence as number, interval: last.interval };
  return { entities, nextToken: encodeToken(position, key) };
}

function orderBy(kind: EntityKind, variable: string, withoutDeleted?: boolean): Order {
  const present = withoutDeleted ? " AND entity.status <> 'DELETED'" : '';
  const column = Object.hasOwn(COLUMN_VARIABLES, variable) ? COLUMN_VARIABLES[variable] : undefined;
  if (column) {
    return {
      source: 'entity',
      condition: `entity.kind = ?${present}`,
      parameters: [kind],
      value: column.column,
      sequence: 'entity.sequence',
      time: column.time,
    };
  }
  if (!TEXT_VARIABLES[kind].includes(variable)) {
    throw new InvalidInput(`FilterVariable: no such variable: ${JSON.stringify(variable)}`, {
      hint: `one of ${[...Object.keys(COLUMN_VARIABLES), ...TEXT_VARIABLES[kind]].join(', ')}`,
    });
  }
  return {
    source: 'filter CROSS JOIN entity ON entity.sequence = filter.entity',
    condition: `filter.kind = ? AND filter.variable = ?${present}`,
    parameters: [kind, variable],
    value: 'filter.value',
    sequence: 'filter.entity',
    time: false,
  };
}

function wantedValues({ comparator, value }: Query, variable: string, time: boolean): Interval[] {
  if (comparator === undefined) return [{}];
  const text = value ?? '';
  if (!time) return intervals(comparator, storableText(text, variable));
  if (comparator === 'Prefix') {
    throw new InvalidInput(`Prefix: ${variable} is a time, and prefixes are of texts`, {
      hint: 'use EQ, NE, GT, GE, LT or LE',
    });
  }
  return intervals(comparator, parseTime(text, variable));
}

/**
 * The rows of an interval in order, those behind a position in it only; the limit is the last parameter.
 * One bound on each side: SQLite seeks to one, and would read from there to the other.
 */
function select(
  order: Order,
  interval: Interval,
  descending: boolean,
  after: Position | undefined,
): { sql: string; parameters: SqlValue[] } {
  const conditions = [order.condition];
  const parameters = [...order.parameters];
  const where = (condition: string, ...values: (SqlValue | undefined)[]): void => {
    if (values[0] === undefined) return;
    conditions.push(condition);
    parameters.push(...(values as SqlValue[]));
  };
  const { value, sequence } = order;
  const { equal, above, from, below, to } = interval;
  if (equal !== undefined) {
    where(`${value} = ?`, equal);
    where(`${sequence} ${descending ? '<' : '>'} ?`, after?.sequence);
  } else {
    if (after && !descending) where(`(${value}, ${sequence}) > (?, ?)`, after.value, after.sequence);
    else {
      where(`${value} > ?`, above);
      where(`${value} >= ?`, from);
    }
    if (after && descending) where(`(${value}, ${sequence}) < (?, ?)`, after.value, after.sequence);
    else {
      where(`${value} < ?`, below);
      where(`${value} <= ?`, to);
    }
  }
  const direction = descending ? 'DESC' : 'ASC';
  const sql = `SELECT ${ENTITY_COLUMNS}, ${value} AS sort_value FROM ${order.source} WHERE ${conditions.join(' AND ')}
     ORDER BY ${value} ${direction}, ${sequence} ${direction} LIMIT ?`;
  return { sql, parameters };
}

function storeId(connection: Connection): string {
  return connection.get('SELECT id FROM store')?.id as string;
}
