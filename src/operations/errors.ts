import { InvalidInput } from '../errors.js';
import { nameOf } from '../store/dependencies.js';
import type { Entity, EntityKind } from '../store/entity.js';
import { StoreError } from '../store/sqlite.js';
import { ServiceError } from './service.js';
import { MESSAGE_LENGTH } from './validate.js';

export { nameOf };

export function notFound(kind: EntityKind, id: string): ServiceError {
  return new ServiceError('ResourceNotFoundException', `There is no ${nameOf(kind, id)}`);
}

export function invalid(message: string): ServiceError {
  return new ServiceError('InvalidInputException', shorten(message, MESSAGE_LENGTH));
}

/** For what is not the client's fault. @param cause for the log */
export function internal(message: string, cause: unknown): ServiceError {
  const error = new ServiceError('InternalServerException', shorten(message, MESSAGE_LENGTH));
  error.cause = cause;
  return error;
}

/** What is wrong and what to do about it, in one text. */
export function explain({ message, hint }: InvalidInput): string {
  return hint === undefined ? message : `${message}. Hint: ${hint}`;
}

/** InvalidInput of the library and errors of the store as the service's exceptions; other errors as they are. */
export function asServiceError(error: unknown): unknown {
  if (error instanceof StoreError) return internal(`${error.message}. Hint: ${error.hint}`, error);
  return error instanceof InvalidInput ? invalid(explain(error)) : error;
}

/** The text, cut where it is longer than allowed. */
export function shorten(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}

/** @throws ServiceError ResourceNotFoundException when there is none, or it was deleted */
export function alive(entity: Entity | undefined, kind: EntityKind, id: string): Entity {
  if (entity === undefined) throw notFound(kind, id);
  if (entity.status === 'DELETED') {
    throw new ServiceError('ResourceNotFoundException', `The ${nameOf(kind, id)} was deleted`);
  }
  return entity;
}
