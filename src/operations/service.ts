import type { Message } from '../store/entity.js';
import { ERROR_STATUS, type ErrorName, type OperationName } from './shapes.js';

/** An exception of the service, as its clients know it. */
export class ServiceError extends Error {
  /** HTTP status. */
  readonly status: number;

  /**
   * @param code one of the service's exceptions, or one that all AWS services have (`AccessDeniedException`, …)
   * @param message at most 2,048 characters reach a client
   * @param status HTTP status; needed for codes that are not the service's own
   */
  constructor(
    readonly code: string,
    message: string,
    status: number = ERROR_STATUS[code as ErrorName],
  ) {
    super(message);
    this.name = 'ServiceError';
    this.status = status ?? 400;
  }
}

export type { Message };

/** The service without a transport: on a local store, or behind an endpoint. */
export interface Service {
  /**
   * @param input the wire form of the operation's input; what is wrong with it is said in an InvalidInputException
   * @throws ServiceError
   */
  call(operation: OperationName, input: Message): Promise<Message>;
  close(): Promise<void>;
}
