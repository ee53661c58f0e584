/** Something the user can repair: a file, a recipe, a parameter. Everything else that is thrown is our bug. */
export class InvalidInput extends Error {
  override readonly name = 'InvalidInput';
  /** What to do about it, in one sentence. */
  readonly hint: string | undefined;

  /**
   * @param message what is wrong, where (file, line, column, key) and which value
   * @param options.hint what to do about it
   * @param options.cause the error this one explains
   */
  constructor(message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.hint = options.hint;
  }
}
