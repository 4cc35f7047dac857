/** 共建共治, put together: its routes, the look for what is due, and the demo world's quarter. */
import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Reference } from '../grid/reference.ts';
import type { AppEnv } from '../router.ts';
import type { House } from './act.ts';
import { agreementRoutes } from './agreement-routes.ts';
import { conferenceRoutes, feedRoutes } from './conference-routes.ts';
import { loadCobuild } from './demo.ts';
import { leaderRoutes } from './leader-routes.ts';
import { memberRoutes } from './member-routes.ts';
import { peopleLooks } from './people-looks.ts';
import { certificateRoutes } from './public-routes.ts';
import { resolutionRoutes } from './resolution-routes.ts';
import { tableRoutes } from './table-routes.ts';
import { CobuildWatch } from './watch.ts';

export interface CobuildDeps extends House {
  readonly reference: () => Reference;
  /** Loads the demo world's quarter where nothing has happened yet. */
  readonly world: boolean;
}

export interface CobuildService {
  /** Behind the sign-in. */
  readonly routers: readonly OpenAPIHono<AppEnv>[];
  /** For whoever holds a certificate, and for calendars that subscribe. */
  readonly openRouters: readonly OpenAPIHono<AppEnv>[];
  /** Looks for what is due now. */
  check(): Promise<void>;
  /** Begins to look: only once people can be told. */
  start(): void;
  stop(): Promise<void>;
}

/** @throws if the database cannot be reached. */
export async function startCobuild({ reference, world, ...house }: CobuildDeps): Promise<CobuildService> {
  if (world) await loadCobuild(house.db, house.district, house.now());
  const watch = new CobuildWatch(house, peopleLooks(reference));
  return {
    routers: [
      memberRoutes(house, reference),
      leaderRoutes(house, reference),
      conferenceRoutes(house, reference),
      resolutionRoutes(house),
      agreementRoutes(house),
      tableRoutes(house),
    ],
    openRouters: [certificateRoutes(house), feedRoutes(house)],
    check: () => watch.check(),
    start: () => watch.start(),
    stop: () => watch.stop(),
  };
}
