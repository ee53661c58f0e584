import type { Entity } from '../store/entity.js';
import { shorten } from './errors.js';
import type { Message } from './service.js';
import { type ListShape, type Members, OPERATIONS, type OperationName, type StructureShape } from './shapes.js';

/** Characters of the message of an object (API 2014-12-12, Message). */
const STATUS_MESSAGE_LENGTH = 10_240;

/** Seconds since 1970 with milliseconds, as times go over the wire. */
export function seconds(milliseconds: number | undefined): number | undefined {
  return milliseconds === undefined ? undefined : milliseconds / 1000;
}

/** Members that every object has; undefined where it has none. */
export function commonMembers(entity: Entity): Message {
  return {
    CreatedByIamUser: entity.facts.CreatedByIamUser,
    CreatedAt: seconds(entity.createdAt),
    LastUpdatedAt: seconds(entity.lastUpdatedAt),
    Name: entity.name,
    Status: entity.status,
    Message: entity.message && shorten(entity.message, STATUS_MESSAGE_LENGTH),
    ComputeTime: entity.status === 'COMPLETED' ? entity.computeTime : undefined,
    FinishedAt: seconds(entity.finishedAt),
    StartedAt: seconds(entity.startedAt),
  };
}

/** The values that an operation answers with, in the order of its shape; absent ones are left out. */
export function reply(operation: OperationName, values: Message): Message {
  return pick(OPERATIONS[operation].output, values);
}

/** The values of one item of the list that a describe operation answers with. */
export function replyItem(operation: OperationName, values: Message): Message {
  const output: Members = OPERATIONS[operation].output;
  return pick(((output.Results as ListShape).item as StructureShape).members, values);
}

function pick(members: Members, values: Message): Message {
  const names = Object.keys(members).filter((name) => values[name] !== undefined);
  return Object.fromEntries(names.map((name) => [name, values[name]]));
}
