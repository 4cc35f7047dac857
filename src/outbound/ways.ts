/** Messages on their way, each push service apart: one that does not answer, as where a network blocks it, holds up nobody else's. */
import { makeSlots, type Slots } from '../slots.ts';

/** To one push service side by side. */
const AT_ONCE = 10;
/** And so many in line for it: four turns of the longest wait for an answer (10 s) end before a row's lease does. */
const MOST_OF_ONE = AT_ONCE * 4;
/** To all of them together: a message holds a connection and some kilobytes. */
const MOST = 400;

interface Way {
  readonly slots: Slots;
  count: number;
}

export class Ways {
  readonly #ways = new Map<string, Way>();
  readonly #sends = new Set<Promise<void>>();

  /** How many more may be handed over to the push service of this endpoint. */
  roomFor(endpoint: string): number {
    return MOST_OF_ONE - (this.#ways.get(hostOf(endpoint))?.count ?? 0);
  }

  /** @param send  never rejects. */
  take(endpoint: string, send: () => Promise<void>): void {
    const host = hostOf(endpoint);
    const way = this.#ways.get(host) ?? { slots: makeSlots(AT_ONCE, Infinity), count: 0 };
    this.#ways.set(host, way);
    way.count += 1;
    const sent = way.slots.run(send).finally(() => {
      this.#sends.delete(sent);
      way.count -= 1;
      if (way.count === 0) this.#ways.delete(host);
    });
    this.#sends.add(sent);
  }

  /** Resolves when there is room for another batch. */
  async room(batch: number): Promise<void> {
    while (this.#sends.size > MOST - batch) await Promise.race(this.#sends);
  }

  /** Resolves when all that is under way now has been answered. */
  async settled(): Promise<void> {
    await Promise.all(this.#sends);
  }
}

/** What is no address is nobody's: the sender refuses it. */
export const hostOf = (endpoint: string): string => (URL.canParse(endpoint) ? new URL(endpoint).host : '');
