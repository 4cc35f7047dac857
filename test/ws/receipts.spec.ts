import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import pg from 'pg';
import { newRouter } from '../../src/router.ts';
import { Follower } from '../../src/ws/follower.ts';
import { noticesOf, signalOf } from '../../src/ws/notices.ts';
import { pushesOf } from '../../src/ws/pushes.ts';
import { Receipts } from '../../src/ws/receipts.ts';
import { ringOf } from '../../src/ws/rings.ts';
import { pushRoutes } from '../../src/ws/routes.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { ACTORS, FakeScheduler, FakeWire } from './support/fakes.ts';
import { LogWriter, makeFeed } from './support/log-writer.ts';
import { DISTRICT, Story, tells, uuid } from './support/story.ts';

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
    receipts.ringsSent(device('phone'), [ring]);
    receipts.ringsSent(device('desk', 'Windows · Edge'), [ring]);
    const deliveredAt = later().toISOString();
    receipts.received('phone', seq, 'delivered');
    const shownAt = later().toISOString();
    receipts.received('phone', seq, 'shown');
    await receipts.settled();
    const [acknowledged] = await writer.commit([story.acknowledge('a')]);

    const ringOfUnit = (unit: 'a' | 'b') => ({
      kind: 'ring',
      seq,
      recipient: `unit:${unit}`,
      notice: null,
      assignment: story.assignmentOf(unit),
      unit,
      queuedAt: at,
      acknowledgedHere: null,
      channel: 'socket',
      outcome: null,
      status: null,
    });
    const a = {
      ...ringOfUnit('a'),
      account: 'unit.a',
      sentAt,
      lastSentAt: sentAt,
      rings: 1,
      acknowledgedAt: acknowledged!.at,
      acknowledgedBy: 'somebody',
      stoppedAt: acknowledged!.at,
      stoppedBy: 'acknowledged',
    };
    expect(await pushesOf(pool, DISTRICT, story.incident)).toEqual([
      { ...a, device: 'Windows · Edge', deviceNumber: 1, deliveredAt: null, shownAt: null },
      { ...a, device: 'Android · Chrome', deviceNumber: 2, deliveredAt, shownAt },
      {
        ...ringOfUnit('b'),
        account: null,
        device: null,
        deviceNumber: null,
        sentAt: null,
        lastSentAt: null,
        rings: 0,
        deliveredAt: null,
        shownAt: null,
        acknowledgedAt: null,
        acknowledgedBy: null,
        stoppedAt: null,
        stoppedBy: null,
      },
    ]);
  });

  it('keeps the first time of each stage, whatever is repeated', async () => {
    const receipts = receiptsOn(pool);
    const { story, ring, seq } = await dispatched();
    const sentAt = later().toISOString();
    for (const stage of ['shown', 'delivered', 'shown'] as const) {
      receipts.ringsSent(device('phone'), [ring]);
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
    receipts.ringsSent(device('phone'), [ring]);
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
    for (let i = 0; i < 500; i++) receipts.ringsSent(device(`session ${i}`), [ring]);
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
    for (let i = 0; i < 25; i++) receipts.ringsSent(device(`session ${i}`), [ring]);
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
    receipts.ringsSent(device('phone'), [{ ...ring, assignment: 'no uuid' }]);
    await receipts.settled();
    expect(errors).toHaveLength(1);
    receipts.ringsSent(device('phone'), [ring]);
    await receipts.settled();
    expect((await pushesOf(pool, DISTRICT, story.incident))[0]).toMatchObject({ device: 'Android · Chrome' });
  });
});

describe('how often it rang', () => {
  it('is counted for each device, also over a restart of the node, and once where two tabs of it ring together', async () => {
    const receipts = receiptsOn(pool);
    const { story, ring } = await dispatched();
    const sentAt = later().toISOString();
    for (const label of ['Android · Chrome', 'Android · Chrome']) receipts.ringsSent(device('phone', label), [ring]);
    receipts.ringsSent(device('desk', 'Windows · Edge'), [ring]);
    later();
    receipts.ringsSent(device('phone'), [ring]);
    await receipts.settled();
    later();
    receipts.ringsSent(device('phone'), [ring]);
    await receipts.settled();
    const lastSentAt = later().toISOString();
    receiptsOn(pool).ringsSent(device('phone'), [ring]);
    receiptsOn(pool).ringsSent(device('phone'), [ring]);
    await expect
      .poll(async () =>
        (await pushesOf(pool, DISTRICT, story.incident)).filter((p) => p.device).map((p) => [p.device, p.rings, p.lastSentAt]),
      )
      .toEqual([
        ['Windows · Edge', 1, sentAt],
        ['Android · Chrome', 4, lastSentAt],
      ]);
  });
});

describe('why it stopped', () => {
  const stopsOf = async (story: Story) =>
    (await pushesOf(pool, DISTRICT, story.incident)).map((p) => [p.unit, p.device, p.stoppedBy, p.stoppedAt]);

  it.each([
    ['declined', (story: Story) => story.decline('a')],
    ['recalled', (story: Story) => story.recall()],
    ['ended', (story: Story) => story.abort()],
    ['renewed', (story: Story) => story.regrade('a')],
  ] as const)('%s, for every device', async (reason, stop) => {
    const receipts = receiptsOn(pool);
    const { story, ring } = await dispatched(new Story());
    receipts.ringsSent(device('phone'), [ring]);
    receipts.ringsSent(device('desk', 'Windows · Edge'), [ring]);
    await receipts.settled();
    const [move] = await writer.commit([stop(story)]);
    const ofA = (await stopsOf(story)).filter(([unit]) => unit === 'a').slice(0, 2);
    expect(ofA.map(([, , by, at]) => [by, at])).toEqual([
      [reason, move!.at],
      [reason, move!.at],
    ]);
  });

  it('released: the assistant alone; and nothing says why it stopped while it rings', async () => {
    const { story } = await dispatched();
    const [move] = await writer.commit([story.release('b')]);
    expect(await stopsOf(story)).toEqual([
      ['a', null, null, null],
      ['b', null, 'released', move!.at],
    ]);
  });

  it('signed out, or the shift over: of that device alone, before the others stopped', async () => {
    const receipts = receiptsOn(pool);
    // Asked for after the devices' own reasons, so that these came first.
    now = new Date('2026-03-02T00:30:00.000Z');
    const { story, ring } = await dispatched();
    for (const session of ['leaves', 'off duty', 'stays']) receipts.ringsSent(device(session, session), [ring]);
    const over = later();
    receipts.ringsHushed(device('off duty'), [{ seq: ring.seq, assignment: ring.assignment } as never], over);
    const out = later();
    receipts.sessionEnded('leaves');
    await receipts.settled();
    const [answer] = await writer.commit([story.acknowledge('a')]);
    expect((await stopsOf(story)).slice(0, 3)).toEqual([
      ['a', 'leaves', 'signedOut', out.toISOString()],
      ['a', 'off duty', 'shiftOver', over.toISOString()],
      ['a', 'stays', 'acknowledged', answer!.at],
    ]);
  });

  it('is forgotten when the device rings again', async () => {
    const receipts = receiptsOn(pool);
    const { story, ring } = await dispatched();
    receipts.ringsSent(device('phone'), [ring]);
    receipts.ringsHushed(device('phone'), [{ seq: ring.seq, assignment: ring.assignment } as never], later());
    await receipts.settled();
    later();
    receipts.ringsSent(device('phone'), [ring]);
    await receipts.settled();
    expect((await stopsOf(story))[0]).toEqual(['a', 'Android · Chrome', null, null]);
  });
});

describe('notices', () => {
  const desk = (sessionId: string) => new Follower({ actor: ACTORS.subdistrict, sessionId, device: 'Windows · Edge' }, new FakeWire());

  it('stand beside the rings: which place was told what, on which device, who has seen it, and whom it did not reach', async () => {
    const receipts = receiptsOn(pool);
    const story = new Story({ level: 'R1' });
    const dispatch = tells(story.untilDispatched('a').at(-1)!, 'dispatched', 'subdistrict:441802006', 'leader');
    const moves = await writer.commit([
      ...new Story().untilDispatched('x').slice(0, 0),
      { ...dispatch, from: 'none', verb: 'report', to: 'reported' },
    ]);
    const { seq, at } = moves[0]!;
    await pool.query(
      `insert into notice (district, seq, recipient, incident, notice, level, at, acknowledged_at, acknowledged_by, acknowledged_session)
       values ($1, $2, 'subdistrict:441802006', $3, 'dispatched', 1, $4, $5, 'subdistrict.441802006', 'desk'), ($1, $2, 'leader:441802006001', $3, 'dispatched', 1, $4, null, null, null)`,
      [DISTRICT, seq, story.incident, at, '2026-03-02T03:00:00.000Z'],
    );
    const sentAt = later().toISOString();
    const wire = signalOf({ ...noticesOf(moves[0]!)[0]! });
    const one = desk('desk');
    receipts.noticesSent(one, [wire]);
    receipts.noticesSent(desk('other desk'), [wire]);
    expect([...one.noticed!]).toEqual([seq]);
    const shownAt = later().toISOString();
    receipts.received('desk', seq, 'shown');
    await receipts.settled();
    const notices = (await pushesOf(pool, DISTRICT, story.incident)).filter((p) => p.kind === 'notice');
    const common = {
      kind: 'notice',
      channel: 'socket',
      outcome: null,
      status: null,
      seq,
      notice: 'dispatched',
      assignment: null,
      unit: null,
      queuedAt: at,
      rings: 0,
      stoppedAt: null,
      stoppedBy: null,
    };
    const seen = { acknowledgedAt: '2026-03-02T03:00:00.000Z', acknowledgedBy: 'subdistrict.441802006' };
    const here = {
      ...common,
      ...seen,
      recipient: 'subdistrict:441802006',
      account: 'subdistrict.441802006',
      device: 'Windows · Edge',
      sentAt,
      lastSentAt: sentAt,
    };
    expect(notices).toEqual([
      {
        ...common,
        recipient: 'leader:441802006001',
        account: null,
        device: null,
        deviceNumber: null,
        sentAt: null,
        lastSentAt: null,
        deliveredAt: null,
        shownAt: null,
        acknowledgedAt: null,
        acknowledgedBy: null,
        acknowledgedHere: null,
      },
      { ...here, deviceNumber: 1, deliveredAt: shownAt, shownAt, acknowledgedHere: true },
      { ...here, deviceNumber: 2, deliveredAt: null, shownAt: null, acknowledgedHere: false },
    ]);
  });

  it('remember only the last few hundred of a socket', () => {
    const receipts = receiptsOn(pool, 10, new FakeScheduler());
    const one = desk('desk');
    for (let seq = 1; seq <= 2_000; seq++) receipts.noticesSent(one, [{ frame: null as never, seq, recipient: 'district' }]);
    expect(one.noticed!.size).toBe(500);
    expect(one.noticed!.has(2_000)).toBe(true);
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
