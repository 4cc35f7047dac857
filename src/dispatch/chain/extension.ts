/** 延期: asked before expiry, granted by another person. */
import type { Actor } from '../../identity/actor.ts';
import { extended } from './clocks.ts';
import type { Command } from './commands.ts';
import type { Facts, Outcome } from './decision.ts';
import type { Incident } from './incident.ts';

/** Roles that answer; a unit or a community only asks. */
const GRANTS: ReadonlySet<string> = new Set(['subdistrict', 'district']);

export function askOrGrantExtension(
  incident: Incident,
  command: Extract<Command, { verb: 'extend' }>,
  actor: Actor,
  facts: Facts,
): Outcome {
  return command.grant === undefined ? ask(incident, command, facts) : answer(incident, command.grant, command.reason, actor, facts);
}

function ask(incident: Incident, command: Extract<Command, { verb: 'extend' }>, facts: Facts): Outcome {
  const { step } = incident.clocks;
  if (command.by === undefined) return { code: 'missing-field', field: 'by' };
  if (command.reason === undefined) return { code: 'missing-field', field: 'reason' };
  if (incident.extensions >= facts.rules.extensions[incident.level]) return { code: 'extension-not-allowed' };
  if (incident.extensionAsked !== null) return { code: 'extension-already-asked' };
  if (step === null || facts.now >= new Date(step.dueAt)) return { code: 'already-overdue' };
  return { to: incident.state, payload: { by: command.by, reason: command.reason } };
}

function answer(incident: Incident, grant: boolean, reason: string | undefined, actor: Actor, facts: Facts): Outcome {
  const asked = incident.extensionAsked;
  const { step, total } = incident.clocks;
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
      ...(grant
        ? { step: extended(facts.rules, step, asked.byMs), ...(total === null ? {} : { total: extended(facts.rules, total, asked.byMs) }) }
        : {}),
    },
  };
}
