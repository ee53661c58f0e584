export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** Requests that are logged in a second at level `info`; the rest are counted. */
const REQUESTS_PER_SECOND = 50;
const FLUSH_MS = 100;
const FLUSH_LENGTH = 32768;

/**
 * One JSON object per line: `time` (ISO 8601), `level`, `event`, and what belongs to the event. Lines are written together,
 * at the latest after 0.1 s.
 */
export class Log {
  readonly #threshold: number;
  #pending = '';
  #timer: NodeJS.Timeout | undefined;
  #second = 0;
  #logged = 0;
  #skipped = 0;

  constructor(
    readonly write: (text: string) => void,
    readonly level: LogLevel = 'info',
  ) {
    this.#threshold = LOG_LEVELS.indexOf(level);
  }

  debug(event: string, fields?: LogFields): void {
    this.#line('debug', event, fields);
  }

  info(event: string, fields?: LogFields): void {
    this.#line('info', event, fields);
  }

  warn(event: string, fields?: LogFields): void {
    this.#line('warn', event, fields);
  }

  error(event: string, fields?: LogFields): void {
    this.#line('error', event, fields);
    this.flush();
  }

  /** Whether the next answered request gets a line: all at `debug`, the first 50 of each second at `info`. */
  wantsRequest(): boolean {
    if (this.#threshold !== 1) return this.#threshold === 0;
    const second = Math.floor(performance.now() / 1000);
    if (second !== this.#second) this.#beginSecond(second);
    if (this.#logged < REQUESTS_PER_SECOND) {
      this.#logged++;
      return true;
    }
    this.#skipped++;
    return false;
  }

  #beginSecond(second: number): void {
    if (this.#skipped > 0) this.info('requests not logged', { count: this.#skipped });
    this.#second = second;
    this.#logged = 0;
    this.#skipped = 0;
  }

  #line(level: LogLevel, event: string, fields?: LogFields): void {
    if (LOG_LEVELS.indexOf(level) < this.#threshold) return;
    this.#pending += `${JSON.stringify({ time: new Date().toISOString(), level, event, ...fields })}\n`;
    if (this.#pending.length >= FLUSH_LENGTH) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), FLUSH_MS).unref();
  }

  /** Write what is waiting. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#pending === '') return;
    const text = this.#pending;
    this.#pending = '';
    this.write(text);
  }
}
