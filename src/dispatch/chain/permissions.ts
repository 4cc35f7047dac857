/** Who may make which move of one incident. Reads the table; knows no accounts beyond the actor's own. */
import type { Actor } from '../../identity/actor.ts';
import { maySee, type Placed } from '../../identity/scope.ts';
import { currentAssignments, leadOf, type Assignment, type Incident } from './incident.ts';
import {
  ASSIGNMENT_MOVES,
  ASSIGNMENT_MOVES_IN,
  MARKS,
  MOVES,
  STATE_NAMES,
  type AssignmentVerb,
  type By,
  type State,
  type Verb,
} from './states.ts';

/** A move that the table allows in this state, and who may make it. */
export interface TableRow {
  readonly to: State;
  readonly by: readonly By[];
}

const INCIDENT_ROWS: ReadonlyMap<string, TableRow> = new Map<string, TableRow>([
  ...MOVES.filter((m) => !('derived' in m)).map((m) => [`${m.from} ${m.verb}`, { to: m.to, by: m.by }] as const),
  ...MARKS.flatMap((m) => m.states.map((s) => [`${s} ${m.verb}`, { to: s, by: m.by }] as const)),
]);
/** The verbs that a state allows, each once, in the table's order. */
const OFFERS: ReadonlyMap<State, ReadonlyMap<Verb, TableRow>> = new Map(
  STATE_NAMES.map((state) => {
    const verbs = [...MOVES.filter((m) => !('derived' in m)), ...MARKS].map((m) => m.verb as Verb);
    const rows = verbs.map((verb) => [verb, INCIDENT_ROWS.get(`${state} ${verb}`)] as const);
    return [state, new Map(rows.filter((r): r is readonly [Verb, TableRow] => r[1] !== undefined))] as const;
  }),
);
const ASSIGNMENT_ROWS: ReadonlyMap<string, (typeof ASSIGNMENT_MOVES)[number]> = new Map(
  ASSIGNMENT_MOVES.map((m) => [`${m.from} ${m.verb}`, m] as const),
);
const ASSIGNMENT_VERBS: ReadonlySet<string> = new Set(ASSIGNMENT_MOVES.map((m) => m.verb));
const AT_WORK: ReadonlySet<State> = new Set(ASSIGNMENT_MOVES_IN);

export function isAssignmentVerb(verb: Verb): verb is AssignmentVerb {
  return ASSIGNMENT_VERBS.has(verb);
}

/** The table's row for a verb of the incident itself, or for a mark; undefined: not in this state. */
export function incidentRow(state: State, verb: Verb): TableRow | undefined {
  return INCIDENT_ROWS.get(`${state} ${verb}`);
}

/** The table's row for a verb of one assignment. A lapse ends with the lead on scene. */
export function assignmentRow(state: State, assignment: Assignment, verb: AssignmentVerb): (typeof ASSIGNMENT_MOVES)[number] | undefined {
  if (!AT_WORK.has(state) || (verb === 'lapse' && state === 'handling')) return undefined;
  // Who has been on scene cannot decline any more, also not when a failed check sent the work back.
  if (verb === 'decline' && state === 'handling' && assignment.role === 'lead') return undefined;
  return ASSIGNMENT_ROWS.get(`${assignment.state} ${verb}`);
}

/** Is this actor one of those? `assignment` is the one that the verb is about, if it is about one. */
export function isOneOf(by: readonly By[], actor: Actor, incident: Incident, assignment?: Assignment): boolean {
  return by.some((who) => {
    switch (who) {
      case 'reporter':
        return actor.account === incident.reportedBy;
      case 'leadUnit':
        return actor.role === 'unit' && actor.unit === leadOf(incident)?.unit;
      case 'unit':
        if (actor.role !== 'unit') return false;
        return assignment === undefined ? currentAssignments(incident).some((a) => a.unit === actor.unit) : assignment.unit === actor.unit;
      default:
        return actor.role === who;
    }
  });
}

/** What scope needs of an incident. */
export function placed({ district, subdistrict, community, cell, reportedBy, assignments }: Incident): Placed {
  return { district, subdistrict, community, cell, reportedBy, units: assignments.map((a) => a.unit) };
}

/**
 * Verbs that this actor may try now, in the table's order: what a page offers. A verb in the list can still be refused for
 * what it says (a unit that does not exist, a date too far).
 */
export function allowedVerbs(incident: Incident, actor: Actor): Verb[] {
  if (!maySee(actor, placed(incident))) return [];
  const verbs = new Set<Verb>();
  const spot = incident.proof === 'spot';
  for (const [verb, row] of OFFERS.get(incident.state)!) {
    if (!isOneOf(row.by, actor, incident)) continue;
    if ((verb === 'failCheck' && spot) || (verb === 'failSpotCheck' && !spot)) continue;
    if (verb === 'endDrill' && !incident.drill) continue;
    if (verb === 'acceptEvidence' && !mayCloseByEvidence(incident)) continue;
    if (verb === 'settleOnSpot' && (!incident.categoryRules.settleOnSpot || incident.level === 'R1')) continue;
    if (verb === 'arbitrate' && incident.arbitration?.state !== 'pending') continue;
    if (incident.state === 'checking' && CHECKS.has(verb) && incident.handlers.includes(actor.account)) continue;
    verbs.add(verb);
  }
  for (const assignment of currentAssignments(incident)) {
    for (const m of ASSIGNMENT_MOVES) {
      if (m.verb === 'rework' || (m.verb === 'release' && assignment.role === 'lead')) continue;
      if (m.verb === 'decline' && incident.declinedBy.includes(assignment.unit)) continue;
      const row = assignmentRow(incident.state, assignment, m.verb);
      if (row !== undefined && isOneOf(row.by, actor, incident, assignment)) verbs.add(m.verb);
    }
  }
  return [...verbs];
}

const CHECKS: ReadonlySet<string> = new Set(['confirmClose', 'failCheck', 'failSpotCheck']);

/** Accepted evidence closes only R3 and R4, and only where the category allows it. */
export function mayCloseByEvidence(incident: Incident): boolean {
  return (incident.level === 'R3' || incident.level === 'R4') && incident.categoryRules.evidenceClose;
}
