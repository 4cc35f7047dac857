/**
 * Peer: pg-boss. Each step is a job: the caller sends it, a worker is told by NOTIFY and handles it. The caller's wait ends when the handler
 * has run; that the job is marked complete afterwards is not waited for, which favours pg-boss. It also retries and keeps failed jobs.
 */
import { PgBoss } from 'pg-boss';
import type pg from 'pg';
import { serveParent } from '../child.ts';
import { closedLoop } from '../measure.ts';
import { STEPS } from './walk.ts';

const QUEUE = 'step';
const WORKERS = 4;
/** Seconds: the least it takes. */
const POLL_S = 0.5;

let boss: PgBoss;
const waiting = new Map<number, () => void>();
const steps = new Map<number, number>();

serveParent({
  async open({ host, port, user, database }: pg.ClientConfig) {
    const login = { host: host!, port: port!, user: user!, database: database! };
    boss = new PgBoss({ ...login, max: 16, useListenNotify: true, supervise: false, schedule: false });
    boss.on('error', (error) => console.error('pg-boss:', error.message));
    await boss.start();
    await boss.createQueue(QUEUE, { notify: true });
    for (let i = 0; i < WORKERS; i++) {
      await boss.work<{ k: number }>(
        QUEUE,
        { batchSize: 100, pollingIntervalSeconds: POLL_S, notifyPollingIntervalSeconds: POLL_S },
        async (jobs) => {
          for (const { data } of jobs) setImmediate(() => waiting.get(data.k)?.());
        },
      );
    }
  },
  run: ({ callers, warmMs, ms }: { callers: number; warmMs: number; ms: number }) =>
    closedLoop(callers, warmMs, ms, async (k) => {
      const step = steps.get(k) ?? 0;
      const handled = new Promise<void>((resolve) => waiting.set(k, resolve));
      await Promise.all([boss.send(QUEUE, { k, step: STEPS[step]! }), handled]);
      steps.set(k, (step + 1) % STEPS.length);
      return true;
    }),
  close: () => boss.stop({ graceful: false }),
});
