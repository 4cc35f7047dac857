/** 页面关着也能响 (rung while the page is closed): two nodes on a real database, and a push service that reads what it is sent. */
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RING_GRACE_MS } from '../../src/outbound/decide.ts';
import { OpenWork } from '../../src/ws/open-work.ts';
import { ACTORS } from '../ws/support/fakes.ts';
import { Story } from '../ws/support/story.ts';
import type { FakeBrowser } from '../support/push-service.ts';
import { EVERY_MS, HOUR_MS, Town } from './town.ts';

let town: Town;
beforeEach(async () => (town = await Town.build()));
afterEach(async () => {
  const { errors, service } = town;
  await town.stop();
  expect(errors).toEqual([]);
  expect(service.faults).toEqual([]);
});

/** Takes connections, as a service behind a wall does, and never answers. */
class SilentService {
  readonly #server: Server;
  readonly #sockets: Socket[] = [];
  /** Connections that the other side has ended. */
  gone = 0;

  private constructor() {
    this.#server = createServer((socket) => {
      this.#sockets.push(socket);
      socket.on('error', () => undefined).on('close', () => (this.gone += 1));
    });
  }

  static async start(): Promise<SilentService> {
    const service = new SilentService();
    await new Promise<void>((resolve) => service.#server.listen(0, '127.0.0.1', resolve));
    return service;
  }

  elsewhere(browser: FakeBrowser): FakeBrowser {
    const { port } = this.#server.address() as AddressInfo;
    const { pathname } = new URL(browser.subscription.endpoint);
    return { ...browser, subscription: { ...browser.subscription, endpoint: `http://127.0.0.1:${port}${pathname}` } };
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }
}

/** Everybody has had the time that a page needs to answer. */
async function round(ms = RING_GRACE_MS): Promise<void> {
  town.pass(ms);
  await town.work();
}
const types = (device: { browser: { received: readonly { message: { type: string } }[] } }) =>
  device.browser.received.map((r) => r.message.type);

describe('a ring', () => {
  it('reaches the unit’s devices whose page is closed, encrypted, urgent, and nobody else', async () => {
    const closed = await town.device(ACTORS.unitA);
    const other = await town.device(ACTORS.unitB);
    const story = new Story({ level: 'R1' });
    const moves = await town.happens(story.untilDispatched('a'));
    await town.work();
    expect(types(closed), 'the page gets a moment of its own').toEqual([]);
    await round();
    const [push, ...more] = closed.browser.received;
    expect(more).toEqual([]);
    expect(push!.message).toEqual({
      id: expect.any(Number),
      lang: 'zh-CN',
      type: 'ring',
      assignment: story.assignmentOf('a'),
      incident: story.incident,
      level: 'R1',
      until: moves.at(-1)!.changed![0]!.until,
    });
    expect(push).toMatchObject({ urgency: 'high', topic: story.assignmentOf('a').replaceAll('-', '') });
    expect(push!.ttlS).toBe(EVERY_MS / 1_000);
    expect(push!.vapid.aud).toBe(town.service.origin);
    expect(push!.wire.includes(story.incident)).toBe(false);
    expect(types(other)).toEqual([]);
  });

  it('of a drill is a drill on the device too', async () => {
    const device = await town.device(ACTORS.unitA);
    await town.happens(new Story({ level: 'R1' }).untilDispatched('a').map((draft) => ({ ...draft, drill: true as const })));
    await round();
    expect(device.browser.received.map((r) => r.message)).toMatchObject([{ type: 'ring', drill: true }]);
  });

  it('leaves out the device whose page has it, and takes it up when that page is closed', async () => {
    const open = await town.device(ACTORS.unitA);
    const story = new Story({ level: 'R1' });
    const moves = await town.happens(story.untilDispatched('a'));
    await town.socketHeard(moves.at(-1)!, story.assignmentOf('a'), open.session);
    await round();
    expect(types(open)).toEqual([]);
    // The socket rings no second round: its page is gone.
    await round(EVERY_MS);
    expect(types(open)).toEqual(['ring']);
  });

  it('waits for no push service but its own: one that never answers holds up nobody else', async () => {
    const silent = await SilentService.start();
    for (let i = 0; i < 15; i++) await town.device(ACTORS.unitA, silent.elsewhere(town.service.browser(`silent ${i}`)));
    const device = await town.device(ACTORS.unitA);
    await town.happens(new Story({ level: 'R1' }).untilDispatched('a'));
    town.pass(RING_GRACE_MS);
    const worked = town.work();
    expect((await device.browser.next()).message.type).toBe('ring');
    expect(silent.gone, 'given up by the sender').toBe(0);
    await silent.stop();
    await worked;
    expect(types(device)).toEqual(['ring']);
  });

  it('comes again in every round, from whichever node, each round once', async () => {
    const device = await town.device(ACTORS.unitA);
    await town.happens(new Story({ level: 'R1' }).untilDispatched('a'));
    await round();
    for (let i = 0; i < 3; i++) await round(EVERY_MS);
    expect(types(device)).toEqual(['ring', 'ring', 'ring', 'ring']);
    expect(device.browser.posts).toBe(4);
  });

  it('is taken back in its own place when somebody answers', async () => {
    const device = await town.device(ACTORS.unitA);
    const story = new Story({ level: 'R2' });
    await town.happens(story.untilDispatched('a'));
    await round();
    await town.happens([story.acknowledge('a')]);
    await town.work();
    const [ring, quiet] = device.browser.received;
    expect(types(device)).toEqual(['ring', 'quiet']);
    expect(quiet!.message).toMatchObject({ type: 'quiet', why: 'answered', assignment: story.assignmentOf('a') });
    expect(quiet!.topic).toBe(ring!.topic);
    expect(quiet!.ttlS).toBeGreaterThan(ring!.ttlS);
    await round(5 * EVERY_MS);
    expect(device.browser.posts, 'and then there is silence').toBe(2);
    expect(await town.evidence(story.incident)).toMatchObject([{ outcome: 'quieted', rings: 1, stoppedBy: 'acknowledged', status: 201 }]);
  });

  it('that was answered in time sends nothing', async () => {
    const device = await town.device(ACTORS.unitA);
    const story = new Story();
    await town.happens(story.untilDispatched('a'));
    await town.happens([story.acknowledge('a')]);
    await round(EVERY_MS);
    expect(device.browser.posts).toBe(0);
    expect(await town.evidence(story.incident)).toEqual([]);
  });

  it('asked again by a later move goes on as that one, and is quieted once', async () => {
    const device = await town.device(ACTORS.unitA);
    const story = new Story({ level: 'R2' });
    await town.happens(story.untilDispatched('a'));
    await round();
    await town.happens([story.acknowledge('a'), story.lapse('a')]);
    await round();
    await town.happens([story.recall()]);
    await town.work();
    expect(types(device)).toEqual(['ring', 'ring', 'quiet']);
    expect((await town.evidence(story.incident)).map((p) => p.outcome)).toEqual(['replaced', 'quieted']);
  });

  it('is not believed to be over by a node that has not heard of it yet', async () => {
    const device = await town.device(ACTORS.unitA);
    const [quick, slow] = town.nodes;
    const story = new Story({ level: 'R1' });
    const moves = await town.happens(story.untilDispatched('a'), [quick!]);
    await quick!.outbound.work();
    town.pass(RING_GRACE_MS);
    await slow!.outbound.work();
    expect(device.browser.posts).toBe(0);
    slow!.hear(moves);
    await round(1_000);
    expect(types(device)).toEqual(['ring']);
  });

  it('goes on though every node that heard of it has ended', async () => {
    const device = await town.device(ACTORS.unitA);
    const story = new Story({ level: 'R1' });
    const moves = await town.happens(story.untilDispatched('a'), []);
    for (const node of town.nodes.splice(0)) await node.outbound.stop();
    const open = new OpenWork();
    for (const move of moves) open.apply(move);
    await town.startNode(open);
    await round();
    expect(types(device)).toEqual(['ring']);
  });

  it('reaches a device that was subscribed while it rang', async () => {
    await town.happens(new Story({ level: 'R1' }).untilDispatched('a'));
    await round(EVERY_MS);
    const late = await town.device(ACTORS.unitA);
    await town.work();
    expect(types(late)).toEqual(['ring']);
  });

  it('is not asked for anew by each page that opens: only by a device that did not ring before', async () => {
    const device = await town.device(ACTORS.unitA);
    await town.happens(new Story({ level: 'R1' }).untilDispatched('a'));
    await town.work();
    const { pool } = town.database.db;
    const taken = async () => {
      await town.work();
      return (await pool.query<{ n: number }>('select count(*)::int n from outbound')).rows[0]!.n;
    };
    expect(await taken()).toBe(1);
    await pool.query('delete from outbound');
    expect(await town.subscribe(device.session, device.browser)).toBe(201);
    expect(await taken()).toBe(0);
    await pool.query('update push_subscription set ended_at = $1', [town.now()]);
    await town.subscribe(device.session, device.browser);
    expect(await taken()).toBe(1);
  });
});

describe('two nodes', () => {
  it('send forty rings once each, whoever is quicker', async () => {
    const device = await town.device(ACTORS.unitA);
    const stories = Array.from({ length: 40 }, () => new Story({ level: 'R1' }));
    for (const story of stories) await town.happens(story.untilDispatched('a'));
    await round();
    await town.work();
    const rung = device.browser.received.map((r) => (r.message as { assignment: string }).assignment);
    expect(rung.toSorted()).toEqual(stories.map((s) => s.assignmentOf('a')).toSorted());
    expect(device.browser.posts).toBe(40);
  });

  it('leave a busy push service alone, though one of them hears of the ring only then', async () => {
    const device = await town.device(ACTORS.unitA);
    device.browser.answers = [{ status: 429, headers: { 'retry-after': '30' } }, 201];
    const [quick, slow] = town.nodes;
    const moves = await town.happens(new Story({ level: 'R1' }).untilDispatched('a'), [quick!]);
    town.pass(RING_GRACE_MS);
    await quick!.outbound.work();
    expect(device.browser.posts).toBe(1);
    // It wakes the row once more: the dispatch may be what ended an earlier ring.
    slow!.hear(moves);
    await town.work();
    expect(device.browser.posts).toBe(1);
    await round(30_000);
    expect(types(device)).toEqual(['ring']);
    expect(device.browser.posts).toBe(2);
  });

  it('take over what another one left in the middle', async () => {
    const device = await town.device(ACTORS.unitA);
    await town.happens(new Story({ level: 'R1' }).untilDispatched('a'));
    await town.work();
    // As a node leaves it that dies while it sends: taken, and never finished.
    town.pass(RING_GRACE_MS);
    await town.database.db.pool.query('update outbound set leased_until = $1, showing = true', [new Date(town.now().getTime() + 60_000)]);
    await town.work();
    expect(device.browser.posts).toBe(0);
    await round(61_000);
    expect(types(device)).toEqual(['ring']);
  });
});

describe('a device', () => {
  it('that the push service no longer knows is forgotten', async () => {
    const device = await town.device(ACTORS.unitA);
    device.browser.answers = [410];
    const story = new Story({ level: 'R1' });
    await town.happens(story.untilDispatched('a'));
    await round();
    await round(EVERY_MS);
    expect(device.browser.posts).toBe(1);
    expect((await town.database.db.pool.query('select from push_subscription')).rowCount).toBe(0);
    expect(await town.evidence(story.incident)).toMatchObject([{ outcome: 'gone', status: 410, sentAt: null }]);
  });

  it('whose push service is busy is tried again, as late as it asks, until the ring is over', async () => {
    const device = await town.device(ACTORS.unitA);
    device.browser.answers = [{ status: 429, headers: { 'retry-after': '30' } }, 503, 201];
    const story = new Story({ level: 'R1' });
    await town.happens(story.untilDispatched('a'));
    await round();
    await round(29_000);
    expect(device.browser.posts).toBe(1);
    await round(1_000);
    expect(device.browser.posts).toBe(2);
    expect(await town.evidence(story.incident)).toMatchObject([{ outcome: null, status: 503, sentAt: null }]);
    await round(4_000);
    expect(types(device)).toEqual(['ring']);
    expect(await town.evidence(story.incident)).toMatchObject([{ outcome: null, status: 201, rings: 1, sentAt: town.now().toISOString() }]);
  });

  it('falls silent with the shift and rings again with the next', async () => {
    const device = await town.device(ACTORS.unitA);
    await town.happens(new Story({ level: 'R1' }).untilDispatched('a'));
    await round();
    town.shifts.set(device.session, town.now().getTime() + 1);
    await round(EVERY_MS);
    expect(device.browser.received.at(-1)!.message).toMatchObject({ type: 'quiet', why: 'shiftOver' });
    await round(5 * EVERY_MS);
    expect(types(device)).toEqual(['ring', 'quiet']);
    town.shifts.set(device.session, town.now().getTime() + HOUR_MS);
    await round(EVERY_MS);
    expect(types(device)).toEqual(['ring', 'quiet', 'ring']);
  });

  it('on which one signs out is told that it is over, and gets nothing more', async () => {
    const device = await town.device(ACTORS.unitA);
    const story = new Story({ level: 'R1' });
    await town.happens(story.untilDispatched('a'));
    await round();
    await town.signOut(device.session);
    await expect.poll(() => types(device)).toEqual(['ring', 'quiet']);
    await town.happens(new Story({ level: 'R1' }).untilDispatched('a'));
    await round(EVERY_MS);
    expect(device.browser.posts).toBe(2);
    expect(await town.evidence(story.incident)).toMatchObject([{ outcome: 'signedOut' }]);
  });

  it('whose session ran out rings no more, though nobody told of it', async () => {
    const device = await town.device(ACTORS.unitA);
    await town.happens(new Story({ level: 'R1' }).untilDispatched('a'));
    town.pass(12 * HOUR_MS);
    await town.work();
    expect(types(device)).toEqual([]);
  });

  it('belongs to who signed in there last', async () => {
    const { browser } = await town.device(ACTORS.unitA);
    await town.device(ACTORS.unitB, browser);
    await town.happens(new Story({ level: 'R1' }).untilDispatched('a'));
    await round();
    expect(browser.posts).toBe(0);
    const forB = new Story({ level: 'R1' });
    await town.happens(forB.untilDispatched('b'));
    await round();
    expect(browser.received.map((r) => r.message)).toMatchObject([{ type: 'ring', incident: forB.incident }]);
  });

  it('of an account that was moved to another unit is not rung for the old one', async () => {
    const device = await town.device(ACTORS.unitA);
    await town.happens(new Story({ level: 'R1' }).untilDispatched('a'));
    await town.database.db.pool.query("update account set unit = 'b' where account = 'unit.a'");
    await round();
    expect(device.browser.posts).toBe(0);
  });
});
