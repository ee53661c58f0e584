import { OPERATIONS, type OperationName } from '../operations/shapes.js';
import { protocolError } from './errors.js';

/** Service and API version of the operations, as `X-Amz-Target` names them. */
export const TARGET_PREFIX = 'AmazonML_20141212.';
export const CONTENT_TYPE = 'application/x-amz-json-1.1';

const OPERATION_OF_TARGET: ReadonlyMap<string, OperationName> = new Map(
  (Object.keys(OPERATIONS) as OperationName[]).map((name) => [`${TARGET_PREFIX}${name}`, name]),
);

/**
 * The operation that a request names.
 *
 * @param target value of `X-Amz-Target`
 * @throws ServiceError UnknownOperationException
 */
export function operationOf(target: string | undefined): OperationName {
  const operation = target === undefined ? undefined : OPERATION_OF_TARGET.get(target);
  if (operation !== undefined) return operation;
  throw protocolError(
    'UnknownOperationException',
    target === undefined
      ? `the request names no operation; send POST with the header X-Amz-Target: ${TARGET_PREFIX}<operation>`
      : `there is no operation '${target.slice(0, 100)}'; X-Amz-Target is ${TARGET_PREFIX} and the name of an operation`,
  );
}
