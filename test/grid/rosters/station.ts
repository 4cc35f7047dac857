/** Nodes with the rosters of the demo world, at a time that the spec sets in the database. */
import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { type DbClock, startClock } from '../../../src/db/clock.ts';
import { openReference, type ReferenceSource } from '../../../src/grid/reference.ts';
import { rosterRoutes } from '../../../src/grid/rosters/routes.ts';
import { type RosterService, startRosters } from '../../../src/grid/rosters/start.ts';
import type { RosterWarning } from '../../../src/grid/rosters/watch.ts';
import type { OpenWork } from '../../../src/grid/rosters/hand-overs.ts';
import type { Actor } from '../../../src/identity/actor.ts';
import { loadDemoAccounts } from '../../../src/identity/demo-accounts.ts';
import { SESSION_MS } from '../../../src/identity/sessions.ts';
import { newRouter } from '../../../src/router.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { at } from '../duty-world.ts';

export const DISTRICT = 441802;
/** Round the clock, three crews; stands in: dongcheng-police, full. Thursday: nights 3, days 1, evenings 2. */
export const POLICE = 'fengcheng-police';

export const PEOPLE = {
  police: { account: `unit.${POLICE}`, role: 'unit', district: DISTRICT, unit: POLICE },
  otherUnit: { account: 'unit.dongcheng-police', role: 'unit', district: DISTRICT, unit: 'dongcheng-police' },
  subdistrict: { account: 'subdistrict.441802006', role: 'subdistrict', district: DISTRICT, subdistrict: '441802006' },
  otherSubdistrict: { account: 'subdistrict.441802007', role: 'subdistrict', district: DISTRICT, subdistrict: '441802007' },
  district: { account: 'district.441802', role: 'district', district: DISTRICT },
  auditor: { account: 'auditor', role: 'auditor', district: DISTRICT },
  community: {
    account: 'community.441802006001',
    role: 'community',
    district: DISTRICT,
    subdistrict: '441802006',
    community: '441802006001',
  },
} as const satisfies Record<string, Actor>;

export interface Node {
  readonly service: RosterService;
  readonly clock: DbClock;
  readonly source: ReferenceSource;
  /** As a person at a device (a session, opened by its first question). The answer's body is JSON. */
  ask(
    who: Actor,
    session: string,
    method: string,
    path: string,
    body?: unknown,
    key?: string,
  ): Promise<{ status: number; body: ReturnType<JSON['parse']> }>;
  stop(): Promise<void>;
}

export interface Station {
  readonly database: TestDatabase;
  /** What was told, by all nodes, in order. */
  readonly told: RosterWarning[];
  readonly openWork: OpenWork[];
  /** What went wrong while nobody asked. */
  readonly faults: unknown[];
  /** Signs out, as every node hears it. */
  endSession(session: string): Promise<void>;
  node(): Promise<Node>;
  /** Sets the time of the database, in China's time, and lets every node that runs notice. */
  timeIs(local: string): Promise<void>;
  close(): Promise<void>;
}

export async function openStation(): Promise<Station> {
  const database = await openTestDatabase({ world: true });
  const told: RosterWarning[] = [];
  const openWork: OpenWork[] = [];
  const faults: unknown[] = [];
  const nodes = new Set<Node>();
  const listeners = new Set<(session: string) => void>();
  await loadDemoAccounts(database.db.kysely, 'no password');
  let shiftMs = 0;
  return {
    database,
    told,
    openWork,
    faults,
    async node() {
      const clock = await startClock(database.db);
      const source = await openReference(database.db.kysely, DISTRICT);
      const service = await startRosters({
        db: database.db.kysely,
        district: DISTRICT,
        reference: () => source.current(),
        now: () => clock.now(),
        onSessionEnded(listener) {
          listeners.add(listener);
          return () => listeners.delete(listener);
        },
        openWorkOf: async () => openWork,
        tell: async (warning) => told.push(warning),
        onFault: (error) => faults.push(error),
      });
      const node: Node = {
        service,
        clock,
        source,
        ask: (who, session, method, path, body, key) => askOf(service, who, session, method, path, body, key),
        async stop() {
          nodes.delete(node);
          clock.stop();
          await service.stop();
        },
      };
      nodes.add(node);
      return node;
    },
    async endSession(session) {
      const { kysely } = database.db;
      await kysely
        .updateTable('session')
        .set({ ended_at: sql<Date>`app_now()` })
        .where('id', '=', session)
        .execute();
      for (const listener of listeners) listener(session);
      for (const node of nodes) await node.service.rosters.refresh();
    },
    async timeIs(local) {
      const clock = await startClock(database.db);
      shiftMs += at(local) - clock.now().getTime();
      clock.stop();
      await database.shiftTime(Math.round(shiftMs));
      for (const node of nodes) await node.clock.resync();
    },
    async close() {
      for (const node of [...nodes]) await node.stop();
      await database.drop();
    },
  };
}

async function askOf(service: RosterService, who: Actor, session: string, method: string, path: string, body?: unknown, key?: string) {
  await openSession(service, who, session);
  const app = newRouter();
  app.use(async (c, next) => {
    c.set('actor', who);
    c.set('sessionId', session);
    await next();
  });
  app.route('/', rosterRoutes(service));
  const answer = await app.request(path, {
    method,
    headers: { 'Content-Type': 'application/json', ...(key === undefined ? {} : { 'Idempotency-Key': key }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, body: text === '' ? null : (JSON.parse(text) as unknown) };
}

async function openSession({ db, now }: RosterService, { account }: Actor, id: string): Promise<void> {
  const token_hash = createHash('sha256').update(id).digest();
  const expires_at = new Date(now().getTime() + SESSION_MS);
  await db
    .insertInto('session')
    .values({ district: DISTRICT, id, token_hash, account, expires_at })
    .onConflict((on) => on.doNothing())
    .execute();
}

let made = 0;
/** UUIDs in order: nothing random in a spec. */
export function uuid(): string {
  made += 1;
  return `00000000-0000-4000-8000-${String(made).padStart(12, '0')}`;
}
