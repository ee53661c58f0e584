import { InvalidInput } from '../errors.js';
import { ServiceError } from '../operations/service.js';

/** HTTP statuses of the exceptions that every AWS JSON service has, beside those that `shapes.ts` lists. */
const COMMON_STATUS = {
  AccessDeniedException: 403,
  IncompleteSignatureException: 400,
  InvalidSignatureException: 400,
  MalformedHttpRequestException: 400,
  MissingAuthenticationTokenException: 400,
  RequestEntityTooLargeException: 413,
  RequestHeaderSectionTooLargeException: 431,
  RequestTimeoutException: 408,
  SerializationException: 400,
  ThrottlingException: 400,
  UnknownOperationException: 404,
  UnrecognizedClientException: 400,
} as const;

export type CommonErrorName = keyof typeof COMMON_STATUS;

/** One of the exceptions that come from the protocol rather than from an operation. */
export function protocolError(name: CommonErrorName, message: string): ServiceError {
  return new ServiceError(name, message, COMMON_STATUS[name]);
}

const LONGEST_MESSAGE = 2048;

/** What the client is told of an error. */
export interface ErrorReply {
  readonly status: number;
  readonly name: string;
  /** `{"__type": …, "message": …}` */
  readonly body: string;
  /** The error is ours, and nobody else has seen it. */
  readonly ours: boolean;
}

/**
 * The reply to an error: a ServiceError as it is, InvalidInput of the library as InvalidInputException, and anything else,
 * being our bug, as InternalServerException without its details.
 *
 * @param requestId goes into the message of an InternalServerException, so that its stack can be found in the log
 */
export function errorReply(error: unknown, requestId: string): ErrorReply {
  if (error instanceof ServiceError) {
    return reply(error.status, error.code, error.message, error.status >= 500);
  }
  if (error instanceof InvalidInput) {
    const text = error.hint === undefined ? error.message : `${error.message} (${error.hint})`;
    return reply(400, 'InvalidInputException', text, false);
  }
  const text = `the server failed to carry out the request; its log has the reason under request id ${requestId}`;
  return reply(500, 'InternalServerException', text, true);
}

function reply(status: number, name: string, message: string, ours: boolean): ErrorReply {
  const text = message.length > LONGEST_MESSAGE ? `${message.slice(0, LONGEST_MESSAGE - 1)}…` : message;
  return { status, name, body: JSON.stringify({ __type: name, message: text }), ours };
}
