/**
 * Looks every minute, on every node, for what is due in 共建共治: terms and agreements that end, things that are late, meetings that nobody has
 * called. What follows by itself is an act of the system under a key that every node makes alike, so that it takes effect once; what is told
 * has a key too, which an inbox takes once.
 */
import { LRUCache } from 'lru-cache';
import type { House } from './act.ts';
import { forgetAnswers, tellUntold } from './act.ts';
import type { Telling } from './chain/notices.ts';

const CHECK_INTERVAL_MS = 60_000;
/** Keys that this node has told and need not ask the inbox about again. */
const REMEMBERED = 20_000;

/** Acts as the system on what is due, and says whom to tell. Called again with the same world it says the same. */
export type Look = (house: House, now: Date) => Promise<readonly Telling[]>;

export class CobuildWatch {
  readonly #house: House;
  readonly #looks: readonly Look[];
  readonly #told = new LRUCache<string, true>({ max: REMEMBERED });
  #timer: NodeJS.Timeout | null = null;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(house: House, looks: readonly Look[]) {
    this.#house = house;
    this.#looks = looks;
  }

  /** Looks at once, and then every minute. */
  start(): void {
    const look = () => void this.check().catch(this.#house.onFault);
    this.#timer = setInterval(look, CHECK_INTERVAL_MS);
    this.#timer.unref();
    look();
  }

  /** Ends after the look that is under way. */
  async stop(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    await this.#turn.catch(() => {});
  }

  /** What throws does not keep the others from their turn: the next look makes up for it. */
  check(): Promise<void> {
    const look = () => this.#look();
    const done = this.#turn.then(look, look);
    this.#turn = done;
    return done;
  }

  async #look(): Promise<void> {
    const { onFault } = this.#house;
    await tellUntold(this.#house).catch(onFault);
    await forgetAnswers(this.#house).catch(onFault);
    for (const look of this.#looks) {
      try {
        for (const telling of await look(this.#house, this.#house.now())) await this.#tellOnce(telling).catch(onFault);
      } catch (error) {
        onFault(error);
      }
    }
  }

  async #tellOnce(telling: Telling): Promise<void> {
    if (this.#told.has(telling.key)) return;
    await this.#house.tell(telling);
    this.#told.set(telling.key, true);
  }
}
