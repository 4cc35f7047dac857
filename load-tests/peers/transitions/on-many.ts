/** The core on incidents that are there already: callers comment, on the newest ten thousand or on any. */
import type pg from 'pg';
import type { Actor } from '../../../src/identity/actor.ts';
import { serveParent } from '../child.ts';
import { DISTRICT } from '../cluster.ts';
import { closedLoop } from '../measure.ts';
import { openCore, type RunningCore } from './core.ts';
import { filledId } from './fill.ts';
import { newKey } from './walk.ts';

const RECENT = 10_000;
const PAGE = 1_000;
const centre: Actor = { account: `district.${DISTRICT}`, role: 'district', district: DISTRICT };

let running: RunningCore;
let incidents = 0;

/** Far from each other, and none twice until all were. @param n  counts up. */
function pick(n: number, from: number, count: number): number {
  // A prime that divides none of the counts: every one comes once in `count` steps.
  return from + ((n * 7_368_787) % count);
}

let asked = 0;

/** As a node that has been up for a while has them. */
async function remember(from: number, count: number): Promise<void> {
  for (let at = 0; at < count; at += PAGE) {
    await running.core.desk.prefetch(Array.from({ length: Math.min(PAGE, count - at) }, (_, i) => filledId(from + at + i)));
  }
}

serveParent({
  async open({ config, count }: { config: pg.ClientConfig; count: number }) {
    running = await openCore(config);
    incidents = count;
  },
  async run({ callers, warmMs, ms, spread }: { callers: number; warmMs: number; ms: number; spread: 'recent' | 'all' }) {
    const count = spread === 'recent' ? Math.min(RECENT, incidents) : incidents;
    if (spread === 'recent') await remember(incidents - count, count);
    return closedLoop(callers, warmMs, ms, async () => {
      const id = filledId(pick(asked++, incidents - count, count));
      const answer = await running.core.desk.move(id, { verb: 'comment', text: '现场已围挡，等待材料到场后施工' }, centre, newKey());
      return answer.ok;
    });
  },
  close: () => running.stop(),
});
