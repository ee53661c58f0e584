import { once } from 'node:events';
import { createGzip, type Gzip } from 'node:zlib';
import type { Place } from '../locations/location.js';

/** A gzip object that is written piece by piece; it appears when it is finished. */
export class GzipObject {
  readonly #gzip: Gzip = createGzip();
  readonly #written: Promise<void>;
  #failure: unknown;

  constructor(places: Place, uri: string) {
    this.#written = places.write(uri, this.#gzip);
    // Writing may fail before anybody waits for it; the pieces that follow are then refused.
    this.#written.catch((error: unknown) => {
      this.#failure = error;
      this.#gzip.destroy();
    });
  }

  /** @throws what kept the object from being written */
  async write(text: string): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#gzip.write(text)) return;
    await Promise.race([once(this.#gzip, 'drain'), this.#written]);
    if (this.#failure !== undefined) throw this.#failure;
  }

  async finish(): Promise<void> {
    this.#gzip.end();
    await this.#written;
  }

  /** Leave nothing behind. */
  async abandon(reason: Error): Promise<void> {
    this.#gzip.destroy(reason);
    await this.#written.catch(() => {});
  }
}
