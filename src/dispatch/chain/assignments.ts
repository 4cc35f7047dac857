/** 协同处置: sending units, and what one unit does. The state of the incident follows from its assignments. */
import { leadClock, recounted, unitUntil } from './step-clocks.ts';
import type { Command } from './commands.ts';
import { noSuchMove, type Facts, type Outcome } from './decision.ts';
import {
  currentAssignments,
  leadOf,
  type Assignment,
  type ChangedAssignment,
  type Clock,
  type Incident,
  type Level,
  type MovePayload,
} from './incident.ts';
import { graver, type Rules } from './levels.ts';
import type { Refusal } from './refusals.ts';
import { OPEN_ASSIGNMENT, type AssignmentState, type AssignmentVerb, type State } from './states.ts';

type Of<V extends Command['verb']> = Extract<Command, { verb: V }>;

const isOpen = (a: Assignment) => OPEN_ASSIGNMENT.has(a.state);

function changedTo(a: Assignment, state: AssignmentState, until: string | null = null): ChangedAssignment {
  return { id: a.id, unit: a.unit, role: a.role, state, until };
}

/** Ends every open assignment; one write with the move that does it. */
export function releaseAll(incident: Incident): readonly ChangedAssignment[] {
  return currentAssignments(incident)
    .filter(isOpen)
    .map((a) => changedTo(a, 'released'));
}

/** 派遣: one lead, any number of assisting units, each once. */
export function dispatchUnits(incident: Incident, command: Of<'dispatch'>, facts: Facts): Outcome {
  if (command.lead === undefined) return { code: 'no-lead-unit' };
  const wanted = [
    { unit: command.lead.unit, role: 'lead' as const },
    ...(command.assisting ?? []).map((a) => ({ unit: a.unit, role: 'assist' as const })),
  ];
  const seen = new Set<string>();
  for (const { unit, role } of wanted) {
    const known = facts.units.get(unit);
    if (known === undefined) return { code: 'unknown-unit', unit };
    if (role === 'lead' && !known.mayLead) return { code: 'unit-may-not-lead', unit };
    if (seen.has(unit)) return { code: 'unit-already-sent', unit };
    seen.add(unit);
  }
  const level = command.level ?? incident.level;
  // Less grave than before needs a reason, as it does by `regrade`.
  if (level !== incident.level && graver(level, incident.level) === incident.level && command.note === undefined) {
    return { code: 'missing-field', field: 'note' };
  }
  const until = unitUntil(facts.rules, level, 'acknowledge', facts.now.getTime());
  const step = leadClock(facts.rules, incident, { state: 'dispatched', level, unit: command.lead.unit }, facts.now);
  return {
    to: 'dispatched',
    payload: {
      ...(level === incident.level ? {} : { level, total: recounted(facts.rules, incident, level, facts.now).total }),
      ...(command.note === undefined ? {} : { note: command.note }),
      ...(command.ownership === undefined ? {} : { ownership: command.ownership }),
      ...sentBy(command, facts),
      changed: wanted.map(({ unit, role }, i) => ({
        id: freshId(facts, i),
        unit,
        role,
        state: 'assigned' as const,
        until: role === 'lead' ? (step?.dueAt ?? until) : until,
      })),
      step,
    },
  };
}

/** 加派: more assisting units while others are at work, one or all of a further alarm; each once. */
export function addUnit(incident: Incident, command: Of<'addUnit'>, facts: Facts): Outcome {
  const units = [...(command.unit === undefined ? [] : [command.unit]), ...(command.assisting ?? []).map((a) => a.unit)];
  if (units.length === 0) return { code: 'missing-field', field: 'unit' };
  const taken = new Set(
    currentAssignments(incident)
      .filter((a) => isOpen(a) || a.role === 'lead')
      .map((a) => a.unit),
  );
  for (const unit of units) {
    if (!facts.units.has(unit)) return { code: 'unknown-unit', unit };
    if (taken.has(unit)) return { code: 'unit-already-sent', unit };
    taken.add(unit);
  }
  const until = unitUntil(facts.rules, incident.level, 'acknowledge', facts.now.getTime());
  return {
    to: incident.state,
    payload: {
      ...(command.unit === undefined ? {} : { unit: command.unit }),
      ...(command.runCard === true ? { alarm: incident.alarm + 1 } : {}),
      ...sentBy(command, facts),
      changed: units.map((unit, i) => ({ id: freshId(facts, i), unit, role: 'assist' as const, state: 'assigned' as const, until })),
    },
  };
}

/** By what these units were sent, for whoever reads the log. */
function sentBy({ runCard }: { readonly runCard?: boolean | undefined }, { card, offDuty }: Facts): MovePayload {
  return {
    ...(runCard === true ? { runCard: true } : {}),
    ...(card === undefined ? {} : { card }),
    ...(offDuty === undefined || offDuty.length === 0 ? {} : { offDuty }),
  };
}

function freshId(facts: Facts, i: number): string {
  const id = facts.newIds[i];
  if (id === undefined) throw new RangeError('not enough fresh ids for the assignments');
  return id;
}

type AssignmentCommand = Of<'acknowledge' | 'depart' | 'arrive' | 'finish' | 'decline' | 'release' | 'lapse'>;

/** One unit's step, already found in the table. Whatever it does to the incident's state is carried by the same log row. */
export function moveAssignment(
  incident: Incident,
  assignment: Assignment,
  to: AssignmentState,
  command: AssignmentCommand,
  facts: Facts,
): Outcome {
  const refusal = refusedStep(incident, assignment, command.verb);
  if (refusal !== undefined) return refusal;
  const others = command.verb === 'decline' && assignment.role === 'lead' ? releaseAll(incident).filter((c) => c.id !== assignment.id) : [];
  const state = stateAfter(incident, assignment, command.verb, [{ id: assignment.id, state: to }, ...others]);
  const step = state === incident.state ? undefined : stepAfter(incident, command.verb, state, facts);
  const changed = [changedTo(assignment, to, untilOf(incident.level, assignment, to, facts, step)), ...others];
  return {
    to: state,
    payload: {
      assignment: assignment.id,
      changed,
      ...('reason' in command ? { reason: command.reason } : {}),
      ...('note' in command && command.note !== undefined ? { note: command.note } : {}),
      ...photosOf(command),
      ...('deviceAt' in command && command.deviceAt !== undefined ? { deviceAt: command.deviceAt } : {}),
      ...(command.verb === 'decline' ? { unit: assignment.unit } : {}),
      ...(step === undefined ? {} : { step }),
    },
  };
}

function photosOf(command: AssignmentCommand): MovePayload {
  if (!('photos' in command) || command.photos === undefined) return {};
  return { photos: command.photos, ...(command.phase === undefined ? {} : { phase: command.phase }) };
}

function refusedStep(incident: Incident, assignment: Assignment, verb: AssignmentVerb): Refusal | undefined {
  if (verb === 'release' && assignment.role === 'lead') return { code: 'lead-not-released' };
  if (verb !== 'decline') return undefined;
  if (incident.declinedBy.includes(assignment.unit)) return { code: 'decline-used-up' };
  if (incident.arbitration?.state === 'ruled' && incident.arbitration.unit === assignment.unit) return { code: 'decline-overruled' };
  return undefined;
}

/** A lapse hands nothing over: the lead begins anew. */
function stepAfter(incident: Incident, verb: AssignmentVerb, state: State, { rules, now }: Facts): Clock | null {
  const unit = leadOf(incident)?.unit ?? '';
  return leadClock(rules, incident, { state, level: incident.level, unit, anew: verb === 'lapse' }, now);
}

/** @param step  the clock that the incident gets by this move: the lead's time is its own */
function untilOf(level: Level, assignment: Assignment, to: AssignmentState, facts: Facts, step?: Clock | null): string | null {
  switch (to) {
    case 'assigned':
      return unitUntil(facts.rules, level, 'acknowledge', facts.now.getTime());
    case 'acknowledged':
      if (assignment.role === 'lead' && step?.name === 'arrive') return step.dueAt;
      return unitUntil(facts.rules, level, 'arrive', facts.now.getTime());
    case 'enRoute':
      return assignment.until;
    default:
      return null;
  }
}

/** The derived rows of the table: the incident follows its lead, and is disposed when nobody is at work any more. */
function stateAfter(
  incident: Incident,
  assignment: Assignment,
  verb: AssignmentVerb,
  changed: readonly Pick<ChangedAssignment, 'id' | 'state'>[],
): State {
  const after = new Map(changed.map((c) => [c.id, c.state]));
  const states = currentAssignments(incident).map((a) => ({ role: a.role, state: after.get(a.id) ?? a.state }));
  const state = assignment.role === 'lead' ? stateAfterLead(incident.state, verb) : incident.state;
  const leadFinished = states.some((a) => a.role === 'lead' && a.state === 'finished');
  const nobodyAtWork = !states.some((a) => OPEN_ASSIGNMENT.has(a.state));
  return state === 'handling' && leadFinished && nobodyAtWork ? 'disposed' : state;
}

function stateAfterLead(state: State, verb: AssignmentVerb): State {
  switch (verb) {
    case 'acknowledge':
      return state === 'dispatched' ? 'responding' : state;
    case 'arrive':
    case 'finish':
      return state === 'responding' ? 'handling' : state;
    case 'lapse':
      return 'dispatched';
    case 'decline':
      return 'coordinating';
    default:
      return state;
  }
}

/** 核查不通过: the same lead goes again. */
export function reworkLead(incident: Incident, facts: Facts): readonly ChangedAssignment[] | Refusal {
  const lead = leadOf(incident);
  if (lead?.state !== 'finished') return noSuchMove(incident.state, 'failCheck');
  return [changedTo(lead, 'acknowledged', unitUntil(facts.rules, incident.level, 'arrive', facts.now.getTime()))];
}

/**
 * New times for those who are called or on their way, after a change of level, limit or calendar: their devices ring by the new one.
 * The lead's is that of the step.
 */
export function recountedAssignments(incident: Incident, level: Level, step: Clock | null, rules: Rules): readonly ChangedAssignment[] {
  return currentAssignments(incident)
    .filter((a) => isOpen(a) && a.state !== 'onScene')
    .map((a) => {
      // It rings on since it lapsed, and when that was is not kept.
      if (a.state === 'assigned' && a.role === 'assist' && a.lapses !== undefined) return changedTo(a, a.state, a.until);
      const clock = a.state === 'assigned' ? 'acknowledge' : 'arrive';
      const own = unitUntil(rules, level, clock, Date.parse(a.acknowledgedAt ?? a.assignedAt));
      return changedTo(a, a.state, a.role === 'lead' && step?.name === clock ? step.dueAt : own);
    });
}
