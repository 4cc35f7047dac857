/** One report from the phone to the push and to the end, over HTTP and WebSocket as the outside sees them. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { v7 as uuid } from 'uuid';
import { WebSocket } from 'ws';
import { startTestServer, PASSWORD, type TestServer } from './support/server.ts';

/** In 凤城街道, cell 441802006001001. */
const POSITION = { lng: 113.0008, lat: 23.6795, accuracyM: 6 };
const CELL = '441802006001001';

interface Answer {
  readonly status: number;
  // Checked field by field below.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly body: any;
  readonly type: string | null;
}

let service: TestServer;
const tokens = new Map<string, string>();

async function ask(
  account: string | null,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(`${service.url}/api/v1${path}`, {
    method,
    headers: {
      ...(account === null ? {} : { authorization: `Bearer ${await signIn(account)}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? null : JSON.parse(text), type: response.headers.get('content-type') };
}

async function signIn(account: string): Promise<string> {
  const known = tokens.get(account);
  if (known !== undefined) return known;
  const { status, body } = await ask(null, 'POST', '/sessions', { account, password: PASSWORD });
  expect(status).toBe(201);
  tokens.set(account, body.token);
  return body.token;
}

const keyed = (key = uuid()) => ({ 'idempotency-key': key });
const move = (account: string, id: string, command: object, key = uuid()) =>
  ask(account, 'POST', `/incidents/${id}/moves`, command, keyed(key));
const report = (more: object = {}, key = uuid(), account = `grid.${CELL}`) =>
  ask(account, 'POST', '/incidents', { category: 'C0102-02', description: '菜市场东门井盖裂了', position: POSITION, ...more }, keyed(key));

/** A follower that keeps every frame, in order. */
async function follow(account: string) {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  const frames: any[] = [];
  const waiting: (() => void)[] = [];
  const socket = new WebSocket(`${service.url.replace('http', 'ws')}/ws`, {
    headers: { authorization: `Bearer ${await signIn(account)}` },
  });
  socket.on('message', (data: Buffer) => {
    frames.push(JSON.parse(data.toString('utf8')));
    waiting.splice(0).forEach((wake) => wake());
  });
  const until = async (found: () => boolean) => {
    while (!found()) await new Promise<void>((resolve) => waiting.push(resolve));
  };
  await new Promise((resolve) => socket.once('open', resolve));
  socket.send(JSON.stringify({ type: 'follow' }));
  await until(() => frames.some((f) => f.type === 'welcome'));
  const moves = () => frames.filter((f) => f.type === 'moves').flatMap((f) => f.items);
  return { frames, moves, until, close: () => socket.close() };
}

beforeAll(async () => {
  service = await startTestServer();
});
afterAll(async () => {
  await service.stop();
});

describe('one report, two units, closed', () => {
  it('goes through the chain, is pushed to those concerned, and can be proved from its log', async () => {
    const centre = await follow('district.441802');
    const subdistrict = await follow('subdistrict.441802006');
    const elsewhere = await follow('subdistrict.441802007');
    const unit = await follow('unit.fengcheng-police');

    const reported = await report();
    expect(reported).toMatchObject({ status: 201, body: { state: 'reported', level: 'R4', cell: CELL, version: 1 } });
    const { id } = reported.body;
    const listed = await ask('community.441802006001', 'GET', '/incidents?open=true');
    expect(listed.body.items.map((i: { id: string }) => i.id)).toContain(id);

    expect((await move('community.441802006001', id, { verb: 'call' })).body.incident.state).toBe('called');
    expect((await move('subdistrict.441802006', id, { verb: 'accept' })).body.incident.state).toBe('coordinating');
    const send = { verb: 'dispatch', lead: { unit: 'fengcheng-enforcement' }, assisting: [{ unit: 'fengcheng-police' }] };
    const sent = (await move('subdistrict.441802006', id, send)).body.incident;
    expect(sent).toMatchObject({ state: 'dispatched', assignments: [{ role: 'lead' }, { role: 'assist' }] });
    const [lead, assist] = sent.assignments.map((a: { id: string }) => a.id);

    await unit.until(() => unit.frames.some((f) => f.type === 'ring'));
    expect(unit.frames.find((f) => f.type === 'ring')).toMatchObject({ incident: id, assignment: assist, level: 'R4' });

    const press = (code: string, verb: string, assignment: string) => move(`unit.${code}`, id, { verb, assignment });
    expect((await press('fengcheng-enforcement', 'acknowledge', lead)).body.incident.state).toBe('responding');
    expect((await press('fengcheng-police', 'acknowledge', assist)).body.incident.state).toBe('responding');
    await unit.until(() => unit.frames.some((f) => f.type === 'quiet'));
    expect((await press('fengcheng-enforcement', 'arrive', lead)).body.incident.state).toBe('handling');
    expect((await press('fengcheng-enforcement', 'finish', lead)).body.incident.state).toBe('handling');
    expect((await press('fengcheng-police', 'finish', assist)).body.incident.state).toBe('disposed');
    for (const checker of ['nobody.at.all', 'subdistrict.441802006', 'grid.441802007001001']) {
      expect(await move('subdistrict.441802006', id, { verb: 'assignCheck', checker })).toMatchObject({
        status: 422,
        body: { code: 'unknown-checker' },
      });
    }
    const check = await move('subdistrict.441802006', id, { verb: 'assignCheck', checker: `grid.${CELL}` });
    expect(check.body.incident).toMatchObject({ state: 'checking', checker: `grid.${CELL}` });
    const closed = await move('community.441802006001', id, { verb: 'confirmClose', score: 5 });
    expect(closed.body.incident).toMatchObject({ state: 'closed', overdue: false });
    expect(closed.body.incident.closedAt).not.toBeNull();

    const log = (await ask('district.441802', 'GET', `/incidents/${id}/moves`)).body.items;
    expect(log.map((m: { verb: string }) => m.verb)).toEqual([
      ...[
        'report',
        'call',
        'accept',
        'dispatch',
        'acknowledge',
        'acknowledge',
        'arrive',
        'finish',
        'finish',
        'assignCheck',
        'confirmClose',
      ],
    ]);
    expect(log.map((m: { version: number }) => m.version)).toEqual(log.map((_: unknown, i: number) => i + 1));

    // Which grid worker reported is not for the units, neither in the incident nor in its log.
    const asUnit = (await ask('unit.fengcheng-police', 'GET', `/incidents/${id}/moves`)).body.items;
    expect([log[0].actor, asUnit[0].actor]).toEqual([`grid.${CELL}`, 'grid']);
    const seqs = log.map((m: { seq: number }) => m.seq);
    await centre.until(() => centre.moves().length >= seqs.length);
    expect(centre.moves().map((m) => m.seq)).toEqual(seqs);
    await subdistrict.until(() => subdistrict.moves().length >= seqs.length);
    expect(subdistrict.moves().map((m) => m.seq)).toEqual(seqs);
    await unit.until(() => unit.moves().some((m) => m.verb === 'confirmClose'));
    expect(unit.moves()[0]).toMatchObject({ verb: 'dispatch' });
    expect(elsewhere.moves()).toEqual([]);
    expect(JSON.stringify(centre.frames)).not.toMatch(/菜市场|grid\.|unit\.fengcheng/);
    for (const f of [centre, subdistrict, elsewhere, unit]) f.close();
  });
});

describe('坏输入 (bad input): each has its code, nothing is written, the service goes on', () => {
  const seqOfHead = async () => (await ask('district.441802', 'GET', '/incidents?limit=1')).body.items.length;

  it('a report that cannot be', async () => {
    const before = await seqOfHead();
    expect(await report({ position: { lng: 113.9, lat: 23.7 } })).toMatchObject({ status: 422, body: { code: 'outside-district' } });
    expect(await report({ category: 'X9999-99' })).toMatchObject({ status: 422, body: { code: 'unknown-category' } });
    expect(await report({ description: '' })).toMatchObject({ status: 422, body: { code: 'invalid-body' } });
    expect(await report({ description: 'a\u0000b' })).toMatchObject({ status: 422, body: { code: 'invalid-body' } });
    expect(await report({ photos: [uuid()] })).toMatchObject({ status: 422, body: { code: 'unknown-photo' } });
    expect(await report({}, 'not-a-uuid')).toMatchObject({ status: 422, body: { code: 'idempotency-key-missing' } });
    expect(await report({}, uuid(), 'unit.fengcheng-police')).toMatchObject({ status: 403, body: { code: 'not-yours' } });
    expect(await ask(null, 'POST', '/incidents', {})).toMatchObject({ status: 401, body: { code: 'not-signed-in' } });
    expect(await ask(`grid.${CELL}`, 'POST', '/incidents', '{"category":', keyed())).toMatchObject({
      status: 400,
      body: { code: 'malformed-json' },
    });
    const huge = await ask(`grid.${CELL}`, 'POST', '/incidents', JSON.stringify({ description: 'a'.repeat(20 * 1024 * 1024) }), keyed());
    expect(huge).toMatchObject({ status: 413, body: { code: 'body-too-large' } });
    expect(huge.type).toContain('application/problem+json');
    expect(await seqOfHead()).toBe(before);
  });

  it('a move that cannot be', async () => {
    const { body: incident } = await report();
    const community = 'community.441802006001';
    const tries = [
      [community, { verb: 'accept' }, 409, 'no-such-move'],
      ['subdistrict.441802006', { verb: 'call' }, 403, 'not-yours'],
      ['subdistrict.441802007', { verb: 'call' }, 404, 'not-found'],
      ['unit.fengcheng-police', { verb: 'comment', text: '我来' }, 404, 'not-found'],
      [community, { verb: 'dance' }, 422, 'invalid-body'],
      [community, { verb: 'reject' }, 422, 'invalid-body'],
      [community, { verb: 'call', expectedVersion: 7 }, 409, 'version-conflict'],
      [community, { verb: 'dispatch', runCard: true }, 409, 'no-such-move'],
      [community, { verb: 'comment', text: 'half \ud83d' }, 422, 'invalid-body'],
    ] as const;
    for (const [account, command, status, code] of tries)
      expect(await move(account, incident.id, command), JSON.stringify(command)).toMatchObject({ status, body: { code } });
    expect(await move(community, uuid(), { verb: 'call' })).toMatchObject({ status: 404, body: { code: 'not-found' } });
    expect((await ask(community, 'GET', `/incidents/${incident.id}/moves`)).body.items).toHaveLength(1);
  });

  it('the same key twice is one row and one answer; with another body it is refused', async () => {
    const key = uuid();
    const [a, b] = await Promise.all([report({}, key), report({}, key)]);
    expect(b.body).toEqual(a.body);
    expect(await report({ description: '另一件' }, key)).toMatchObject({ status: 422, body: { code: 'idempotency-key-reused' } });
    const moveKey = uuid();
    const first = await move('community.441802006001', a.body.id, { verb: 'call' }, moveKey);
    await move('subdistrict.441802006', a.body.id, { verb: 'accept' });
    const again = await move('community.441802006001', a.body.id, { verb: 'call' }, moveKey);
    expect(again).toEqual(first);
    expect((await ask('district.441802', 'GET', `/incidents/${a.body.id}/moves`)).body.items).toHaveLength(3);
  });

  it('two racers on one version: one 200, one 409', async () => {
    const { body: incident } = await report();
    const race = () => move('community.441802006001', incident.id, { verb: 'call', expectedVersion: 1 });
    const answers = await Promise.all([race(), race()]);
    expect(answers.map((a) => a.status).sort()).toEqual([200, 409]);
    expect(answers.find((a) => a.status === 409)?.body.code).toBe('version-conflict');
  });

  it('frames: broken ones close 4500, too long ones 1009, and others go on', async () => {
    const centre = await follow('district.441802');
    const closeCodeAfter = async (sent: string | Buffer) => {
      const socket = new WebSocket(`${service.url.replace('http', 'ws')}/ws`, {
        headers: { authorization: `Bearer ${await signIn('auditor')}` },
      });
      await new Promise((resolve) => socket.once('open', resolve));
      socket.send(sent);
      return new Promise<number>((resolve) => socket.once('close', resolve));
    };
    expect(await closeCodeAfter('{')).toBe(4500);
    expect(await closeCodeAfter('{"type":"dance"}')).toBe(4500);
    expect(await closeCodeAfter(Buffer.from([1, 2, 3]))).toBe(4500);
    expect(await closeCodeAfter('a'.repeat(65 * 1024))).toBe(1009);
    await report();
    await centre.until(() => centre.moves().length === 1);
    centre.close();
  });
});

describe('特急 (R1)', () => {
  it('rings units without a person, and tells the subdistrict in the same moment', async () => {
    const subdistrict = await follow('subdistrict.441802006');
    const categories = (await ask('auditor', 'GET', '/categories')).body.items;
    const gas = categories.find((c: { level: string; leadType: string }) => c.level === 'R1' && c.leadType === 'gas-repair');
    const { body } = await report({ category: gas.code, description: '挖断燃气管' });
    await subdistrict.until(() => subdistrict.moves().some((m) => m.incident === body.id && m.verb === 'dispatch'));
    const incident = (await ask('district.441802', 'GET', `/incidents/${body.id}`)).body;
    expect(incident.state).toBe('dispatched');
    expect(incident.assignments.length).toBeGreaterThan(1);
    const log = (await ask('district.441802', 'GET', `/incidents/${body.id}/moves`)).body.items;
    expect(log.map((m: { verb: string; actor: string }) => [m.verb, m.actor])).toEqual([
      ['report', `grid.${CELL}`],
      ['call', 'system'],
      ['accept', 'system'],
      ['dispatch', 'system'],
    ]);
    subdistrict.close();
  });
});
