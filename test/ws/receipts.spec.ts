import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import pg from 'pg';
import { newRouter } from '../../src/router.ts';
import { Follower } from '../../src/ws/follower.ts';
import { pushesOf } from '../../src/ws/pushes.ts';
import { Receipts } from '../../src/ws/receipts.ts';
import { ringOf } from '../../src/ws/rings.ts';
import { pushRoutes } from '../../src/ws/routes.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { ACTORS, FakeScheduler, FakeWire } from './support/fakes.ts';
import { LogWriter, makeFeed } from './support/log-writer.ts';
import { DISTRICT, Story, uuid } from './support/story.ts';

let database: TestDatabase;
let writer: LogWriter;
let pool: pg.Pool;
let now = new Date('2026-03-02T02:00:00.000Z');
const later = (): Date => (now = new Date(now.getTime() + 1_000));
let errors: unknown[] = [];

beforeAll(async () => {
  database = await openTestDatabase();
  pool = database.db.pool;
  await makeFeed(pool);
  writer = new LogWriter(pool);
});
beforeEach(() => (errors = []));
afterAll(() => database?.drop());

const receiptsOn = (on: pg.Pool, mostWaiting?: number, scheduler?: FakeScheduler): Receipts =>
  new Receipts({ pool: on, district: DISTRICT, now: () => now, onError: (e) => errors.push(e), mostWaiting, scheduler });
const device = (sessionId: string, label = 'Android · Chrome'): Follower =>
  new Follower({ actor: ACTORS.unitA, sessionId, device: label }, new FakeWire());

async function dispatched(story = new Story()) {
  const moves = await writer.commit(story.untilDispatched('a', 'b'));
  const { seq, at } = moves.at(-1)!;
  const ring = ringOf({ seq, at, incident: story.incident, assignment: story.assignmentOf('a'), unit: 'a', level: 'R3', until: null });
  return { story, ring, seq, at };
}

describe('the evidence of a push', () => {
  it('says who was told what, when, on which device, and who was not', async () => {
    const receipts = receiptsOn(pool);
    const { story, ring, seq, at } = await dispatched();
    const sentAt = later().toISOString();
    receipts.sent(device('phone'), [ring]);
    receipts.sent(device('desk', 'Windows · Edge'), [ring]);
    const deliveredAt = later().toISOString();
    receipts.received('phone', seq, 'delivered');
    const shownAt = later().toISOString();
    receipts.received('phone', seq, 'shown');
    await receipts.settled();
    const [acknowledged] = await writer.commit([story.acknowledge('a')]);

    const a = { assignment: story.assignmentOf('a'), unit: 'a', queuedAt: at, acknowledgedAt: acknowledged!.at };
    expect(await pushesOf(pool, DISTRICT, story.incident)).toEqual([
      { ...a, account: 'unit.a', device: 'Windows · Edge', sentAt, deliveredAt: null, shownAt: null },
      { ...a, account: 'unit.a', device: 'Android · Chrome', sentAt, deliveredAt, shownAt },
      {
        assignment: story.assignmentOf('b'),
        unit: 'b',
        queuedAt: at,
        account: null,
        device: null,
        sentAt: null,
        deliveredAt: null,
        shownAt: null,
        acknowledgedAt: null,
      },
    ]);
  });

  it('keeps the first time of each stage, whatever is repeated', async () => {
    const receipts = receiptsOn(pool);
    const { story, ring, seq } = await dispatched();
    const sentAt = later().toISOString();
    for (const stage of ['shown', 'delivered', 'shown'] as const) {
      receipts.sent(device('phone'), [ring]);
      receipts.received('phone', seq, stage);
      await receipts.settled();
      later();
    }
    const [push] = await pushesOf(pool, DISTRICT, story.incident);
    // Shown was heard first: it was delivered by then.
    expect(push).toMatchObject({ sentAt, deliveredAt: sentAt, shownAt: sentAt });
  });

  it('counts an answer for the ring that it answered', async () => {
    const story = new Story();
    const moves = await writer.commit([...story.untilDispatched('a'), story.acknowledge('a'), story.lapse('a')]);
    expect((await pushesOf(pool, DISTRICT, story.incident)).map((p) => [p.queuedAt, p.acknowledgedAt])).toEqual([
      [moves[3]!.at, moves[4]!.at],
      [moves[5]!.at, null],
    ]);
  });

  it('is not made by a receipt for a ring that was never sent to that session', async () => {
    const receipts = receiptsOn(pool);
    const { story, ring, seq } = await dispatched();
    receipts.sent(device('phone'), [ring]);
    receipts.received('somebody else', seq, 'shown');
    receipts.received('phone', 999_999, 'shown');
    await receipts.settled();
    expect(errors).toEqual([]);
    expect((await pushesOf(pool, DISTRICT, story.incident)).map((p) => p.shownAt)).toEqual([null, null]);
  });

  it('is written in a few statements, not one each', async () => {
    let statements = 0;
    const counting = {
      query: (...args: unknown[]) => (statements++, (pool.query as (...a: unknown[]) => unknown)(...args)),
    } as unknown as pg.Pool;
    const receipts = receiptsOn(counting);
    const { ring } = await dispatched();
    for (let i = 0; i < 500; i++) receipts.sent(device(`session ${i}`), [ring]);
    for (let i = 0; i < 500; i++) receipts.received(`session ${i}`, ring.seq, 'shown');
    await receipts.settled();
    expect(statements).toBeLessThanOrEqual(4);
    const { rows } = await pool.query('select count(*)::int as n from push where seq = $1 and shown_at is not null', [ring.seq]);
    expect(rows).toEqual([{ n: 500 }]);
  });

  it('waits for the database and keeps no more than it may', async () => {
    let away = true;
    const flaky = {
      query: (...args: unknown[]) =>
        away ? Promise.reject(new Error('connection refused')) : (pool.query as (...a: unknown[]) => unknown)(...args),
    } as unknown as pg.Pool;
    const time = new FakeScheduler();
    const receipts = receiptsOn(flaky, 10, time);
    const { ring } = await dispatched();
    for (let i = 0; i < 25; i++) receipts.sent(device(`session ${i}`), [ring]);
    receipts.received('session 24', ring.seq, 'delivered');
    await time.advance(3_000);
    expect(errors.length).toBeGreaterThan(1);
    receipts.received('session 24', ring.seq, 'shown');
    away = false;
    await time.advance(1_000);
    await receipts.settled();
    const { rows } = await pool.query<{ session: string; shown: boolean }>(
      'select session, shown_at is not null as shown from push where seq = $1 order by session',
      [ring.seq],
    );
    expect(rows).toEqual(Array.from({ length: 10 }, (_, i) => ({ session: `session ${i + 15}`, shown: i + 15 === 24 })));
  });

  it('is not held up for ever by a row that the database refuses', async () => {
    const receipts = receiptsOn(pool);
    const { story, ring } = await dispatched();
    receipts.sent(device('phone'), [{ ...ring, assignment: 'no uuid' }]);
    await receipts.settled();
    expect(errors).toHaveLength(1);
    receipts.sent(device('phone'), [ring]);
    await receipts.settled();
    expect((await pushesOf(pool, DISTRICT, story.incident))[0]).toMatchObject({ device: 'Android · Chrome' });
  });
});

describe('GET /incidents/{id}/pushes', () => {
  const app = (seen: string) => {
    const router = newRouter();
    router.use(async (c, next) => {
      c.set('actor', ACTORS.district);
      await next();
    });
    return router.route(
      '/',
      pushRoutes({
        maySeeIncident: async (id, actor) => id === seen && actor === ACTORS.district,
        pushesOf: (id) => pushesOf(pool, DISTRICT, id),
      }),
    );
  };

  it('lists them', async () => {
    const { story } = await dispatched();
    const answer = await app(story.incident).request(`/incidents/${story.incident}/pushes`);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ items: [{ unit: 'a' }, { unit: 'b' }], next: null });
  });

  it('is 404 outside the scope, and 422 for what is no id', async () => {
    const answer = await app(uuid()).request(`/incidents/${uuid()}/pushes`);
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([404, 'not-found']);
    expect((await app(uuid()).request('/incidents/%00/pushes')).status).toBe(422);
  });
});
