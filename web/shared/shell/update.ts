/**
 * Takes a new build: at once when nothing would be disturbed, else when that is over or the person says so. A page is never loaded anew
 * under somebody's hands.
 */
import { ref, watch, type Ref } from 'vue';
import { held, keepAll, unkeepable } from './held.ts';
import type { ToWorker } from './messages.ts';
import { newBuildIsWhy } from './missing-piece.ts';

/** There is a newer build, and something is being typed. */
export const newVersion: Ref<boolean> = ref(false);

/** A page that stays open for days asks by itself; a browser does so only when it is opened. */
const ASK_EVERY_MS = 60 * 60_000;
/** Coming back to the page asks too, but not at each glance. */
const GLANCE_MS = 5 * 60_000;
const ANSWER_MS = 2_000;
/** Under it this tab remembers the build that it gave up over a missing piece. */
const LOADED_ANEW = 'shell.missing';

let waiting: ServiceWorker | null = null;
/** The page is of an older build than the worker that serves it. */
let outdated = false;
/** This page has asked for the reload that is coming. */
let reloading = false;

/** Registers the page's worker and follows its builds. Without service workers the page is what the network gives. */
export function followVersions(page: '/field/' | '/unit/'): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  const { serviceWorker } = navigator;
  // The first worker of a device takes over a page that is its own; only a change of workers is another build.
  let served = serviceWorker.controller !== null;
  serviceWorker.addEventListener('controllerchange', () => {
    if (served) void servedByAnother();
    served = true;
  });
  watch(held, (isHeld) => !isHeld && newVersion.value && void takeNewVersion());
  addEventListener('vite:preloadError', () => void pieceMissing());
  void serviceWorker
    .register(`${page}sw.js`, { scope: page })
    .then(follow)
    .catch(() => undefined);
}

function follow(registration: ServiceWorkerRegistration): void {
  if (registration.waiting) void arrived(registration.waiting);
  registration.addEventListener('updatefound', () => {
    const next = registration.installing;
    next?.addEventListener('statechange', () => {
      if (next.state === 'installed' && navigator.serviceWorker.controller) void arrived(next);
    });
  });
  let askedAt = performance.now();
  const ask = (atLeastMs: number) => {
    if (performance.now() - askedAt < atLeastMs) return;
    askedAt = performance.now();
    void registration.update().catch(() => undefined);
  };
  setInterval(() => ask(ASK_EVERY_MS), GLANCE_MS);
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && ask(GLANCE_MS));
  addEventListener('online', () => ask(0));
}

/** A worker is there and waits. A page that the network gave may be of its build already: then nothing is loaded anew. */
async function arrived(worker: ServiceWorker): Promise<void> {
  waiting = worker;
  outdated = !(await isOf(worker));
  if (outdated) offer();
  else worker.postMessage({ type: 'take-over' } satisfies ToWorker);
}

/** Another tab has let a new worker in. */
async function servedByAnother(): Promise<void> {
  waiting = null;
  if (reloading) location.reload();
  else if (outdated || !(await isOf(navigator.serviceWorker.controller))) {
    outdated = true;
    offer();
  }
}

/** A piece of the page did not come: the service may have only the newer build's, or the network is bad. */
async function pieceMissing(): Promise<void> {
  const isOld = outdated || !(await isOf(navigator.serviceWorker.controller));
  const build = filesOfPage().join();
  if (newBuildIsWhy({ online: navigator.onLine, isOld, build, loadedAnewFor: sessionStorage.getItem(LOADED_ANEW) })) {
    sessionStorage.setItem(LOADED_ANEW, build);
    outdated = true;
    return offer();
  }
  // If there is a newer one, it says so itself once it has come.
  const registration = await navigator.serviceWorker.getRegistration();
  await registration?.update().catch(() => undefined);
}

function offer(): void {
  newVersion.value = true;
  if (!held.value) void takeNewVersion();
}

/** Keeps what is typed and loads the new build. Nothing happens when it cannot be kept. */
export async function takeNewVersion(): Promise<void> {
  if (reloading || unkeepable.value) return;
  reloading = true;
  try {
    await keepAll();
  } catch {
    reloading = false;
    return;
  }
  // The reload follows when the worker has taken over.
  if (waiting) waiting.postMessage({ type: 'take-over' } satisfies ToWorker);
  else location.reload();
}

/** Whether the page runs the build that this worker keeps: by the scripts and styles that it was loaded with. */
function isOf(worker: ServiceWorker | null): Promise<boolean> {
  if (!worker) return Promise.resolve(true);
  const files = filesOfPage();
  return new Promise((done) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = (answer) => done(answer.data === true);
    // An older worker does not know the question.
    setTimeout(() => done(false), ANSWER_MS);
    worker.postMessage({ type: 'is-yours', files } satisfies ToWorker, [port2]);
  });
}

/** Scripts and styles that the page was loaded with, by path. */
function filesOfPage(): string[] {
  const parts = document.querySelectorAll<HTMLScriptElement | HTMLLinkElement>('script[src], link[rel="stylesheet"]');
  return [...parts].map((part) => new URL('src' in part ? part.src : part.href).pathname);
}
