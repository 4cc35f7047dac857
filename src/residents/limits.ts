/** How often one address may read, guess and report. Behind one address of a mobile network stand thousands of phones: these bound programs, not people. */
import type { Context } from 'hono';
import { AddressLimit } from '../http/address-limit.ts';
import { tooMany } from '../http/too-many.ts';
import type { AppEnv } from '../router.ts';

/** A page asks three times; sixty at once are twenty people who open it together [ours]. */
const READS = { burst: 60, everyMs: 1_000 };
/** Unknown numbers and wrong codes: whoever types makes a few mistakes; walking through all numbers would take years [ours]. */
const MISSES = { burst: 30, everyMs: 20_000 };
/** The hourly bound of the district holds beside it [ours]. */
const REPORTS = { burst: 20, everyMs: 180_000 };

export class ResidentLimits {
  readonly #now: () => Date;
  readonly #reads = new AddressLimit(READS);
  readonly #misses = new AddressLimit(MISSES);
  readonly #reports = new AddressLimit(REPORTS);

  /** @param now  the database's time. */
  constructor(now: () => Date) {
    this.#now = now;
  }

  /** @returns the refusal, or null when the address may read on. */
  read(c: Context<AppEnv>): ReturnType<typeof tooMany> | null {
    const { address } = c.var;
    const nowMs = this.#now().getTime();
    const waitMs = Math.max(this.#misses.waitMs(address, nowMs), this.#reads.take(address, nowMs));
    return waitMs === 0 ? null : tooMany(c, waitMs);
  }

  /** Counts an unknown number or a wrong code. */
  missed(c: Context<AppEnv>): void {
    this.#misses.take(c.var.address, this.#now().getTime());
  }

  report(c: Context<AppEnv>): ReturnType<typeof tooMany> | null {
    const waitMs = this.#reports.take(c.var.address, this.#now().getTime());
    return waitMs === 0 ? null : tooMany(c, waitMs, 'too-many-reports');
  }
}
