/** The core as in `product.ts`, with what follows the log behind it (search, deadlines) but nobody to push to: what `with-push.ts` is compared with. */
import type pg from 'pg';
import { serveParent } from '../child.ts';
import { closedLoop } from '../measure.ts';
import { openCore, walkDesk, type RunningCore } from './core.ts';

let running: RunningCore;
let step: (k: number) => Promise<boolean>;

serveParent({
  async open(config: pg.ClientConfig) {
    running = await openCore(config);
    const { core } = running;
    core.onCommit((moves) => core.noticed(moves));
    step = walkDesk(running);
  },
  run: ({ callers, warmMs, ms }: { callers: number; warmMs: number; ms: number }) => closedLoop(callers, warmMs, ms, step),
  close: () => running.stop(),
});
