/** 谁该知道谁就知道: who is sent a notice, live and when coming back. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { Actor } from '../../src/identity/actor.ts';
import { inProcessBus } from '../../src/ws/bus.ts';
import { Feed } from '../../src/ws/feed.ts';
import { Hub } from '../../src/ws/hub.ts';
import type { InboxStore } from '../../src/ws/inbox.ts';
import { NoticeDesk } from '../../src/ws/notice-desk.ts';
import type { NoticeLog } from '../../src/ws/notice-log.ts';
import { inboxesOf, noticesOf, type Notice } from '../../src/ws/notices.ts';
import { ACTORS, FakeLog, FakeScheduler, FakeWire } from './support/fakes.ts';
import { CELL_OTHER_COMMUNITY, chatter, Story, tells, type Draft } from './support/story.ts';

let log: FakeLog;
let time: FakeScheduler;
let feed: Feed;
let hub: Hub;
let desk: NoticeDesk;
let sent: { account: string; seq: number; recipient: string }[];
/** What the table of notices has, and what it does not have yet. */
let written: Notice[];
let unwritten: Notice[];
let told: Notice[];
/** Resolves the question to the table when the test says so. */
let answerTable: (() => void) | null;

const fail = (error: unknown): never => {
  throw error;
};

beforeEach(async () => {
  log = new FakeLog();
  time = new FakeScheduler();
  sent = [];
  written = [];
  unwritten = [];
  told = [];
  answerTable = null;
  build();
  await feed.start();
});

function build(bytesPerSocket = 1_000_000): void {
  feed = new Feed({ district: 441802, log, bus: inProcessBus().join(), scheduler: time, onError: fail });
  hub = new Hub({
    feed,
    scheduler: time,
    limits: { bytesPerSocket },
    onError: fail,
    evidence: {
      ringsSent: () => undefined,
      noticesSent: ({ actor }, notices) =>
        void sent.push(...notices.map(({ seq, recipient }) => ({ account: actor.account, seq, recipient }))),
      ringsHushed: () => undefined,
    },
  });
  const inbox = {
    openIn: async (places: readonly string[]) => {
      const found = written.filter((n) => places.includes(n.recipient));
      if (answerTable !== null) await new Promise<void>((resolve) => (answerTable = resolve));
      return found;
    },
    toldAfter: async (seq: number) => told.filter((n) => n.seq < seq),
    lowest: async () => Math.min(0, ...told.map((n) => n.seq)),
    acknowledge: async (_: unknown, seqs: readonly number[]) => [...seqs],
  } as unknown as InboxStore;
  desk = new NoticeDesk({
    hub,
    inbox,
    log: { unwritten: () => unwritten } as unknown as NoticeLog,
    now: () => new Date(0),
    onError: fail,
    scheduler: time,
  });
}

async function joined(actor: Actor, follow: { topics?: string[]; since?: number } = {}): Promise<FakeWire> {
  const wire = new FakeWire();
  const follower = hub.join({ actor, sessionId: `session of ${actor.account}`, device: 'test' }, wire);
  await hub.follow(follower, { type: 'follow', ...follow });
  await Promise.all([desk.greet(follower), time.settle()]);
  return wire;
}
async function commit(...drafts: Draft[]) {
  const moves = log.commit(drafts);
  feed.offer(moves);
  await time.settle();
  return moves;
}
const seqs = (wire: FakeWire): number[] => wire.of('notice').map((n) => n.seq);

describe('a notice', () => {
  it('reaches exactly the places that are told, on every socket there', async () => {
    const wires = new Map<string, FakeWire>();
    for (const actor of Object.values(ACTORS)) wires.set(actor.account, await joined(actor));
    const secondSeat = await joined(ACTORS.district);
    const story = new Story({ level: 'R2' });
    await commit(
      ...story.untilDispatched('a'),
      tells(story.urge(), 'warn', 'unit:a', 'subdistrict:441802006'),
      tells(story.urge(), 'overdueLevel2', 'leader', 'district'),
      tells(story.comment(), 'recounted', 'cell:441802006001001', 'community:441802006001'),
      tells(story.comment(), 'recounted', 'unit:nobody', 'community:441802006009'),
    );
    const got = Object.fromEntries([...wires].map(([account, wire]) => [account, seqs(wire)]).filter(([, s]) => s!.length > 0));
    expect(got).toEqual({
      'unit.a': [5],
      'subdistrict.441802006': [5],
      'leader.1': [6],
      'district.441802': [6],
      'grid.441802006001001': [7],
      'community.441802006001': [7],
    });
    expect(seqs(secondSeat)).toEqual([6]);
    expect(wires.get('unit.a')!.of('notice')).toEqual([
      { type: 'notice', seq: 5, incident: story.incident, number: story.number, level: 'R2', notice: 'warn', at: expect.any(String) },
    ]);
    expect(sent.filter((s) => s.seq === 6).map((s) => [s.account, s.recipient])).toEqual([
      ['district.441802', 'district'],
      ['district.441802', 'district'],
      ['leader.1', 'leader:441802006001'],
    ]);
  });

  it('goes to leaders whose communities hold the incident, and to no others', async () => {
    const wire = await joined(ACTORS.leader);
    const elsewhere = new Story({ cell: CELL_OTHER_COMMUNITY });
    await commit(tells(elsewhere.report(), 'overdueLevel2', 'leader'));
    expect(seqs(wire)).toEqual([]);
  });

  it('comes after its move, whatever topics the socket follows', async () => {
    const all = await joined(ACTORS.subdistrict);
    const narrow = await joined(ACTORS.subdistrict, { topics: [] });
    const story = new Story();
    await commit(story.report(), tells(story.call(), 'called', 'subdistrict:441802006'), story.accept());
    expect(all.types).toEqual(['welcome', 'moves', 'notice']);
    expect(narrow.types).toEqual(['welcome', 'notice']);
  });

  it('carries no personal data: codes and times alone', async () => {
    const wire = await joined(ACTORS.community);
    const story = new Story({ reportedBy: 'grid.441802006001001' });
    await commit(tells(story.report(), 'remind', 'community:441802006001'));
    expect(Object.keys(wire.of('notice')[0]!).sort()).toEqual(['at', 'incident', 'level', 'notice', 'number', 'seq', 'type']);
    expect(JSON.stringify(wire.frames)).not.toContain('grid.');
  });

  it('comes late rather than never to a socket that does not read for a while', async () => {
    build(4_000);
    await feed.start();
    const wire = await joined(ACTORS.district);
    wire.stopReading();
    await commit(...chatter(60), tells(new Story().report(), 'raised', 'district'));
    expect(seqs(wire)).toEqual([]);
    wire.read();
    await time.settle();
    expect(seqs(wire)).toEqual([61]);
    expect(wire.seqs).toEqual(Array.from({ length: 61 }, (_, i) => i + 1));
  });
});

describe('coming back', () => {
  const told10 = async () => {
    const story = new Story();
    const moves = await commit(...chatter(9), tells(story.report(), 'remind', 'community:441802006001'));
    return noticesOf(moves.at(-1)!);
  };

  it('brings what nobody at the place has seen yet, once, with the evidence of it', async () => {
    written.push(...(await told10()));
    const wire = await joined(ACTORS.community, { since: 3 });
    expect(wire.types).toEqual(['welcome', 'moves', 'notice']);
    expect(seqs(wire)).toEqual([10]);
    expect(sent).toEqual([{ account: 'community.441802006001', seq: 10, recipient: 'community:441802006001' }]);
    expect(seqs(await joined(ACTORS.gridWorker))).toEqual([]);
  });

  it('also what is pushed but not yet written, and nothing twice', async () => {
    const notices = await told10();
    unwritten.push(...notices);
    expect(seqs(await joined(ACTORS.community))).toEqual([10]);
    written.push(...notices);
    expect(seqs(await joined(ACTORS.community))).toEqual([10]);
  });

  it('leaves what is told meanwhile to the push', async () => {
    written.push(...(await told10()));
    answerTable = () => undefined;
    const wire = new FakeWire();
    const follower = hub.join({ actor: ACTORS.community, sessionId: 's', device: 'd' }, wire);
    await hub.follow(follower, { type: 'follow' });
    const greeted = desk.greet(follower);
    await time.settle();
    const moves = await commit(tells(new Story().report(), 'remind', 'community:441802006001'));
    written.push(...noticesOf(moves[0]!));
    answerTable();
    await greeted;
    expect(seqs(wire).sort()).toEqual([10, 11]);
  });

  it('brings nothing to one who has gone, or follows anew, before the table answers', async () => {
    written.push(...(await told10()));
    answerTable = () => undefined;
    const wire = new FakeWire();
    const follower = hub.join({ actor: ACTORS.community, sessionId: 's', device: 'd' }, wire);
    await hub.follow(follower, { type: 'follow' });
    const greeted = desk.greet(follower);
    await time.settle();
    hub.leave(follower);
    answerTable();
    await greeted;
    expect(seqs(wire)).toEqual([]);
  });

  it('asks nothing for those who only look', async () => {
    expect(inboxesOf(ACTORS.auditor)).toEqual([]);
    expect((await joined(ACTORS.auditor)).types).toEqual(['welcome']);
  });

  it('a part-time member (兼职委员) has an inbox of its own, and none of the communities of its committee', () => {
    expect(inboxesOf(ACTORS.member)).toEqual(['member:1']);
    // An account that is not named after a member belongs to none.
    expect(inboxesOf({ ...ACTORS.member, account: 'somebody' })).toEqual([]);
  });
});

describe('what no move tells', () => {
  const hole = (seq: number): Notice => ({
    seq,
    recipient: 'unit:a',
    incident: null,
    number: null,
    level: null,
    notice: 'rosterHole',
    at: '2026-03-02T02:00:00.000Z',
  });

  it('reaches the sockets of every node, each once, also when a number was committed late', async () => {
    told = [hole(-1)];
    await desk.start();
    const wire = await joined(ACTORS.unitA);
    told = [hole(-1), hole(-3)];
    await time.advance(5_000);
    expect(seqs(wire)).toEqual([-3]);
    told = [hole(-1), hole(-2), hole(-3), hole(-4)];
    await time.advance(15_000);
    expect(seqs(wire)).toEqual([-3, -2, -4]);
    expect(wire.of('notice')[0]).toEqual({
      type: 'notice',
      seq: -3,
      incident: null,
      number: null,
      level: null,
      notice: 'rosterHole',
      at: '2026-03-02T02:00:00.000Z',
    });
    await desk.stop();
  });
});

describe('seen', () => {
  it('is told to every socket of the place', async () => {
    const [mine, colleague, other] = [await joined(ACTORS.community), await joined(ACTORS.community), await joined(ACTORS.subdistrict)];
    expect(await desk.acknowledge(ACTORS.community, 'session', [7, 9])).toEqual([7, 9]);
    for (const wire of [mine, colleague]) expect(wire.of('acknowledged')).toEqual([{ type: 'acknowledged', seqs: [7, 9] }]);
    expect(other.of('acknowledged')).toEqual([]);
  });
});
