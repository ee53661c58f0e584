/** The output cannot be made. The message is what AWS's command line prints for it, without the empty line before. */
export class OutputError extends Error {
  /**
   * @param exitCode 252: the expression or option is wrong, found before anything is sent; 253: the pager cannot start; 255: the
   *   response does not fit the expression or the format
   */
  constructor(
    message: string,
    readonly exitCode: 252 | 253 | 255,
    options: { cause?: unknown } = {},
  ) {
    super(message, options);
    this.name = 'OutputError';
  }
}
