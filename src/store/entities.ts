import { createHash } from 'node:crypto';
import type { Connection } from './connection.js';
import type { Created, Entity, EntityKind, Message, NewEntity, Tag } from './entity.js';
import { mergedFacts } from './facts.js';
import { TEXT_VARIABLES } from './filters.js';
import type { Jobs } from './jobs.js';
import { ENTITY_COLUMNS, entityOf, storableText } from './rows.js';
import type { Row } from './sqlite.js';

/** The objects and their tags. */
export class Entities {
  constructor(
    private readonly connection: Connection,
    private readonly jobs: Jobs,
  ) {}

  create(entity: NewEntity): Created {
    const { kind, request } = entity;
    const id = storableText(entity.id, 'id');
    const name = entity.name === undefined ? null : storableText(entity.name, 'name');
    const filters = completeFilters(kind, entity.filters);
    const fingerprint = createHash('sha256').update(entity.fingerprint).digest('hex');
    const texts = [JSON.stringify(entity.facts ?? {}), JSON.stringify(request)];
    return this.connection.transaction('write', () => {
      const there = this.connection.get('SELECT status, fingerprint FROM entity WHERE kind = ? AND id = ?', kind, id);
      if (there) return there.status !== 'DELETED' && there.fingerprint === fingerprint ? 'same' : 'different';

      const now = Date.now();
      const sequence = this.connection.insert(
        `INSERT INTO entity (kind, id, name, status, created_at, last_updated_at, fingerprint, facts, request)
         VALUES (?, ?, ?, 'PENDING', ?, ?, ?, ?, ?)`,
        ...[kind, id, name, now, now, fingerprint, ...texts],
      );
      for (const [variable, value] of filters) {
        this.connection.run('INSERT INTO filter VALUES (?, ?, ?, ?)', kind, variable, value, sequence);
      }
      this.jobs.add(sequence, kind, request);
      return 'created';
    });
  }

  get(kind: EntityKind, id: string): Entity | undefined {
    const row = this.connection.get(`SELECT ${ENTITY_COLUMNS} FROM entity WHERE kind = ? AND id = ?`, kind, id);
    return row && entityOf(row);
  }

  rename(kind: EntityKind, id: string, name: string): boolean {
    return (
      this.connection.run(
        `UPDATE entity SET name = ?, last_updated_at = ? WHERE kind = ? AND id = ? AND status <> 'DELETED'`,
        ...[storableText(name, 'name'), Date.now(), kind, id],
      ) > 0
    );
  }

  setFacts(kind: EntityKind, id: string, facts: Message, filters: Readonly<Record<string, string>> = {}): boolean {
    return this.connection.transaction('write', () => {
      const row = this.living(kind, id, 'sequence, facts');
      if (!row) return false;
      this.connection.run(
        'UPDATE entity SET facts = ?, last_updated_at = ? WHERE sequence = ?',
        ...[mergedFacts(row.facts as string, facts), Date.now(), row.sequence],
      );
      for (const [variable, value] of checkedFilters(kind, filters)) {
        this.connection.run(
          'UPDATE filter SET value = ? WHERE entity = ? AND variable = ?',
          ...[value, row.sequence, variable],
        );
      }
      return true;
    });
  }

  remove(kind: EntityKind, id: string): boolean {
    return this.connection.transaction('write', () => {
      const row = this.living(kind, id, 'sequence');
      if (!row) return false;
      this.connection.run(
        `UPDATE entity SET message = iif(status = 'FAILED', message, NULL), status = 'DELETED', last_updated_at = ?
         WHERE sequence = ?`,
        ...[Date.now(), row.sequence],
      );
      this.jobs.end(row.sequence as number);
      return true;
    });
  }

  tags(kind: EntityKind, id: string): Tag[] {
    const rows = this.connection.all(
      `SELECT key, value FROM tag WHERE entity = (SELECT sequence FROM entity WHERE kind = ? AND id = ?) ORDER BY sequence`,
      ...[kind, id],
    );
    return rows.map(({ key, value }) => ({ key: key as string, value: value as string | null }));
  }

  putTags(kind: EntityKind, id: string, tags: readonly Tag[]): void {
    this.connection.transaction('write', () => {
      for (const { key, value } of tags) {
        this.connection.run(
          `INSERT INTO tag (entity, key, value) SELECT sequence, ?, ? FROM entity WHERE kind = ? AND id = ?
           ON CONFLICT (entity, key) DO UPDATE SET value = excluded.value`,
          ...[storableText(key, 'tag key'), value === null ? null : storableText(value, 'tag value'), kind, id],
        );
      }
    });
  }

  removeTags(kind: EntityKind, id: string, keys: readonly string[]): void {
    this.connection.transaction('write', () => {
      for (const key of keys) {
        this.connection.run(
          'DELETE FROM tag WHERE key = ? AND entity = (SELECT sequence FROM entity WHERE kind = ? AND id = ?)',
          ...[key, kind, id],
        );
      }
    });
  }

  private living(kind: EntityKind, id: string, columns: string): Row | undefined {
    return this.connection.get(
      `SELECT ${columns} FROM entity WHERE kind = ? AND id = ? AND status <> 'DELETED'`,
      ...[kind, id],
    );
  }
}

function completeFilters(kind: EntityKind, filters: Readonly<Record<string, string>>): [string, string][] {
  const given = new Map(checkedFilters(kind, filters));
  return TEXT_VARIABLES[kind].map((variable) => [variable, given.get(variable) ?? '']);
}

/** @throws InvalidInput for a value that cannot be stored; Error for a variable that the kind does not have */
function checkedFilters(kind: EntityKind, filters: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(filters).map(([variable, value]) => {
    if (!TEXT_VARIABLES[kind].includes(variable)) throw new Error(`${kind} has no filter variable ${variable}`);
    return [variable, storableText(value, variable)];
  });
}
