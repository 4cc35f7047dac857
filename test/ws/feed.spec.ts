import { beforeEach, describe, expect, it } from 'vitest';
import { inProcessBus } from '../../src/ws/bus.ts';
import type { PushedMove } from '../../src/ws/encode.ts';
import { Feed } from '../../src/ws/feed.ts';
import { FakeLog, FakeScheduler } from './support/fakes.ts';
import { chatter } from './support/story.ts';

let log: FakeLog;
let time: FakeScheduler;
let errors: unknown[];
const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);

function feedOn(bus = inProcessBus().join(), replay = { moves: 1_000, bytes: 1_000_000 }) {
  const feed = new Feed({ district: 441802, log, bus, scheduler: time, onError: (e) => errors.push(e), replay });
  const seqs: number[] = [];
  feed.onMoves((moves) => seqs.push(...moves.map((m) => m.seq)));
  return { feed, seqs };
}

beforeEach(() => {
  log = new FakeLog();
  time = new FakeScheduler();
  errors = [];
});

describe('the feed', () => {
  it('hands on what the journal gives out of order, in order and once', async () => {
    const { feed, seqs } = feedOn();
    await feed.start();
    const moves = log.commit(chatter(6));
    feed.offer([moves[2]!, moves[3]!]);
    expect(seqs).toEqual([]);
    feed.offer([moves[0]!]);
    feed.offer([moves[1]!, moves[5]!]);
    expect(seqs).toEqual([1, 2, 3, 4]);
    feed.offer([moves[4]!]);
    feed.offer([moves[4]!, moves[0]!]);
    expect(seqs).toEqual(upTo(6));
    expect(log.reads).toBe(0);
    expect(feed.caughtUp).toBe(true);
  });

  it('reads the log for a hole that nobody fills', async () => {
    const { feed, seqs } = feedOn();
    await feed.start();
    const moves = log.commit(chatter(5));
    feed.offer([moves[0]!, moves[4]!]);
    expect(seqs).toEqual([1]);
    expect(feed.caughtUp).toBe(false);
    await time.advance(10);
    expect(seqs).toEqual(upTo(5));
    expect(log.reads).toBe(1);
  });

  it('takes what is offered while it starts', async () => {
    log.commit(chatter(3));
    const { feed, seqs } = feedOn();
    const starting = feed.start();
    feed.offer(log.commit(chatter(2)));
    await starting;
    expect(seqs).toEqual([4, 5]);
    expect(feed.head).toBe(5);
  });

  it('finds by itself what was committed without any wake-up', async () => {
    const { feed, seqs } = feedOn();
    await feed.start();
    log.commit(chatter(2_500));
    await time.advance(1_000);
    expect(seqs).toEqual(upTo(2_500));
  });

  it('goes on after the database was away', async () => {
    const { feed, seqs } = feedOn();
    await feed.start();
    log.commit(chatter(3));
    log.failing = new Error('connection refused');
    await time.advance(3_000);
    expect(errors.length).toBeGreaterThan(0);
    expect(seqs).toEqual([]);
    log.failing = null;
    await time.advance(1_000);
    expect(seqs).toEqual([1, 2, 3]);
  });

  it('may be started again when the database was away at its start', async () => {
    log.commit(chatter(3));
    log.failing = new Error('connection refused');
    const { feed } = feedOn();
    await expect(feed.start()).rejects.toThrow('connection refused');
    log.failing = null;
    await feed.start();
    expect(feed.head).toBe(3);
  });

  it('never goes past a hole in the log itself, and says so', async () => {
    const { feed, seqs } = feedOn();
    await feed.start();
    log.commit(chatter(5));
    log.missing.add(3);
    await time.advance(1_000);
    expect(seqs).toEqual([1, 2]);
    expect(String(errors[0])).toContain('hole before 4');
    log.missing.clear();
    await time.advance(1_000);
    expect(seqs).toEqual(upTo(5));
  });

  it('starts anew when the database was restored under it', async () => {
    log.commit(chatter(50));
    const { feed, seqs } = feedOn();
    const starts: string[] = [];
    feed.onStart(({ head, epoch }) => starts.push(`${epoch}@${head}`));
    await feed.start();
    log.moves.length = 20;
    log.epoch = 'epoch-2';
    await time.advance(1_000);
    expect(starts).toEqual(['epoch-1@50', 'epoch-2@20']);
    feed.offer(log.commit(chatter(1)));
    expect(seqs).toEqual([21]);
    expect((await feed.read(19, 10)).map((m) => m.seq)).toEqual([20, 21]);
  });

  it('does not take its own quick journal for a restored database', async () => {
    const { feed, seqs } = feedOn();
    const starts: number[] = [];
    feed.onStart(({ head }) => starts.push(head));
    await feed.start();
    const slow = log.head.bind(log);
    let answer = (): void => {};
    log.head = async () => {
      const then = await slow();
      await new Promise<void>((resolve) => (answer = resolve));
      return then;
    };
    await time.advance(1_000); // the poll has asked, and its answer is on its way …
    feed.offer(log.commit(chatter(2))); // … while the journal commits
    answer();
    await time.settle();
    expect(seqs).toEqual([1, 2]);
    expect(starts).toEqual([0]);
  });

  it('takes no listener after its start: it would have missed moves', async () => {
    const { feed } = feedOn();
    await feed.start();
    expect(() => feed.onMoves(() => {})).toThrow();
  });
});

describe('reading for a replay', () => {
  it('comes from memory where it can and from the log where it must, the same moves', async () => {
    log.commit(chatter(100));
    const { feed } = feedOn(undefined, { moves: 30, bytes: 1_000_000 });
    await feed.start();
    const before = log.reads;
    expect((await feed.read(80, 50)).map((m) => m.seq)).toEqual(upTo(100).slice(80));
    expect(log.reads).toBe(before);
    const old = feed.read(10, 5);
    expect(old).toBeInstanceOf(Promise);
    expect((await old).map((m) => m.seq)).toEqual([11, 12, 13, 14, 15]);
  });

  it('is one query for all that ask for the same', async () => {
    log.commit(chatter(100));
    const { feed } = feedOn(undefined, { moves: 10, bytes: 1_000_000 });
    await feed.start();
    const before = log.reads;
    const answers = await Promise.all(Array.from({ length: 500 }, () => feed.read(10, 20)));
    expect(log.reads - before).toBe(1);
    expect(new Set(answers).size).toBe(1);
  });

  it('takes few connections at a time, however many ask', async () => {
    log.commit(chatter(100));
    const { feed } = feedOn(undefined, { moves: 10, bytes: 1_000_000 });
    await feed.start();
    let under = 0;
    let most = 0;
    const after = log.after.bind(log);
    log.after = async (seq, limit): Promise<PushedMove[]> => {
      most = Math.max(most, ++under);
      await time.settle();
      under--;
      return after(seq, limit);
    };
    const answers = await Promise.all(upTo(40).map((seq) => feed.read(seq, 3)));
    expect(answers.every((a) => a.length === 3)).toBe(true);
    expect(most).toBe(4);
  });
});

describe('two nodes', () => {
  it('both hand on everything, whoever commits', async () => {
    const bus = inProcessBus();
    const a = feedOn(bus.join());
    const b = feedOn(bus.join());
    await a.feed.start();
    await b.feed.start();
    for (let i = 0; i < 200; i++) (i % 3 === 0 ? a : b).feed.offer(log.commit(chatter(1 + (i % 4))));
    await time.settle();
    await time.advance(10);
    expect(a.seqs).toEqual(upTo(log.moves.length));
    expect(b.seqs).toEqual(upTo(log.moves.length));
  });
});
