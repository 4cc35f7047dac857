import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addressOf } from '../../src/identity/address.ts';
import { credentialOf, isOwnPage } from '../../src/identity/credentials.ts';
import { asBearer, type House, openHouse, PASSWORD, PEOPLE, problemIn } from '../app/house.ts';

const HOST = 'dispatch.example:8080';
let house: House;

beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

const signIn = (body: unknown, headers: Record<string, string> = {}) =>
  house.app.request('/api/v1/sessions', {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'Content-Type': 'application/json', Host: HOST, ...headers },
  });
const account = PEOPLE.community.account;
const cookieOf = (answer: Response) => answer.headers.get('set-cookie')!.split(';')[0]!;

describe('POST /sessions', () => {
  it('answers 201 with token, expiry and me, and sets a cookie that scripts and foreign pages cannot use', async () => {
    const answer = await signIn({ account, password: PASSWORD });
    expect(answer.status).toBe(201);
    const body = (await answer.json()) as { token: string; expiresAt: string };
    expect(body).toMatchObject({ token: expect.any(String), me: { account, role: 'community', nameEn: 'Demo community' } });
    expect(new Date(body.expiresAt).toISOString()).toBe(body.expiresAt);
    expect(answer.headers.get('set-cookie')).toBe(`session=${body.token}; Max-Age=43200; Path=/; HttpOnly; SameSite=Strict`);
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  it('marks the cookie Secure behind https', async () => {
    const answer = await signIn({ account, password: PASSWORD }, { 'X-Forwarded-Proto': 'https' });
    expect(answer.headers.get('set-cookie')).toContain('; Secure');
  });

  it('says how many tries are left, then how long to wait, in both languages', async () => {
    const name = PEOPLE.auditor.account;
    const first = await problemIn(await signIn({ account: name, password: 'wrong' }));
    expect(first).toMatchObject({ status: 401, code: 'wrong-credentials', attemptsLeft: 4 });
    expect(first['whatToDo']).toEqual({ 'zh-CN': expect.stringContaining('4 次'), en: expect.stringContaining('4 tries') });
    for (let i = 0; i < 4; i++) await signIn({ account: name, password: 'wrong' });
    const answer = await signIn({ account: name, password: PASSWORD });
    const waitS = Number(answer.headers.get('retry-after'));
    expect(waitS).toBeGreaterThan(0);
    expect(waitS).toBeLessThanOrEqual(900);
    const locked = await problemIn(answer);
    expect(locked).toMatchObject({ status: 429, code: 'too-many-attempts', retryAfterS: waitS });
    expect(locked['whatToDo']).toEqual({ 'zh-CN': expect.stringContaining('分钟'), en: expect.stringContaining('minutes') });
  });

  it.each([
    [{}, ['account', 'password']],
    [{ account, password: 7 }, ['password']],
    [{ account: 'a\u0000b', password: 'x' }, ['account']],
    [{ account: 'x'.repeat(81), password: 'x' }, ['account']],
  ])('refuses %j and names the fields, not their values', async (body, paths) => {
    const refused = await problemIn(await signIn(body));
    expect(refused).toMatchObject({ status: 422, code: 'invalid-body' });
    expect((refused['errors'] as { path: string }[]).map((error) => error.path).sort()).toEqual(paths);
  });

  it.each<Record<string, string>>([{ Origin: 'https://evil.example' }, { Origin: 'null' }, { 'Sec-Fetch-Site': 'cross-site' }])(
    'signs nobody in for a foreign page: %j',
    async (headers) => {
      expect(await problemIn(await signIn({ account, password: PASSWORD }, headers))).toMatchObject({
        status: 403,
        code: 'foreign-origin',
      });
    },
  );
});

describe('a request behind the sign-in', () => {
  it('says who one is', async () => {
    const answer = await house.app.request('/api/v1/me', { headers: asBearer(await house.token(PEOPLE.gridWorker)) });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({
      ...PEOPLE.gridWorker,
      nameZh: '演示·gridWorker',
      nameEn: 'Demo gridWorker',
      may: ['report', 'uploadPhoto', 'move'],
    });
  });

  it.each<Record<string, string>>([
    {},
    { Authorization: 'Bearer nonsense' },
    { Authorization: 'Basic eDp5' },
    { Cookie: 'session=' },
    { Cookie: 'sessions=x' },
  ])('needs a session: %j has none', async (headers) => {
    const answer = await house.app.request('/api/v1/me', { headers: headers });
    expect(await problemIn(answer)).toMatchObject({ status: 401, code: 'not-signed-in' });
  });

  it('with the cookie writes only for our own pages', async () => {
    const cookie = cookieOf(await signIn({ account, password: PASSWORD }));
    const signOut = (headers: Record<string, string>) =>
      house.app.request('/api/v1/sessions/current', { method: 'DELETE', headers: { Cookie: cookie, Host: HOST, ...headers } });
    const foreign: Record<string, string>[] = [
      {},
      { Origin: 'https://evil.example' },
      { Origin: `http://${HOST}`, 'Sec-Fetch-Site': 'same-site' },
      { Origin: 'http://dispatch.example' },
    ];
    for (const headers of foreign) expect(await problemIn(await signOut(headers))).toMatchObject({ code: 'foreign-origin' });
    expect((await house.app.request('/api/v1/me', { headers: { Cookie: cookie } })).status).toBe(200);
    const answer = await signOut({ Origin: `http://${HOST}` });
    expect(answer.status).toBe(204);
    expect(answer.headers.get('set-cookie')).toContain('session=; Max-Age=0; Path=/');
    expect((await house.app.request('/api/v1/me', { headers: { Cookie: cookie } })).status).toBe(401);
  });

  it('with Bearer needs no origin, and signing out tells those who hold sockets', async () => {
    const token = await house.token(PEOPLE.unit);
    const { sessionId } = (await house.sessions.authenticate(token))!;
    const ended: string[] = [];
    house.sessions.onEnded((id) => ended.push(id));
    const answer = await house.app.request('/api/v1/sessions/current', { method: 'DELETE', headers: asBearer(token) });
    expect(answer.status).toBe(204);
    expect(ended).toEqual([sessionId]);
  });

  it('that is refused is on record, with the route and without the query', async () => {
    const cookie = cookieOf(await signIn({ account, password: PASSWORD }));
    await house.app.request('/api/v1/sessions/current?q=words', {
      method: 'DELETE',
      headers: { Cookie: cookie, Host: HOST, Origin: 'https://evil.example' },
    });
    const refusals = () => house.test.db.kysely.selectFrom('audit').select(['what', 'detail']).where('what', '=', 'refused').execute();
    await expect.poll(async () => (await refusals()).at(-1)?.detail).toEqual({ method: 'DELETE', path: '/api/v1/sessions/current' });
  });
});

describe('the credential in a request', () => {
  const from = (headers: Record<string, string | undefined>) => (name: string) => headers[name];
  it.each([
    [
      { authorization: 'Bearer abc', cookie: 'session=def' },
      { token: 'abc', via: 'bearer' },
    ],
    [{ cookie: 'a=b; session=def; c=d' }, { token: 'def', via: 'cookie' }],
    [{ authorization: 'Bearer ' }, null],
    [{ cookie: '=x; xsession=def' }, null],
  ])('of %j is %j', (headers, credential) => {
    expect(credentialOf(from(headers))).toEqual(credential);
  });

  it.each([
    [{ 'sec-fetch-site': 'same-origin' }, true],
    [{ origin: 'https://a.example', host: 'a.example' }, true],
    [{ origin: 'https://a.example', host: 'A.EXAMPLE' }, true],
    [{ origin: 'https://a.example:444', host: 'a.example' }, false],
    [{ origin: 'https://a.example', host: 'a.example', 'sec-fetch-site': 'cross-site' }, false],
    [{ origin: 'null', host: 'null' }, false],
    [{}, false],
  ])('%j is from our own page: %s', (headers, own) => {
    expect(isOwnPage(from(headers))).toBe(own);
  });
});

describe('the address that tries are counted for', () => {
  it.each([
    ['192.0.2.7', undefined, '192.0.2.7'],
    ['::ffff:192.0.2.7', undefined, '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', undefined, '2001:db8:1:2::/64'],
    ['2001:0db8::1', undefined, '2001:db8:0:0::/64'],
    ['::1', undefined, '0:0:0:0::/64'],
    ['127.0.0.1', '203.0.113.5, 198.51.100.9', '198.51.100.9'],
    ['::1', '2001:db8:1:2::9', '2001:db8:1:2::/64'],
    ['127.0.0.1', '', '127.0.0.1'],
    ['127.0.0.1', 'garbage', 'unknown'],
    ['10.0.0.1', '203.0.113.5', '10.0.0.1'],
    [undefined, undefined, 'unknown'],
  ])('of %s forwarded for %s is %s', (peer, forwarded, address) => {
    expect(addressOf(peer, forwarded)).toBe(address);
  });

  it('is the forwarded one also from a proxy elsewhere, when that is trusted', () => {
    expect(addressOf('10.0.0.1', '203.0.113.5', true)).toBe('203.0.113.5');
  });
});
