/** Deciding is pure: the same incident, command, actor and facts always give the same move or the same refusal. */
import type { Actor } from '../../identity/actor.ts';
import { maySee } from '../../identity/scope.ts';
import { addUnit, dispatchUnits, moveAssignment, recountedAssignments, releaseAll, reworkLead } from './assignments.ts';
import { paused } from './clocks.ts';
import type { Command } from './commands.ts';
import { isRefusal, noSuchMove, refuse, said, unreachable, type Decision, type Facts, type Outcome } from './decision.ts';
import { askOrGrantExtension } from './extension.ts';
import { applyMove } from './fold.ts';
import { currentAssignments, leadOf, type Incident, type Move, type MovePayload } from './incident.ts';
import { assignmentRow, incidentRow, isAssignmentVerb, isOneOf, mayCloseByEvidence, placed, type TableRow } from './permissions.ts';
import { isEnd, type State } from './states.ts';
import { leadClock, recounted, resumeClock, resumedClocks, totalAfterEnd } from './step-clocks.ts';
import { comment, supervise, urge } from './supervision.ts';
import { tellsOf } from './tells.ts';

const DAY_MS = 86_400_000;
/** 申诉 within 3 days, 重办 within 15 days, undoing a merge and confirming a force close within 24 h. Source: the rules; 15 days is ours. */
const APPEAL_MS = 3 * DAY_MS;
const REOPEN_MS = 15 * DAY_MS;
const UNDO_MS = DAY_MS;

/**
 * Decides one command.
 *
 * @returns the move and the incident after it, or why not. Nothing is written here.
 * @throws RangeError if the rules lack a limit, or `facts.newIds` has too few ids: the world is broken, not the command.
 */
export function decide(incident: Incident, command: Command, actor: Actor, facts: Facts): Decision {
  if (!maySee(actor, placed(incident))) return refuse({ code: 'not-yours', needs: [] });
  const outcome = isAssignmentVerb(command.verb)
    ? decideAssignment(incident, command as AssignmentCommand, actor, facts)
    : decideIncident(incident, command as IncidentCommand, actor, facts);
  if (isRefusal(outcome)) return refuse(outcome);
  const payload = withClocks(incident, outcome, facts);
  const telling = tellsOf(incident, command.verb, outcome.to, outcome.payload, actor);
  const move: Move = {
    incident: incident.id,
    version: incident.version + 1,
    verb: command.verb,
    from: incident.state,
    to: outcome.to,
    actor: actor.account,
    at: facts.now.toISOString(),
    payload: telling === null ? payload : { ...payload, ...telling },
  };
  return { ok: true, move, next: applyMove(incident, move) };
}

type AssignmentCommand = Extract<Command, { assignment: string }>;
type IncidentCommand = Exclude<Command, { assignment: string }>;

function decideAssignment(incident: Incident, command: AssignmentCommand, actor: Actor, facts: Facts): Outcome {
  const assignment = currentAssignments(incident).find((a) => a.id === command.assignment);
  if (assignment === undefined) {
    const past = incident.assignments.some((a) => a.id === command.assignment);
    return past ? noSuchMove(incident.state, command.verb) : { code: 'unknown-assignment', assignment: command.assignment };
  }
  const row = assignmentRow(incident.state, assignment, command.verb);
  if (row === undefined) return noSuchMove(incident.state, command.verb);
  if (!isOneOf(row.by, actor, incident, assignment)) return { code: 'not-yours', needs: row.by };
  return moveAssignment(incident, assignment, row.to, command, facts);
}

function decideIncident(incident: Incident, command: IncidentCommand, actor: Actor, facts: Facts): Outcome {
  const row = incidentRow(incident.state, command.verb);
  if (row === undefined) return noSuchMove(incident.state, command.verb);
  if (!isOneOf(row.by, actor, incident)) return { code: 'not-yours', needs: row.by };
  return outcomeOf(incident, command, actor, facts, row);
}

/** What each verb of the incident asks for and says. State and role are already checked. */
function outcomeOf(incident: Incident, command: IncidentCommand, actor: Actor, facts: Facts, { to }: TableRow): Outcome {
  const since = (ms: number) => facts.now.getTime() - Date.parse(incident.stateSince) <= ms;
  switch (command.verb) {
    case 'call':
    case 'accept':
    case 'requestVerification':
      return { to, payload: said(command) };
    case 'urge':
      return urge(incident, command, facts);
    case 'answerVerification':
      return { to, payload: { ...said(command), found: command.found } };
    case 'returnCall':
    case 'reject':
    case 'withdraw':
    case 'raise':
      return { to, payload: said(command) };
    case 'recall':
    case 'abort':
      return { to, payload: { ...said(command), changed: releaseAll(incident) } };
    case 'endDrill':
      return incident.drill ? { to, payload: { ...said(command), changed: releaseAll(incident) } } : { code: 'not-a-drill' };
    case 'settleOnSpot':
      if (!incident.categoryRules.settleOnSpot || incident.level === 'R1') return { code: 'not-for-this-category' };
      return { to, payload: { ...said(command), before: command.before, after: command.after } };
    case 'merge':
      if (facts.into === undefined || facts.into === null || facts.into.id === incident.id) return { code: 'merge-target-missing' };
      if (facts.into.drill !== incident.drill) return { code: 'drill-and-real' };
      return isEnd(facts.into.state) ? { code: 'merge-target-ended' } : { to, payload: { into: facts.into.id } };
    case 'unmerge':
      return since(UNDO_MS) ? { to, payload: {} } : { code: 'too-late', within: 'PT24H' };
    case 'refer':
      return { to, payload: { ...said(command), to: command.to } };
    case 'returnReferral':
      return { to, payload: said(command) };
    case 'appeal':
      return since(APPEAL_MS) ? { to, payload: said(command) } : { code: 'too-late', within: 'P3D' };
    case 'reopen':
      return since(REOPEN_MS) ? { to, payload: said(command) } : { code: 'too-late', within: 'P15D' };
    case 'dispatch':
      return dispatchUnits(incident, command, facts);
    case 'addUnit':
      return addUnit(incident, command, facts);
    case 'suspend':
      return suspend(incident, command, facts, to);
    case 'resume':
      return { to, payload: resumedClocks(facts.rules, incident, facts.now) };
    case 'assignCheck':
      if (command.checker !== undefined && incident.handlers.includes(command.checker)) return { code: 'checker-is-handler' };
      return { to, payload: { checker: command.checker ?? null } };
    case 'acceptEvidence':
      return mayCloseByEvidence(incident) ? { to, payload: said(command) } : { code: 'evidence-not-enough' };
    case 'confirmClose':
      if (incident.handlers.includes(actor.account)) return { code: 'checker-is-handler' };
      return { to, payload: { ...said(command), ...(command.score === undefined ? {} : { score: command.score }) } };
    case 'failCheck':
      return failCheck(incident, command, actor, facts, to);
    case 'failSpotCheck':
      if (incident.proof !== 'spot') return { code: 'not-settled-on-spot' };
      if (incident.handlers.includes(actor.account)) return { code: 'checker-is-handler' };
      return { to, payload: said(command) };
    case 'forceClose':
      return forceClose(incident, command, actor, facts, to);
    case 'extend':
      return askOrGrantExtension(incident, command, actor, facts);
    case 'supervise':
      return supervise(incident, command, actor, facts);
    case 'regrade':
      return regrade(incident, command, facts);
    case 'comment':
      return comment(incident, command, actor, facts);
    case 'attach':
      return { to, payload: { ...said(command), ...(command.phase === undefined ? {} : { phase: command.phase }) } };
    case 'arbitrate':
      if (incident.arbitration?.state !== 'pending') return { code: 'no-arbitration' };
      if (!facts.units.has(command.unit)) return { code: 'unknown-unit', unit: command.unit };
      return { to, payload: { unit: command.unit, ruling: command.ruling } };
    default:
      return unreachable(command);
  }
}

const leadUnit = (incident: Incident): string => leadOf(incident)?.unit ?? '';

/** Adds the clocks that follow from the change of state, where the verb did not set them itself. */
function withClocks(incident: Incident, { to, payload }: { to: State; payload: MovePayload }, facts: Facts): MovePayload {
  if (to === incident.state) return payload;
  const { rules, now } = facts;
  const level = payload.level ?? incident.level;
  // 受理 hands nothing over: the limit called → dispatched goes on.
  const kept = incident.state === 'called' && to === 'coordinating' ? incident.clocks.step : null;
  if (isEnd(to)) return { ...payload, step: null, total: null };
  let { step } = payload;
  if (step === undefined) {
    step = kept ? { ...kept, name: 'dispatch' as const } : leadClock(rules, incident, { state: to, level, unit: leadUnit(incident) }, now);
  }
  const clocks = { ...payload, step };
  if (payload.total !== undefined || incident.clocks.total !== null) return clocks;
  return { ...clocks, total: totalAfterEnd(rules, incident, level, now) };
}

function suspend(incident: Incident, command: Extract<Command, { verb: 'suspend' }>, facts: Facts, to: State): Outcome {
  const maxDays = facts.rules.suspendDays[incident.level];
  const until = new Date(command.until);
  if (maxDays === 0) return { code: 'suspend-not-allowed' };
  if (until <= facts.now) return { code: 'date-in-past', field: 'until' };
  if (until.getTime() - facts.now.getTime() > maxDays * DAY_MS) return { code: 'suspend-too-long', maxDays };
  const { step, total } = incident.clocks;
  return {
    to,
    payload: {
      reason: command.reason,
      until: until.toISOString(),
      paused: {
        step: step === null ? null : paused(step, facts.now, 'suspended'),
        total: total === null ? null : paused(total, facts.now, 'suspended'),
      },
      step: resumeClock(facts.now, until),
      total: null,
    },
  };
}

function failCheck(incident: Incident, command: Extract<Command, { verb: 'failCheck' }>, actor: Actor, facts: Facts, to: State): Outcome {
  if (incident.proof === 'spot') return noSuchMove(incident.state, 'failCheck');
  if (incident.handlers.includes(actor.account)) return { code: 'checker-is-handler' };
  const changed = reworkLead(incident, facts);
  return 'code' in changed ? changed : { to, payload: { ...said(command), changed } };
}

/** One district account proposes, another confirms within 24 h. A proposal that is older is a new one. */
function forceClose(incident: Incident, command: Extract<Command, { verb: 'forceClose' }>, actor: Actor, facts: Facts, to: State): Outcome {
  const proposed = incident.forceCloseProposed;
  const open = proposed !== null && facts.now.getTime() - Date.parse(proposed.at) <= UNDO_MS;
  if (!open) return { to: incident.state, payload: { ...said(command), proposed: true } };
  if (proposed.account === actor.account) return { code: 'second-person-needed' };
  return { to, payload: { ...said(command), changed: releaseAll(incident) } };
}

function regrade(incident: Incident, command: Extract<Command, { verb: 'regrade' }>, facts: Facts): Outcome {
  if (command.level === incident.level) return { code: 'same-level' };
  const clocks = recounted(facts.rules, incident, command.level, facts.now);
  const changed = recountedAssignments(incident, command.level, clocks.step, facts.rules);
  return {
    to: incident.state,
    payload: {
      reason: command.reason,
      level: command.level,
      ...clocks,
      ...(changed.length === 0 ? {} : { changed }),
    },
  };
}
