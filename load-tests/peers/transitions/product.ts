/** Contender: our core. Desk, rules, hash chain, journal, gapless seq, keys; every column and index of the product. */
import type pg from 'pg';
import { checkLog } from '../../../src/dispatch/check.ts';
import { serveParent } from '../child.ts';
import { closedLoop } from '../measure.ts';
import { openCore, walkDesk, type RunningCore } from './core.ts';

let running: RunningCore;
let step: (k: number) => Promise<boolean>;

serveParent({
  async open(config: pg.ClientConfig) {
    running = await openCore(config);
    step = walkDesk(running);
  },
  run: ({ callers, warmMs, ms }: { callers: number; warmMs: number; ms: number }) => closedLoop(callers, warmMs, ms, step),
  /** What is wrong with the log after it all: has to be nothing. */
  prove: () => checkLog(running.db),
  close: () => running.stop(),
});
