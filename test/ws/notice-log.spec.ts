/** Each place gets each notice written once, whichever nodes live and whenever one dies. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import pg from 'pg';
import type { PushedMove } from '../../src/ws/encode.ts';
import { databaseLog, type MoveLog } from '../../src/ws/log.ts';
import { NoticeLog } from '../../src/ws/notice-log.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { FakeScheduler } from './support/fakes.ts';
import { LogWriter, makeFeed } from './support/log-writer.ts';
import { chatter, DISTRICT, Story, tells, type Draft } from './support/story.ts';

let database: TestDatabase;
let pool: pg.Pool;
let writer: LogWriter;
let log: MoveLog;
let nodes: NoticeLog[];
let errors: unknown[];

beforeEach(async () => {
  database = await openTestDatabase();
  pool = database.db.pool;
  await makeFeed(pool);
  writer = new LogWriter(pool);
  log = databaseLog(pool, DISTRICT);
  nodes = [];
  errors = [];
});
afterEach(async () => {
  for (const node of nodes) await node.stop();
  await database.drop();
});

interface NodeOptions {
  readonly mostWaiting?: number;
  readonly pool?: pg.Pool;
  readonly log?: MoveLog;
  readonly scheduler?: FakeScheduler;
}
/** A node that starts now: what was logged before it has to read. */
async function node(options: NodeOptions = {}): Promise<NoticeLog> {
  const one = new NoticeLog({ pool, district: DISTRICT, log, onError: (e) => errors.push(e), ...options });
  one.begin((await log.head()).head);
  await one.start();
  nodes.push(one);
  return one;
}
const commit = (...drafts: Draft[]): Promise<PushedMove[]> => writer.commit(drafts);
const COMMUNITY = 'community:441802006001';
const SUBDISTRICT = 'subdistrict:441802006';

interface Row {
  seq: number;
  recipient: string;
  notice: string;
  settled: boolean;
}
async function rows(): Promise<Row[]> {
  const { rows: found } = await pool.query<Row>(
    'select seq, recipient, notice, settled_at is not null as settled from notice where district = $1 order by seq, recipient',
    [DISTRICT],
  );
  return found;
}
const cursor = async (): Promise<number> => (await pool.query<{ seq: number }>('select seq from notice_cursor')).rows[0]!.seq;
/** What the log itself says was told, by PostgreSQL alone. */
async function toldInLog(): Promise<{ seq: number; recipient: string }[]> {
  const { rows: found } = await pool.query<{ seq: number; recipient: string }>(
    `select m.seq, case t when 'leader' then 'leader:' || i.community else t end as recipient
     from move m join incident i on i.district = m.district and i.id = m.incident, json_array_elements_text(m.payload->'told') t
     where m.district = $1 order by m.seq, 2`,
    [DISTRICT],
  );
  return found;
}
const written = async () => (await rows()).map(({ seq, recipient }) => ({ seq, recipient }));

describe('what the log tells', () => {
  it('is a row for each place, with what and when', async () => {
    const one = await node();
    const story = new Story({ level: 'R1' });
    const moves = await commit(
      story.report(),
      tells(story.call(), 'called', SUBDISTRICT, 'district', 'leader'),
      tells(story.urge(), 'urged', SUBDISTRICT),
    );
    one.take(moves);
    await one.settled();
    const { rows: found } = await pool.query(
      'select seq, recipient, incident, notice, level, at, about, key, acknowledged_at from notice order by seq, recipient',
    );
    const row = (i: 1 | 2, recipient: string, notice: string) => ({
      seq: moves[i]!.seq,
      recipient,
      incident: story.incident,
      notice,
      level: 1,
      at: new Date(moves[i]!.at),
      about: null,
      key: null,
      acknowledged_at: null,
    });
    expect(found).toEqual([
      row(1, 'district', 'called'),
      row(1, 'leader:441802006001', 'called'),
      row(1, SUBDISTRICT, 'called'),
      row(2, SUBDISTRICT, 'urged'),
    ]);
    expect(await cursor()).toBe(3);
    expect(errors).toEqual([]);
  });

  it('that was logged while no node lived is read from the log by the next', async () => {
    const story = new Story();
    await commit(story.report(), ...chatter(1_500), tells(story.call(), 'called', SUBDISTRICT), ...chatter(700));
    const one = await node();
    await one.settled();
    expect(await written()).toEqual([{ seq: 1_502, recipient: SUBDISTRICT }]);
    expect(await cursor()).toBe(2_202);
  });

  it('is not kept in memory without bound while the database is away', async () => {
    let away = true;
    const flaky = {
      query: (...args: unknown[]) =>
        away ? Promise.reject(new Error('connection refused')) : (pool.query as (...a: unknown[]) => unknown)(...args),
    } as unknown as pg.Pool;
    away = false;
    const time = new FakeScheduler();
    const one = await node({ pool: flaky, mostWaiting: 20, scheduler: time });
    await time.advance(0);
    away = true;
    const story = new Story();
    await commit(story.report());
    for (let i = 0; i < 60; i++) {
      one.take(await commit(tells(story.urge(), 'urged', COMMUNITY)));
      await time.settle();
      expect([...one.unwritten()].length).toBeLessThanOrEqual(20);
    }
    expect(errors.length).toBeGreaterThan(0);
    away = false;
    await expect
      .poll(async () => {
        await time.advance(1_000);
        return (await written()).length;
      })
      .toBe(60);
    expect(await written()).toEqual(await toldInLog());
    // Its pause between two writes is of a clock that stands unless it is moved.
    let ended = false;
    void one.stop().then(() => (ended = true));
    await expect.poll(async () => (await time.advance(1_000), ended)).toBe(true);
  });
});

describe('exactly once', () => {
  it('with three nodes that all hear of every move', async () => {
    const all = [await node(), await node(), await node()];
    const story = new Story();
    await commit(story.report()).then((moves) => all.forEach((n) => n.take(moves)));
    for (let i = 0; i < 80; i++) {
      const moves = await commit(...chatter(i % 4), tells(story.urge(), 'urged', COMMUNITY, 'leader'));
      for (const one of all) one.take(moves);
    }
    for (const one of all) await one.settled();
    await expect.poll(cursor).toBe((await log.head()).head);
    expect(await written()).toEqual(await toldInLog());
    expect(await written()).toHaveLength(160);
    expect(errors).toEqual([]);
  });

  it('when the node that is writing dies in the middle: another takes over, nothing is lost and nothing doubled', async () => {
    const story = new Story();
    await commit(story.report(), tells(story.urge(), 'urged', COMMUNITY), tells(story.urge(), 'urged', SUBDISTRICT));
    const survivor = await node();
    await survivor.settled();
    expect(await cursor()).toBe(3);
    const later = await commit(tells(story.urge(), 'warn', COMMUNITY, SUBDISTRICT));

    // The rows are written and the cursor has moved, but nothing is committed.
    const victim = new pg.Client(database.config);
    victim.on('error', () => undefined);
    await victim.connect();
    await victim.query('begin');
    const { rows: at } = await victim.query(
      `select notice_write($1, 3, 4, '{4,4}', $2, $3, '{warn,warn}', '{3,3}', $4, '{}', '{}', '{}', '{}', '{}') as here`,
      [DISTRICT, [COMMUNITY, SUBDISTRICT], [story.incident, story.incident], [later[0]!.at, later[0]!.at]],
    );
    expect(at).toEqual([{ here: '3' }]);
    expect((await victim.query('select from notice where seq = 4')).rowCount).toBe(2);
    const { rows: pid } = await victim.query<{ pid: number }>('select pg_backend_pid() as pid');

    // The survivor finds the cursor taken, more than once, and writes nothing.
    const tries = vi.spyOn(pool, 'query');
    survivor.take(later);
    await expect.poll(() => tries.mock.calls.length, { timeout: 10_000 }).toBeGreaterThan(2);
    tries.mockRestore();
    expect(await written()).toHaveLength(2);

    const owner = new pg.Client(database.config);
    await owner.connect();
    await owner.query('select pg_terminate_backend($1)', [pid[0]!.pid]);
    await owner.end();
    await survivor.settled();
    expect(await written()).toEqual(await toldInLog());
    expect((await rows()).map((r) => r.seq)).toEqual([2, 3, 4, 4]);
  });

  it('after a node that had seen half of it came back with nothing in its memory', async () => {
    const story = new Story();
    const first = await node();
    first.take(await commit(story.report(), tells(story.urge(), 'urged', COMMUNITY)));
    await first.settled();
    await first.stop();
    await commit(tells(story.urge(), 'urged', COMMUNITY));
    const again = await node();
    again.take(await commit(tells(story.urge(), 'urged', COMMUNITY)));
    await again.settled();
    expect((await rows()).map((r) => r.seq)).toEqual([2, 3, 4]);
  });
});

describe('settled', () => {
  it('a reminder by the step that it asked for, everything by the end of the incident, and what was seen stays seen', async () => {
    const one = await node();
    const [story, other] = [new Story(), new Story()];
    one.take(
      await commit(
        story.report(),
        other.report(),
        tells(story.urge(), 'remind', COMMUNITY),
        tells(story.urge(), 'overdue', SUBDISTRICT),
        tells(other.urge(), 'remind', COMMUNITY),
      ),
    );
    await one.settled();
    const settled = async () => (await rows()).map((r) => [r.seq, r.settled]);
    expect(await settled()).toEqual([
      [3, false],
      [4, false],
      [5, false],
    ]);
    one.take(await commit(story.call()));
    await expect.poll(settled, { timeout: 5_000 }).toEqual([
      [3, true],
      [4, false],
      [5, false],
    ]);
    await pool.query(`update notice set acknowledged_at = now(), acknowledged_by = 'x' where seq = 5`);
    one.take(
      await commit(
        ...[story.accept(), story.dispatch('a'), story.abort()],
        other.call(),
        other.accept(),
        other.dispatch('a'),
        other.abort(),
      ),
    );
    await expect.poll(settled, { timeout: 5_000 }).toEqual([
      [3, true],
      [4, true],
      [5, false],
    ]);
  });
});
