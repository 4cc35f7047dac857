/** One question to the database for all who ask in the same moment. */

interface Asked<V> {
  readonly answer: Promise<V | undefined>;
  readonly resolve: (value: V | undefined) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * While one question is on its way the next ones gather, each key once however many ask for it. Never more than one is on its way, so those who all come back after a
 * restart take one connection, not every one of the pool.
 */
export class OneAnswerForMany<K, V> {
  readonly #read: (keys: readonly K[]) => Promise<ReadonlyMap<K, V>>;
  readonly #most: number;
  readonly #waiting = new Map<K, Asked<V>>();
  #reading = false;

  /** @param most  keys in one question. */
  constructor(read: (keys: readonly K[]) => Promise<ReadonlyMap<K, V>>, most: number) {
    this.#read = read;
    this.#most = most;
  }

  /** An answer that was asked for after this call, never an older one. @throws what the database throws. */
  ask(key: K): Promise<V | undefined> {
    let waiting = this.#waiting.get(key);
    if (!waiting) {
      let settle: Omit<Asked<V>, 'answer'> | undefined;
      const answer = new Promise<V | undefined>((resolve, reject) => (settle = { resolve, reject }));
      this.#waiting.set(key, (waiting = { answer, ...settle! }));
    }
    if (!this.#reading) {
      this.#reading = true;
      queueMicrotask(() => void this.#readOn());
    }
    return waiting.answer;
  }

  async #readOn(): Promise<void> {
    while (this.#waiting.size > 0) {
      const asked = [...this.#waiting].slice(0, this.#most);
      for (const [key] of asked) this.#waiting.delete(key);
      try {
        const answers = await this.#read(asked.map(([key]) => key));
        for (const [key, { resolve }] of asked) resolve(answers.get(key));
      } catch (error) {
        for (const [, { reject }] of asked) reject(error);
      }
    }
    this.#reading = false;
  }
}
