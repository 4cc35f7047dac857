/**
 * 共建共治 on the phones of grid workers: that a need or an activity which they may read has changed. A frame and no notice: their inbox holds what
 * they must go and look at, and this is read by whoever has its page open.
 */
import { mayReadWork } from '../cobuild/chain/scope.ts';
import type { WorkItem } from '../cobuild/chain/work.ts';
import { encodeFrame } from './encode.ts';
import type { Hub } from './hub.ts';

/** More at once, as after an import, are not named: the page reads everything again anyway. [ours] */
const MOST_NAMED = 100;

/** Also to those who still catch up: the frame stands in no run of moves, and without it they would not read again. */
export function sendCobuildWork(hub: Pick<Hub, 'audiences' | 'control'>, district: number, changes: readonly WorkItem[]): void {
  for (const { actor, followers } of hub.audiences()) {
    if (actor.role !== 'gridWorker' || actor.district !== district) continue;
    const items = changes.filter(({ place }) => mayReadWork(actor, place)).map(({ kind, code }) => ({ kind, code }));
    if (items.length === 0) continue;
    const frame = encodeFrame({ type: 'work', items: items.length > MOST_NAMED ? [] : items });
    for (const follower of followers) hub.control(follower, [frame]);
  }
}
