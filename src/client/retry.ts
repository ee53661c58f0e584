/** Errors that come from too many requests, and those that pass by themselves. */
const RETRIED_CODES = new Set([
  'BandwidthLimitExceeded',
  'EC2ThrottledException',
  'LimitExceededException',
  'PriorRequestNotComplete',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'RequestThrottled',
  'RequestThrottledException',
  'RequestTimeout',
  'RequestTimeoutException',
  'SlowDown',
  'ThrottledException',
  'Throttling',
  'ThrottlingException',
  'TooManyRequestsException',
  'TransactionInProgressException',
]);
const RETRIED_STATUSES = new Set([500, 502, 503, 504]);
const LONGEST_PAUSE_MS = 20_000;

/** Whether another attempt may succeed. AWS SDKs and tools reference guide, "Retry behavior", mode "standard". */
export function isRetried(code: string, status: number): boolean {
  return RETRIED_CODES.has(code) || RETRIED_STATUSES.has(status);
}

/**
 * Time before the next attempt, milliseconds: random, up to 1, 2, 4, … 20 seconds.
 *
 * @param attempt attempts made, 1 or more
 * @param random 0 to 1
 */
export function retryPauseMs(attempt: number, random: number): number {
  return Math.min(random * 1000 * 2 ** (attempt - 1), LONGEST_PAUSE_MS);
}
