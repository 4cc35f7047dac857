/** The joints with the dispatch chain: what a claim or a booking does about its incident, and the incident about it. Pure. */
import { currentAssignments, type Assignment, type Incident } from '../../dispatch/chain/incident.ts';
import { ASSIGNMENT_MOVES_IN, isEnd, OPEN_ASSIGNMENT, type State } from '../../dispatch/chain/states.ts';

/** A claim or a booking that holds and belongs to an incident. */
export interface Joinable {
  readonly unit: string;
  /** Of its assignment there; null: it has not joined. */
  readonly assignment: string | null;
}

export type JointStep =
  /** Send its unit as an assistant. */
  | 'join'
  /** Its unit is at work there already: keep that assignment with it. */
  | 'link'
  /** Its unit finished: it is delivered, or given back. */
  | 'finished'
  /** Its unit declined, or was let go: it is free again. */
  | 'letGo'
  /** Nothing to do now. */
  | 'wait';

const AT_WORK: ReadonlySet<State> = new Set(ASSIGNMENT_MOVES_IN);

/** What is next for one that holds. The incident has not ended. */
export function jointStep(incident: Incident, joinable: Joinable): { readonly step: JointStep; readonly assignment?: Assignment } {
  const own = incident.assignments.find((assignment) => assignment.id === joinable.assignment);
  if (own !== undefined) {
    if (own.state === 'finished') return { step: 'finished', assignment: own };
    if (own.state === 'declined') return { step: 'letGo', assignment: own };
    if (own.state !== 'released') return { step: 'wait', assignment: own };
    // Released by name while others are at work: not needed any more. Released with all the others: the incident is dispatched anew, and it goes again.
    if (own.dispatch === incident.dispatches && AT_WORK.has(incident.state)) return { step: 'letGo', assignment: own };
  }
  if (!AT_WORK.has(incident.state)) return { step: 'wait' };
  // A lead is sent once only, also when it has finished; an assistant that has finished may be called again: its work was sent back.
  const there = currentAssignments(incident).find(
    (a) => a.unit === joinable.unit && (OPEN_ASSIGNMENT.has(a.state) || (a.role === 'lead' && a.state === 'finished')),
  );
  return there === undefined ? { step: 'join' } : { step: 'link', assignment: there };
}

/**
 * Assistants at work for whom nothing holds any more: their claim was delivered by hand, given back or ended with its need, their loan is over.
 *
 * @param wanted  units of the claims and bookings that hold.
 */
export function leftBehind(incident: Incident, wanted: ReadonlySet<string>): readonly Assignment[] {
  if (!AT_WORK.has(incident.state)) return [];
  return currentAssignments(incident).filter((a) => a.role === 'assist' && OPEN_ASSIGNMENT.has(a.state) && !wanted.has(a.unit));
}

/** How an incident that has ended ends what was joined to it; null: it goes on. */
export function ending(state: State): { readonly dealtWith: boolean } | null {
  return isEnd(state) ? { dealtWith: state === 'closed' } : null;
}
