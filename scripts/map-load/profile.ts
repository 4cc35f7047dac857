/** What the page's main thread was busy with while something was done: all the time, and while a key would have had to wait. */
import type { Page } from 'playwright';

const FUNCTIONS = 20;
const TASKS = 6;
/** Callers that are told of one place in a long task. */
const CALLERS = 8;

interface Sample {
  /** Of the page's clock, ms. */
  readonly at: number;
  readonly ms: number;
  readonly node: number;
}
interface Node {
  readonly name: string;
  readonly parent: number | null;
}

/** @returns the functions that took most by themselves, in all and within long tasks, and the stack that the longest tasks spent most in. */
export async function profile(page: Page, work: () => Promise<unknown>): Promise<string> {
  const session = await page.context().newCDPSession(page);
  await session.send('Profiler.enable');
  await session.send('Profiler.setSamplingInterval', { interval: 500 });
  await session.send('Profiler.start');
  const from = await page.evaluate<number>('performance.now()');
  await work();
  const { profile: taken } = await session.send('Profiler.stop');
  const tasks = await page.evaluate<{ startTime: number; duration: number }[]>(`window.__tasks.filter((t) => t.startTime >= ${from})`);
  await session.detach();

  const nodes = new Map<number, Node>();
  for (const { id, callFrame, children } of taken.nodes) {
    const { functionName, url, lineNumber, columnNumber } = callFrame;
    const place = url ? ` ${url.split('/').at(-1)}:${lineNumber + 1}:${columnNumber + 1}` : '';
    nodes.set(id, { name: `${functionName || '(anonymous)'}${place}`, parent: nodes.get(id)?.parent ?? null });
    for (const child of children ?? []) nodes.set(child, { name: nodes.get(child)?.name ?? '', parent: id });
  }
  // Both clocks count from other instants: they are laid together where the profile began.
  let at = from;
  const samples = (taken.samples ?? []).map((node, i): Sample => {
    const ms = (taken.timeDeltas?.[i] ?? 0) / 1_000;
    at += ms;
    return { at, ms, node };
  });
  const during = ({ startTime, duration }: { startTime: number; duration: number }) =>
    samples.filter((s) => s.at >= startTime && s.at < startTime + duration);
  const longest = [...tasks].sort((a, b) => b.duration - a.duration).slice(0, TASKS);
  return [
    `all of it:\n${selfTimes(samples, nodes)}`,
    `in ${tasks.length} long tasks:\n${selfTimes(tasks.flatMap(during), nodes)}`,
    ...longest.map((task) => `${Math.round(task.duration)} ms: ${busiest(during(task), nodes)}`),
  ].join('\n\n');
}

const IDLE = /^\((idle|program)\)/;

function selfTimes(samples: readonly Sample[], nodes: ReadonlyMap<number, Node>): string {
  const own = new Map<string, number>();
  for (const { node, ms } of samples) {
    const name = nodes.get(node)?.name ?? '';
    if (name !== '(idle)') own.set(name, (own.get(name) ?? 0) + ms);
  }
  return [...own]
    .sort((a, b) => b[1] - a[1])
    .slice(0, FUNCTIONS)
    .map(([name, ms]) => `${ms.toFixed(0).padStart(6)} ms  ${name}`)
    .join('\n');
}

/** From the function that the task spent most in to its callers. */
function busiest(samples: readonly Sample[], nodes: ReadonlyMap<number, Node>): string {
  const own = new Map<number, number>();
  for (const { node, ms } of samples) if (!IDLE.test(nodes.get(node)?.name ?? '')) own.set(node, (own.get(node) ?? 0) + ms);
  const [most] = [...own].sort((a, b) => b[1] - a[1]);
  if (!most) return 'not by JavaScript';
  const stack: string[] = [];
  for (let id: number | null = most[0]; id !== null && stack.length < CALLERS; id = nodes.get(id)?.parent ?? null)
    stack.push(nodes.get(id)!.name);
  return `${most[1].toFixed(0)} ms in ${stack.join(' < ')}`;
}
