/** What a node has started, so that it stops in the opposite order: also when a start fails halfway. */
import type { Logger } from 'pino';

export class Started {
  readonly #ends: (() => unknown)[] = [];
  readonly #log: Logger;

  constructor(log: Logger) {
    this.#log = log;
  }

  add(end: () => unknown): void {
    this.#ends.push(end);
  }

  /** One that fails keeps none of the others from stopping. */
  async stop(): Promise<void> {
    for (const end of this.#ends.splice(0).reverse()) {
      try {
        await end();
      } catch (err) {
        this.#log.error({ err }, 'did not stop cleanly');
      }
    }
  }
}
