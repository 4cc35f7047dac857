/** Residents, put together: what they may see and do without an account, and what staff hold out to them. */
import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Database } from '../db/connect.ts';
import type { Desk } from '../dispatch/desk.ts';
import type { Reference } from '../grid/reference.ts';
import type { AppEnv } from '../router.ts';
import { openKey } from './code.ts';
import { ResidentLimits } from './limits.ts';
import { progressRoutes, type UnhappyNotice } from './progress-routes.ts';
import { reportRoutes } from './report-routes.ts';
import { residentReporter } from './report.ts';
import { staffRoutes } from './staff-routes.ts';
import { readSwitches, switchOnForDemo } from './switches.ts';

export interface ResidentsDeps {
  readonly db: Database;
  readonly district: number;
  readonly reference: () => Reference;
  readonly desk: Pick<Desk, 'report' | 'find'>;
  /** The database's time. */
  readonly now: () => Date;
  readonly tell: (notice: UnhappyNotice) => Promise<unknown>;
  /** A demo world: everything is to be tried, so nothing is off that nobody has turned off. */
  readonly demo: boolean;
}

export interface Residents {
  /** In front of the sign-in. */
  readonly open: readonly OpenAPIHono<AppEnv>[];
  /** Behind it. */
  readonly signedIn: readonly OpenAPIHono<AppEnv>[];
  /** Reads the district's switches again. Until it is done, and if it fails, the old ones hold. */
  reload(): Promise<void>;
}

/** @throws when the database cannot be reached. */
export async function openResidents({ db, district, reference, desk, now, tell, demo }: ResidentsDeps): Promise<Residents> {
  if (demo) await switchOnForDemo(db.kysely, district);
  const key = await openKey(db.kysely, district);
  let held = await readSwitches(db.kysely, district);
  const switches = () => held;
  const limits = new ResidentLimits(now);
  const report = residentReporter({ db, district, reference, desk });
  return {
    open: [
      progressRoutes({ db: db.kysely, district, key, reference, switches, now, limits, tell }),
      reportRoutes({ district, key, reference, switches, limits, report }),
    ],
    signedIn: [staffRoutes({ db: db.kysely, district, key, findIncident: (id, actor) => desk.find(id, actor) })],
    async reload() {
      held = await readSwitches(db.kysely, district);
    },
  };
}
