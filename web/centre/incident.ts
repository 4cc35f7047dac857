/** An incident as the centre shows it: the log adds who asked, which the incident itself does not say. */
import type { Time, WireIncident } from '../shared/types.ts';

type Asked<K extends 'extensionAsked' | 'forceCloseProposed'> =
  (NonNullable<WireIncident[K]> & { readonly account?: string | undefined }) | null;

export interface CentreIncident extends Omit<WireIncident, 'extensionAsked' | 'forceCloseProposed'> {
  readonly extensionAsked?: Asked<'extensionAsked'>;
  readonly forceCloseProposed?: Asked<'forceCloseProposed'>;
}

/** When it ended: the close, or the move into another end. */
export function endedAt(incident: CentreIncident): Time {
  return incident.closedAt ?? incident.stateSince ?? incident.reportedAt;
}
