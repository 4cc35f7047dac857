/** The product's deadlines: from the start of the process to the last move on disk. */
import type pg from 'pg';
import { openCore, type RunningCore } from '../transitions/core.ts';
import { serveParent } from '../child.ts';
import { sleep } from '../measure.ts';
import { dueAt, LagCounter, PATIENCE_MS, type Due } from './lags.ts';

let running: RunningCore;
let counter: LagCounter;
/** From the start of the process until all that is due soon was in memory: nothing is late from then on. */
let readyMs: number;
/** And until all were. */
let allMs: number;

serveParent({
  async open({ config, due, first }: { config: pg.ClientConfig; due: Due; first: number }) {
    running = await openCore(config);
    counter = new LagCounter(due.count, (n) => dueAt(due, n));
    // The first rung of the ladder reminds whoever holds the incident.
    running.core.onCommit((moves) => {
      const atMs = running.clock.now().getTime();
      for (const { incident, verb } of moves) if (verb === 'urge') counter.fired(Number.parseInt(incident.slice(24), 16) - first, atMs);
    });
    const { all } = await running.core.fireDeadlines();
    readyMs = performance.now();
    await all;
    allMs = performance.now();
  },
  ready: async () => ({ readyMs, allMs }),
  async run(due: Due) {
    await sleep(Math.max(0, due.fromMs - Date.now()));
    process.send!({ type: 'measuring', moment: 'begin' });
    const before = process.cpuUsage();
    while (!counter.complete && Date.now() < dueAt(due, due.count) + PATIENCE_MS) await sleep(50);
    const { user, system } = process.cpuUsage(before);
    process.send!({ type: 'measuring', moment: 'end' });
    return { ...counter.result(), ownUs: user + system };
  },
  close: () => running.stop(),
});
