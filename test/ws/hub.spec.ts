import fc from 'fast-check';
import { Registry } from 'prom-client';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Actor } from '../../src/identity/actor.ts';
import { inProcessBus } from '../../src/ws/bus.ts';
import { Feed } from '../../src/ws/feed.ts';
import type { Follower } from '../../src/ws/follower.ts';
import { CLOSE, type ClientFrame } from '../../src/ws/frames.ts';
import { Hub } from '../../src/ws/hub.ts';
import { followerLagMetrics } from '../../src/ws/metrics.ts';
import type { HubLimits } from '../../src/ws/limits.ts';
import type { Ring } from '../../src/ws/rings.ts';
import { ACTORS, FakeLog, FakeScheduler, FakeWire } from './support/fakes.ts';
import { CELL_A, CELL_B, CELL_OTHER_COMMUNITY, CELL_OTHER_SUBDISTRICT, chatter, Story, type Draft } from './support/story.ts';

let log: FakeLog;
let time: FakeScheduler;
let errors: unknown[];
let rung: { follower: Follower; ring: Ring }[];
let feed: Feed;
let hub: Hub;
const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);

function build(limits: Partial<HubLimits> = {}, replay = { moves: 10_000, bytes: 10_000_000 }): void {
  feed = new Feed({ district: 441802, log, bus: inProcessBus().join(), scheduler: time, onError: (e) => errors.push(e), replay });
  hub = new Hub({
    feed,
    scheduler: time,
    limits,
    onError: (e) => errors.push(e),
    evidence: {
      ringsSent: (follower, rings) => void rung.push(...rings.map((ring) => ({ follower, ring }))),
      noticesSent: () => undefined,
      ringsHushed: () => undefined,
    },
  });
}

beforeEach(async () => {
  log = new FakeLog();
  time = new FakeScheduler();
  errors = [];
  rung = [];
  build();
});

async function joined(
  actor: Actor,
  follow: Partial<Extract<ClientFrame, { type: 'follow' }>> | null = {},
): Promise<{ wire: FakeWire; follower: Follower }> {
  const wire = new FakeWire();
  const follower = hub.join({ actor, sessionId: `session of ${actor.account}`, device: 'test' }, wire);
  if (follow) await hub.follow(follower, { type: 'follow', ...follow });
  await time.settle();
  return { wire, follower };
}

function commit(...drafts: Draft[]): void {
  feed.offer(log.commit(drafts));
}

describe('following', () => {
  it('answers with a welcome, then everything from now on', async () => {
    log.commit(chatter(3));
    await feed.start();
    const { wire } = await joined(ACTORS.district);
    expect(wire.frames).toEqual([{ type: 'welcome', district: 441802, epoch: 'epoch-1', head: 3, since: null }]);
    commit(...chatter(2));
    await time.settle();
    expect(wire.seqs).toEqual([4, 5]);
  });

  it('replays what was missed, exactly, in one write with the welcome', async () => {
    log.commit(chatter(100));
    await feed.start();
    const { wire } = await joined(ACTORS.district, { since: 40, epoch: 'epoch-1' });
    expect(wire.of('welcome')).toEqual([{ type: 'welcome', district: 441802, epoch: 'epoch-1', head: 100, since: 40 }]);
    expect(wire.seqs).toEqual(upTo(100).slice(40));
    expect(wire.writes).toBe(1);
  });

  it('sends nothing at all before a follow', async () => {
    await feed.start();
    const { wire } = await joined(ACTORS.district, null);
    commit(...chatter(3));
    await time.settle();
    expect(wire.frames).toEqual([]);
  });

  it('anew replaces what was followed before', async () => {
    await feed.start();
    const { wire, follower } = await joined(ACTORS.district);
    await hub.follow(follower, { type: 'follow', topics: [`cell:${CELL_B}`] });
    commit(...chatter(4, [CELL_A, CELL_B]));
    await time.settle();
    expect(wire.seqs).toEqual([2, 4]);
  });

  it('refuses topics outside the scope one by one and follows the rest', async () => {
    await feed.start();
    const { wire } = await joined(ACTORS.gridWorker, { topics: ['district', `cell:${CELL_A}`, `cell:${CELL_B}`] });
    expect(wire.of('error')).toEqual([
      { type: 'error', code: 'not-allowed', topic: 'district' },
      { type: 'error', code: 'not-allowed', topic: `cell:${CELL_B}` },
    ]);
    commit(...chatter(4, [CELL_A, CELL_B]));
    await time.settle();
    expect(wire.seqs).toEqual([1, 3]);
  });

  it('follows nothing when no topic remains', async () => {
    await feed.start();
    const { wire } = await joined(ACTORS.gridWorker, { topics: ['district'] });
    commit(...chatter(2));
    await time.settle();
    expect(wire.types).toEqual(['error']);
  });

  it('of one incident is open to whoever may see it', async () => {
    const here = new Story({ cell: CELL_A });
    const there = new Story({ cell: CELL_OTHER_SUBDISTRICT });
    log.commit([here.report(), there.report()]);
    await feed.start();
    const topics = [`incident:${here.incident}`, `incident:${there.incident}`];
    const { wire } = await joined(ACTORS.community, { topics });
    expect(wire.of('error')).toEqual([{ type: 'error', code: 'not-allowed', topic: topics[1] }]);
    commit(here.call(), there.call(), new Story().report());
    await time.settle();
    expect(wire.seqs).toEqual([3]);
  });

  it('keeps to the newest follow while an older one still waits for the database', async () => {
    const story = new Story();
    log.commit([story.report()]);
    await feed.start();
    const { wire, follower } = await joined(ACTORS.district, null);
    const slow = hub.follow(follower, { type: 'follow', topics: [`incident:${story.incident}`] });
    await hub.follow(follower, { type: 'follow', topics: [`cell:${CELL_B}`] });
    await slow;
    expect(wire.types).toEqual(['welcome']);
    commit(...chatter(2, [CELL_A, CELL_B]), story.call());
    await time.settle();
    expect(wire.seqs).toEqual([3]);
  });

  it('sent in a loop asks the database only a few times', async () => {
    const story = new Story();
    log.commit([story.report()]);
    await feed.start();
    const { wire, follower } = await joined(ACTORS.district, null);
    const asked = vi.spyOn(log, 'placesOf');
    const refreshed = vi.spyOn(log, 'head');
    const topics = [`incident:${story.incident}`];
    await Promise.all(Array.from({ length: 100 }, () => hub.follow(follower, { type: 'follow', topics })));
    await Promise.all(Array.from({ length: 100 }, () => hub.follow(follower, { type: 'follow', since: 1_000 })));
    expect(asked.mock.calls.length).toBeLessThan(10);
    expect(refreshed.mock.calls.length).toBeLessThan(10);
    expect(wire.types).toEqual(['welcome', 'welcome', 'resync']);
  });

  it('closes with "come back" when the log cannot be read', async () => {
    log.commit(chatter(50));
    build({}, { moves: 10, bytes: 1_000_000 });
    await feed.start();
    log.failing = new Error('connection refused');
    const { wire } = await joined(ACTORS.district, { since: 5 });
    expect(wire.closedWith).toBe(CLOSE.restarting);
    expect(errors).toHaveLength(1);
  });
});

describe('a resync', () => {
  const resync = (head: number, epoch = 'epoch-1') => [
    { type: 'welcome', district: 441802, epoch, head, since: null },
    { type: 'resync', head },
  ];

  it('is told to a follower from another epoch', async () => {
    log.commit(chatter(10));
    await feed.start();
    const { wire } = await joined(ACTORS.district, { since: 4, epoch: 'epoch-0' });
    expect(wire.frames).toEqual(resync(10));
    commit(...chatter(1));
    await time.settle();
    expect(wire.seqs).toEqual([]); // it has to follow again
  });

  it('is told to a follower from the future', async () => {
    log.commit(chatter(10));
    await feed.start();
    const { wire } = await joined(ACTORS.district, { since: 11, epoch: 'epoch-1' });
    expect(wire.frames).toEqual(resync(10));
  });

  it('is not told to a follower that comes from a quicker node', async () => {
    log.commit(chatter(10));
    await feed.start();
    log.commit(chatter(5)); // another node's, and no wake-up yet
    const { wire } = await joined(ACTORS.district, { since: 12, epoch: 'epoch-1' });
    expect(wire.of('welcome')).toMatchObject([{ head: 15, since: 12 }]);
    expect(wire.seqs).toEqual([13, 14, 15]);
  });

  it('is told when more was missed than is replayed', async () => {
    build({ replayMoves: 20 });
    log.commit(chatter(50));
    await feed.start();
    expect((await joined(ACTORS.district, { since: 29 })).wire.frames).toEqual(resync(50));
    expect((await joined(ACTORS.district, { since: 30 })).wire.seqs).toEqual(upTo(50).slice(30));
  });

  it('is told to everybody when the database was restored, with the new epoch', async () => {
    log.commit(chatter(10));
    await feed.start();
    const { wire, follower } = await joined(ACTORS.district);
    log.moves.length = 6;
    log.epoch = 'epoch-2';
    await time.advance(1_000);
    expect(wire.frames.slice(1)).toEqual(resync(6, 'epoch-2'));
    await hub.follow(follower, { type: 'follow', since: 6, epoch: 'epoch-2' });
    commit(...chatter(1));
    await time.settle();
    expect(wire.seqs).toEqual([7]);
  });
});

describe('the seam between replay and live', () => {
  it('has neither gap nor double, whenever moves commit and wherever the replay comes from', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 57, max: 60 })),
        fc.array(fc.integer({ min: 1, max: 7 }), { maxLength: 12 }),
        fc.boolean(),
        fc.integer({ min: 5, max: 80 }),
        async (since, bursts, offered, kept) => {
          log = new FakeLog();
          time = new FakeScheduler();
          log.commit(chatter(60, [CELL_A, CELL_B]));
          build({ bytesPerSocket: 4_000 }, { moves: kept, bytes: 1_000_000 });
          await feed.start();
          const wire = new FakeWire();
          const follower = hub.join({ actor: ACTORS.district, sessionId: 's', device: 'd' }, wire);
          const following = hub.follow(follower, { type: 'follow', since });
          for (const burst of bursts) {
            const moves = log.commit(chatter(burst));
            if (offered) feed.offer(moves);
            await Promise.resolve();
          }
          await following;
          await time.advance(1_000);
          expect(wire.seqs).toEqual(upTo(log.moves.length).slice(since));
        },
      ),
      { numRuns: 100 },
    );
  });

  it('tells a follower how far it has come when the last moves were not for it', async () => {
    log.commit(chatter(10, [CELL_A, CELL_OTHER_COMMUNITY]));
    await feed.start();
    const { wire, follower } = await joined(ACTORS.gridWorker, { since: 0 });
    expect(wire.seqs).toEqual([1, 3, 5, 7, 9]);
    expect(wire.frames.at(-1)).toEqual({ type: 'moves', items: [], upTo: 10 });
    commit(...chatter(1, [CELL_OTHER_COMMUNITY]));
    await time.settle();
    const before = wire.frames.length;
    hub.mark([follower]);
    hub.mark([follower]);
    expect(wire.frames.slice(before)).toEqual([{ type: 'moves', items: [], upTo: 11 }]);
  });
});

describe('a push', () => {
  it('leaves at once when it is quiet', async () => {
    await feed.start();
    const { wire } = await joined(ACTORS.district);
    commit(...chatter(1));
    await time.settle(); // no time passes
    expect(wire.seqs).toEqual([1]);
  });

  it('gathers what comes while many sockets were just written to', async () => {
    await feed.start();
    const wires: FakeWire[] = [];
    for (let i = 0; i < 100; i++) wires.push((await joined({ ...ACTORS.district, account: `district.${i}` })).wire);
    commit(...chatter(1));
    await time.settle();
    for (let i = 0; i < 4; i++) {
      commit(...chatter(1));
      await time.settle();
      await time.advance(1);
    }
    expect(wires[0]!.writes).toBe(2); // the welcome and the first move
    await time.advance(5);
    expect(wires.map((w) => w.writes)).toEqual(wires.map(() => 3));
    expect(wires.map((w) => w.seqs)).toEqual(wires.map(() => upTo(5)));
  });

  it('is the same bytes for all who get the same', async () => {
    await feed.start();
    const wires = [ACTORS.district, ACTORS.auditor, ACTORS.subdistrict, ACTORS.community].map(async (actor) => (await joined(actor)).wire);
    commit(...chatter(3));
    await time.settle();
    const buffers = (await Promise.all(wires)).map((w) => w.buffers.at(-1));
    expect(new Set(buffers).size).toBe(1);
  });
});

describe('a replay', () => {
  it('is made once for all who come back at the same time and missed the same, and not again from another history', async () => {
    log.commit(chatter(80, [CELL_A, CELL_OTHER_COMMUNITY]));
    await feed.start();
    await time.advance(500); // what is shared still lives when the restored database is noticed
    const district = await joined(ACTORS.district, { since: 20 });
    const auditor = await joined(ACTORS.auditor, { since: 20 });
    const later = await joined(ACTORS.auditor, { since: 21 });
    const worker = await joined(ACTORS.gridWorker, { since: 20 });
    expect(auditor.wire.buffers[1]).toBe(district.wire.buffers[1]);
    expect(later.wire.buffers[1]).not.toBe(district.wire.buffers[1]);
    expect(worker.wire.seqs).toEqual(upTo(80).filter((seq) => seq > 20 && seq % 2 === 1));
    log.moves.length = 0;
    log.epoch = 'epoch-2';
    const other = chatter(80, [CELL_B]);
    log.commit(other);
    await time.advance(500);
    const again = await joined(ACTORS.district, { since: 20, epoch: 'epoch-2' });
    expect(again.wire.of('moves').flatMap((f) => f.items.map((i) => i.cell))).toEqual(Array.from({ length: 60 }, () => CELL_B));
  });
});

describe('ring and quiet', () => {
  it('rings at the units that were sent, on each of their devices, and nowhere else', async () => {
    await feed.start();
    const desk = await joined(ACTORS.unitA);
    const phone = await joined(ACTORS.unitA);
    const other = await joined(ACTORS.unitB);
    const centre = await joined(ACTORS.district);
    const story = new Story({ level: 'R1' });
    commit(...story.untilDispatched('a', 'c'));
    await time.settle();
    const assignment = story.assignmentOf('a');
    const ring = { type: 'ring', seq: 4, incident: story.incident, assignment, level: 'R1', until: expect.any(String) };
    for (const { wire } of [desk, phone]) {
      expect(wire.types).toEqual(['welcome', 'moves', 'ring']);
      expect(wire.of('ring')).toEqual([ring]);
      expect(wire.seqs).toEqual([4]); // not what went on before it was sent
    }
    expect(other.wire.types).toEqual(['welcome']);
    expect(centre.wire.types).toEqual(['welcome', 'moves']);
    expect(rung.map(({ ring: r, follower }) => [r.seq, r.assignment, follower])).toEqual([
      [4, assignment, desk.follower],
      [4, assignment, phone.follower],
    ]);

    commit(story.acknowledge('a'));
    await time.settle();
    for (const { wire } of [desk, phone]) expect(wire.of('quiet')).toEqual([{ type: 'quiet', assignment }]);
  });

  it('rings again when the acknowledgement lapses, and is quiet when the incident is recalled', async () => {
    await feed.start();
    const { wire } = await joined(ACTORS.unitA);
    const story = new Story();
    commit(...story.untilDispatched('a'), story.acknowledge('a'), story.lapse('a'), story.recall());
    await time.settle();
    expect(wire.types.filter((t) => t === 'ring' || t === 'quiet')).toEqual(['ring', 'quiet', 'ring', 'quiet']);
    expect(wire.of('ring').map((r) => r.seq)).toEqual([4, 6]);
  });

  it('rings whatever topics the device follows', async () => {
    await feed.start();
    const { wire } = await joined(ACTORS.unitA, { topics: [] });
    commit(...new Story().untilDispatched('a'));
    await time.settle();
    expect(wire.types).toEqual(['welcome', 'ring']);
  });

  it('rings right after the welcome for what is still open when a device comes back, and not for what was answered', async () => {
    await feed.start();
    const [open, answered, over] = [new Story(), new Story(), new Story()];
    commit(
      ...open.untilDispatched('a'),
      ...answered.untilDispatched('a'),
      ...over.untilDispatched('a'),
      answered.acknowledge('a'),
      over.recall(),
    );
    await time.settle();
    const { wire } = await joined(ACTORS.unitA, { since: 0 });
    expect(wire.types.slice(0, 2)).toEqual(['welcome', 'ring']);
    expect(wire.of('ring')).toMatchObject([{ seq: 4, incident: open.incident, assignment: open.assignmentOf('a') }]);
    expect(wire.of('quiet')).toEqual([]);
    expect(wire.seqs).toEqual([4, 8, 12, 13, 14]);
  });

  it('rings once for a move that commits while the device catches up', async () => {
    build({}, { moves: 5, bytes: 1_000_000 });
    log.commit(chatter(40));
    await feed.start();
    const wire = new FakeWire();
    const follower = hub.join({ actor: ACTORS.unitA, sessionId: 's', device: 'd' }, wire);
    const following = hub.follow(follower, { type: 'follow', since: 0 }); // has to read the log
    const story = new Story();
    commit(...story.untilDispatched('a'));
    await following;
    await time.settle();
    expect(wire.of('ring').map((r) => r.seq)).toEqual([44]);
    expect(wire.seqs).toEqual([44]);
  });
});

describe('a client that stops reading', () => {
  it('is counted by how far it is behind, the others as up to date', async () => {
    build({ bytesPerSocket: 20_000 });
    const registry = new Registry();
    followerLagMetrics(registry, () => hub.lags());
    await feed.start();
    const slow = await joined(ACTORS.district);
    await joined(ACTORS.district);
    slow.wire.stopReading();
    for (let i = 0; i < 20; i++) {
      commit(...chatter(50));
      await time.settle();
    }
    const { cursor } = slow.follower;
    expect(cursor).toBeLessThan(1_000);
    const text = await registry.metrics();
    expect(text).toContain(`fengming_ws_follower_lag_moves ${1_000 - cursor}\n`);
    expect(text).toContain('fengming_ws_followers{le="0"} 1\n');
    expect(text).toContain('fengming_ws_followers{le="1000"} 2\n');
    slow.wire.read();
    await time.settle();
    expect([...hub.lags()]).toEqual([0, 0]);
  });

  it('costs no more than its limit, gets everything when it reads again, and nobody else notices', async () => {
    build({ bytesPerSocket: 20_000 });
    await feed.start();
    const slow = await joined(ACTORS.district);
    const healthy = await joined({ ...ACTORS.district, account: 'district.441802.2' });
    slow.wire.stopReading();
    for (let i = 0; i < 200; i++) {
      commit(...chatter(5));
      await time.settle();
    }
    expect(healthy.wire.seqs).toEqual(upTo(1_000));
    expect(slow.wire.mostBuffered).toBeGreaterThan(10_000);
    expect(slow.wire.mostBuffered).toBeLessThanOrEqual(20_000);
    expect(slow.wire.seqs.length).toBeLessThan(1_000);
    slow.wire.read();
    await time.settle();
    expect(slow.wire.seqs).toEqual(upTo(1_000));
    commit(...chatter(1));
    await time.settle();
    expect(slow.wire.seqs.at(-1)).toBe(1_001);
    expect(slow.wire.closedWith).toBeNull();
  });

  it('and takes only a little at a time still gets everything once and in order', async () => {
    build({ bytesPerSocket: 8_000, replayMoves: 100_000 }, { moves: 50, bytes: 1_000_000 });
    await feed.start();
    const { wire } = await joined(ACTORS.district);
    wire.stopReading();
    for (let i = 0; i < 100; i++) {
      commit(...chatter(7));
      await time.settle();
      if (i % 5 === 0) wire.drain();
    }
    for (let i = 0; i < 200; i++) {
      wire.drain();
      await time.settle();
    }
    expect(wire.mostBuffered).toBeLessThanOrEqual(8_000);
    expect(wire.seqs).toEqual(upTo(700));
  });

  it('is closed with "too slow" after half a minute, and not before', async () => {
    build({ bytesPerSocket: 8_000 });
    await feed.start();
    const { wire, follower } = await joined(ACTORS.district);
    wire.stopReading();
    commit(...chatter(100));
    await time.settle();
    await time.advance(29_999);
    expect(wire.closedWith).toBeNull();
    await time.advance(1);
    expect(wire.closedWith).toBe(CLOSE.tooSlow);
    hub.leave(follower);
    await time.settle();
    commit(...chatter(10));
    await time.settle();
    expect(hub.head).toBe(110);
  });

  it('cannot make the server talk for ever by asking', async () => {
    build({ bytesPerSocket: 8_000 });
    await feed.start();
    const { wire, follower } = await joined(ACTORS.gridWorker);
    wire.stopReading();
    for (let i = 0; i < 100 && wire.closedWith === null; i++) {
      await hub.follow(follower, { type: 'follow', topics: Array.from({ length: 20 }, () => 'district') });
    }
    expect(wire.mostBuffered).toBeLessThanOrEqual(8_000);
    expect(wire.closedWith).toBe(CLOSE.tooSlow);
  });

  it('rings late rather than never', async () => {
    build({ bytesPerSocket: 4_000 });
    await feed.start();
    const { wire } = await joined(ACTORS.unitA);
    const story = new Story();
    commit(...story.untilDispatched('a'));
    await time.settle();
    wire.stopReading();
    const late = new Story();
    for (let i = 0; i < 40; i++) commit(story.comment());
    commit(...late.untilDispatched('a'));
    await time.settle();
    expect(wire.of('ring')).toHaveLength(1);
    wire.read();
    await time.settle();
    expect(wire.of('ring').map((r) => r.assignment)).toEqual([story.assignmentOf('a'), late.assignmentOf('a')]);
  });
});

describe('scope', () => {
  it('holds for every role over a mix of incidents', async () => {
    await feed.start();
    const everybody = await Promise.all(Object.values(ACTORS).map(async (actor) => ({ actor, ...(await joined(actor)) })));
    const stories = [CELL_A, CELL_B, CELL_OTHER_COMMUNITY, CELL_OTHER_SUBDISTRICT].map(
      (cell, i) => new Story({ cell, reportedBy: i === 3 ? ACTORS.gridWorker.account : 'x' }),
    );
    commit(...stories.flatMap((s, i) => [...s.untilDispatched(i % 2 === 0 ? 'a' : 'b')]));
    await time.settle();
    const cellsOf = (account: string): string[] => {
      const { wire } = everybody.find((e) => e.actor.account === account)!;
      return [...new Set(wire.of('moves').flatMap((f) => f.items.map((i) => i.cell)))].sort();
    };
    const all = [CELL_A, CELL_B, CELL_OTHER_COMMUNITY, CELL_OTHER_SUBDISTRICT].sort();
    expect(cellsOf('district.441802')).toEqual(all);
    expect(cellsOf('auditor')).toEqual(all);
    expect(cellsOf('subdistrict.441802006')).toEqual([CELL_A, CELL_B, CELL_OTHER_COMMUNITY]);
    expect(cellsOf('community.441802006001')).toEqual([CELL_A, CELL_B]);
    expect(cellsOf('grid.441802006001001')).toEqual([CELL_A, CELL_OTHER_SUBDISTRICT]); // its own cell, and what it reported elsewhere
    expect(cellsOf('leader.1')).toEqual([CELL_A, CELL_B, CELL_OTHER_SUBDISTRICT]);
    expect(cellsOf('member.1')).toEqual([CELL_OTHER_COMMUNITY]);
    expect(cellsOf('unit.a')).toEqual([CELL_A, CELL_OTHER_COMMUNITY]);
    expect(cellsOf('unit.b')).toEqual([CELL_B, CELL_OTHER_SUBDISTRICT]);
    expect(cellsOf('district.441803')).toEqual([]);
  });
});
