/** What the service says of an incident beyond the shared type: what is asked of others, and where it went. */
import type { Time, WireIncident } from '../shared/types.ts';

export interface CentreIncident extends WireIncident {
  readonly stateSince?: Time;
  /** `account` comes from the log: the incident itself does not name who asked. */
  readonly extensionAsked?: { readonly byMs: number; readonly reason: string; readonly account?: string; readonly at: Time } | null;
  readonly forceCloseProposed?: { readonly account?: string; readonly at: Time; readonly reason: string } | null;
  readonly arbitration?: { readonly state: string } | null;
  readonly suspendedUntil?: Time | null;
  readonly mergedInto?: string | null;
  readonly referredTo?: string | null;
  readonly proof?: string | null;
}

/** When it ended: the close, or the move into another end. */
export function endedAt(incident: CentreIncident): Time {
  return incident.closedAt ?? incident.stateSince ?? incident.reportedAt;
}
