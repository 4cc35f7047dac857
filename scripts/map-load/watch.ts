/** What is measured inside the page: long tasks, frames and memory, by what the person was doing at the time. */
import type { Page } from 'playwright';

export interface Phase {
  readonly name: string;
  /** Milliseconds. */
  readonly longest: number;
  /** Tasks over 50 ms, the platform's own limit of a long task. */
  readonly longTasks: number;
  /** Time in them, ms. */
  readonly blocked: number;
  readonly seconds: number;
  readonly framesPerSecond: number;
  /** JavaScript heap at its end, MB. */
  readonly heapMb: number;
  /** How often the map was told of changes. */
  readonly updates: number;
}

/** Runs in the page before anything else of it. */
export const OBSERVE = `
  window.__tasks = [];
  window.__frames = 0;
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) window.__tasks.push({ startTime, duration });
  }).observe({ type: 'longtask', buffered: true });
  const frame = () => ((window.__frames += 1), requestAnimationFrame(frame));
  requestAnimationFrame(frame);`;

interface Seen {
  readonly now: number;
  readonly frames: number;
  readonly updates: number;
}
const see = (page: Page) =>
  page.evaluate<Seen>(`({
    now: performance.now(),
    frames: window.__frames,
    updates: Number(document.querySelector('.mapbox .canvas')?.dataset.updates ?? 0),
  })`);

/** @param does  what the person does meanwhile. */
export async function phase(page: Page, name: string, does: () => Promise<void>): Promise<Phase> {
  const before = await see(page);
  await does();
  const after = await see(page);
  return summary(page, name, before, after);
}

/** From the first byte of the page until now. */
export async function sinceLoad(page: Page, name: string): Promise<Phase> {
  return summary(page, name, { now: 0, frames: 0, updates: 0 }, await see(page));
}

async function summary(page: Page, name: string, before: Seen, after: Seen): Promise<Phase> {
  const tasks = await page.evaluate<number[]>(
    `window.__tasks.filter((t) => t.startTime >= ${before.now} && t.startTime < ${after.now}).map((t) => t.duration)`,
  );
  const session = await page.context().newCDPSession(page);
  const { usedSize } = (await session.send('Runtime.getHeapUsage')) as { usedSize: number };
  await session.detach();
  const seconds = (after.now - before.now) / 1_000;
  return {
    name,
    longest: Math.round(Math.max(0, ...tasks)),
    longTasks: tasks.length,
    blocked: Math.round(tasks.reduce((sum, t) => sum + t, 0)),
    seconds: Math.round(seconds),
    framesPerSecond: Math.round((after.frames - before.frames) / seconds),
    heapMb: Math.round(usedSize / 2 ** 20),
    updates: after.updates - before.updates,
  };
}
