import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MoveItem } from '../../src/ws/frames.ts';
import { ASK_AFTER_SILENT_MS, createFollower, GIVE_UP_AFTER_SILENT_MS, type Effect, type Follower } from '../../web/shared/live-core.ts';

const move = (seq: number): MoveItem => ({
  seq,
  incident: 'i',
  number: 'n',
  verb: 'comment',
  from: 'called',
  to: 'called',
  version: seq,
  level: 'R3',
  cell: 'c',
  at: '2026-11-23T07:00:00.000Z',
});
const welcome = (head: number, since: number | null = null, epoch = 'e1') =>
  ({ type: 'welcome', district: 441802, epoch, head, since }) as const;
const moves = (...seqs: number[]) => ({ type: 'moves' as const, items: seqs.map(move) });
const seen = (effects: readonly Effect[]) => effects.flatMap((e) => (e.do === 'moves' ? e.items.map((m) => m.seq) : []));
const kinds = (effects: readonly Effect[]) => effects.map((e) => e.do);
const waitOf = (effects: readonly Effect[]) => effects.flatMap((e) => (e.do === 'reconnect' ? [e.afterMs] : []))[0];

function follower(random = () => 0, topics?: string[]): Follower {
  return createFollower(topics, random);
}
function started(head = 10): Follower {
  const f = follower();
  f.opened();
  f.received(welcome(head));
  return f;
}

describe('following the log', () => {
  it('asks for all of the scope at first, and reads by HTTP once it is heard', () => {
    const f = follower();
    expect(f.opened()).toEqual([{ do: 'send', frame: { type: 'follow' } }]);
    expect(kinds(f.received(welcome(10)))).toEqual(['state', 'resync']);
    expect(f.state).toBe('live');
  });

  it('follows only the topics that were named', () => {
    expect(follower(() => 0, ['unit:gas-2']).opened()).toEqual([{ do: 'send', frame: { type: 'follow', topics: ['unit:gas-2'] } }]);
  });

  it('comes back with the seq and epoch it had, and does not read everything again', () => {
    const f = started();
    f.received(moves(11, 12));
    f.closed(1006);
    expect(f.opened()).toEqual([{ do: 'send', frame: { type: 'follow', since: 12, epoch: 'e1' } }]);
    expect(kinds(f.received(welcome(15, 12)))).toEqual(['state']);
    const replayed = f.received(moves(13, 15));
    expect(seen(replayed)).toEqual([13, 15]);
    expect(replayed[0]).toMatchObject({ caughtUp: true });
    expect(f.received(moves(16))[0]).toMatchObject({ caughtUp: false });
  });

  it('gives each move once and in order, whatever is sent again', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 8 }), { maxLength: 30 }), (frames) => {
        const f = started(0);
        const got = frames.flatMap((seqs) => seen(f.received(moves(...new Set(seqs)))));
        expect(got).toEqual([...new Set(got)].sort((a, b) => a - b));
        expect(f.cursor?.seq ?? 0).toBe(got.at(-1) ?? 0);
      }),
    );
  });

  it('comes back from where the service said that nothing is left out, although it was sent little', () => {
    const f = started();
    expect(kinds(f.received({ type: 'moves', items: [], upTo: 500 }))).toEqual([]);
    expect(f.cursor).toEqual({ epoch: 'e1', seq: 500 });
    expect(seen(f.received({ ...moves(501), upTo: 501 }))).toEqual([501]);
  });
  it('reads again when the database was restored: seqs of another epoch mean nothing', () => {
    const f = started(10);
    f.received(moves(11));
    f.closed(1006);
    f.opened();
    expect(kinds(f.received(welcome(3, 11, 'e2')))).toEqual(['state', 'resync']);
    expect(f.cursor).toEqual({ epoch: 'e2', seq: 3 });
    expect(seen(f.received(moves(4)))).toEqual([4]);
  });

  it('reads again and follows from the head when the past cannot be replayed', () => {
    const f = started(10);
    expect(f.received({ type: 'resync', head: 900 })).toEqual([
      { do: 'resync' },
      { do: 'send', frame: { type: 'follow', since: 900, epoch: 'e1' } },
    ]);
    expect(seen(f.received(moves(900, 901)))).toEqual([901]);
  });
});

describe('losing the socket', () => {
  it('waits longer each time, to half a minute, and starts small again after a welcome', () => {
    const f = started();
    const waits = Array.from({ length: 8 }, () => waitOf(f.closed(1006))!);
    expect(waits).toEqual([...waits].sort((a, b) => a - b));
    expect(waits[0]).toBe(300);
    expect(waits.at(-1)).toBe(9_000);
    f.opened();
    f.received(welcome(10, 10));
    expect(waitOf(f.closed(1006))).toBe(300);
  });

  it('spreads devices that lost the service at the same moment', () => {
    const early = createFollower(undefined, () => 0);
    const late = createFollower(undefined, () => 0.999);
    expect(waitOf(late.closed(4000))! - waitOf(early.closed(4000))!).toBeGreaterThan(500);
  });

  it('does not come back from 4500 and above, nor from a frame that was too large', () => {
    for (const code of [4500, 4503, 1009]) {
      const f = started();
      expect(kinds(f.closed(code))).toEqual(['state']);
      expect(f.awake()).toEqual([]);
    }
  });

  it('tells that the session has ended, once', () => {
    const f = started();
    expect(kinds(f.closed(4501))).toEqual(['state', 'sessionEnded']);
    expect(f.closed(4501)).toEqual([]);
  });

  it('goes on from where it was once the same person has signed in again', () => {
    const f = started(10);
    f.closed(4501);
    expect(f.awake()).toEqual([]);
    expect(f.resumed()).toEqual([{ do: 'reconnect', afterMs: 0 }]);
    expect(f.opened()).toEqual([{ do: 'send', frame: { type: 'follow', since: 10, epoch: 'e1' } }]);
  });

  it('is not brought back by signing in where it was not signed out', () => {
    const f = started();
    f.closed(4503);
    expect(f.resumed()).toEqual([]);
  });

  it('comes back from a restart and from having been too slow', () => {
    for (const code of [4000, 4001, 1006]) expect(kinds(started().closed(code))).toEqual(['state', 'reconnect']);
  });

  it('tries at once when the network is back, and leaves a live socket alone', () => {
    const f = started();
    expect(f.awake()).toEqual([]);
    f.closed(1006);
    expect(f.awake()).toEqual([{ do: 'reconnect', afterMs: 0 }]);
  });
});

describe('a socket that says nothing', () => {
  it('is asked once where it stands, and given up when it does not answer', () => {
    const f = started(10);
    expect(f.silent(ASK_AFTER_SILENT_MS - 1)).toEqual([]);
    expect(f.silent(ASK_AFTER_SILENT_MS)).toEqual([{ do: 'send', frame: { type: 'follow', since: 10, epoch: 'e1' } }]);
    expect(f.silent(ASK_AFTER_SILENT_MS + 1)).toEqual([]);
    expect(f.silent(GIVE_UP_AFTER_SILENT_MS)).toEqual([{ do: 'close' }]);
  });

  it('is kept when it answers', () => {
    const f = started(10);
    f.silent(ASK_AFTER_SILENT_MS);
    expect(f.received(welcome(10, 10))).toEqual([]);
    expect(f.silent(GIVE_UP_AFTER_SILENT_MS)).toEqual([{ do: 'send', frame: { type: 'follow', since: 10, epoch: 'e1' } }]);
  });
});
