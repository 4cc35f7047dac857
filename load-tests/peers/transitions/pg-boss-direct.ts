/** Peer: pg-boss without its workers. The caller sends each step, fetches it and completes it itself: no polling, no NOTIFY, three statements. */
import { PgBoss } from 'pg-boss';
import type pg from 'pg';
import { serveParent } from '../child.ts';
import { closedLoop } from '../measure.ts';
import { STEPS } from './walk.ts';

const QUEUE = 'direct';

let boss: PgBoss;
const steps = new Map<number, number>();

serveParent({
  async open({ host, port, user, database }: pg.ClientConfig) {
    const login = { host: host!, port: port!, user: user!, database: database! };
    boss = new PgBoss({ ...login, max: 16, supervise: false, schedule: false });
    boss.on('error', (error) => console.error('pg-boss:', error.message));
    await boss.start();
    await boss.createQueue(QUEUE);
  },
  run: ({ callers, warmMs, ms }: { callers: number; warmMs: number; ms: number }) =>
    closedLoop(callers, warmMs, ms, async (k) => {
      const step = steps.get(k) ?? 0;
      await boss.send(QUEUE, { k, step: STEPS[step]! });
      const [job] = await boss.fetch(QUEUE, { batchSize: 1 });
      if (job !== undefined) await boss.complete(QUEUE, job.id);
      steps.set(k, (step + 1) % STEPS.length);
      return job !== undefined;
    }),
  close: () => boss.stop({ graceful: false }),
});
