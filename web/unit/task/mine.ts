/** What of an incident is this unit's: the own assignment, its time limit, and which list it stands in. Pure. */
import { OPEN_ASSIGNMENT, type AssignmentState } from '../../../src/dispatch/chain/states.ts';
import type { Time, WireAssignment, WireDeadline, WireIncident } from '../../shared/types.ts';

/** The unit's assignment that counts: the open one, else the last one it had. */
export function ownAssignment(incident: Pick<WireIncident, 'assignments'>, unit: string): WireAssignment | null {
  const own = incident.assignments.filter((a) => a.unit === unit);
  return (
    own.find((a) => OPEN_ASSIGNMENT.has(a.state)) ??
    own.sort((a, b) => (a.assignedAt ?? '').localeCompare(b.assignedAt ?? '')).at(-1) ??
    null
  );
}

/** Other units that go or went, the lead first, those that left last. */
export function mates(incident: Pick<WireIncident, 'assignments'>, own: WireAssignment | null): readonly WireAssignment[] {
  const rank = (a: WireAssignment) => (OPEN_ASSIGNMENT.has(a.state) || a.state === 'finished' ? 0 : 2) + (a.role === 'lead' ? 0 : 1);
  // A unit sent twice (declined, later added again) is shown once, as it stands now.
  const latest = new Map<string, WireAssignment>();
  for (const a of incident.assignments) if (a.unit !== own?.unit) latest.set(a.unit, a);
  return [...latest.values()].sort((a, b) => rank(a) - rank(b));
}

export interface Limit {
  /** What has to happen before it: the words beside the big figure. */
  readonly what: 'acknowledge' | 'arrive' | 'finish';
  readonly startedAt: Time;
  readonly dueAt: Time;
  /** Counted over working hours, so the plain time left is more than what may be used. */
  readonly working: boolean;
}

/**
 * The limit that this unit works against now: its own `until` before arrival, the incident's step clock after it.
 *
 * @param state as expected after waiting presses; the server's `until` belongs to `own.state`, so an older one is not shown for a newer step.
 */
export function limitOf(
  incident: Pick<WireIncident, 'deadlines' | 'reportedAt'>,
  own: WireAssignment,
  state: AssignmentState,
): Limit | null {
  const clock = (name: WireDeadline['clock']) => incident.deadlines.find((d) => d.clock === name);
  if (state === 'assigned' || state === 'acknowledged' || state === 'enRoute') {
    const what = state === 'assigned' ? 'acknowledge' : 'arrive';
    const sameStep = (own.state === 'assigned') === (state === 'assigned');
    const step = clock(what);
    const dueAt = (sameStep ? own.until : null) ?? (own.role === 'lead' ? step?.dueAt : null);
    if (!dueAt) return null;
    const startedAt = (what === 'acknowledge' ? own.assignedAt : own.acknowledgedAt) ?? step?.startedAt ?? incident.reportedAt;
    return { what, startedAt, dueAt, working: step?.kind === 'working' };
  }
  // An arrival that still waits to be sent has no clock yet: the total one would promise too much.
  const step = state === 'onScene' && own.state === 'onScene' ? (clock('resolve') ?? clock('total')) : null;
  return step ? { what: 'finish', startedAt: step.startedAt, dueAt: step.dueAt, working: step.kind === 'working' } : null;
}

export interface Job {
  readonly incident: WireIncident;
  readonly own: WireAssignment;
  /** After everything that waits on this device. */
  readonly state: AssignmentState;
  readonly limit: Limit | null;
}

/** Open work by time left, what has no limit last. */
export function openJobs(jobs: readonly Job[]): readonly Job[] {
  const left = (job: Job) => (job.limit ? Date.parse(job.limit.dueAt) : Infinity);
  const gravity = (a: Job, b: Job) =>
    a.incident.level.localeCompare(b.incident.level) || a.incident.number.localeCompare(b.incident.number);
  return jobs.filter((j) => OPEN_ASSIGNMENT.has(j.state)).sort((a, b) => (left(a) === left(b) ? gravity(a, b) : left(a) - left(b)));
}

export function endedAt(own: WireAssignment): string {
  return own.finishedAt ?? own.declinedAt ?? own.releasedAt ?? own.assignedAt ?? '';
}

/** What was done lately, the latest first. */
export function endedJobs(jobs: readonly Job[]): readonly Job[] {
  return jobs.filter((j) => !OPEN_ASSIGNMENT.has(j.state)).sort((a, b) => endedAt(b.own).localeCompare(endedAt(a.own)));
}
