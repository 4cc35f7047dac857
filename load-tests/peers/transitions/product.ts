/** Contender: our core. Desk, rules, hash chain, journal, gapless seq, keys; every column and index of the product. */
import type pg from 'pg';
import { checkLog } from '../../../src/dispatch/check.ts';
import type { Answer } from '../../../src/dispatch/answer.ts';
import type { Incident } from '../../../src/dispatch/chain/incident.ts';
import { serveParent } from '../child.ts';
import { closedLoop } from '../measure.ts';
import { openCore, type RunningCore } from './core.ts';
import { commandOf, newKey, postsOf, Walkers } from './walk.ts';

let running: RunningCore;
let walkers: Walkers<Incident>;

function incidentOf(answer: Answer): Incident {
  if (!answer.ok) throw new Error(`refused: ${JSON.stringify(answer.refusal)}`);
  return answer.incident;
}

const step = (k: number): Promise<boolean> =>
  walkers.step(k, async (at, incident, post) => {
    const { desk } = running.core;
    if (incident === null) return incidentOf(await desk.report(post.report, post.gridWorker, newKey()));
    const [command, actor] = commandOf(at, incident, post);
    return incidentOf(await desk.move(incident.id, command, actor, newKey(), incident.version));
  });

serveParent({
  async open(config: pg.ClientConfig) {
    running = await openCore(config);
    walkers = new Walkers(postsOf(running.reference));
  },
  run: ({ callers, warmMs, ms }: { callers: number; warmMs: number; ms: number }) => closedLoop(callers, warmMs, ms, step),
  /** What is wrong with the log after it all: has to be nothing. */
  prove: () => checkLog(running.db),
  close: () => running.stop(),
});
