import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import pg from 'pg';
import { notifyBus, type Bus } from '../../src/ws/bus.ts';
import { Feed, type FeedStart } from '../../src/ws/feed.ts';
import { databaseLog, type MoveLog } from '../../src/ws/log.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { LogWriter, makeFeed } from './support/log-writer.ts';
import { CELL_A, CELL_B, chatter, DISTRICT, Story, uuid } from './support/story.ts';

let database: TestDatabase;
let log: MoveLog;
let writer: LogWriter;

beforeAll(async () => {
  database = await openTestDatabase();
  await makeFeed(database.db.pool);
  log = databaseLog(database.db.pool, DISTRICT);
  writer = new LogWriter(database.db.pool);
});
afterAll(() => database?.drop());

describe('reading the log', () => {
  it('gives each move as it was when it was made: also the units of that moment', async () => {
    const { head } = await log.head();
    const [first, second] = [new Story({ level: 'R1' }), new Story({ cell: CELL_B })];
    const committed = await writer.commit([
      ...first.untilDispatched('a', 'b'),
      second.report(),
      first.acknowledge('a'),
      first.lapse('a'),
      first.recall(),
      second.call(),
      first.dispatch('c'),
    ]);
    const read = await log.after(head, 1_000);
    expect(read.map((m) => ({ ...m, number: '' }))).toEqual(committed.map((m) => ({ ...m, number: '' })));
    expect(read.filter((m) => m.incident === first.incident).map((m) => m.units.length)).toEqual([0, 0, 0, 2, 2, 2, 2, 3]);
  });

  it('gives what was open at the head', async () => {
    const [rings, works, done, again] = [new Story(), new Story(), new Story(), new Story()];
    const moves = await writer.commit([
      ...rings.untilDispatched('x'),
      ...works.untilDispatched('x', 'y'),
      works.acknowledge('x'),
      ...done.untilDispatched('x'),
      done.acknowledge('x'),
      done.finish('x'),
      ...again.untilDispatched('x'),
      again.acknowledge('x'),
      again.lapse('x'),
    ]);
    const { head, open } = await log.snapshot();
    expect(head).toBe(moves.at(-1)!.seq);
    const mine = open.filter((a) => a.unit === 'x' || a.unit === 'y').sort((a, b) => a.seq - b.seq || a.unit.localeCompare(b.unit));
    const assigned = (story: Story, verb: string) => moves.findLast((m) => m.incident === story.incident && m.verb === verb)!;
    expect(mine).toEqual(
      [
        { story: rings, unit: 'x', state: 'assigned', by: 'dispatch' },
        { story: works, unit: 'x', state: 'acknowledged', by: 'dispatch' },
        { story: works, unit: 'y', state: 'assigned', by: 'dispatch' },
        { story: again, unit: 'x', state: 'assigned', by: 'lapse' },
      ].map(({ story, unit, state, by }) => ({
        incident: story.incident,
        assignment: story.assignmentOf(unit),
        unit,
        state,
        level: 'R3',
        until: story.assignments.get(story.assignmentOf(unit))!.until,
        seq: assigned(story, by).seq,
        at: assigned(story, by).at,
      })),
    );
  });

  it('knows where an incident lies, and that another does not exist', async () => {
    const story = new Story({ reportedBy: 'grid.x' });
    await writer.commit(story.untilDispatched('a'));
    const place = {
      district: DISTRICT,
      subdistrict: CELL_A.slice(0, 9),
      community: CELL_A.slice(0, 12),
      cell: CELL_A,
      units: ['a'],
      reportedBy: 'grid.x',
    };
    expect(await log.placesOf([uuid(), story.incident])).toEqual(new Map([[story.incident, place]]));
  });

  it('says so when the district has no feed', async () => {
    await expect(databaseLog(database.db.pool, 999_999).head()).rejects.toThrow('no feed for district 999999');
  });
});

describe('two nodes on one database', () => {
  interface Node {
    feed: Feed;
    bus: Bus;
    seqs: number[];
    clients: pg.Client[];
    waitFor(seq: number): Promise<void>;
  }

  async function node(pollMs: number): Promise<Node> {
    const clients: pg.Client[] = [];
    const bus = notifyBus({
      district: DISTRICT,
      connect: async () => {
        const client = await database.db.client('bus');
        clients.push(client);
        return client;
      },
      onError: () => undefined,
    });
    const feed = new Feed({ district: DISTRICT, log, bus, pollMs, onError: () => undefined });
    const seqs: number[] = [];
    let starts: FeedStart[] = [];
    feed.onStart((start) => (starts = [...starts, start]));
    let reached = (): void => {};
    feed.onMoves((moves) => {
      seqs.push(...moves.map((m) => m.seq));
      reached();
    });
    // Listening before anything is announced: else the first wake-up only comes with the connection.
    const listening = new Promise<void>((resolve) => bus.onWake((head) => head === null && resolve()));
    await feed.start();
    await listening;
    return {
      feed,
      bus,
      seqs,
      clients,
      waitFor: (seq) =>
        new Promise((resolve) => {
          reached = () => feed.head >= seq && resolve();
          reached();
        }),
    };
  }
  const NEVER = 2 ** 30;

  it('both hand on everything in order and once, woken by NOTIFY alone', async () => {
    const a = await node(NEVER);
    const b = await node(NEVER);
    const start = a.feed.head;
    try {
      await Promise.all(
        [a, b, a, b].map(async ({ feed }, w) => {
          const own = new LogWriter(database.db.pool);
          for (let i = 0; i < 60; i++) feed.offer(await own.commit(chatter(1 + ((i + w) % 5), [CELL_A, CELL_B])));
        }),
      );
      const { head } = await log.head();
      await Promise.all([a.waitFor(head), b.waitFor(head)]);
      const all = Array.from({ length: head - start }, (_, i) => start + i + 1);
      expect(all.length).toBeGreaterThan(600);
      expect(a.seqs).toEqual(all);
      expect(b.seqs).toEqual(all);
    } finally {
      for (const { feed, bus } of [a, b]) await feed.stop().then(() => bus.close());
    }
  });

  it('hears again after its connection was cut', async () => {
    const a = await node(NEVER);
    const b = await node(NEVER);
    try {
      const lost = b.clients[0]!;
      const reconnected = new Promise<void>((resolve) => b.bus.onWake((head) => head === null && resolve()));
      const { rows } = await lost.query<{ pid: number }>('select pg_backend_pid() as pid');
      const owner = new pg.Client(database.config);
      await owner.connect();
      await owner.query('select pg_terminate_backend($1)', [rows[0]!.pid]);
      await owner.end();
      a.feed.offer(await writer.commit(chatter(3))); // announced while b is deaf
      await reconnected;
      await b.waitFor(a.feed.head);
      a.feed.offer(await writer.commit(chatter(2)));
      await b.waitFor(a.feed.head);
      expect(b.clients).toHaveLength(2);
      expect(b.seqs).toEqual(a.seqs);
    } finally {
      for (const { feed, bus } of [a, b]) await feed.stop().then(() => bus.close());
    }
  });
});
