/** Notices that no page has, the push that tries a device out, and receipts: two nodes, a real database, a push service that reads what it is sent. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NOTICE_GRACE_MS } from '../../src/outbound/decide.ts';
import { InboxStore } from '../../src/ws/inbox.ts';
import type { Actor } from '../../src/identity/actor.ts';
import { inboxesOf, type Inbox } from '../../src/ws/notices.ts';
import { ACTORS } from '../ws/support/fakes.ts';
import { DISTRICT, Story } from '../ws/support/story.ts';
import { type Device, EVERY_MS, Town } from './town.ts';

let town: Town;
let inbox: InboxStore;
beforeEach(async () => {
  town = await Town.build();
  inbox = new InboxStore(town.database.db.pool, DISTRICT);
});
afterEach(async () => {
  const { errors, service } = town;
  await town.stop();
  expect(errors).toEqual([]);
  expect(service.faults).toEqual([]);
});

const tell = (key: string, ...recipients: Inbox[]) =>
  inbox.tell({ key, recipients, notice: 'rosterHole', about: { unit: 'a' } }, town.now());
const messages = ({ browser }: Device) => browser.received.map((r) => r.message);
async function round(): Promise<void> {
  // Notices are looked for every few seconds of the nodes' time.
  town.pass(NOTICE_GRACE_MS + 5_000);
  await town.work();
}

describe('a notice', () => {
  it('that no page has goes to the devices of its place, once, in their language', async () => {
    const device = await town.device(ACTORS.unitA);
    await town.device(ACTORS.unitB);
    town.pass(1_000);
    const [notice] = await tell('hole', 'unit:a');
    await round();
    await round();
    expect(messages(device)).toEqual([
      {
        id: expect.any(Number),
        lang: 'zh-CN',
        type: 'notice',
        seq: notice!.seq,
        notice: 'rosterHole',
        incident: null,
        recipient: 'unit:a',
      },
    ]);
    expect(device.browser.received[0]).toMatchObject({ urgency: 'normal' });
    expect(town.nodes.length).toBe(2);
  });

  it('that a page has, or that somebody has seen, goes nowhere', async () => {
    const device = await town.device(ACTORS.unitA);
    town.pass(1_000);
    const [had] = await tell('had', 'unit:a');
    const [seen] = await tell('seen', 'unit:a');
    await town.database.db.pool.query(
      `insert into notice_push (district, seq, session, recipient, account, device, sent_at, delivered_at) values ($1, $2, $3, 'unit:a', 'unit.a', 'phone', $4, $4)`,
      [DISTRICT, had!.seq, device.session, town.now()],
    );
    await inbox.acknowledge(['unit:a'], [seen!.seq], { account: 'unit.a', sessionId: 'another' }, town.now());
    await round();
    expect(messages(device)).toEqual([]);
  });

  it('follows an account that works elsewhere now, also where its page stays closed', async () => {
    const device = await town.device(ACTORS.leader);
    const [before] = ACTORS.leader.communities!;
    const community = '441802006009';
    await town.moves(device.session, { ...ACTORS.leader, communities: [community] });
    await expect
      .poll(async () => (await town.database.db.pool.query('select places from push_subscription')).rows)
      .toEqual([{ places: [`leader:${community}`] }]);
    town.pass(1_000);
    await tell('old place', `leader:${before!}`);
    const [notice] = await tell('new place', `leader:${community}`);
    await round();
    expect(messages(device)).toMatchObject([{ seq: notice!.seq, recipient: `leader:${community}` }]);
  });

  it('of before the device was subscribed stays in the inbox', async () => {
    await tell('old', 'unit:a');
    town.pass(1_000);
    const device = await town.device(ACTORS.unitA);
    await round();
    expect(messages(device)).toEqual([]);
  });

  it('finds every kind of place, as its sockets do, and a linked leader once', async () => {
    const actors: readonly Actor[] = [
      ACTORS.unitA,
      ACTORS.gridWorker,
      ACTORS.community,
      ACTORS.subdistrict,
      ACTORS.leader,
      ACTORS.district,
      ACTORS.auditor,
      ACTORS.member,
    ];
    const devices = [];
    for (const actor of actors) devices.push(await town.device(actor));
    town.pass(1_000);
    for (const actor of actors) await tell(`to ${actor.account}`, ...inboxesOf(actor));
    await round();
    await town.work();
    expect(devices.map((d) => messages(d).length)).toEqual(actors.map((actor) => Math.min(1, inboxesOf(actor).length)));
  });
});

describe('the push that tries a device out', () => {
  it('comes at once, and is the same when it is asked for again', async () => {
    const device = await town.device(ACTORS.unitA);
    const ask = () => town.ask(device.session, 'POST', '/push/test');
    const [first, second] = [await ask(), await ask()];
    expect([first.status, second.status]).toEqual([202, 202]);
    const { id } = (await first.json()) as { id: number };
    expect(await second.json()).toEqual({ id });
    const { message, ttlS } = await device.browser.next();
    expect(message).toEqual({ id, lang: 'zh-CN', type: 'test' });
    expect(ttlS).toBeLessThanOrEqual(60);
    await town.work();
    expect(device.browser.posts).toBe(1);
  });

  it('needs a subscription', async () => {
    const session = await town.signIn(ACTORS.unitA);
    const answer = await town.ask(session, 'POST', '/push/test');
    expect(answer.status).toBe(409);
    expect(await answer.json()).toMatchObject({ code: 'push-not-subscribed' });
  });
});

describe('a receipt', () => {
  it('says of a web push how far it has come, to its own session only, the first time that counts', async () => {
    const device = await town.device(ACTORS.unitA);
    const stranger = await town.device(ACTORS.unitA);
    const story = new Story({ level: 'R1' });
    await town.happens(story.untilDispatched('a'));
    town.pass(EVERY_MS);
    await town.work();
    const { id } = (await device.browser.next()).message;
    const said = (session: string, stage: string) => town.ask(session, 'POST', '/push/receipts', { id, stage });
    await said(stranger.session, 'shown');
    expect((await town.evidence(story.incident)).map((p) => p.shownAt)).toEqual([null, null]);
    await said(device.session, 'delivered');
    const deliveredAt = town.now().toISOString();
    town.pass(1_000);
    expect((await said(device.session, 'shown')).status).toBe(204);
    const own = (await town.evidence(story.incident)).find((p) => p.deliveredAt !== null);
    expect(own).toMatchObject({
      kind: 'ring',
      channel: 'webpush',
      device: 'Android · Chrome',
      account: 'unit.a',
      deliveredAt,
      shownAt: town.now().toISOString(),
      rings: 1,
      outcome: null,
      stoppedBy: null,
    });
  });
});

describe('a subscription', () => {
  it('renewed is the same; switched off it gets nothing more, and on again it does', async () => {
    const device = await town.device(ACTORS.unitA);
    expect(await town.subscribe(device.session, device.browser, town.nodes[1])).toBe(201);
    expect((await town.database.db.pool.query('select from push_subscription')).rowCount).toBe(1);
    expect((await town.ask(device.session, 'DELETE', '/push/subscriptions')).status).toBe(204);
    await town.happens(new Story({ level: 'R1' }).untilDispatched('a'));
    town.pass(EVERY_MS);
    await town.work();
    expect(device.browser.posts).toBe(0);
    await town.subscribe(device.session, device.browser);
    await town.work();
    expect(messages(device)).toMatchObject([{ type: 'ring' }]);
  });

  it('asked for twice at the same moment is one', async () => {
    const session = await town.signIn(ACTORS.unitA);
    const browser = town.service.browser('twice');
    const answers = await Promise.all(town.nodes.map((node) => town.subscribe(session, browser, node)));
    expect(answers).toEqual([201, 201]);
    expect((await town.database.db.pool.query('select from push_subscription')).rowCount).toBe(1);
  });

  it.each([
    ['no keys', { keys: { p256dh: 'AAAA', auth: 'AAAA' } }, 'invalid-body'],
    ['no address', { endpoint: 'ftp://push.example.com' }, 'push-endpoint-refused'],
  ])('with %s is refused', async (_, wrong, code) => {
    const session = await town.signIn(ACTORS.unitA);
    const body = { ...town.service.browser('x').subscription, ...wrong };
    const answer = await town.ask(session, 'POST', '/push/subscriptions', body);
    expect(answer.status).toBe(422);
    expect(await answer.json()).toMatchObject({ code });
  });
});
