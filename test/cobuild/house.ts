/** 共建共治 with the demo world's quarter as it is seen on 2026-11-20, at a time that the spec sets in the database. */
import { type CobuildService, startCobuild } from '../../src/cobuild/start.ts';
import type { Telling } from '../../src/cobuild/chain/notices.ts';
import type { WorkItem } from '../../src/cobuild/chain/work.ts';
import { type DbClock, startClock } from '../../src/db/clock.ts';
import { openReference } from '../../src/grid/reference.ts';
import type { Actor } from '../../src/identity/actor.ts';
import { openAudit } from '../../src/identity/audit.ts';
import { newRouter } from '../../src/router.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';

export const DISTRICT = 441802;
const FENGCHENG = '441802006';
const at = (local: string): number => Date.parse(`${local.replace(' ', 'T')}:00+08:00`);
const communitiesOf = (subdistrict: string, count: number) =>
  Array.from({ length: count }, (_, k) => `${subdistrict}${String(k + 1).padStart(3, '0')}`);

const who = (account: string, role: Actor['role'], place: Partial<Actor> = {}): Actor => ({ account, role, district: DISTRICT, ...place });

export const PEOPLE = {
  district: who('district.441802', 'district'),
  district2: who('district.441802.2', 'district'),
  fengcheng: who(`subdistrict.${FENGCHENG}`, 'subdistrict', { subdistrict: FENGCHENG }),
  dongcheng: who('subdistrict.441802007', 'subdistrict', { subdistrict: '441802007' }),
  henghe: who('subdistrict.441802009', 'subdistrict', { subdistrict: '441802009' }),
  /** 西门塘社区, with a 大党委. */
  ximentang: who('community.441802006020', 'community', { subdistrict: FENGCHENG, community: '441802006020' }),
  cuihu: who('community.441802006027', 'community', { subdistrict: FENGCHENG, community: '441802006027' }),
  /** 凤城派出所, 凤城综合执法队, 城区医院: members of 凤城街道大工委. */
  police: who('member.fengcheng-union-01', 'member', { communities: communitiesOf(FENGCHENG, 30) }),
  enforcement: who('member.fengcheng-union-02', 'member', { communities: communitiesOf(FENGCHENG, 30) }),
  hospital: who('member.fengcheng-union-04', 'member', { communities: communitiesOf(FENGCHENG, 30) }),
  canteen: who('member.ximentang-01', 'member', { communities: ['441802006020'] }),
  leader: who('leader.fengcheng-04', 'leader', { communities: communitiesOf(FENGCHENG, 20).slice(15) }),
  gridWorker: who('grid.441802006020001', 'gridWorker', { subdistrict: FENGCHENG, community: '441802006020', cell: '441802006020001' }),
  unit: who('unit.fengcheng-police', 'unit', { unit: 'fengcheng-police' }),
  auditor: who('auditor', 'auditor'),
  admin: who('admin', 'admin'),
} as const satisfies Record<string, Actor>;

type Body = ReturnType<JSON['parse']>;

export interface Answer {
  readonly status: number;
  readonly body: Body;
  readonly headers: Headers;
}

export interface CobuildHouse {
  readonly database: TestDatabase;
  readonly clock: DbClock;
  readonly service: CobuildService;
  /** Another node on the same database, which tells the same people. */
  second(): Promise<CobuildService>;
  /** What was told, in order, each key once. */
  readonly told: Telling[];
  readonly faults: unknown[];
  /** Needs and activities that were said to have changed. Its timer does not run: an act says so itself. */
  readonly works: WorkItem[];
  /** As a person; the answer's body is JSON, or text where it is none. Every POST has a key of its own unless one is given. */
  ask(actor: Actor | null, method: string, path: string, body?: unknown, key?: string): Promise<Answer>;
  /** Sets the time of the database, in China's time. */
  timeIs(local: string): Promise<void>;
  /** Kinds of notices that went to a place. */
  toldTo(recipient: string): readonly string[];
  close(): Promise<void>;
}

export async function openHouse(now = '2026-11-20 10:00'): Promise<CobuildHouse> {
  const database = await openTestDatabase({ world: true });
  const clock = await startClock(database.db);
  let shiftMs = 0;
  const timeIs = async (local: string): Promise<void> => {
    shiftMs += at(local) - clock.now().getTime();
    await database.shiftTime(Math.round(shiftMs));
    await clock.resync();
  };
  await timeIs(now);
  const source = await openReference(database.db.kysely, DISTRICT);
  const told: Telling[] = [];
  const faults: unknown[] = [];
  const works: WorkItem[] = [];
  const start = () =>
    startCobuild({
      onWork: (changes) => works.push(...changes),
      db: database.db.kysely,
      district: DISTRICT,
      now: () => clock.now(),
      reference: () => source.current(),
      // What is joined to incidents is shown on the whole server: test/cobuild/joints.spec.ts.
      desk: { find: () => Promise.resolve(null), move: () => Promise.reject(new Error('no incidents here')) },
      changed: () => Promise.resolve(),
      audit: openAudit(database.db.kysely, DISTRICT, (error) => faults.push(error)),
      world: true,
      // As an inbox does: the same key again tells nobody.
      tell: async (telling) => told.some((one) => one.key === telling.key) || told.push(telling),
      onFault: (error) => faults.push(error),
    });
  const service = await start();
  return {
    database,
    clock,
    service,
    second: start,
    told,
    faults,
    works,
    ask: (actor, method, path, body, key) => askOf(service, actor, method, path, body, key ?? uuid()),
    timeIs,
    toldTo: (recipient) => told.filter((one) => (one.recipients as readonly string[]).includes(recipient)).map((one) => one.notice),
    async close() {
      clock.stop();
      await service.stop();
      await database.drop();
    },
  };
}

async function askOf(
  service: CobuildService,
  actor: Actor | null,
  method: string,
  path: string,
  body: unknown,
  key: string,
): Promise<Answer> {
  const app = newRouter();
  if (actor !== null) {
    app.use(async (c, next) => {
      c.set('actor', actor);
      await next();
    });
  }
  for (const router of actor === null ? service.openRouters : service.routers) app.route('/', router);
  const form = body instanceof FormData;
  const answer = await app.request(path, {
    method,
    headers: { 'Idempotency-Key': key, ...(form || body === undefined ? {} : { 'Content-Type': 'application/json' }) },
    ...(body === undefined ? {} : { body: form ? body : JSON.stringify(body) }),
  });
  const text = await answer.text();
  const json = answer.headers.get('Content-Type')?.includes('json') ?? false;
  return { status: answer.status, body: json ? (JSON.parse(text) as unknown) : text, headers: answer.headers };
}

let made = 0;
/** UUIDs in order: nothing random in a spec. */
export function uuid(): string {
  made += 1;
  return `00000000-0000-4000-8000-${String(made).padStart(12, '0')}`;
}
