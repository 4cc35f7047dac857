import { connect } from 'node:net';
import { afterEach, beforeAll, beforeEach, afterAll, describe, expect, it, test, vi } from 'vitest';
import type { Actor } from '../../src/identity/actor.ts';
import { CLOSE } from '../../src/ws/frames.ts';
import { directSocket } from '../../src/ws/socket-wire.ts';
import { admissionOf, deviceLabel } from '../../src/ws/upgrade.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { ACTORS, FakeLog, FakeScheduler } from './support/fakes.ts';
import { LogWriter, makeFeed } from './support/log-writer.ts';
import { Client, startStack, type Stack, type StackOptions } from './support/stack.ts';
import { chatter, DISTRICT, Story, tells } from './support/story.ts';

let database: TestDatabase;
let stack: Stack | undefined;
let writer: LogWriter;

beforeAll(async () => {
  database = await openTestDatabase();
  await makeFeed(database.db.pool);
});
afterAll(() => database?.drop());
beforeEach(() => (writer = new LogWriter(database.db.pool)));
afterEach(async () => {
  await stack?.stop();
  stack = undefined;
});
const start = async (options: StackOptions = {}): Promise<Stack> => (stack = await startStack(database.db, options));

/** Sends bytes as they are and gives what comes back until the connection ends. */
function raw(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    socket.on('data', (data) => (answer += data.toString('latin1')));
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
  });
}
const upgrade = (path: string, headers: readonly string[] = []): string =>
  [
    `GET ${path} HTTP/1.1`,
    'Host: fengming.test',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
    ...headers,
    '',
    '',
  ].join('\r\n');
const statusAndCode = (answer: string) => [Number(answer.slice(9, 12)), /"code":"([^"]+)"/.exec(answer)?.[1]];

describe('opening a socket', () => {
  test.each([
    ['no session at all', '/ws', [], 401, 'not-signed-in'],
    ['a session that does not live', '/ws', ['Authorization: Bearer nobody'], 401, 'not-signed-in'],
    ['a cookie without an Origin', '/ws', ['Cookie: session=token-s'], 403, 'foreign-origin'],
    ['a cookie from a foreign page', '/ws', ['Cookie: session=token-s', 'Origin: https://evil.test'], 403, 'foreign-origin'],
    ['an Origin that is no URL', '/ws', ['Cookie: session=token-s', 'Origin: null'], 403, 'foreign-origin'],
    ['another path', '/wsx', ['Authorization: Bearer token-s'], 404, 'not-found'],
    ['a path that is no URL', '//', ['Authorization: Bearer token-s'], 404, 'not-found'],
  ])('is refused for %s', async (_, path, headers, status, code) => {
    const { port, token } = await start();
    token(ACTORS.district, 's');
    expect(statusAndCode(await raw(port, upgrade(path, headers)))).toEqual([status, code]);
  });

  it('works with the cookie from our own page, and with a Bearer token from no page', async () => {
    const s = await start();
    const token = s.token(ACTORS.district);
    const url = `ws://127.0.0.1:${s.port}/ws?from=page`;
    const page = new Client(url, { cookie: `a=b; session=${token}`, origin: `http://127.0.0.1:${s.port}` });
    page.ws.once('open', () => page.send({ type: 'follow' }));
    await page.until((c) => c.of('welcome').length === 1);
    const app = await Client.open(s, ACTORS.district);
    app.send({ type: 'follow' });
    await app.until((c) => c.of('welcome').length === 1);
    expect(s.sockets.size).toBe(2);
  });

  it('is 503 while it cannot be decided', async () => {
    const { port } = await start({ authenticate: () => Promise.reject(new Error('connection refused')) });
    const answer = await raw(port, upgrade('/ws', ['Authorization: Bearer x']));
    expect(statusAndCode(answer)).toEqual([503, 'database-unavailable']);
    expect(answer).toContain('Retry-After');
  });

  it('is refused past the limits, of all and of one session', async () => {
    const s = await start({ sockets: { sockets: 3, socketsPerSession: 2 } });
    await Client.open(s, ACTORS.district, 'one');
    const second = await Client.open(s, ACTORS.district, 'one');
    const bearer = (session: string): string => upgrade('/ws', [`Authorization: Bearer ${s.token(ACTORS.district, session)}`]);
    expect(statusAndCode(await raw(s.port, bearer('one')))).toEqual([503, 'busy']);
    await Client.open(s, ACTORS.district, 'two');
    expect(statusAndCode(await raw(s.port, bearer('three')))).toEqual([503, 'busy']);
    second.ws.close();
    await second.closed;
    await vi.waitFor(() => expect(s.sockets.size).toBe(2));
    await Client.open(s, ACTORS.district, 'three');
  });

  it('by a session that ends in that very moment is refused', async () => {
    let answer = (): void => {};
    let asked = (): void => {};
    const deciding = new Promise<void>((resolve) => (asked = resolve));
    const s = await start({
      authenticate: async () => {
        asked();
        await new Promise<void>((resolve) => (answer = resolve));
        return { actor: ACTORS.district, sessionId: 'brief' };
      },
    });
    const opening = raw(s.port, upgrade('/ws', ['Authorization: Bearer x']));
    await deciding;
    s.endSession('brief');
    answer();
    expect(statusAndCode(await opening)).toEqual([401, 'not-signed-in']);
  });

  it('by a session whose places change in that very moment is put off: its second try is by the new ones', async () => {
    let answer = (): void => {};
    let asked = (): void => {};
    const deciding = new Promise<void>((resolve) => (asked = resolve));
    const s = await start({
      authenticate: async () => {
        asked();
        await new Promise<void>((resolve) => (answer = resolve));
        return { actor: ACTORS.leader, sessionId: 'moving' };
      },
    });
    const opening = raw(s.port, upgrade('/ws', ['Authorization: Bearer x']));
    await deciding;
    s.moveSession('moving');
    answer();
    expect(statusAndCode(await opening)).toEqual([503, 'busy']);
  });

  it('of a session whose places changed is closed with "come back", those of others stay', async () => {
    const s = await start();
    const [own, other] = [await Client.open(s, ACTORS.leader, 'moved'), await Client.open(s, ACTORS.leader, 'another')];
    s.moveSession('moved');
    expect(await own.closed).toBe(CLOSE.restarting);
    expect(other.ws.readyState).toBe(other.ws.OPEN);
    await Client.open(s, ACTORS.leader, 'moved');
  });

  it('of another district is closed for good: a browser sees no status, only the close code', async () => {
    const client = await Client.open(await start(), ACTORS.foreign);
    expect(await client.closed).toBe(CLOSE.notAllowed);
  });

  it('with rubbish does not disturb the others', async () => {
    const s = await start();
    const client = await Client.open(s, ACTORS.district);
    client.send({ type: 'follow' });
    await raw(
      s.port,
      'GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nAuthorization: Bearer token-session-district.441802\r\n\r\n',
    );
    await raw(s.port, '\x16\x03\x01\x00\r\n\r\n');
    s.feed.offer(await writer.commit(chatter(1)));
    await client.until((c) => c.seqs.length === 1);
    expect(s.sockets.size).toBe(1);
  });
});

describe('what a client says', () => {
  test.each([
    ['no JSON', 'hello'],
    ['another type', '{"type":"shout"}'],
    ['no object', '[]'],
    ['null', 'null'],
    ['a wrong field', '{"type":"follow","since":"1"}'],
    ['a negative seq', '{"type":"follow","since":-1}'],
    ['a position off the globe', '{"type":"position","position":{"lng":200,"lat":0},"at":"2026-01-01T00:00:00Z"}'],
    ['a time before 1970', '{"type":"position","position":{"lng":0,"lat":0},"at":"0000-01-01T00:00:00Z"}'],
    ['a date that does not exist', '{"type":"position","position":{"lng":0,"lat":0},"at":"2026-02-30T00:00:00Z"}'],
    ['too many topics', JSON.stringify({ type: 'follow', topics: Array.from({ length: 201 }, () => 'district') })],
    ['bytes', Buffer.from('{"type":"follow"}')],
    ['a prototype', '{"__proto__":{"type":"follow"}}'],
  ])('closes with 4500 when it is %s', async (_, data) => {
    const client = await Client.open(await start(), ACTORS.district);
    client.ws.send(data);
    expect(await client.closed).toBe(CLOSE.badFrame);
  });

  it('closes with 1009 when it is longer than 64 KiB, and not at 64 KiB', async () => {
    const client = await Client.open(await start(), ACTORS.district);
    const frame = (bytes: number): string => '{"type":"follow"}'.padEnd(bytes);
    client.ws.send(frame(64 * 1024));
    await client.until((c) => c.of('welcome').length === 1);
    client.ws.send(frame(64 * 1024 + 1));
    expect(await client.closed).toBe(1009);
  });

  it('closes with 1007 when it is not UTF-8', async () => {
    const client = await Client.open(await start(), ACTORS.district);
    client.ws.send(Buffer.from([0xff, 0xfe]), { binary: false });
    expect(await client.closed).toBe(1007);
  });

  it('about a position is refused from anybody but a responder', async () => {
    const s = await start();
    const position = { type: 'position', position: { lng: 113, lat: 23.7 }, at: '2026-03-02T01:00:00Z' } as const;
    const worker = await Client.open(s, ACTORS.gridWorker);
    worker.send(position);
    await worker.until((c) => c.of('error').length === 1);
    const unit = await Client.open(s, ACTORS.unitA);
    unit.send(position);
    unit.send({ type: 'follow' });
    await unit.until((c) => c.of('welcome').length === 1);
    expect(s.positions.latest().get('a')).toMatchObject({ position: { lng: 113, lat: 23.7 } });
  });
});

describe('a ring', () => {
  it('reaches the device, and its receipts the evidence', async () => {
    const s = await start();
    const device = await Client.open(s, ACTORS.unitA, 'phone');
    device.send({ type: 'follow' });
    await device.until((c) => c.of('welcome').length === 1);
    const story = new Story();
    s.feed.offer(await writer.commit(story.untilDispatched('a')));
    await device.until((c) => c.of('ring').length === 1);
    const { seq } = device.of('ring')[0]!;
    device.send({ type: 'receipt', seq, stage: 'delivered' });
    device.send({ type: 'receipt', seq, stage: 'shown' });
    device.send({ type: 'follow', topics: [] }); // answered after the receipts were heard
    await device.until((c) => c.of('welcome').length === 2);
    await s.receipts.settled();
    const { rows } = await database.db.pool.query(
      'select unit, account, session, shown_at >= delivered_at as done from push where incident = $1',
      [story.incident],
    );
    expect(rows).toEqual([{ unit: 'a', account: 'unit.a', session: 'phone', done: true }]);
  });

  it('is repeated after a restart of the node: it is read from the database', async () => {
    const story = new Story();
    await writer.commit(story.untilDispatched('z', 'y'));
    const s = await start();
    const device = await Client.open(s, { ...ACTORS.unitA, account: 'unit.y', unit: 'y' });
    device.send({ type: 'follow' });
    await device.until((c) => c.of('ring').length === 1);
    expect(device.of('ring')[0]).toMatchObject({ incident: story.incident, assignment: story.assignmentOf('y') });
  });
});

describe('a notice', () => {
  it('reaches the desk, its receipts the evidence, and its being seen the other desks of the place', async () => {
    const s = await start();
    const [desk, colleague] = [await Client.open(s, ACTORS.community, 'desk'), await Client.open(s, ACTORS.community, 'colleague')];
    for (const client of [desk, colleague]) client.send({ type: 'follow' });
    await Promise.all([desk, colleague].map((c) => c.until(() => c.of('welcome').length === 1)));
    const story = new Story();
    s.feed.offer(await writer.commit([story.report(), tells(story.urge(), 'remind', 'community:441802006001')]));
    await Promise.all([desk, colleague].map((c) => c.until(() => c.of('notice').length === 1)));
    const { seq, notice } = desk.of('notice')[0]!;
    expect(notice).toBe('remind');
    // Only what was sent as a notice: a receipt for any other move would be written for nothing.
    const received = vi.spyOn(s.receipts, 'received');
    desk.send({ type: 'receipt', seq: seq - 1, stage: 'shown' });
    desk.send({ type: 'receipt', seq, stage: 'shown' });
    desk.send({ type: 'follow', topics: [] });
    await desk.until((c) => c.of('welcome').length === 2);
    expect(received.mock.calls).toEqual([['desk', seq, 'shown']]);
    await s.receipts.settled();
    const { rows } = await database.db.pool.query(
      'select session, recipient, account, delivered_at is not null as delivered, shown_at is not null as shown from notice_push where district = $1 and seq = $2 order by session desc',
      [DISTRICT, seq],
    );
    const common = { recipient: 'community:441802006001', account: 'community.441802006001' };
    expect(rows).toEqual([
      { ...common, session: 'desk', delivered: true, shown: true },
      { ...common, session: 'colleague', delivered: false, shown: false },
    ]);
    await s.noticeLog.settled();
    expect(await s.notices.acknowledge(ACTORS.community, 'desk', [seq])).toEqual([seq]);
    await colleague.until((c) => c.of('acknowledged').length === 1);
    const late = await Client.open(s, ACTORS.community, 'late');
    late.send({ type: 'follow' });
    await late.until((c) => c.of('welcome').length === 1);
    await s.notices.greet([...s.hub.liveAt('community:441802006001')].at(-1)!);
    expect(late.of('notice')).toEqual([]);
  });

  it('waits for a desk that was away, also over a restart of the node', async () => {
    const story = new Story({ cell: '441802006003001' });
    await writer.commit([story.report(), tells(story.urge(), 'overdue', 'community:441802006003')]);
    const s = await start();
    const desk = await Client.open(s, { ...ACTORS.community, account: 'community.441802006003', community: '441802006003' });
    await s.noticeLog.settled();
    desk.send({ type: 'follow' });
    await desk.until((c) => c.of('notice').length === 1);
    expect(desk.of('notice')[0]).toMatchObject({ incident: story.incident, notice: 'overdue', level: 'R3' });
  });
});

describe('a device that signed out without a network', () => {
  it('is refused when it comes back, rings nowhere, and its evidence says why', async () => {
    const s = await start();
    const unit = { ...ACTORS.unitA, account: 'unit.o', unit: 'o' };
    const [phone, desk] = [await Client.open(s, unit, 'lost-phone'), await Client.open(s, unit, 'desk-of-o')];
    for (const client of [phone, desk]) client.send({ type: 'follow' });
    await Promise.all([phone, desk].map((c) => c.until(() => c.of('welcome').length === 1)));
    const story = new Story({ level: 'R1' });
    s.feed.offer(await writer.commit(story.untilDispatched('o')));
    await Promise.all([phone, desk].map((c) => c.until(() => c.of('ring').length === 1)));
    phone.ws.terminate();
    await phone.closed;
    await vi.waitFor(() => expect(s.sockets.size).toBe(1));
    s.endSession('lost-phone');
    s.forget('lost-phone');
    expect(statusAndCode(await raw(s.port, upgrade('/ws', ['Authorization: Bearer token-lost-phone'])))).toEqual([401, 'not-signed-in']);
    await s.receipts.settled();
    const { rows } = await database.db.pool.query('select session, stop from push where incident = $1 order by session', [story.incident]);
    expect(rows).toEqual([
      { session: 'desk-of-o', stop: null },
      { session: 'lost-phone', stop: 'signedOut' },
    ]);
  });
});

describe('closing', () => {
  it('ends the sockets of a session that signs out with 4501, and no others', async () => {
    const s = await start();
    const unit = { ...ACTORS.unitA, account: 'unit.q', unit: 'q' };
    const clients = await Promise.all(['gone', 'gone', 'stays'].map((session) => Client.open(s, unit, session)));
    const [phone, tablet, other] = clients as [Client, Client, Client];
    for (const client of clients) client.send({ type: 'follow' });
    await Promise.all(clients.map((c) => c.until(() => c.of('welcome').length === 1)));
    s.endSession('gone');
    s.feed.offer(await writer.commit(new Story().untilDispatched('q')));
    expect(await Promise.all([phone.closed, tablet.closed])).toEqual([CLOSE.signedOut, CLOSE.signedOut]);
    await other.until((c) => c.of('ring').length === 1);
    expect([phone, tablet].map((c) => c.frames.length)).toEqual([1, 1]);
  });

  it('tells everybody "restarting" when the node stops, and takes nobody new', async () => {
    const s = await start();
    const clients = await Promise.all([ACTORS.district, ACTORS.unitA].map((actor: Actor) => Client.open(s, actor)));
    const closing = s.sockets.close();
    const late = raw(s.port, upgrade('/ws', [`Authorization: Bearer ${s.token(ACTORS.district)}`]));
    expect(await Promise.all(clients.map((c) => c.closed))).toEqual([CLOSE.restarting, CLOSE.restarting]);
    expect(statusAndCode(await late)).toEqual([503, 'busy']);
    await closing;
    expect(s.sockets.size).toBe(0);
  });

  it('pings after 25 s and ends whoever is silent for 60 s', async () => {
    const time = new FakeScheduler();
    const s = await start({ scheduler: time });
    const lively = await Client.open(s, ACTORS.district, 'lively');
    const dead = await Client.open(s, ACTORS.district, 'dead');
    let pings = 0;
    let answered = (): void => {};
    lively.ws.on('ping', () => {
      pings++;
      answered();
    });
    dead.ws.pause();
    for (let i = 0; i < 3; i++) {
      const ping = new Promise<void>((resolve) => (answered = resolve));
      await time.advance(25_000);
      await ping;
      // A round trip: the pong went ahead of this answer.
      const welcomes = lively.of('welcome').length;
      lively.send({ type: 'follow' });
      await vi.waitFor(() => expect(s.sockets.size).toBeGreaterThan(0));
      await time.settle();
      await lively.until((c) => c.of('welcome').length > welcomes);
    }
    expect(pings).toBe(3);
    await vi.waitFor(() => expect(s.sockets.size).toBe(1));
    expect(lively.ws.readyState).toBe(lively.ws.OPEN);
    dead.ws.resume();
    expect(await dead.closed).toBe(1006);
  });
});

describe('a client that stops reading', () => {
  it('costs bounded bytes and is closed, while the healthy get everything', async () => {
    const time = new FakeScheduler();
    const limit = 300_000;
    // In memory: it takes tens of thousands of moves to fill the kernel's buffers.
    const log = new FakeLog();
    const s = await start({ hub: { bytesPerSocket: limit }, scheduler: time, log });
    const stuck = await Promise.all([1, 2, 3].map((i) => Client.open(s, ACTORS.district, `stuck-${i}`)));
    const healthy = await Promise.all([1, 2].map((i) => Client.open(s, ACTORS.district, `healthy-${i}`)));
    for (const client of [...stuck, ...healthy]) client.send({ type: 'follow' });
    const welcomed = Promise.all([...stuck, ...healthy].map((c) => c.until(() => c.of('welcome').length === 1)));
    await vi.waitFor(() => expect([...s.hub.audiences()].flatMap((a) => a.followers).filter((f) => f.live)).toHaveLength(5));
    await welcomed;
    for (const client of stuck) client.ws.pause();

    let mostBuffered = 0;
    const slow = async (): Promise<number> => (await s.registry.getSingleMetric('fengming_ws_slow_sockets')!.get()).values[0]!.value;
    // The kernel takes some megabytes before anything waits here.
    for (let round = 0; (await slow()) < 3 && round < 60; round++) {
      s.feed.offer(log.commit(chatter(2_000)));
      await time.settle();
      await time.advance(50);
      while (healthy.some((c) => c.seqs.length < log.moves.length)) await time.settle();
      for (const audience of s.hub.audiences())
        for (const f of audience.followers) mostBuffered = Math.max(mostBuffered, f.wire.buffered());
    }
    expect(await slow()).toBe(3);
    expect(mostBuffered).toBeGreaterThan(limit / 4);
    expect(mostBuffered).toBeLessThanOrEqual(limit);
    expect(new Set(healthy.map((c) => c.seqs.length))).toEqual(new Set([log.moves.length]));
    await time.advance(30_000);
    expect((await s.registry.getSingleMetric('fengming_ws_slow_closed_total')!.get()).values[0]!.value).toBe(3);
    for (const client of stuck) client.ws.resume();
    expect(await Promise.all(stuck.map((c) => c.closed))).toEqual([CLOSE.tooSlow, CLOSE.tooSlow, CLOSE.tooSlow]);
  });
});

describe('the way to the socket', () => {
  it('is the direct one with the installed version of ws', async () => {
    const s = await start();
    const client = await Client.open(s, ACTORS.district);
    expect(directSocket(client.ws)).not.toBeNull();
    client.ws.close();
    expect(directSocket(client.ws)).toBeNull();
  });
});

describe('who asks', () => {
  it('is known by Bearer before the cookie', () => {
    expect(admissionOf({ authorization: 'Bearer  abc', cookie: 'session=x' })).toEqual({ token: 'abc' });
    expect(admissionOf({ authorization: 'Basic abc' })).toEqual({ refused: 'not-signed-in' });
    expect(admissionOf({ cookie: 'session=', host: 'a', origin: 'http://a' })).toEqual({ refused: 'not-signed-in' });
    expect(admissionOf({ cookie: 'xsession=1', host: 'a', origin: 'http://a' })).toEqual({ refused: 'not-signed-in' });
  });

  it('from behind a proxy needs the host that the browser asked', () => {
    const headers = { cookie: 'session=x', origin: 'https://dispatch.example' };
    expect(admissionOf({ ...headers, host: 'inner:8080' })).toEqual({ refused: 'foreign-origin' });
    expect(admissionOf({ ...headers, host: 'Dispatch.example' })).toEqual({ token: 'x' });
  });

  test.each([
    [
      'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36',
      'Android · Chrome',
    ],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1',
      'iOS · Safari',
    ],
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36 Edg/130.0.0.0',
      'Windows · Edge',
    ],
    ['k6/1.0', 'app'],
    [undefined, 'app'],
  ])('uses a device that people recognize: %s', (userAgent, label) => {
    expect(deviceLabel(userAgent)).toBe(label);
  });
});
