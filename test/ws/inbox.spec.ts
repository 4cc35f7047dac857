import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Actor } from '../../src/identity/actor.ts';
import { newRouter } from '../../src/router.ts';
import { InboxStore } from '../../src/ws/inbox.ts';
import type { NoticeItem } from '../../src/ws/notice-item.ts';
import { noticeRoutes } from '../../src/ws/notice-routes.ts';
import { inboxesOf } from '../../src/ws/notices.ts';
import { OneAnswerForMany } from '../../src/ws/one-answer.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { ACTORS } from './support/fakes.ts';
import { LogWriter, makeFeed } from './support/log-writer.ts';
import { DISTRICT, Story } from './support/story.ts';

let database: TestDatabase;
let inbox: InboxStore;
const story = new Story({ level: 'R2' });
const AT = Date.parse('2026-03-02T02:00:00.000Z');

beforeAll(async () => {
  database = await openTestDatabase();
  await makeFeed(database.db.pool);
  await new LogWriter(database.db.pool).commit([story.report()]);
});
beforeEach(async () => {
  await database.db.pool.query('delete from notice');
  inbox = new InboxStore(database.db.pool, DISTRICT);
});
afterAll(() => database?.drop());

async function notice(
  seq: number,
  recipient: string,
  more: { seen?: boolean | string; settled?: boolean; kind?: string } = {},
): Promise<void> {
  const at = new Date(AT + seq * 1_000);
  await database.db.pool.query(
    `insert into notice (district, seq, recipient, incident, notice, level, at, acknowledged_at, acknowledged_by, settled_at)
     values ($1, $2, $3, $4, $5, 2, $6, $7, $8, $9)`,
    [
      DISTRICT,
      seq,
      recipient,
      story.incident,
      more.kind ?? 'remind',
      at,
      more.seen ? at : null,
      more.seen ? (more.seen === true ? 'x' : more.seen) : null,
      more.settled ? at : null,
    ],
  );
}

describe('an inbox', () => {
  const app = (actor: Actor) => {
    const router = newRouter();
    router.use(async (c, next) => {
      c.set('actor', actor);
      c.set('sessionId', 'session');
      await next();
    });
    const acknowledge = (by: Actor, sessionId: string, seqs: readonly number[]) =>
      inbox.acknowledge(inboxesOf(by), seqs, { account: by.account, sessionId }, new Date(AT));
    return router.route('/', noticeRoutes({ inbox, acknowledge }));
  };
  const get = async (actor: Actor, path: string) => {
    const answer = await app(actor).request(path);
    return {
      status: answer.status,
      body: (await answer.json()) as { items: NoticeItem[]; next: string | null; open: number; code: string },
    };
  };
  const post = (actor: Actor, path: string, body?: unknown) =>
    app(actor).request(path, {
      method: 'POST',
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
  const COMMUNITY = 'community:441802006001';

  it('shows each role what its own place was told, and nothing else', async () => {
    const places: Record<string, number> = {
      'cell:441802006001001': 1,
      [COMMUNITY]: 2,
      'subdistrict:441802006': 3,
      'unit:a': 4,
      'leader:441802006001': 5,
      'leader:441802007001': 6,
      'leader:441802009001': 7,
      district: 8,
    };
    for (const [place, seq] of Object.entries(places)) await notice(seq, place);
    const seen: Record<string, number[]> = {};
    for (const actor of Object.values(ACTORS)) {
      if (actor.district !== DISTRICT) continue;
      seen[actor.account] = (await get(actor, '/notices')).body.items.map((i) => i.seq);
    }
    expect(seen).toEqual({
      'grid.441802006001001': [1],
      'community.441802006001': [2],
      'subdistrict.441802006': [3],
      'unit.a': [4],
      'unit.b': [],
      'leader.1': [6, 5],
      'member.1': [],
      auditor: [],
      'district.441802': [8],
    });
  });

  it('says what is told, of which incident, and where that stands now', async () => {
    await notice(2, COMMUNITY, { kind: 'overdue' });
    const { body } = await get(ACTORS.community, '/notices?open=true');
    expect(body).toEqual({
      items: [
        {
          seq: 2,
          incident: story.incident,
          number: expect.stringContaining('20260302-'),
          level: 'R2',
          notice: 'overdue',
          about: null,
          subject: null,
          body: null,
          at: new Date(AT + 2_000).toISOString(),
          recipient: COMMUNITY,
          category: 'C0101-01',
          cell: '441802006001001',
          state: 'reported',
          drill: false,
          settledAt: null,
          acknowledgedAt: null,
          acknowledgedBy: null,
        },
      ],
      next: null,
    });
  });

  it('goes page by page, newest first, and tells open ones from the others', async () => {
    for (let seq = 1; seq <= 7; seq++) await notice(seq, COMMUNITY, { seen: seq === 2, settled: seq === 5 });
    const found: number[] = [];
    for (let next: string | null = ''; next !== null;) {
      const { body }: { body: { items: NoticeItem[]; next: string | null } } = await get(
        ACTORS.community,
        `/notices?limit=3${next ? `&after=${encodeURIComponent(next)}` : ''}`,
      );
      found.push(...body.items.map((i) => i.seq));
      next = body.next;
    }
    expect(found).toEqual([7, 6, 5, 4, 3, 2, 1]);
    expect((await get(ACTORS.community, '/notices?open=true')).body.items.map((i) => i.seq)).toEqual([7, 6, 4, 3, 1]);
    expect((await get(ACTORS.community, '/notices?open=false')).body.items.map((i) => i.seq)).toEqual([5, 2]);
    expect((await get(ACTORS.community, '/notices/count')).body).toEqual({ open: 5 });
    expect((await get(ACTORS.auditor, '/notices/count')).body).toEqual({ open: 0 });
  });

  it.each([
    '/notices?limit=0',
    '/notices?limit=201',
    '/notices?open=maybe',
    '/notices?after=1',
    '/notices?after=9999-99-99T99:99:99.999Z~1',
  ])('refuses %s', async (path) => {
    expect(await get(ACTORS.community, path)).toMatchObject({ status: 422, body: { code: 'invalid-query' } });
  });

  it('is seen for the whole place by whoever says so first; saying it again changes nothing', async () => {
    await notice(2, COMMUNITY);
    expect((await post(ACTORS.community, '/notices/2/acknowledge')).status).toBe(204);
    const second = { ...ACTORS.community, account: 'community.441802006001.2' };
    expect((await post(second, '/notices/2/acknowledge')).status).toBe(204);
    const { body } = await get(second, '/notices');
    expect(body.items).toMatchObject([{ seq: 2, acknowledgedBy: 'community.441802006001', acknowledgedAt: new Date(AT).toISOString() }]);
  });

  it('names who has seen it only to those who are told accounts, and to oneself', async () => {
    const at: [Actor, string][] = [
      [ACTORS.unitA, 'unit:a'],
      [ACTORS.gridWorker, 'cell:441802006001001'],
      [ACTORS.community, COMMUNITY],
    ];
    const seenBy = async (account: string) => {
      await database.db.pool.query('delete from notice');
      for (const [i, [, place]] of at.entries()) await notice(i + 1, place, { seen: account });
      return Promise.all(at.map(async ([actor]) => (await get(actor, '/notices')).body.items.map((item) => item.acknowledgedBy)));
    };
    expect(await seenBy('zhang.san')).toEqual([['person'], ['person'], ['zhang.san']]);
    expect(await seenBy(ACTORS.gridWorker.account)).toEqual([['grid'], [ACTORS.gridWorker.account], [ACTORS.gridWorker.account]]);
    expect(await seenBy('unit.a')).toEqual([['unit.a'], ['unit.a'], ['unit.a']]);
  });

  it('of another place cannot be touched: 404, alone and among others', async () => {
    await notice(2, COMMUNITY);
    await notice(3, 'subdistrict:441802006');
    expect((await post(ACTORS.community, '/notices/3/acknowledge')).status).toBe(404);
    expect((await post(ACTORS.auditor, '/notices/3/acknowledge')).status).toBe(404);
    expect((await post(ACTORS.community, '/notices/x/acknowledge')).status).toBe(422);
    const many = await post(ACTORS.community, '/notices/acknowledge', { seqs: [2, 3, 99] });
    expect([many.status, await many.json()]).toEqual([200, { seqs: [2] }]);
    expect((await get(ACTORS.subdistrict, '/notices/count')).body).toEqual({ open: 1 });
    expect((await post(ACTORS.community, '/notices/acknowledge', { seqs: [] })).status).toBe(422);
  });
});

describe('told outside the log', () => {
  const hole = (key: string, ...recipients: ('unit:a' | 'subdistrict:441802006')[]) => ({
    key,
    recipients,
    notice: 'rosterHole' as const,
    about: { unit: 'a', day: '2026-03-03' },
  });

  it('is told once by its key, however often and by however many nodes at once', async () => {
    const nodes = Array.from({ length: 8 }, () => new InboxStore(database.db.pool, DISTRICT));
    const answers = await Promise.all(
      nodes.flatMap((n) => [1, 2].map(() => n.tell(hole('roster a 03-03', 'unit:a', 'subdistrict:441802006'), new Date(AT)))),
    );
    expect(answers.filter((told) => told.length > 0)).toHaveLength(1);
    expect(await inbox.tell(hole('roster a 03-03', 'unit:a'), new Date(AT))).toEqual([]);
    const { items } = await inbox.list(['unit:a', 'subdistrict:441802006'], { limit: 10 });
    expect(items.map((i) => [i.recipient, i.notice, i.about, i.incident])).toEqual(
      expect.arrayContaining([
        ['unit:a', 'rosterHole', { unit: 'a', day: '2026-03-03' }, null],
        ['subdistrict:441802006', 'rosterHole', { unit: 'a', day: '2026-03-03' }, null],
      ]),
    );
    expect(items).toHaveLength(2);
    expect(new Set(items.map((i) => i.seq)).size).toBe(1);
  });

  it('has a seq below zero, so that it is never taken for a move; later ones are found by it', async () => {
    const [first] = await inbox.tell(hole('one', 'unit:a'), new Date(AT));
    const [second] = await inbox.tell(hole('two', 'unit:a'), new Date(AT));
    expect(first!.seq).toBeLessThan(0);
    expect(second!.seq).toBeLessThan(first!.seq);
    expect((await inbox.toldAfter(first!.seq, 10)).map((n) => n.seq)).toEqual([second!.seq]);
    expect(await inbox.lowest()).toBe(second!.seq);
    expect(await inbox.acknowledge(['unit:a'], [first!.seq], { account: 'unit.a', sessionId: 's' }, new Date(AT))).toEqual([first!.seq]);
    expect((await inbox.openIn(['unit:a'])).map((n) => n.seq)).toEqual([second!.seq]);
  });
});

describe('what waits, for a device that comes', () => {
  it('is the newest fifty of each place, oldest first', async () => {
    for (let seq = 1; seq <= 60; seq++) await notice(seq, 'district');
    await notice(61, 'unit:a');
    const open = await inbox.openIn(['district', 'unit:a']);
    expect(open.map((n) => n.seq)).toEqual([...Array.from({ length: 50 }, (_, i) => i + 11), 61]);
  });

  it('is asked for once by all who come in the same moment', async () => {
    const questions: (readonly string[])[] = [];
    const answers: (() => void)[] = [];
    const opens = new OneAnswerForMany<string, number>((keys) => {
      questions.push(keys);
      return new Promise((resolve) => answers.push(() => resolve(new Map(keys.map((k) => [k, k.length])))));
    }, 3);
    const first = ['a', 'a', 'bb', 'bb', 'a'].map((k) => opens.ask(k));
    await Promise.resolve();
    // While that question is on its way: an answer from before is never given to those who ask now.
    const later = ['a', 'ccc', 'dddd', 'eeeee', 'a'].map((k) => opens.ask(k));
    answers.shift()!();
    expect(await Promise.all(first)).toEqual([1, 1, 2, 2, 1]);
    while (answers.length > 0) {
      answers.shift()!();
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await Promise.all(later)).toEqual([1, 3, 4, 5, 1]);
    expect(questions).toEqual([['a', 'bb'], ['a', 'ccc', 'dddd'], ['eeeee']]);
  });
});
