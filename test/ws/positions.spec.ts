import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Actor } from '../../src/identity/actor.ts';
import { inProcessBus } from '../../src/ws/bus.ts';
import { Feed } from '../../src/ws/feed.ts';
import { Hub } from '../../src/ws/hub.ts';
import { Positions } from '../../src/ws/positions.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { ACTORS, FakeLog, FakeScheduler, FakeWire } from './support/fakes.ts';
import { DISTRICT, Story } from './support/story.ts';

let database: TestDatabase;
let time: FakeScheduler;
let log: FakeLog;
let feed: Feed;
let hub: Hub;
let positions: Positions;
const NOW = new Date('2026-03-02T02:00:00.000Z');
const at = (s: number): string => new Date(NOW.getTime() + s * 1_000).toISOString();
const here = { lng: 113.02, lat: 23.7, accuracyM: 8 };
const there = { lng: 113.05, lat: 23.71 };

beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database?.drop());

beforeEach(async () => {
  const db = database.db;
  await db.pool.query('delete from unit_position');
  time = new FakeScheduler();
  log = new FakeLog();
  feed = new Feed({ district: DISTRICT, log, bus: inProcessBus().join(), scheduler: time, onError: fail });
  hub = new Hub({ feed, scheduler: time, onError: fail });
  positions = new Positions({ pool: db.pool, district: DISTRICT, hub, now: () => NOW, onError: fail, scheduler: time });
  await feed.start();
});
const fail = (error: unknown): never => {
  throw error;
};
async function follower(actor: Actor): Promise<FakeWire> {
  const wire = new FakeWire();
  await hub.follow(hub.join({ actor, sessionId: 's', device: 'd' }, wire), { type: 'follow' });
  return wire;
}
const stored = async () =>
  (await database.db.pool.query<{ unit: string; lng: number }>('select unit, lng from unit_position order by unit')).rows;

describe('positions of responders', () => {
  it('go to those who dispatch, once a tick and only the latest', async () => {
    const viewers = await Promise.all([ACTORS.district, ACTORS.subdistrict, ACTORS.leader, ACTORS.auditor].map(follower));
    const others = await Promise.all([ACTORS.community, ACTORS.gridWorker, ACTORS.member, ACTORS.unitB].map(follower));
    positions.report(ACTORS.unitA, here, at(-3));
    positions.report(ACTORS.unitA, there, at(-2));
    await positions.tick();
    await positions.tick();
    for (const wire of viewers)
      expect(wire.of('positions')).toEqual([{ type: 'positions', items: [{ unit: 'a', position: there, at: at(-2) }] }]);
    for (const wire of others) expect(wire.of('positions')).toEqual([]);
  });

  it('are seen among units that work on the same incident, as long as they do', async () => {
    const story = new Story();
    feed.offer(log.commit(story.untilDispatched('a', 'b')));
    await time.settle();
    const wire = await follower(ACTORS.unitB);
    positions.report(ACTORS.unitA, here, at(-9));
    await positions.tick();
    expect(wire.of('positions')).toHaveLength(1);
    feed.offer(log.commit([story.recall()]));
    await time.settle();
    positions.report(ACTORS.unitA, there, at(-8));
    await positions.tick();
    expect(wire.of('positions')).toHaveLength(1);
  });

  it('come only from responders, never go back in time and never lie in the future', async () => {
    const wire = await follower(ACTORS.district);
    expect(positions.report(ACTORS.gridWorker, here, at(-5))).toBe(false);
    expect(positions.report(ACTORS.unitA, here, at(-5))).toBe(true);
    positions.report(ACTORS.unitA, there, at(-6));
    await positions.tick();
    positions.report(ACTORS.unitA, there, at(+3_600));
    await positions.tick();
    expect(wire.of('positions').map((f) => f.items[0])).toEqual([
      { unit: 'a', position: here, at: at(-5) },
      { unit: 'a', position: there, at: at(0) },
    ]);
  });

  it('are dropped for a socket that is behind', async () => {
    const wire = await follower(ACTORS.district);
    wire.stopReading();
    feed.offer(log.commit(Array.from({ length: 400 }, () => new Story().report())));
    await time.settle();
    expect(wire.buffered()).toBeGreaterThan(64 * 1024);
    positions.report(ACTORS.unitA, here, at(-5));
    await positions.tick();
    expect(wire.of('positions')).toEqual([]);
  });

  it('are written at most every 10 s a unit, at the end all, and known again after a restart', async () => {
    positions.report(ACTORS.unitA, here, at(-60));
    await positions.tick();
    expect(await stored()).toEqual([{ unit: 'a', lng: here.lng }]);
    positions.report(ACTORS.unitA, there, at(-50));
    positions.report(ACTORS.unitB, here, at(-50));
    await positions.tick();
    expect(await stored()).toEqual([
      { unit: 'a', lng: here.lng },
      { unit: 'b', lng: here.lng },
    ]);
    await time.advance(10_000);
    await positions.tick();
    expect((await stored())[0]).toEqual({ unit: 'a', lng: there.lng });
    positions.report(ACTORS.unitA, here, at(-40));
    await positions.stop();
    expect((await stored())[0]).toEqual({ unit: 'a', lng: here.lng });

    const again = new Positions({ pool: database.db.pool, district: DISTRICT, hub, now: () => NOW, onError: fail, scheduler: time });
    await again.start();
    const wire = new FakeWire();
    const newcomer = hub.join({ actor: ACTORS.district, sessionId: 's', device: 'd' }, wire);
    await hub.follow(newcomer, { type: 'follow' });
    again.greet(newcomer);
    expect(wire.of('positions')[0]!.items).toContainEqual({ unit: 'a', position: here, at: at(-40) });
    await again.stop();
  });

  it('of another node are known too, and sent to those who follow here, unless this one knows a newer', async () => {
    const viewer = await follower(ACTORS.district);
    const other = new Positions({
      pool: database.db.pool,
      district: DISTRICT,
      hub,
      now: () => NOW,
      onError: fail,
      scheduler: new FakeScheduler(),
    });
    other.report(ACTORS.unitA, there, at(-20));
    other.report(ACTORS.unitB, there, at(-20));
    await other.stop();
    positions.report(ACTORS.unitB, here, at(-10));
    await positions.readAgain();
    expect([...positions.latest().values()]).toEqual([
      { unit: 'b', position: here, at: at(-10) },
      { unit: 'a', position: there, at: at(-20) },
    ]);
    await positions.tick();
    await positions.readAgain();
    await positions.tick();
    expect(
      viewer
        .of('positions')
        .flatMap((f) => f.items.map((i) => i.unit))
        .sort(),
    ).toEqual(['a', 'b']);
  });
});
