/**
 * Time is the database's. A node asks once how far it is away and then counts on its monotonic clock, so that a node whose wall clock
 * jumps fires nothing early and stamps nothing wrong.
 */
import { performance } from 'node:perf_hooks';
import { sql } from 'kysely';
import type { Database } from './connect.ts';

/** A quartz clock drifts some 5 s a day: half a minute keeps it within 2 ms. */
const RESYNC_INTERVAL_MS = 30_000;
/** Of several answers the one with the shortest way is the most exact: its error is at most half its round trip. */
const SAMPLES = 3;
/** A correction smaller than this is drift and never lets time run backwards; a larger one is time set on purpose. */
const DRIFT_MS = 1_000;

export interface DbClock {
  /** The database's time, to within half a round trip. Does not run backwards unless time was set back. */
  now(): Date;
  /** Asks the database again. @throws if it cannot be reached; `now` goes on from the last answer. */
  resync(): Promise<void>;
  /** Stops asking by itself. */
  stop(): void;
}

/** @throws if the database cannot be reached: there is no time without it. */
export async function startClock(db: Database): Promise<DbClock> {
  let offsetMs = await measureOffset(db);
  let lastMs = Number.NEGATIVE_INFINITY;

  const resync = async () => {
    offsetMs = await measureOffset(db);
  };
  // A database that is away has no newer time to give; the next round asks again.
  const timer = setInterval(() => void resync().catch(() => undefined), RESYNC_INTERVAL_MS);
  timer.unref();

  return {
    now() {
      const ms = Math.floor(offsetMs + performance.now());
      lastMs = lastMs - ms > DRIFT_MS ? ms : Math.max(ms, lastMs);
      return new Date(lastMs);
    },
    resync,
    stop: () => clearInterval(timer),
  };
}

/** Milliseconds to add to this node's monotonic clock to get the database's time. */
async function measureOffset(db: Database): Promise<number> {
  let best = { tripMs: Number.POSITIVE_INFINITY, offsetMs: 0 };
  for (let i = 0; i < SAMPLES; i++) {
    const askedAt = performance.now();
    const { rows } = await sql<{ ms: number }>`select (extract(epoch from app_now()) * 1000)::float8 as ms`.execute(db.kysely);
    const answeredAt = performance.now();
    const tripMs = answeredAt - askedAt;
    const ms = rows[0]?.ms;
    if (ms === undefined) throw new Error('app_now() gave no row');
    if (tripMs < best.tripMs) best = { tripMs, offsetMs: ms - (askedAt + answeredAt) / 2 };
  }
  return best.offsetMs;
}
