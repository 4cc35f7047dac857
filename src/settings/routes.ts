/** Calendar, limits, what residents may do, and their history over HTTP, wired to what they change. */
import type { Database } from '../db/connect.ts';
import type { Core } from '../dispatch/core.ts';
import { recountEffect } from '../dispatch/recount-effect.ts';
import { calendarRoutes } from './calendar-routes.ts';
import { limitRoutes } from './limit-routes.ts';
import { residentSettingsRoutes } from './resident-routes.ts';

export interface SettingsRoutesDeps {
  readonly db: Database;
  readonly district: number;
  readonly clock: { now(): Date };
  readonly core: Pick<Core, 'rules' | 'recounts'>;
  /** Makes this node go by what was written. */
  readonly refresh: () => Promise<void>;
}

export function settingsRoutes({ db, district, clock, core: { rules, recounts }, refresh }: SettingsRoutesDeps) {
  return [
    calendarRoutes({
      db: db.kysely,
      district,
      clock,
      rules,
      refresh,
      effect: (edited) => recountEffect(db.pool, district, edited, clock.now()),
      progress: () => recounts.progress(),
      recount: () => void recounts.look(),
    }),
    limitRoutes({ db: db.kysely, district, rules, refresh }),
    residentSettingsRoutes({ db: db.kysely, district, refresh }),
  ];
}
