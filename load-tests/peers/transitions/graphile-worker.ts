/**
 * Peer: graphile-worker, with its local queue, which is its fastest setting. Each step is a job: the caller adds it, a worker is told by NOTIFY
 * and runs it. The caller's wait ends when the task has run; that the job is removed afterwards is not waited for. It also retries.
 */
import { Logger, makeWorkerUtils, run, runMigrations, type Runner, type WorkerUtils } from 'graphile-worker';
import pg from 'pg';
import { serveParent } from '../child.ts';
import { closedLoop } from '../measure.ts';
import { STEPS } from './walk.ts';

let pool: pg.Pool;
let runner: Runner;
let utils: WorkerUtils;
const waiting = new Map<number, () => void>();
const steps = new Map<number, number>();
const logger = new Logger(() => () => undefined);

serveParent({
  async open(config: pg.ClientConfig) {
    pool = new pg.Pool({ ...config, max: 30 });
    for (const event of ['error', 'connect'] as const) pool.on(event, () => undefined);
    await runMigrations({ pgPool: pool, logger });
    utils = await makeWorkerUtils({ pgPool: pool, logger });
    runner = await run({
      pgPool: pool,
      logger,
      noHandleSignals: true,
      preset: {
        worker: { concurrentJobs: 24, localQueue: { size: 500 }, completeJobBatchDelay: 0, failJobBatchDelay: 0, pollInterval: 2_000 },
      },
      taskList: {
        step: async (payload) => void setImmediate(() => waiting.get((payload as { k: number }).k)?.()),
      },
    });
  },
  run: ({ callers, warmMs, ms }: { callers: number; warmMs: number; ms: number }) =>
    closedLoop(callers, warmMs, ms, async (k) => {
      const step = steps.get(k) ?? 0;
      const handled = new Promise<void>((resolve) => waiting.set(k, resolve));
      await Promise.all([utils.addJob('step', { k, step: STEPS[step]! }), handled]);
      steps.set(k, (step + 1) % STEPS.length);
      return true;
    }),
  async close() {
    await runner.stop();
    await utils.release();
    await pool.end();
  },
});
