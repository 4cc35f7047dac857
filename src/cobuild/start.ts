/** 共建共治, put together: its routes, the look for what is due, and the demo world's quarter. */
import type { OpenAPIHono } from '@hono/zod-openapi';
import type { CommittedMove } from '../dispatch/chain/committed.ts';
import type { Desk } from '../dispatch/desk.ts';
import type { Actor } from '../identity/actor.ts';
import type { Audit } from '../identity/audit.ts';
import type { Reference } from '../grid/reference.ts';
import type { AppEnv } from '../router.ts';
import type { House } from './act.ts';
import type { WorkItem } from './chain/work.ts';
import { agreementRoutes } from './agreement-routes.ts';
import { conferenceRoutes, feedRoutes } from './conference-routes.ts';
import { loadCobuild } from './demo.ts';
import { needsPart } from './needs-part.ts';
import { leaderRoutes } from './leader-routes.ts';
import { memberRoutes } from './member-routes.ts';
import { peopleLooks } from './people-looks.ts';
import { certificateRoutes } from './public-routes.ts';
import { resolutionRoutes } from './resolution-routes.ts';
import { tableRoutes } from './table-routes.ts';
import { CobuildWatch } from './watch.ts';
import { WorkWatch } from './work-watch.ts';

export interface CobuildDeps extends Omit<House, 'wrote'> {
  readonly reference: () => Reference;
  /** What leaves as a file is put on record. */
  readonly audit: Pick<Audit, 'record'>;
  readonly desk: Pick<Desk, 'find' | 'move'>;
  /** @returns when this node goes by settings that were written: units that join incidents. */
  readonly changed: () => Promise<unknown>;
  /** Needs and activities that any node changed. */
  readonly onWork: (changes: readonly WorkItem[]) => void;
  /** Loads the demo world's quarter where nothing has happened yet. */
  readonly world: boolean;
}

export interface CobuildService {
  /** Behind the sign-in. */
  readonly routers: readonly OpenAPIHono<AppEnv>[];
  /** For whoever holds a certificate, and for calendars that subscribe. */
  readonly openRouters: readonly OpenAPIHono<AppEnv>[];
  /** Moves of incidents that any node wrote. */
  noticed(moves: readonly Pick<CommittedMove, 'incident'>[]): void;
  /** May this account see the photos that a claim, a task or an activity has? `id` stands in `photo.incident`. */
  maySeeHolder(id: string, actor: Actor): Promise<boolean>;
  /** Looks for what is due now. */
  check(): Promise<void>;
  /** Begins to look: only once people can be told. */
  start(): void;
  stop(): Promise<void>;
}

/** @throws if the database cannot be reached. */
export async function startCobuild({ reference, world, desk, changed, audit, onWork, ...told }: CobuildDeps): Promise<CobuildService> {
  if (world) await loadCobuild(told.db, told.district, told.now());
  const work = new WorkWatch(told, onWork);
  await work.open();
  const house: House = { ...told, wrote: () => work.soon() };
  const needs = needsPart({ house, reference, desk, refresh: changed });
  const watch = new CobuildWatch(house, [...peopleLooks(reference), ...needs.looks]);
  return {
    routers: [
      memberRoutes(house, reference),
      leaderRoutes(house, reference),
      conferenceRoutes(house, reference),
      resolutionRoutes(house),
      agreementRoutes(house),
      ...needs.routers,
      tableRoutes(house, audit),
    ],
    openRouters: [certificateRoutes(house), feedRoutes(house), ...needs.openRouters],
    check: () => watch.check(),
    start() {
      watch.start();
      work.start();
    },
    noticed: (moves) => needs.noticed(moves),
    maySeeHolder: (id, actor) => needs.maySeeHolder(id, actor),
    async stop() {
      await watch.stop();
      await needs.stop();
      // Last: what the others still write asks it to look.
      await work.stop();
    },
  };
}
