/** The HTTP side over a real database, with one account of each kind that the specs need. */
import { serve } from '@hono/node-server';
import type { OpenAPIHono } from '@hono/zod-openapi';
import type { AddressInfo } from 'node:net';
import type { Server } from 'node:http';
import pino from 'pino';
import { Registry } from 'prom-client';
import { type AppDeps, makeApp } from '../../src/app.ts';
import { type DbClock, startClock } from '../../src/db/clock.ts';
import type { Incident } from '../../src/dispatch/chain/incident.ts';
import { photoRoutes } from '../../src/evidence/routes.ts';
import { voiceRoutes } from '../../src/evidence/voice/routes.ts';
import { createAccount } from '../../src/identity/accounts.ts';
import type { Actor, Role } from '../../src/identity/actor.ts';
import { openAudit } from '../../src/identity/audit.ts';
import { hashPassword } from '../../src/identity/passwords.ts';
import { openSessions, type Sessions } from '../../src/identity/sessions.ts';
import type { AppEnv } from '../../src/router.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';

export const DISTRICT = 441802;
export const PASSWORD = '凤鸣-demo-password';

export const PEOPLE = {
  gridWorker: {
    account: 'grid.441802006001001',
    role: 'gridWorker',
    district: DISTRICT,
    subdistrict: '441802006',
    community: '441802006001',
    cell: '441802006001001',
  },
  otherGridWorker: {
    account: 'grid.441802006001002',
    role: 'gridWorker',
    district: DISTRICT,
    subdistrict: '441802006',
    community: '441802006001',
    cell: '441802006001002',
  },
  community: {
    account: 'community.441802006001',
    role: 'community',
    district: DISTRICT,
    subdistrict: '441802006',
    community: '441802006001',
  },
  unit: { account: 'unit.fengcheng-police', role: 'unit', district: DISTRICT, unit: 'fengcheng-police' },
  auditor: { account: 'auditor', role: 'auditor', district: DISTRICT },
  admin: { account: 'admin', role: 'admin', district: DISTRICT },
} as const satisfies Record<string, Actor & { role: Role }>;

export interface House {
  readonly test: TestDatabase;
  readonly clock: DbClock;
  readonly sessions: Sessions;
  readonly app: OpenAPIHono<AppEnv>;
  /** Every line that the app has logged, as one text. */
  logged(): string;
  /** Another node on the same database. */
  secondNode(): Promise<Sessions>;
  /** Sets how far the database's time runs ahead, for every node. */
  moveTime(ms: number): Promise<void>;
  token(who: Actor): Promise<string>;
  /** Listens on a free port of the loopback; closed with the house. */
  listen(): Promise<string>;
  close(): Promise<void>;
}

export interface HouseOptions extends Partial<Omit<AppDeps, 'sessions' | 'audit' | 'log'>> {
  /** Who may see the incident of a photo; nobody when absent. */
  readonly maySee?: (incident: string, actor: Actor) => Promise<boolean>;
  /** The voice notes that stand in any incident that may be seen. */
  readonly voices?: () => Incident['voices'];
}

let passwordHash: Promise<string> | undefined;

export async function openHouse(options: HouseOptions = {}): Promise<House> {
  const test = await openTestDatabase();
  const { kysely } = test.db;
  const hash = await (passwordHash ??= hashPassword(PASSWORD));
  for (const actor of Object.values(PEOPLE)) {
    await createAccount(kysely, { actor, nameZh: `演示·${actor.role}`, nameEn: `Demo ${actor.role}`, passwordHash: hash });
  }
  const clock = await startClock(test.db);
  const lines: string[] = [];
  const log = pino({ level: 'debug' }, { write: (line: string) => void lines.push(line) });
  const failed = (error: unknown) => log.error(error);
  const audit = openAudit(kysely, DISTRICT, failed);
  const open = () => openSessions({ db: kysely, district: DISTRICT, now: () => clock.now(), audit, onFault: failed });
  const sessions = await open();
  const nodes = [sessions];
  const servers: Server[] = [];
  const maySeePhotoIncident = options.maySee ?? (async () => false);
  const findIncident = async (id: string, actor: Actor) =>
    (await maySeePhotoIncident(id, actor)) ? { voices: options.voices?.() ?? [] } : null;
  const app = makeApp({
    routers: options.routers ?? [photoRoutes({ db: kysely, maySeePhotoIncident }), voiceRoutes({ db: kysely, findIncident })],
    sessions,
    audit,
    health: options.health ?? { ready: async () => ({ ok: true, reasons: [] }) },
    metrics: options.metrics ?? new Registry(),
    log,
    distDir: options.distDir ?? '/nonexistent',
    trustProxy: options.trustProxy ?? false,
    baseMap: options.baseMap ?? null,
  });

  return {
    test,
    clock,
    sessions,
    app,
    logged: () => lines.join(''),
    async secondNode() {
      const node = await open();
      nodes.push(node);
      return node;
    },
    async moveTime(ms) {
      await test.shiftTime(ms);
      await clock.resync();
    },
    async token(who) {
      const result = await sessions.signIn(who.account, PASSWORD, `for ${who.account}`);
      if (!result.ok) throw new Error(result.code);
      return result.token;
    },
    async listen() {
      const server = await new Promise<Server>((ready) => {
        const started = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, () => ready(started as Server)) as Server;
      });
      servers.push(server);
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    },
    async close() {
      for (const node of nodes) node.stop();
      clock.stop();
      for (const server of servers) {
        server.closeAllConnections();
        await new Promise((closed) => server.close(closed));
      }
      await test.drop();
    },
  };
}

export const asBearer = (token: string): Record<string, string> => ({ Authorization: `Bearer ${token}` });

/** The problem in an answer, with the status beside it. */
export async function problemIn(answer: Response): Promise<{ status: number; code: string; [more: string]: unknown }> {
  const type = answer.headers.get('content-type') ?? '';
  if (!type.startsWith('application/problem+json')) throw new Error(`no problem but ${answer.status} ${type}`);
  return (await answer.json()) as { status: number; code: string };
}
