import { describe, expect, it } from 'vitest';
import type { PushMessage, RingMessage } from '../../src/outbound/payload.ts';
import { hearPushes, type PushScope } from '../../web/shared/push/worker.ts';
import { notificationOf } from '../../web/shared/push/notification.ts';

const ASSIGNMENT = '0195555e-0000-7000-8000-000000000001';
const INCIDENT = '0195555e-0000-7000-8000-000000000002';
const ring = (more: Partial<RingMessage> = {}): RingMessage => ({
  id: 7,
  lang: 'zh-CN',
  type: 'ring',
  assignment: ASSIGNMENT,
  incident: INCIDENT,
  level: 'R1',
  until: '2026-11-26T06:09:00.000Z',
  ...more,
});
const quiet: PushMessage = { id: 7, lang: 'zh-CN', type: 'quiet', assignment: ASSIGNMENT, incident: INCIDENT, why: 'answered' };
const notice: PushMessage = { id: 8, lang: 'en', type: 'notice', seq: -3, notice: 'rosterHole', incident: null, recipient: 'unit:a' };

describe('what a device shows', () => {
  it('for a ring stays until it is pressed, sounds again with each round, and says how grave and by when', () => {
    const shown = notificationOf(ring());
    expect(shown).toMatchObject({ tag: ASSIGNMENT, stays: true, sounds: true, goesAfterMs: null, incident: INCIDENT });
    expect(shown.title).toContain('特急');
    expect(shown.body).toContain('14:09');
    expect(notificationOf(ring({ lang: 'en', until: null })).title).toContain('Critical');
  });

  it('for a drill says so first, and never for the real one', () => {
    expect(notificationOf(ring({ drill: true })).title).toMatch(/^演练/);
    expect(notificationOf({ ...notice, drill: true } as PushMessage).title).toMatch(/^Drill/);
    expect(notificationOf(ring()).title).not.toContain('演练');
  });

  it('when the ring is over takes the ring’s place without a sound, and goes', () => {
    expect(notificationOf(quiet)).toMatchObject({ tag: ASSIGNMENT, stays: false, sounds: false });
    expect(notificationOf(quiet).goesAfterMs).toBeGreaterThan(0);
  });

  it('tells nobody who looks at the lock screen what it is about', () => {
    for (const message of [ring(), quiet, notice]) {
      const { title, body } = notificationOf(message);
      expect(`${title} ${body}`).not.toContain(INCIDENT);
      expect(`${title} ${body}`).not.toMatch(/unit:/);
    }
  });
});

/** A worker with nothing behind it: what it would show, whom it would tell, which window it would open. */
class FakeWorker {
  readonly shown: { title: string; options: Record<string, unknown> }[] = [];
  readonly said: unknown[] = [];
  readonly opened: string[] = [];
  windows: { url: string; visibilityState: DocumentVisibilityState }[] = [];
  focused = 0;
  readonly #listeners = new Map<string, (event: never) => void>();

  constructor() {
    const scope: PushScope = {
      addEventListener: (type: string, listener: (event: never) => void) => void this.#listeners.set(type, listener),
      clients: {
        matchAll: async () =>
          this.windows.map((window) => ({
            ...window,
            postMessage: (message: unknown) => void this.said.push(message),
            focus: async () => void this.focused++,
          })),
        openWindow: async (url: string) => void this.opened.push(url),
      },
      registration: {
        pushManager: {} as PushManager,
        showNotification: async (title: string, options: object) => void this.shown.push({ title, options: { ...options } }),
        getNotifications: async () => [],
      },
    };
    hearPushes(scope, '/unit/', (incident) => (incident === null ? '/unit/' : `/unit/#/task/${incident}`));
  }

  async event(type: string, event: object): Promise<void> {
    let work: Promise<unknown> = Promise.resolve();
    this.#listeners.get(type)!({ ...event, waitUntil: (promise: Promise<unknown>) => (work = promise) } as never);
    await work;
  }
  push = (message: unknown) => this.event('push', { data: { json: () => message } });
  press = (data: unknown) => this.event('notificationclick', { notification: { data, close: () => undefined } });
}

describe('the worker', () => {
  it('shows a ring also over a page that should have it, and has that page read anew', async () => {
    const worker = new FakeWorker();
    worker.windows = [{ url: 'https://fengming.example/unit/#/', visibilityState: 'visible' }];
    await worker.push(ring());
    expect(worker.shown).toMatchObject([{ options: { tag: ASSIGNMENT, requireInteraction: true, renotify: true, silent: false } }]);
    expect(worker.said).toEqual([{ type: 'pushed', message: ring() }]);
  });

  it('leaves a notice to the page that somebody looks at', async () => {
    const worker = new FakeWorker();
    worker.windows = [{ url: 'https://fengming.example/unit/#/', visibilityState: 'visible' }];
    await worker.push(notice);
    expect(worker.shown).toEqual([]);
    worker.windows = [{ url: 'https://fengming.example/field/#/', visibilityState: 'visible' }];
    await worker.push(notice);
    expect(worker.shown).toHaveLength(1);
  });

  it('is not brought down by what is no message', async () => {
    const worker = new FakeWorker();
    await worker.event('push', { data: null });
    await worker.event('push', {
      data: {
        json: () => {
          throw new SyntaxError('no JSON');
        },
      },
    });
    expect(worker.shown).toEqual([]);
  });

  it('opens the page at the incident, or brings the one that is open to the front', async () => {
    const worker = new FakeWorker();
    await worker.press({ incident: INCIDENT });
    expect(worker.opened).toEqual([`/unit/#/task/${INCIDENT}`]);
    worker.windows = [{ url: 'https://fengming.example/unit/', visibilityState: 'hidden' }];
    await worker.press({ incident: INCIDENT });
    expect(worker.opened).toHaveLength(1);
    expect(worker.focused).toBe(1);
    expect(worker.said).toEqual([{ type: 'open', incident: INCIDENT }]);
  });
});
