/** 轮到我: whether an incident waits for this person’s place to act, or for this person’s answer. Pure. */
import { placeOf } from '../../../src/dispatch/chain/tells.ts';
import type { Actor } from '../../../src/identity/actor.ts';
import type { Me } from '../../shared/types.ts';
import { openActions, type Movable } from '../moves/actions.ts';

/** What somebody asked and waits for. */
const ANSWERS: ReadonlySet<string> = new Set(['reply', 'answerReview', 'answerExtension', 'confirmForceClose']);

export function isMyTurn(incident: Movable & { readonly holder?: string | null }, me: Me | null, now: number): boolean {
  if (me === null) return false;
  const place = placeOf(me as Actor);
  if (incident.holder != null && incident.holder === place) return true;
  const open = openActions(incident, me, now);
  return open.some((action) => ANSWERS.has(action)) || (incident.arbitration?.state === 'pending' && open.includes('arbitrate'));
}
