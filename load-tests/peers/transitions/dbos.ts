/**
 * Peer: DBOS. One durable workflow of five steps, run through in one go and counted as five: no step waits for a person, which favours DBOS
 * (with a durable message before each step it manages a third of it). It recovers workflows and retries steps.
 */
import { DBOS } from '@dbos-inc/dbos-sdk';
import pg from 'pg';
import { serveParent } from '../child.ts';
import { closedLoop } from '../measure.ts';
import { STEPS } from './walk.ts';

const walk = DBOS.registerWorkflow(
  async (k: number) => {
    for (const step of STEPS) await DBOS.runStep(async () => `${step} ${k}`, { name: step });
    return k;
  },
  { name: 'walk' },
);

serveParent({
  async open(config: pg.ClientConfig) {
    const systemDatabasePool = new pg.Pool({ ...config, max: 30 });
    systemDatabasePool.on('error', () => undefined);
    const at = new URLSearchParams({ host: config.host! });
    const systemDatabaseUrl = `postgres://${config.user}@localhost:${config.port}/${config.database}?${at}`;
    DBOS.setConfig({ name: 'peers', systemDatabaseUrl, systemDatabasePool, logLevel: 'error', runAdminServer: false });
    await DBOS.launch();
  },
  async run({ callers, warmMs, ms }: { callers: number; warmMs: number; ms: number }) {
    const round = await closedLoop(callers, warmMs, ms, async (k) => {
      const handle = await DBOS.startWorkflow(walk)(k);
      return (await handle.getResult()) === k;
    });
    const { length } = STEPS;
    return {
      ...round,
      units: round.units * length,
      nodeUs: round.nodeUs / length,
      p50Ms: round.p50Ms / length,
      p99Ms: round.p99Ms / length,
    };
  },
  close: () => DBOS.shutdown(),
});
