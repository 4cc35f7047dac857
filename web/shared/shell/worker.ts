/**
 * Keeps a page's own files on the device, so that it opens without a network: one service worker per page, made of this. Nothing of /api
 * is ever kept here: reports and presses wait in IndexedDB, and so does reference data. One cache per build, named by its hash; the
 * old one goes when the new worker takes over. A new worker waits until its page says so, because taking over means a reload: `update.ts`
 * decides when.
 */
import type { ToWorker } from './messages.ts';

interface Waits {
  waitUntil(work: Promise<unknown>): void;
}
interface Asked extends Waits {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}
interface Told extends Waits {
  readonly data: ToWorker;
  readonly ports: readonly MessagePort[];
}
/** The part of ServiceWorkerGlobalScope that is used: its types and those of a page exclude each other in one program. */
export interface WorkerScope {
  addEventListener(type: 'install' | 'activate', listener: (event: Waits) => void): void;
  addEventListener(type: 'fetch', listener: (event: Asked) => void): void;
  addEventListener(type: 'message', listener: (event: Told) => void): void;
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
}

/** Filled in by the build (`plugin.ts`): the page's address, and every file that it can ever ask for. */
declare const __SHELL__: { readonly page: string; readonly version: string; readonly files: readonly string[] };

/** Serves the page and its files from the device. Called once, by the page's own worker. */
export function keepShell(worker: WorkerScope): void {
  const { page: PAGE, version, files } = __SHELL__;
  const prefix = `${PAGE.replaceAll('/', '')}-`;
  const CACHE = `${prefix}${version}`;
  const known = new Set(files);

  /** All or nothing: a shell with a hole would open to a blank page. Past the HTTP cache, which may hold a page of the build before. */
  async function fill(): Promise<void> {
    const cache = await caches.open(CACHE);
    await cache.addAll(files.map((file) => new Request(file, { cache: 'reload' })));
  }

  async function tidy(): Promise<void> {
    const names = await caches.keys();
    await Promise.all(names.filter((name) => name.startsWith(prefix) && name !== CACHE).map((name) => caches.delete(name)));
    await worker.clients.claim();
  }

  /** The page itself: from the network when there is one, so that a new build shows at once. */
  async function page(request: Request): Promise<Response> {
    const kept = () => caches.match(PAGE, { cacheName: CACHE });
    try {
      const answer = await fetch(request);
      return answer.ok ? answer : ((await kept()) ?? answer);
    } catch {
      return (await kept()) ?? Response.error();
    }
  }

  /** Named by content, so what is kept is right for ever. */
  async function file(request: Request): Promise<Response> {
    return (await caches.match(request, { cacheName: CACHE, ignoreSearch: true })) ?? fetch(request);
  }

  worker.addEventListener('install', (event) => event.waitUntil(fill()));
  worker.addEventListener('activate', (event) => event.waitUntil(tidy()));
  worker.addEventListener('message', (event) => {
    const { data, ports } = event;
    if (data.type === 'take-over') event.waitUntil(worker.skipWaiting());
    if (data.type === 'is-yours') ports[0]?.postMessage(data.files.every((name) => known.has(name)));
  });
  worker.addEventListener('fetch', (event) => {
    const { request } = event;
    const url = new URL(request.url);
    if (request.method !== 'GET' || url.origin !== location.origin) return;
    if (request.mode === 'navigate') {
      if (url.pathname.startsWith(PAGE) && isAddress(url.pathname)) event.respondWith(page(request));
    } else if (known.has(url.pathname)) {
      event.respondWith(file(request));
    }
  });
}

/** Addresses below the page are the page's; a name with a dot is a file. */
const isAddress = (path: string) => !path.slice(path.lastIndexOf('/')).includes('.') || path.endsWith('/index.html');
