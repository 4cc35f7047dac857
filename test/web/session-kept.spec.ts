/** Who a page belongs to: known without a session, and never another than the one whose words are on it. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Me } from '../../web/shared/types.ts';
import { type Device, json, newDevice, openPage, settle } from './support/page.ts';

const person = (account: string, role: Me['role']) => ({ account, role, nameZh: account, nameEn: account }) as unknown as Me;
const WORKER = person('grid.1', 'gridWorker');
const UNIT = person('unit.1', 'unit');
const PROBLEM = { code: 'not-signed-in' };

let device: Device;
beforeEach(() => {
  device = newDevice();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const files = async () => ({
  session: await import('../../web/shared/session.ts'),
  api: (await import('../../web/shared/api.ts')).api,
});

/** A page on which the worker is signed in; a question for the password is put off. */
async function signedIn(who: Me = WORKER) {
  const page = openPage(device, () => json({ me: who }));
  const { session, api } = await files();
  session.signInAgainWhenEnded(
    () => page.went.push('covered'),
    async () => false,
  );
  await session.signIn(who.account, 'secret');
  page.asked.length = 0;
  return { page, session, api };
}

describe('a page that is opened after the session has ended', () => {
  async function ended(): Promise<void> {
    const { page, api } = await signedIn();
    page.service = () => json(PROBLEM, 401);
    await expect(api.get('/incidents')).rejects.toMatchObject({ status: 401 });
  }

  it('knows whose it is without a network, so that what was written is there', async () => {
    await ended();
    openPage(device);
    const { session } = await files();
    expect(await session.loadMe()).toEqual(WORKER);
    expect(session.me.value).toEqual(WORKER);
  });

  it.each([500, 502, 503, 429])('knows whose it is while the service answers %i, and does not wait for it', async (status) => {
    await ended();
    openPage(device, () => json({}, status));
    expect(await (await files()).session.loadMe()).toEqual(WORKER);
  });

  it('knows it behind the sign-in page of somebody’s Wi-Fi, which answers everything well', async () => {
    await ended();
    openPage(device, () => new Response('<html>欢迎使用</html>', { status: 200 }));
    expect(await (await files()).session.loadMe()).toEqual(WORKER);
  });

  it('asks nobody at the sign-in page: the answer is known', async () => {
    await ended();
    const page = openPage(device);
    expect(await (await files()).session.stillSignedIn()).toBeNull();
    expect(page.asked).toEqual([]);
  });

  it('leaves for a sign-in page that says so, and comes back', async () => {
    await ended();
    const page = openPage(device);
    await (await files()).session.leaveToSignIn();
    expect(page.went).toEqual(['/?ended=1&back=%2Fhere%2F']);
  });

  it('has lost nothing where nobody was signed in any more', async () => {
    const { page, session } = await signedIn();
    page.service = () => json(null, 204);
    await session.signOut();
    const next = openPage(device);
    await (await files()).session.leaveToSignIn();
    expect(next.went).toEqual(['/?back=%2Fhere%2F']);
  });

  it('is nobody’s once they have signed out', async () => {
    const { page, session } = await signedIn();
    page.service = () => json(null, 204);
    await session.signOut();
    expect(page.went).toEqual(['/']);
    openPage(device);
    await expect((await files()).session.loadMe()).rejects.toMatchObject({ status: 0 });
  });
});

describe('signing out without a network', () => {
  async function left() {
    const { page, session } = await signedIn();
    page.service = () => Promise.reject(new TypeError('no network'));
    await session.signOut();
    return { page, session };
  }

  it('leaves nothing of them on the page, and is not let in again by the cookie', async () => {
    const { page, session } = await left();
    expect(page.went).toEqual(['covered']);
    expect(session.me.value).toBeNull();
    const next = openPage(device);
    const again = (await files()).session;
    again.signInAgainWhenEnded(() => next.went.push('covered'));
    void again.loadMe();
    await settle();
    expect(next.went).toEqual(['covered']);
  });

  it.each([204, 401])(
    'the first page that reaches the service ends the session (it says %i) before it asks who is there',
    async (status) => {
      await left();
      const next = openPage(device, ({ method }) => (method === 'DELETE' ? json({}, status) : json(PROBLEM, 401)));
      const { session } = await files();
      expect(await session.stillSignedIn()).toBeNull();
      expect(next.asked.map((a) => a.method)).toEqual(['DELETE']);
      const after = openPage(device, () => json(PROBLEM, 401));
      expect(await (await files()).session.stillSignedIn()).toBeNull();
      expect(after.asked).toEqual([]);
    },
  );

  it('ends it before somebody signs in, while there still is a cookie to end it by', async () => {
    await left();
    const next = openPage(device, ({ method }) => (method === 'DELETE' ? json({}, 204) : json({ me: UNIT })));
    const { session } = await files();
    expect(await session.signIn(UNIT.account, 'secret')).toEqual(UNIT);
    expect(next.asked.map((a) => a.method)).toEqual(['DELETE', 'POST']);
    expect(await session.loadMe().catch(() => null)).not.toBeNull();
  });

  it('in another window too, where nothing goes out any more', async () => {
    const { page, api } = await signedIn();
    device.localStorage.setItem('me.left', 'yes');
    page.fire('storage', { key: 'me.left' });
    await settle();
    expect(page.went).toEqual(['covered']);
    await expect(api.get('/incidents')).rejects.toMatchObject({ status: 0 });
    expect(page.asked).toEqual([]);
  });
});

describe('another person signs in in another window', () => {
  const other = () => device.localStorage.setItem('me', JSON.stringify(UNIT));

  it('nothing goes out under the new name, and the page is left once everything is written down', async () => {
    const { page, session, api } = await signedIn();
    const kept: string[] = [];
    session.keepBeforeSignIn(async () => void kept.push('words'));
    other();
    await expect(api.post('/incidents', { description: '井盖' })).rejects.toMatchObject({ status: 0, code: 'offline' });
    expect(page.asked).toEqual([]);
    page.fire('storage', { key: 'me' });
    await settle();
    expect(kept).toEqual(['words']);
    expect(page.went).toEqual(['/unit/']);
  });

  it('a page that was frozen meanwhile finds out when it is shown', async () => {
    const { page } = await signedIn();
    other();
    page.fire('visibilitychange');
    await settle();
    expect(page.went).toEqual(['/unit/']);
  });

  it('the same person, or a signing out, changes nothing here', async () => {
    const { page, api } = await signedIn();
    device.localStorage.setItem('me', JSON.stringify({ ...WORKER, nameZh: '改了名字' }));
    page.fire('storage', { key: 'me' });
    device.localStorage.removeItem('me');
    page.fire('storage', { key: 'me' });
    await settle();
    expect(page.went).toEqual([]);
    await api.post('/incidents', {});
    expect(page.asked).toHaveLength(1);
  });
});

describe('what the phone keeps of one person alone', () => {
  it('goes when they sign out, not when the session ends', async () => {
    const { keepIn, memoryDb } = await import('./support/kept.ts');
    const db = memoryDb();
    keepIn(db);
    const { page, session, api } = await signedIn();
    const rows = await import('../../web/field/own-rows.ts');
    await rows.writeOwn('incidents', ['一件']);
    await db.put('reference', { etag: null, body: [] }, '/categories');
    await db.put('outbox', { key: 'draft', account: WORKER.account });

    page.service = () => json(PROBLEM, 401);
    await api.get('/incidents').catch(() => undefined);
    expect(await rows.readOwn('incidents')).toEqual(['一件']);

    page.service = () => json(null, 204);
    await session.signOut();
    // What belongs to nobody stays, and what was not sent.
    expect(await db.getAllKeys('reference')).toEqual(['/categories']);
    expect(await db.getAllKeys('outbox')).toEqual(['draft']);
  });

  it('goes when another opens the page', async () => {
    const { keepIn, memoryDb } = await import('./support/kept.ts');
    const db = memoryDb();
    keepIn(db);
    await signedIn();
    const rows = await import('../../web/field/own-rows.ts');
    await rows.writeOwn('walk', {});
    await db.put('reference', { etag: null, body: [] }, 'walk of grid.2');
    await rows.forgetRows((account) => account !== WORKER.account);
    expect(await db.getAllKeys('reference')).toEqual([`walk of ${WORKER.account}`]);
  });
});
