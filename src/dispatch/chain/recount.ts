/** What a recount would do to an incident: the very decision that the desk would write, so that a preview and what then happens are the same. Pure. */
import { systemActor } from '../../identity/actor.ts';
import { decide } from './decide.ts';
import type { Incident } from './incident.ts';
import type { Rules } from './levels.ts';

/** The incident after a recount by these rules; null where nothing changes, and where it has ended. */
export function afterRecount(incident: Incident, rules: Rules, now: Date): Incident | null {
  const facts = { now, rules, units: new Map(), newIds: [] };
  const decision = decide(incident, { verb: 'comment', recount: true }, systemActor(incident.district), facts);
  return decision.ok ? decision.next : null;
}
