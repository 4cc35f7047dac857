/** The little of a browser that the pages' own files ask for, for specs that run without one. A page is opened by importing its files after `openPage`. */
import { vi } from 'vitest';
// Before there is a document: Vue looks for one when it is loaded, and would take this one for real.
import 'vue';

type Answer = Response | Promise<Response>;
interface Asked {
  readonly method: string;
  readonly path: string;
  readonly key: string | null;
  readonly body: unknown;
}

export function memoryStorage(): Storage {
  const kept = new Map<string, string>();
  return {
    get length() {
      return kept.size;
    },
    clear: () => kept.clear(),
    key: (i) => [...kept.keys()][i] ?? null,
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
  };
}

/** What a browser keeps when a page is closed: hand the same to the next page. */
export interface Device {
  readonly localStorage: Storage;
  readonly sessionStorage: Storage;
}
export const newDevice = (): Device => ({ localStorage: memoryStorage(), sessionStorage: memoryStorage() });

export const json = (body: unknown, status = 200): Response =>
  new Response(status === 204 ? null : JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } });

export function openPage(device: Device, service: (asked: Asked) => Answer = () => Promise.reject(new TypeError('no network'))) {
  vi.resetModules();
  const listeners = new Map<string, Set<(event: unknown) => void>>();
  const listen = {
    addEventListener: (name: string, listener: (event: unknown) => void) =>
      void listeners.set(name, new Set([...(listeners.get(name) ?? []), listener])),
    removeEventListener: (name: string, listener: (event: unknown) => void) => void listeners.get(name)?.delete(listener),
  };
  const page = {
    asked: [] as Asked[],
    /** Where it was sent to. */
    went: [] as string[],
    service,
    fire: (name: string, event: object = {}) => [...(listeners.get(name) ?? [])].forEach((listener) => listener(event)),
  };
  vi.stubGlobal('localStorage', device.localStorage);
  vi.stubGlobal('sessionStorage', device.sessionStorage);
  vi.stubGlobal('document', { ...listen, documentElement: { lang: 'zh-CN' }, visibilityState: 'visible', activeElement: null });
  vi.stubGlobal('addEventListener', listen.addEventListener);
  vi.stubGlobal('removeEventListener', listen.removeEventListener);
  const go = (url: string) => void page.went.push(url);
  vi.stubGlobal('location', { pathname: '/here/', search: '', hash: '', assign: go, replace: go, reload: () => go('reload') });
  vi.stubGlobal('fetch', async (url: string, init: RequestInit = {}) => {
    const asked: Asked = {
      method: init.method ?? 'GET',
      path: url.replace('/api/v1', ''),
      key: new Headers(init.headers).get('idempotency-key'),
      body: typeof init.body === 'string' ? JSON.parse(init.body) : undefined,
    };
    page.asked.push(asked);
    return page.service(asked);
  });
  return page;
}

/** Everything that is under way without a timer. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 40; i++) await Promise.resolve();
}
