/** How often one address may ask, kept in memory: one number an address, and of no more addresses than a bound. */
import { LRUCache } from 'lru-cache';

export interface AddressLimitRule {
  /** So many at once. */
  readonly burst: number;
  /** And one more each so many milliseconds. */
  readonly everyMs: number;
}

/** Addresses remembered by each limit, some 150 bytes each; past it the one that was quiet longest begins anew. */
export const ADDRESSES = 20_000;

/**
 * The generic cell rate algorithm: of each address only the moment is kept at which its burst is whole again.
 * Per node: two nodes together let twice as many through, which for a limit on curiosity is good enough.
 */
export class AddressLimit {
  readonly #burst: number;
  readonly #everyMs: number;
  readonly #wholeAt: LRUCache<string, number>;

  constructor({ burst, everyMs }: AddressLimitRule, addresses = ADDRESSES) {
    this.#burst = burst;
    this.#everyMs = everyMs;
    this.#wholeAt = new LRUCache({ max: addresses });
  }

  /** How long the address has to wait, milliseconds; 0: not at all. Takes nothing. */
  waitMs(address: string, nowMs: number): number {
    const wholeAt = Math.max(this.#wholeAt.get(address) ?? 0, nowMs);
    return Math.max(0, wholeAt - nowMs - (this.#burst - 1) * this.#everyMs);
  }

  /** Counts one unless the address has to wait. @returns as `waitMs`. */
  take(address: string, nowMs: number): number {
    const waitMs = this.waitMs(address, nowMs);
    if (waitMs === 0) this.#wholeAt.set(address, Math.max(this.#wholeAt.get(address) ?? 0, nowMs) + this.#everyMs);
    return waitMs;
  }

  /** Addresses that are remembered now. */
  get size(): number {
    return this.#wholeAt.size;
  }
}
