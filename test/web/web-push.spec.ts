/** Web push lives as long as the session: the page does not say that it is on when the service has forgotten the device. */
import { afterEach, expect, it, vi } from 'vitest';
import { effectScope } from 'vue';
import type { Me } from '../../web/shared/types.ts';
import { json, newDevice, openPage } from './support/page.ts';

afterEach(() => vi.unstubAllGlobals());

it('is off when the session ends, and on again for whoever signs in in place', async () => {
  let ended = false;
  const page = openPage(newDevice(), ({ path }) => {
    if (ended) return json({ code: 'not-signed-in' }, 401);
    return path === '/push/key' ? json({ publicKey: 'AQID' }) : json({}, 201);
  });
  const subscription = { endpoint: 'https://push.example/1', toJSON: () => ({ endpoint: 'https://push.example/1', keys: {} }) };
  const registration = { pushManager: { getSubscription: async () => null, subscribe: async () => subscription } };
  vi.stubGlobal('PushManager', class {});
  vi.stubGlobal('Notification', { permission: 'granted' });
  vi.stubGlobal('isSecureContext', true);
  vi.stubGlobal('navigator', {
    serviceWorker: { ready: Promise.resolve(registration), addEventListener: () => undefined, removeEventListener: () => undefined },
  });
  const { me, signInAgainWhenEnded } = await import('../../web/shared/session.ts');
  const { api } = await import('../../web/shared/api.ts');
  const { useWebPush } = await import('../../web/shared/push/use-web-push.ts');
  me.value = { account: 'unit.1', role: 'unit' } as unknown as Me;
  let again: ((signedIn: boolean) => void) | null = null;
  signInAgainWhenEnded(
    () => undefined,
    () => new Promise((answer) => (again = answer)),
  );
  const signInAgain = async () => {
    await vi.waitFor(() => expect(again).not.toBeNull());
    ended = false;
    again!(true);
    again = null;
  };
  const scope = effectScope(true);
  const push = scope.run(() => useWebPush(() => undefined))!;
  await vi.waitFor(() => expect(push.state.value).toBe('on'));

  ended = true;
  const reading = api.get('/incidents').catch(() => undefined);
  await vi.waitFor(() => expect(push.state.value).toBe('off'));
  const before = page.asked.filter(({ path }) => path === '/push/subscriptions').length;
  await signInAgain();
  await reading;
  await vi.waitFor(() => expect(push.state.value).toBe('on'));
  expect(page.asked.filter(({ path }) => path === '/push/subscriptions')).toHaveLength(before + 1);

  // A part that was taken down subscribes nobody.
  scope.stop();
  ended = true;
  const last = api.get('/incidents').catch(() => undefined);
  await signInAgain();
  await last;
  expect(page.asked.filter(({ path }) => path === '/push/subscriptions')).toHaveLength(before + 1);
});
