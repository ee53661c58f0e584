import { asServiceError, shorten } from '../operations/errors.js';
import { ServiceError } from '../operations/service.js';
import { MESSAGE_LENGTH } from '../operations/validate.js';

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
  const known = asServiceError(error);
  if (known instanceof ServiceError) return reply(known.status, known.code, known.message, known.status >= 500);
  const text = `the server failed to carry out the request; its log has the reason under request id ${requestId}`;
  return reply(500, 'InternalServerException', text, true);
}

function reply(status: number, name: string, message: string, ours: boolean): ErrorReply {
  return { status, name, body: JSON.stringify({ __type: name, message: shorten(message, MESSAGE_LENGTH) }), ours };
}
