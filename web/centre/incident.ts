/** An incident as the centre shows it: the log adds who asked, which the incident itself does not say. */
import { OPEN_ASSIGNMENT } from '../../src/dispatch/chain/states.ts';
import type { AssignmentState, Time, WireIncident } from '../shared/types.ts';

type Asked<K extends 'extensionAsked' | 'forceCloseProposed'> =
  (NonNullable<WireIncident[K]> & { readonly account?: string | undefined }) | null;

export interface CentreIncident extends Omit<WireIncident, 'extensionAsked' | 'forceCloseProposed'> {
  readonly extensionAsked?: Asked<'extensionAsked'>;
  readonly forceCloseProposed?: Asked<'forceCloseProposed'>;
}

/**
 * A lead that has finished waits for those that help it: how many, and what each still has to press next.
 *
 * @returns null while the lead is at work, and once nobody is.
 */
export function assistantsMissing({ assignments }: Pick<WireIncident, 'assignments'>): AssistantsMissing | null {
  const at = (...states: readonly AssignmentState[]) => assignments.filter((a) => a.role === 'assist' && states.includes(a.state)).length;
  const leads = assignments.filter((a) => a.role === 'lead');
  if (leads.some((a) => OPEN_ASSIGNMENT.has(a.state)) || leads.at(-1)?.state !== 'finished') return null;
  const missing = { acknowledge: at('assigned'), arrive: at('acknowledged', 'enRoute'), finish: at('onScene') };
  const units = missing.acknowledge + missing.arrive + missing.finish;
  return units === 0 ? null : { units, ...missing };
}
export interface AssistantsMissing {
  readonly units: number;
  readonly acknowledge: number;
  readonly arrive: number;
  readonly finish: number;
}

/** When it ended: the close, or the move into another end. */
export function endedAt(incident: CentreIncident): Time {
  return incident.closedAt ?? incident.stateSince ?? incident.reportedAt;
}
