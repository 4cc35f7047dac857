/** 效能, wired: the ledger that follows the log, figures kept for a moment, and the routes. */
import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Kysely } from 'kysely';
import { LRUCache } from 'lru-cache';
import type { Schema } from '../db/schema.ts';
import type { Rules } from '../dispatch/chain/levels.ts';
import type { Reference } from '../grid/reference.ts';
import type { Audit } from '../identity/audit.ts';
import type { AppEnv } from '../router.ts';
import { busyWhenFull, makeSlots } from '../slots.ts';
import { dayFigures } from './day.ts';
import { behind } from './behind.ts';
import { exportRoutes } from './exports/routes.ts';
import { Ledger } from './ledger.ts';
import { figureRoutes } from './routes.ts';
import type { BehindQuery, DayFigures } from './schemas.ts';
import type { View } from './view.ts';

export interface AssessmentDeps {
  readonly db: Kysely<Schema>;
  readonly district: number;
  readonly clock: { now(): Date };
  readonly rules: () => Rules;
  readonly reference: () => Reference;
  readonly audit: Pick<Audit, 'record'>;
  readonly onFault: (error: unknown) => void;
}

export interface Assessment {
  readonly routers: readonly OpenAPIHono<AppEnv>[];
  stop(): Promise<void>;
}

/** A wall and ten centres that look at the same day ask the database once. Ours: pages read again every five seconds at most. */
const KEPT_MS = 3_000;
const KEPT_ANSWERS = 200;
/** Each reads some ten statements of a database that the chain shares: two side by side, and an office's worth of others may wait. [ours] */
export const READS = { atOnce: 2, waiting: 30, retryAfterS: 2 };
/** So that who looks first after a quiet night does not wait for it. */
const FOLLOW_MS = 30_000;

export function startAssessment(deps: AssessmentDeps): Assessment {
  const { db, district, clock, rules, onFault } = deps;
  const ledger = new Ledger({ db, district, rules });
  const follow = () => ledger.catchUp().catch(onFault);
  let last = follow();
  const timer = setInterval(() => (last = follow()), FOLLOW_MS);
  timer.unref();

  const slots = makeSlots(READS.atOnce, READS.waiting);
  const inTurn = <T>(read: () => Promise<T>): Promise<T> =>
    slots.run(() => ledger.catchUp().then(read)).catch(busyWhenFull(READS.retryAfterS));
  const kept = new LRUCache<string, Promise<DayFigures>>({ max: KEPT_ANSWERS, ttl: KEPT_MS });
  const figures = (view: View): Promise<DayFigures> => {
    const key = keyOf(view);
    const known = kept.get(key);
    if (known !== undefined) return known;
    const reading = inTurn(() => dayFigures(db, view));
    kept.set(key, reading);
    // A failure is told to those who wait for it, and not kept.
    reading.catch(() => kept.delete(key));
    return reading;
  };
  const behindMark = (view: View, query: BehindQuery) => inTurn(() => behind(db, view, query));
  return {
    routers: [figureRoutes({ clock, figures, behind: behindMark }), exportRoutes({ ...deps, figures, catchUp: () => ledger.catchUp() })],
    async stop() {
      clearInterval(timer);
      await last;
    },
  };
}

/** Who sees the same is answered the same; an account also sees what it reported itself. */
function keyOf({ actor, firstDay, lastDay, levels, subdistrict, community }: View): string {
  return JSON.stringify([
    actor.account,
    actor.role,
    actor.subdistrict,
    actor.community,
    actor.cell,
    actor.unit,
    actor.communities,
    firstDay,
    lastDay,
    levels,
    subdistrict,
    community,
  ]);
}
