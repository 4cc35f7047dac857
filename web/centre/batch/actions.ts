/** What can be done with several incidents at once, for how many of them, and the body for each. Pure. */
import { openActions, type ActionName, type Movable, type Person } from '../moves/actions.ts';
import { bodyOf, missing, type Draft, type Field } from '../moves/forms.ts';

/** Actions whose words fit several: what names one unit, one person or one photo is decided for each alone. In the order of the panel. */
export const BATCH_ACTIONS: readonly ActionName[] = [
  'call',
  'accept',
  'dispatch',
  'urge',
  'supervise',
  'comment',
  'merge',
  'regrade',
  'assignCheck',
  'acceptEvidence',
  'resume',
  'returnCall',
  'reject',
  'endDrill',
];
/** Changes what others have just changed without harm: said or asked, the incident stays where it is. */
const HARMLESS: ReadonlySet<ActionName> = new Set(['urge', 'supervise', 'comment']);

export interface BatchIncident extends Movable {
  readonly id: string;
  readonly version: number;
  readonly reportedBy?: string;
  readonly verified?: boolean | null;
}

/** The incidents for which the action is open now, and may be taken for several at once. */
export function ableTo<T extends BatchIncident>(action: ActionName, incidents: readonly T[], who: Person, now: number): T[] {
  return incidents.filter((i) => openActions(i, who, now).includes(action) && !wantsEyes(action, i));
}

/** Those for which the action is open, but only for each by itself. */
export function aloneFor<T extends BatchIncident>(action: ActionName, incidents: readonly T[], who: Person, now: number): T[] {
  return incidents.filter((i) => wantsEyes(action, i) && openActions(i, who, now).includes(action));
}

/** [ours] What a resident reported and nobody went to see has been seen by no member of staff: whoever calls it is the first, so it is called from its own page. */
function wantsEyes(action: ActionName, { reportedBy, verified }: BatchIncident): boolean {
  return action === 'call' && reportedBy === 'resident' && verified !== true;
}

/** Fields still to be filled in. */
export function batchMissing(action: ActionName, draft: Draft): Field[] {
  return action === 'dispatch' ? [] : missing(action, draft);
}

/** The move of one of them. What carries it on names the version that was seen, so that nothing is done on top of what somebody else has just done. */
export function batchBody(action: ActionName, draft: Draft, incident: BatchIncident): Record<string, unknown> {
  const note = draft.text.note?.trim();
  const body = action === 'dispatch' ? { verb: 'dispatch', runCard: true, ...(note ? { note } : {}) } : bodyOf(action, draft);
  return HARMLESS.has(action) ? body : { ...body, expectedVersion: incident.version };
}
