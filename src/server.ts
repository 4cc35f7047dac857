/**
 * One node of the service: everything wired, in order, and stopped in the opposite order. `main.ts` and the tests start the same thing.
 */
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type pg from 'pg';
import type { Logger } from 'pino';
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { makeApp } from './app.ts';
import { startAssessment } from './assessment/start.ts';
import { type CobuildService, startCobuild } from './cobuild/start.ts';
import { startClock } from './db/clock.ts';
import { openDatabase, type Database } from './db/connect.ts';
import { migrate } from './db/migrate.ts';
import { SettingsWatch } from './db/settings-watch.ts';
import { overviewRoutes } from './dispatch/overview-routes.ts';
import { startCore, type Core } from './dispatch/core.ts';
import { readDueSoon } from './dispatch/due-soon.ts';
import { placeRulesSource } from './dispatch/place-rules.ts';
import { repeatsRoutes } from './dispatch/repeats-routes.ts';
import { proposalRoutes } from './dispatch/proposal-routes.ts';
import { ProposalWatch } from './dispatch/proposal-watch.ts';
import { propose } from './dispatch/proposals.ts';
import { dispatchRoutes } from './dispatch/routes.ts';
import { unfinishedOf } from './dispatch/unfinished.ts';
import { sendingRoutes } from './dispatch/sending-routes.ts';
import { evidenceClaims, evidenceRoutes } from './evidence/evidence-routes.ts';
import { loadDemoWorld } from './grid/demo-world.ts';
import { importInto } from './grid/import/importer.ts';
import { openReference } from './grid/reference.ts';
import { rosterRoutes } from './grid/rosters/routes.ts';
import { startRosters } from './grid/rosters/start.ts';
import { responsibilityRoutes } from './grid/responsibility-routes.ts';
import { OpenRules } from './grid/responsibilities.ts';
import { gridRoutes } from './grid/routes.ts';
import type { BaseMap } from './http/base-map.ts';
import { closeServer, listen } from './http/listen.ts';
import { findActor } from './identity/accounts.ts';
import type { Actor } from './identity/actor.ts';
import { openAudit } from './identity/audit.ts';
import { loadDemoAccounts } from './identity/demo-accounts.ts';
import { hashPassword } from './identity/passwords.ts';
import { openSessions } from './identity/sessions.ts';
import { outboundRoutes } from './outbound/routes.ts';
import { type Outbound, startOutbound } from './outbound/start.ts';
import { openResidents } from './residents/routes.ts';
import { settingsRoutes } from './settings/routes.ts';
import { Started } from './started.ts';
import { startPush, type PushService } from './ws/push.ts';
import { type Announcement, InboxStore } from './ws/inbox.ts';
import { noticeRoutes } from './ws/notice-routes.ts';
import { pushRoutes } from './ws/routes.ts';

export interface ServerOptions {
  /** The login that owns the tables. */
  readonly owner: pg.ClientConfig;
  readonly district: number;
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** Loads the demo world into an empty database. */
  readonly world: boolean;
  /** Makes an account for every place of it, with this password, where there is no account yet. */
  readonly demoPassword?: string;
  /** How several nodes wake each other: `nats://host:port`; absent: PostgreSQL NOTIFY. */
  readonly busUrl?: string;
  readonly log: Logger;
  /** Believe `X-Forwarded-For` from other machines too. */
  readonly trustProxy?: boolean;
  /** A map under the cells; absent: none. */
  readonly baseMap?: BaseMap | null;
  /** Where the built pages are. */
  readonly distDir?: string;
  /** Web push goes to any address, also without https: for a push service of a test. */
  readonly pushAnywhere?: boolean;
}

export interface RunningServer {
  readonly url: string;
  readonly port: number;
  /** Tells sockets to come back, answers what is under way, writes what waits, and closes the database. */
  stop(): Promise<void>;
}

const DIST = fileURLToPath(new URL('../dist', import.meta.url));

/**
 * Migrates, loads what is missing, and serves.
 *
 * @throws what the database throws when it cannot be reached or is not fit; nothing is left running then.
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  await migrate(options.owner, (line) => options.log.info(line));
  const started = new Started(options.log);
  try {
    const { port } = await startParts(options, started);
    return { port, url: `http://${options.host}:${port}`, stop: () => started.stop() };
  } catch (error) {
    await started.stop();
    throw error;
  }
}

async function startParts(options: ServerOptions, started: Started): Promise<{ port: number }> {
  const { owner, district, log } = options;
  const db = openDatabase(owner);
  started.add(() => db.close());
  if (options.world) await loadDemoWorld(db.kysely, (line) => log.info(line));
  if (options.demoPassword !== undefined) await loadAccounts(db, options.demoPassword);
  const clock = await startClock(db);
  started.add(() => clock.stop());
  const now = () => clock.now();
  const dueSoon = readDueSoon({ pool: db.pool, district, clock });
  // Awaited by the deadlines; a start that fails before that is told by its own error.
  dueSoon.catch(() => {});
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });

  const onFault = (err: unknown) => log.warn({ err }, 'the database did not answer; tried again');
  const settings = await openSettings(db, options, registry);
  started.add(() => settings.stop());
  const source = await openReference(db.kysely, district);
  const reference = () => source.current();
  const audit = openAudit(db.kysely, district, onFault);
  const sessions = await openSessions({ db: db.kysely, district, now, audit, onFault });
  started.add(() => sessions.stop());

  const inbox = new InboxStore(db.pool, district);
  // Rosters look for holes before there is a push: what is told then waits in the inboxes.
  let tell = (announcement: Announcement): Promise<unknown> => inbox.tell(announcement, now());
  const rosters = await startRosters({
    db: db.kysely,
    district,
    reference,
    now,
    onSessionEnded: (listener) => sessions.onEnded(listener),
    openWorkOf: (unit) => unfinishedOf(db.kysely, district, unit),
    tell: (warning) => tell(warning),
    onFault,
  });
  started.add(() => rosters.stop());

  const openRules = new OpenRules(db.kysely, district);
  await openRules.reload();
  const situation = () => ({ duty: rosters.book(), positions: push.positions(), rules: openRules.current() });
  const core = await startCore({
    db,
    district,
    clock,
    reference,
    situation,
    dueSoon,
    settingsVersion: () => settings.version,
    ...evidenceClaims(db.kysely),
    findActor: (account) => findActor(db.kysely, district, account),
    registry,
    log,
  });
  started.add(() => core.stop());
  // Rules are made with the calendar of the reference, so they come after it.
  const placeRules = placeRulesSource(db.kysely, district, clock);
  settings.onChange(() => source.reload());
  settings.onChange(() => core.reloadRules());
  settings.onChange(async () => placeRules.forget());
  settings.onChange(() => openRules.reload());
  const proposals = new ProposalWatch(() => propose(db.kysely, district), onFault);
  started.add(() => proposals.stop());
  let joined: CobuildService['noticed'] = () => {};
  let goesOut: Outbound['noticed'] = () => {};
  const push: PushService = await startPush({
    db,
    district,
    busUrl: options.busUrl,
    now,
    registry,
    log,
    inbox,
    rules: core.rules,
    shiftEnds: (session) => rosters.shiftEnds(session),
    onMoves(moves) {
      core.noticed(moves);
      proposals.noticed(moves);
      joined(moves);
      goesOut(moves);
    },
    authenticate: (token) => sessions.authenticate(token),
    onSessionEnded: (listener) => void sessions.onEnded(listener),
    onSessionMoved: (listener) => void sessions.onMoved(listener),
  });
  started.add(() => push.stop());
  tell = (telling) => push.notices.tell(telling);
  settings.onChange(() => push.reloadRingTimes());
  core.onCommit((moves) => push.offer(moves));

  const outbound = await startOutbound({
    db,
    district,
    now,
    rings: push.rings,
    shiftEnds: (session) => rosters.shiftEnds(session),
    sessions,
    registry,
    onFault,
    anywhere: options.pushAnywhere,
  });
  goesOut = (moves) => outbound.noticed(moves);
  started.add(() => outbound.stop());

  const { desk } = core;
  const kept = { db: db.kysely, district, now, reference, desk, changed: () => settings.refresh() };
  const demo = options.demoPassword !== undefined;
  const residents = await openResidents({ ...kept, db, demo, tell: (notice) => tell(notice) });
  settings.onChange(() => residents.reload());
  const cobuild = await startCobuild({
    ...kept,
    audit,
    world: options.world,
    tell: (telling) => tell(telling),
    onWork: (changes) => push.cobuildWork(changes),
    onFault,
  });
  joined = (moves) => cobuild.noticed(moves);
  started.add(() => cobuild.stop());
  const maySeeIncident = async (id: string, actor: Actor) => (await core.desk.find(id, actor)) !== null;
  const assessment = startAssessment({ db: db.kysely, district, clock, rules: core.rules, reference, audit, onFault });
  started.add(() => assessment.stop());
  const app = makeApp({
    openRouters: [...residents.open, ...cobuild.openRouters],
    routers: [
      ...residents.signedIn,
      ...cobuild.routers,
      // Before the incidents' own: `/incidents/heat` and `/incidents/similar` are no incidents.
      overviewRoutes({ db, district, clock }),
      repeatsRoutes({ desk: core.desk, db, clock, reference, placeRules }),
      dispatchRoutes({ desk: core.desk, db, clock, reference, rules: core.rules, placeRules }),
      sendingRoutes({ desk: core.desk, clock, reference, situation }),
      responsibilityRoutes(kept),
      proposalRoutes({ ...kept, looked: () => proposals.soon() }),
      pushRoutes({ maySeeIncident, pushesOf: (incident) => push.pushesOf(incident) }),
      outboundRoutes(outbound),
      noticeRoutes({ inbox, acknowledge: (actor, session, seqs) => push.notices.acknowledge(actor, session, seqs) }),
      ...assessment.routers,
      ...settingsRoutes({ db, district, clock, core, refresh: () => settings.refresh() }),
      gridRoutes({ reference, importFile: importInto(db.kysely, district, () => settings.refresh()) }),
      rosterRoutes(rosters),
      ...evidenceRoutes({
        maySeePhotoIncident: async (id, by) => (await maySeeIncident(id, by)) || cobuild.maySeeHolder(id, by),
        db: db.kysely,
        reference,
        findIncident: (id, actor) => core.desk.find(id, actor),
        findActor: (account) => findActor(db.kysely, district, account),
      }),
    ],
    sessions,
    audit,
    health: { ready: () => readiness(db, push, core) },
    metrics: registry,
    log,
    distDir: options.distDir ?? DIST,
    trustProxy: options.trustProxy ?? false,
    baseMap: options.baseMap ?? null,
  });
  const server = await listen(app.fetch, options);
  started.add(() => closeServer(server));
  push.attach(server);
  // Before the server: it waits for connections to end, and a socket is one.
  started.add(() => push.closeSockets());
  settings.start();
  cobuild.start();
  void proposals.soon();
  await core.fireDeadlines();
  return { port: (server.address() as AddressInfo).port };
}

/** Only where there is none: accounts that people made are nobody's demo. */
async function loadAccounts(db: Database, password: string): Promise<void> {
  const one = await db.kysely.selectFrom('account').select('account').limit(1).executeTakeFirst();
  if (one === undefined) await loadDemoAccounts(db.kysely, await hashPassword(password));
}

async function openSettings(db: Database, { district, log }: ServerOptions, registry: Registry): Promise<SettingsWatch> {
  const onFault = (err: unknown) => log.error({ err }, 'settings could not be read again; the old ones hold, and it is tried again');
  const settings = await SettingsWatch.open({ db, district, onFault });
  new Gauge({
    name: 'fengming_settings_version',
    help: 'Version of the settings that this node goes by: the same on all nodes, a moment after a change',
    registers: [registry],
    collect() {
      this.set(settings.version);
    },
  });
  return settings;
}

async function readiness(db: Database, push: PushService, core: Core): Promise<{ ok: boolean; reasons: string[]; notes: string[] }> {
  const reasons: string[] = [];
  await db.pool.query('select 1').catch(() => reasons.push('the database does not answer'));
  if (!push.caughtUp()) reasons.push('the feed has not caught up with the log');
  // Worth somebody's attention, and no reason to send people elsewhere.
  const notes = core.missingYears().map((year) => `the working calendar lacks ${year}`);
  return { ok: reasons.length === 0, reasons, notes };
}
