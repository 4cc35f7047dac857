/**
 * The part of a page's service worker that hears pushes: shows what they say, tells the service how far they have come, and opens the page when one is pressed. Everything
 * that a browser hands to it is decrypted already.
 */
import type { PushMessage } from '../../../src/outbound/payload.ts';
import type { FromWorker } from './messages.ts';
import { notificationOf, type Notified } from './notification.ts';

interface Waits {
  waitUntil(work: Promise<unknown>): void;
}
interface Pushed extends Waits {
  readonly data: { json(): unknown } | null;
}
interface Pressed extends Waits {
  readonly notification: { readonly data: unknown; close(): void };
}
interface Changed extends Waits {
  readonly oldSubscription?: PushSubscription | null;
}
interface OwnWindow {
  readonly url: string;
  readonly visibilityState: DocumentVisibilityState;
  postMessage(message: FromWorker): void;
  focus(): Promise<unknown>;
}
/** The part of ServiceWorkerGlobalScope that is used: its types and those of a page exclude each other in one program. */
export interface PushScope {
  addEventListener(type: 'push', listener: (event: Pushed) => void): void;
  addEventListener(type: 'notificationclick', listener: (event: Pressed) => void): void;
  addEventListener(type: 'pushsubscriptionchange', listener: (event: Changed) => void): void;
  readonly clients: {
    matchAll(options: { type: 'window'; includeUncontrolled: boolean }): Promise<readonly OwnWindow[]>;
    openWindow(url: string): Promise<unknown>;
  };
  readonly registration: {
    readonly pushManager: PushManager;
    showNotification(title: string, options: object): Promise<void>;
    getNotifications(filter: { tag: string }): Promise<readonly Notification[]>;
  };
}

const API = '/api/v1/push';

/** @param page  whose worker it is @param addressOf  where an incident stands on it, or the page itself */
export function hearPushes(worker: PushScope, page: '/unit/' | '/field/', addressOf: (incident: string | null) => string): void {
  worker.addEventListener('push', (event) => event.waitUntil(pushed(event.data)));
  worker.addEventListener('notificationclick', (event) => event.waitUntil(pressed(event)));
  worker.addEventListener('pushsubscriptionchange', (event) => event.waitUntil(changed(event)));

  async function pushed(data: Pushed['data']): Promise<void> {
    const message = read(data);
    if (!message) return;
    const told = tell(message.id, 'delivered');
    const windows = await ownWindows();
    for (const window of windows) window.postMessage({ type: 'pushed', message });
    const watched = windows.some((window) => window.visibilityState === 'visible');
    // A ring is shown in any case: the page that should have it has not said so.
    if (!watched || message.type === 'ring' || message.type === 'quiet') {
      await show(notificationOf(message));
      await told;
      await tell(message.id, 'shown');
    } else await told;
  }

  async function show(notified: Notified): Promise<void> {
    const { title, body, tag, stays, sounds, vibrate, incident, goesAfterMs } = notified;
    await worker.registration.showNotification(title, {
      body,
      tag,
      icon: '/icons/192.png',
      requireInteraction: stays,
      renotify: sounds,
      silent: !sounds,
      ...(sounds && vibrate.length > 0 ? { vibrate } : {}),
      data: { incident },
    });
    if (goesAfterMs === null) return;
    await new Promise((resolve) => setTimeout(resolve, goesAfterMs));
    for (const notification of await worker.registration.getNotifications({ tag })) {
      // A ring that came meanwhile under the same tag stays.
      if (notification.title === title) notification.close();
    }
  }

  async function pressed({ notification }: Pressed): Promise<void> {
    const incident = incidentOf(notification.data);
    notification.close();
    const [window] = await ownWindows();
    if (!window) return void (await worker.clients.openWindow(addressOf(incident)));
    await window.focus();
    window.postMessage({ type: 'open', incident });
  }

  /** The browser has given itself another address at its push service: said to ours, as the session that lives here. */
  async function changed({ oldSubscription }: Changed): Promise<void> {
    const { applicationServerKey } = oldSubscription?.options ?? {};
    if (!applicationServerKey) return;
    const next = await worker.registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey });
    await post('/subscriptions', next.toJSON());
  }

  async function ownWindows(): Promise<readonly OwnWindow[]> {
    const all = await worker.clients.matchAll({ type: 'window', includeUncontrolled: true });
    return all.filter(({ url }) => new URL(url).pathname.startsWith(page));
  }
}

const tell = (id: number, stage: 'delivered' | 'shown'): Promise<void> => post('/receipts', { id, stage });

/** Evidence and no more: a push is shown whether or not the service hears of it. */
async function post(path: string, body: unknown): Promise<void> {
  const request = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  await fetch(`${API}${path}`, { ...request, credentials: 'same-origin' }).catch(() => undefined);
}

function read(data: Pushed['data']): PushMessage | null {
  try {
    return (data?.json() as PushMessage | undefined) ?? null;
  } catch {
    return null;
  }
}

function incidentOf(data: unknown): string | null {
  const incident = (data as { incident?: unknown } | null)?.incident;
  return typeof incident === 'string' ? incident : null;
}
