/** 响铃再响，该停就停: rings repeat while nobody answers, and stop on every device for every cause. */
import { beforeEach, describe, expect, it, test } from 'vitest';
import type { Actor } from '../../src/identity/actor.ts';
import { inProcessBus } from '../../src/ws/bus.ts';
import { encodeFrame } from '../../src/ws/encode.ts';
import { Feed } from '../../src/ws/feed.ts';
import type { Follower } from '../../src/ws/follower.ts';
import { Hub } from '../../src/ws/hub.ts';
import { ACTORS, FakeLog, FakeScheduler, FakeWire } from './support/fakes.ts';
import { Story, type Draft } from './support/story.ts';

const MINUTE = 60_000;
const EVERY = { R1: MINUTE, R2: 2 * MINUTE, R3: 10 * MINUTE, R4: 30 * MINUTE };
const START_MS = Date.parse('2026-03-02T02:00:00.000Z');

let log: FakeLog;
let time: FakeScheduler;
let feed: Feed;
let hub: Hub;
let startedMs: number;
/** When the shift at a device ends. */
let shifts: Map<string, number>;
let rung: string[];
let hushed: { device: string; at: string }[];

const now = (): Date => new Date(START_MS + time.nowMs() - startedMs);

beforeEach(async () => {
  log = new FakeLog();
  time = new FakeScheduler();
  startedMs = time.nowMs();
  shifts = new Map();
  rung = [];
  hushed = [];
  feed = new Feed({ district: 441802, log, bus: inProcessBus().join(), scheduler: time, onError: fail });
  hub = new Hub({
    feed,
    scheduler: time,
    onError: fail,
    ringRules: {
      now,
      nextRing: (level, since, after) => since + (Math.floor((Math.max(since, after) - since) / EVERY[level]) + 1) * EVERY[level],
      shiftEnds: (sessionId) => shifts.get(sessionId) ?? null,
    },
    evidence: {
      ringsSent: (follower, rings) => void rung.push(...rings.map(() => follower.sessionId)),
      noticesSent: () => undefined,
      ringsHushed: (follower, _, since) => void hushed.push({ device: follower.sessionId, at: since.toISOString() }),
    },
  });
  await feed.start();
});
const fail = (error: unknown): never => {
  throw error;
};

interface Device {
  readonly wire: FakeWire;
  readonly follower: Follower;
}
async function device(sessionId: string, actor: Actor = ACTORS.unitA): Promise<Device> {
  const wire = new FakeWire();
  const follower = hub.join({ actor, sessionId, device: 'test' }, wire);
  await hub.follow(follower, { type: 'follow' });
  await time.settle();
  return { wire, follower };
}
/** Made now. */
async function commit(...drafts: Draft[]): Promise<void> {
  feed.offer(log.commit(drafts.map((draft) => ({ ...draft, at: now().toISOString() }))));
  await time.settle();
}
const seqs = ({ wire }: Device): number[] => wire.of('ring').map((r) => r.seq);
const signals = ({ wire }: Device): string[] => wire.types.filter((t) => t === 'ring' || t === 'quiet');

describe('再响 (ringing again)', () => {
  test.each([
    ['R1', 5, 6],
    ['R2', 10, 6],
    ['R3', 30, 4],
    ['R4', 90, 4],
  ] as const)('%s: in %i minutes it rings %i times, each time with the seq of the move that asked', async (level, minutes, times) => {
    const phone = await device('phone');
    await commit(...new Story({ level }).untilDispatched('a'));
    await time.advance(minutes * MINUTE);
    expect(seqs(phone)).toEqual(Array.from({ length: times }, () => 4));
    expect(rung).toHaveLength(times);
  });

  it('sounds on all devices of the unit together, also on one that came in between', async () => {
    const desk = await device('desk');
    await commit(...new Story({ level: 'R1' }).untilDispatched('a', 'b'));
    await time.advance(30_000);
    const phone = await device('phone');
    expect(seqs(phone)).toHaveLength(1); // it rings when it comes
    await time.advance(30_000);
    expect([seqs(desk).length, seqs(phone).length]).toEqual([2, 2]);
    await time.advance(MINUTE);
    expect([seqs(desk).length, seqs(phone).length]).toEqual([3, 3]);
  });

  it('rings each assignment by its own time', async () => {
    const phone = await device('phone');
    const [grave, prompt] = [new Story({ level: 'R1' }), new Story({ level: 'R2' })];
    await commit(...prompt.untilDispatched('a'));
    await time.advance(45_000);
    await commit(...grave.untilDispatched('a'));
    await time.advance(4 * MINUTE);
    const of = (story: Story): number => phone.wire.of('ring').filter((r) => r.incident === story.incident).length;
    expect([of(grave), of(prompt)]).toEqual([5, 3]);
  });

  it('goes on after the time to acknowledge has passed, and begins anew when an acknowledgement lapses', async () => {
    const phone = await device('phone');
    const story = new Story({ level: 'R1' });
    await commit(...story.untilDispatched('a'));
    await time.advance(2.5 * MINUTE);
    expect(seqs(phone)).toEqual([4, 4, 4]);
    await commit(story.acknowledge('a'));
    await time.advance(15 * MINUTE);
    expect(seqs(phone)).toHaveLength(3);
    await commit(story.lapse('a'));
    await time.advance(MINUTE);
    expect(seqs(phone).slice(3)).toEqual([6, 6]);
  });

  it('leaves out a device that does not read, and no other', async () => {
    hub = new Hub({
      feed: (feed = new Feed({ district: 441802, log, bus: inProcessBus().join(), scheduler: time, onError: fail })),
      scheduler: time,
      onError: fail,
      limits: { bytesPerSocket: 600, drainMs: 60 * MINUTE },
      ringRules: { now, nextRing: (_, since, after) => since + (Math.floor((after - since) / MINUTE) + 1) * MINUTE, shiftEnds: () => null },
    });
    await feed.start();
    const [stuck, phone] = [await device('stuck'), await device('phone')];
    await commit(...new Story({ level: 'R1' }).untilDispatched('a'));
    stuck.wire.stopReading();
    await time.advance(20 * MINUTE);
    expect(seqs(phone)).toHaveLength(21);
    expect(stuck.wire.mostBuffered).toBeLessThanOrEqual(600);
  });

  it('costs nothing for a unit without a device, and nothing once it is answered', async () => {
    const story = new Story({ level: 'R1' });
    await commit(...story.untilDispatched('a', 'b'));
    await time.advance(MINUTE);
    const idle = time.timersWaiting;
    const phone = await device('phone');
    expect(time.timersWaiting).toBe(idle + 1);
    await device('phone of b', ACTORS.unitB);
    expect(time.timersWaiting).toBe(idle + 1); // one clock for all
    hub.leave(phone.follower);
    await time.advance(2 * MINUTE);
    await commit(story.recall());
    await time.advance(2 * MINUTE);
    expect(time.timersWaiting).toBe(idle);
  });
});

describe('该停就停 (a ring stops on every device at once)', () => {
  const causes: readonly (readonly [string, (story: Story) => Draft])[] = [
    ['acknowledged on one of them', (story) => story.acknowledge('a')],
    ['declined', (story) => story.decline('a')],
    ['recalled', (story) => story.recall()],
    ['the incident was aborted', (story) => story.abort()],
  ];
  test.each(causes)('%s', async (_, stop) => {
    const devices = [await device('desk'), await device('phone')];
    const story = new Story({ level: 'R1' });
    await commit(...story.untilDispatched('a'));
    await time.advance(MINUTE);
    await commit(stop(story));
    await time.advance(10 * MINUTE);
    for (const one of devices) expect(signals(one)).toEqual(['ring', 'ring', 'quiet']);
  });

  it('released: the assistant is quiet, the lead rings on', async () => {
    const [lead, ...assistant] = [await device('lead'), await device('desk', ACTORS.unitB), await device('phone', ACTORS.unitB)];
    const story = new Story({ level: 'R1' });
    await commit(...story.untilDispatched('a', 'b'));
    await commit(story.release('b'));
    await time.advance(MINUTE);
    for (const one of assistant) expect(signals(one)).toEqual(['ring', 'quiet']);
    expect(signals(lead)).toEqual(['ring', 'ring']);
  });

  it('signed out: that device hears nothing more, the other rings on', async () => {
    const [desk, phone] = [await device('desk'), await device('phone')];
    await commit(...new Story({ level: 'R1' }).untilDispatched('a'));
    hub.leave(phone.follower);
    await time.advance(2 * MINUTE);
    expect(signals(phone)).toEqual(['ring']);
    expect(signals(desk)).toEqual(['ring', 'ring', 'ring']);
  });
});

describe('下班不响 (after the shift)', () => {
  it('a device falls silent in the very moment in which its shift ends, the others ring on', async () => {
    const [early, late] = [await device('early'), await device('late')];
    shifts.set('early', START_MS + 90_000);
    const story = new Story({ level: 'R1' });
    await commit(...story.untilDispatched('a'));
    await time.advance(90_000);
    expect(signals(early)).toEqual(['ring', 'ring', 'quiet']);
    expect(early.wire.of('quiet')).toEqual([{ type: 'quiet', assignment: story.assignmentOf('a') }]);
    expect(hushed).toEqual([{ device: 'early', at: '2026-03-02T02:01:30.000Z' }]);
    await time.advance(5 * MINUTE);
    expect(signals(early)).toHaveLength(3);
    expect(signals(late)).toEqual(Array.from({ length: 7 }, () => 'ring'));
    expect(hushed).toHaveLength(1);
  });

  it('also where nothing was due for long, and the shift was made shorter meanwhile', async () => {
    const phone = await device('phone');
    await commit(...new Story({ level: 'R4' }).untilDispatched('a'));
    await time.advance(5 * MINUTE);
    shifts.set('phone', START_MS + 6 * MINUTE);
    await time.advance(1.5 * MINUTE);
    expect(signals(phone)).toEqual(['ring', 'quiet']);
    await time.advance(25 * MINUTE);
    expect(signals(phone)).toHaveLength(2);
  });

  it('a new dispatch does not ring there: it is told that all is quiet, so that it does not ring by what it reads either', async () => {
    const [off, on] = [await device('off'), await device('on')];
    shifts.set('off', START_MS - 1);
    await commit(...new Story({ level: 'R1' }).untilDispatched('a'));
    expect(off.wire.types).toEqual(['welcome', 'moves', 'quiet']);
    expect(on.wire.types).toEqual(['welcome', 'moves', 'ring']);
    expect(rung).toEqual(['on']);
    const again = await device('off');
    expect(again.wire.types).toEqual(['welcome', 'quiet']);
    await time.advance(3 * MINUTE);
    expect(rung).toEqual(['on', 'on', 'on', 'on']);
  });

  it('a device whose shift was made longer rings again with the next round', async () => {
    const phone = await device('phone');
    shifts.set('phone', START_MS + 30_000);
    await commit(...new Story({ level: 'R1' }).untilDispatched('a'));
    await time.advance(40_000);
    expect(signals(phone)).toEqual(['ring', 'quiet']);
    shifts.set('phone', START_MS + 30 * MINUTE);
    await time.advance(20_000);
    expect(signals(phone)).toEqual(['ring', 'quiet', 'ring']);
  });

  /** In a tunnel: what was sent before fills the socket, and nothing goes out. */
  const stuck = ({ follower, wire }: Device): void => {
    wire.stopReading();
    const sized = (seqs: number) => encodeFrame({ type: 'acknowledged', seqs: Array.from({ length: seqs }, (_, i) => i + 1) });
    // Large ones first, then small ones, until there is room for none.
    for (const frame of [sized(10_000), sized(1)]) while (hub.signal(follower, { frames: [frame], rings: [], notices: [] }));
  };

  it('a device that does not read is told when it reads again, and the evidence is of then', async () => {
    const phone = await device('phone');
    shifts.set('phone', START_MS + 30_000);
    const story = new Story({ level: 'R1' });
    await commit(...story.untilDispatched('a'));
    stuck(phone);
    await time.advance(2 * MINUTE);
    expect([signals(phone), hushed]).toEqual([['ring'], []]);
    phone.wire.read();
    await time.advance(MINUTE);
    expect(signals(phone)).toEqual(['ring', 'quiet']);
    expect(hushed).toEqual([{ device: 'phone', at: '2026-03-02T02:00:30.000Z' }]);
    await time.advance(5 * MINUTE);
    expect(signals(phone)).toEqual(['ring', 'quiet']);
  });

  it('a new dispatch in between does not make it forget what rings there from before', async () => {
    const phone = await device('phone');
    const [before, after] = [new Story({ level: 'R4' }), new Story({ level: 'R4' })];
    await commit(...before.untilDispatched('a'));
    // Made shorter: no look was planned for this moment.
    shifts.set('phone', now().getTime());
    await commit(...after.untilDispatched('a'));
    expect(signals(phone)).toEqual(['ring', 'quiet']);
    await time.advance(MINUTE);
    expect(phone.wire.of('quiet').map((q) => q.assignment)).toContain(before.assignmentOf('a'));
    expect(hushed).toHaveLength(1);
  });

  it('one that is back on duty and does not read rings when it reads again, with all that waits', async () => {
    const phone = await device('phone');
    shifts.set('phone', START_MS + 30_000);
    await commit(...new Story({ level: 'R4' }).untilDispatched('a'));
    await time.advance(40_000);
    shifts.delete('phone');
    stuck(phone);
    await time.advance(MINUTE);
    phone.wire.read();
    await time.advance(MINUTE);
    expect(signals(phone)).toEqual(['ring', 'quiet', 'ring']);
  });
});
