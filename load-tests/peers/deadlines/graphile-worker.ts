/** Peer: graphile-worker with jobs that run later. Lag to the start of the task; that the job is removed comes after. `POLL_MS`: how often it looks. */
import { Logger, makeWorkerUtils, run, runMigrations, type WorkerUtils } from 'graphile-worker';
import pg from 'pg';
import { serveParent } from '../child.ts';
import { sleep } from '../measure.ts';
import { dueAt, LagCounter, PATIENCE_MS, type Due } from './lags.ts';

const BATCH = 5_000;
const POLL_MS = Number(process.env.POLL_MS);

let pool: pg.Pool;
let utils: WorkerUtils;
let counter: LagCounter;
const logger = new Logger(() => () => undefined);

const insert = async (count: number, job: (n: number) => { payload: { n: number }; runAt: Date }): Promise<void> => {
  for (let from = 0; from < count; from += BATCH) {
    await utils.addJobs(Array.from({ length: Math.min(BATCH, count - from) }, (_, i) => ({ identifier: 'deadline', ...job(from + i) })));
  }
};

serveParent({
  async open({ config, pending }: { config: pg.ClientConfig; pending: number }) {
    pool = new pg.Pool({ ...config, max: 30 });
    for (const event of ['error', 'connect'] as const) pool.on(event, () => undefined);
    await runMigrations({ pgPool: pool, logger });
    utils = await makeWorkerUtils({ pgPool: pool, logger });
    const later = Date.now() + 86_400_000;
    await insert(pending, (n) => ({ payload: { n: -1 }, runAt: new Date(later + n) }));
    await pool.query('analyze');
    return 0;
  },
  due: (due: Due) => insert(due.count, (n) => ({ payload: { n }, runAt: new Date(dueAt(due, n)) })),
  async run(due: Due) {
    counter = new LagCounter(due.count, (n) => dueAt(due, n));
    const runner = await run({
      pgPool: pool,
      logger,
      noHandleSignals: true,
      preset: {
        worker: {
          concurrentJobs: 24,
          pollInterval: POLL_MS,
          completeJobBatchDelay: 0,
          ...(POLL_MS > 1_000 ? { localQueue: { size: 500 } } : {}),
        },
      },
      taskList: {
        deadline: async (payload) => {
          const { n } = payload as { n: number };
          if (n >= 0) counter.fired(n, Date.now());
        },
      },
    });
    await sleep(Math.max(0, due.fromMs - Date.now()));
    process.send!({ type: 'measuring', moment: 'begin' });
    const before = process.cpuUsage();
    while (!counter.complete && Date.now() < dueAt(due, due.count) + PATIENCE_MS) await sleep(50);
    const { user, system } = process.cpuUsage(before);
    process.send!({ type: 'measuring', moment: 'end' });
    await runner.stop();
    return { ...counter.result(), ownUs: user + system };
  },
  async close() {
    await utils.release();
    await pool.end();
  },
});
