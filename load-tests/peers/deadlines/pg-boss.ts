/** Peer: pg-boss with delayed jobs, polling as often as it can. Lag to the start of the handler; that the job is marked complete comes after. */
import { PgBoss } from 'pg-boss';
import type pg from 'pg';
import { serveParent } from '../child.ts';
import { sleep } from '../measure.ts';
import { dueAt, LagCounter, PATIENCE_MS, type Due } from './lags.ts';

const QUEUE = 'deadline';
const BATCH = 5_000;
const POLL_S = 0.5;

let boss: PgBoss;
let counter: LagCounter;

const insert = async (count: number, job: (n: number) => { data: { n: number }; startAfter: Date }): Promise<void> => {
  for (let from = 0; from < count; from += BATCH) {
    await boss.insert(
      QUEUE,
      Array.from({ length: Math.min(BATCH, count - from) }, (_, i) => job(from + i)),
    );
  }
};

serveParent({
  async open({ config, pending }: { config: pg.ClientConfig; pending: number }) {
    const { host, port, user, database } = config;
    boss = new PgBoss({ host: host!, port: port!, user: user!, database: database!, max: 8, supervise: false, schedule: false });
    boss.on('error', (error) => console.error('pg-boss:', error.message));
    await boss.start();
    await boss.createQueue(QUEUE);
    const later = Date.now() + 86_400_000;
    await insert(pending, (n) => ({ data: { n: -1 }, startAfter: new Date(later + n) }));
    return 0;
  },
  due: (due: Due) => insert(due.count, (n) => ({ data: { n }, startAfter: new Date(dueAt(due, n)) })),
  async run(due: Due) {
    counter = new LagCounter(due.count, (n) => dueAt(due, n));
    await boss.work<{ n: number }>(QUEUE, { batchSize: 1_000, pollingIntervalSeconds: POLL_S }, async (jobs) => {
      const atMs = Date.now();
      for (const { data } of jobs) if (data.n >= 0) counter.fired(data.n, atMs);
    });
    await sleep(Math.max(0, due.fromMs - Date.now()));
    process.send!({ type: 'measuring', moment: 'begin' });
    const before = process.cpuUsage();
    while (!counter.complete && Date.now() < dueAt(due, due.count) + PATIENCE_MS) await sleep(50);
    const { user, system } = process.cpuUsage(before);
    process.send!({ type: 'measuring', moment: 'end' });
    await boss.offWork(QUEUE);
    return { ...counter.result(), ownUs: user + system };
  },
  close: () => boss.stop({ graceful: false }),
});
