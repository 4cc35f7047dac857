/** 延期: asked before expiry, granted by another person. */
import type { Actor } from '../../identity/actor.ts';
import { recountedAssignments } from './assignments.ts';
import { extended, iso } from './clocks.ts';
import type { Command } from './commands.ts';
import type { Facts, Outcome } from './decision.ts';
import type { Clock, Incident, MovePayload } from './incident.ts';
import { placeOf } from './tells.ts';

/** Roles that answer; a unit or a community only asks. */
const GRANTS: ReadonlySet<string> = new Set(['subdistrict', 'district']);

export function askOrGrantExtension(
  incident: Incident,
  command: Extract<Command, { verb: 'extend' }>,
  actor: Actor,
  facts: Facts,
): Outcome {
  return command.grant === undefined ? ask(incident, command, actor, facts) : answer(incident, command.grant, command.reason, actor, facts);
}

function ask(incident: Incident, command: Extract<Command, { verb: 'extend' }>, actor: Actor, facts: Facts): Outcome {
  const { step } = incident.clocks;
  if (command.by === undefined) return { code: 'missing-field', field: 'by' };
  if (command.reason === undefined) return { code: 'missing-field', field: 'reason' };
  if (incident.extensions >= facts.rules.extensions[incident.level]) return { code: 'extension-not-allowed' };
  if (incident.extensionAsked !== null) return { code: 'extension-already-asked' };
  if (step === null || facts.now >= new Date(step.dueAt)) return { code: 'already-overdue' };
  const place = placeOf(actor);
  return { to: incident.state, payload: { by: command.by, reason: command.reason, ...(place === null ? {} : { place }) } };
}

function answer(incident: Incident, grant: boolean, reason: string | undefined, actor: Actor, facts: Facts): Outcome {
  const asked = incident.extensionAsked;
  const { step } = incident.clocks;
  if (asked === null || step === null) return { code: 'extension-not-asked' };
  if (!GRANTS.has(actor.role)) return { code: 'not-yours', needs: ['subdistrict', 'district'] };
  if (asked.account === actor.account) return { code: 'second-person-needed' };
  // Graded up since it was asked for: what the new level never gets is not granted, only refused.
  if (grant && incident.extensions >= facts.rules.extensions[incident.level]) return { code: 'extension-not-allowed' };
  return {
    to: incident.state,
    payload: {
      grant,
      by: asked.byMs,
      ...(reason === undefined ? {} : { reason }),
      ...(grant ? granted(incident, step, asked.byMs, actor, facts) : {}),
    },
  };
}

/** Both clocks get it, and the lead's own time with the step's. */
function granted(incident: Incident, step: Clock, byMs: number, actor: Actor, { rules, now }: Facts): MovePayload {
  const place = placeOf(actor);
  const extension = { byMs, at: iso(now.getTime()), by: actor.account, ...(place === null ? {} : { place }) };
  const { total } = incident.clocks;
  const longer = extended(rules, step, extension, now);
  const changed = recountedAssignments(incident, incident.level, longer, rules).filter((a) => a.role === 'lead');
  return {
    step: longer,
    ...(total === null ? {} : { total: extended(rules, total, extension, now) }),
    ...(step.name === 'resolve' || changed.length === 0 ? {} : { changed }),
  };
}
