/** What the system does when time has passed. Found again after a restart, because it is read from the incident alone. */
import { nextShare } from './clocks.ts';
import type { Command } from './commands.ts';
import { currentAssignments, type Assignment, type Clock, type Incident, type Time } from './incident.ts';
import { isReviewOpen, reviewDue } from './review.ts';
import { isEnd, type State } from './states.ts';

/** 特急 runs by itself up to the dispatch: the verb that comes next, as long as no person took over. */
const BY_ITSELF: ReadonlyMap<State, 'call' | 'accept' | 'dispatch'> = new Map([
  ['reported', 'call'],
  ['called', 'accept'],
  ['coordinating', 'dispatch'],
]);

function nextByItself(incident: Incident): 'call' | 'accept' | 'dispatch' | undefined {
  return incident.automatic && incident.dispatches === 0 ? BY_ITSELF.get(incident.state) : undefined;
}

/** An acknowledgement lapses when the unit is not there in time; once the lead is on scene nobody is called back by a clock. */
function lapsing(incident: Incident): readonly Assignment[] {
  if (incident.state !== 'dispatched' && incident.state !== 'responding') return [];
  return currentAssignments(incident).filter((a) => a.state === 'acknowledged' && a.until !== null);
}

/** When the system has to look at this incident next; null when never (it has ended). */
export function nextDue(incident: Incident): Time | null {
  if (isEnd(incident.state)) return null;
  if (nextByItself(incident) !== undefined) return incident.stateSince;
  return firstOf(incident)?.at ?? null;
}

/**
 * The command that is due at `now`, or null when nothing is due yet.
 * A run card that finds no lead makes the desk `raise` instead, which ends the automatic part.
 */
export function dueCommand(incident: Incident, now: Date): Command | null {
  if (isEnd(incident.state)) return null;
  const byItself = nextByItself(incident);
  if (byItself !== undefined) return byItself === 'dispatch' ? { verb: 'dispatch', runCard: true } : { verb: byItself };
  const first = firstOf(incident);
  if (first === null || Date.parse(first.at) > now.getTime()) return null;
  switch (first.what) {
    case 'step':
      return atStepDue(incident, incident.clocks.step!);
    case 'total':
      return ladder(incident.clocks.total!, 'total');
    case 'review':
      return isReviewOpen(incident) && !incident.review!.supervised
        ? { verb: 'supervise', level: 1, review: true }
        : { verb: 'urge', review: true };
    default:
      return { verb: 'lapse', assignment: first.what.id };
  }
}

interface First {
  readonly at: Time;
  readonly what: 'step' | 'total' | 'review' | Assignment;
}

/** What comes first. At the same instant the step's rung is before the lapse that ends the step, so that both happen. */
function firstOf(incident: Incident): First | null {
  const { step, total } = incident.clocks;
  let first: First | null = null;
  const offer = (at: Time | null | undefined, what: First['what']) => {
    if (at !== null && at !== undefined && (first === null || at < first.at)) first = { at, what };
  };
  offer(step?.rungAt, 'step');
  offer(total?.rungAt, 'total');
  offer(reviewDue(incident), 'review');
  for (const assignment of lapsing(incident)) offer(assignment.until, assignment);
  return first;
}

/** Some states go on by themselves when the limit is used up; in the others the ladder speaks. */
function atStepDue(incident: Incident, step: Clock): Command {
  const share = nextShare(step);
  // Also where more than the limit was used up before a shorter one was set.
  if (share !== 50 && share !== 80) {
    if (incident.state === 'verifying') return { verb: 'answerVerification', found: null };
    if (incident.state === 'suspended') return { verb: 'resume' };
    if (incident.state === 'disposed') return { verb: 'assignCheck' };
  }
  return ladder(step, 'step');
}

function ladder(of: Clock, clock: 'step' | 'total'): Command {
  const share = nextShare(of);
  switch (share) {
    case 50:
    case 80:
      return { verb: 'urge', clock, share };
    case 100:
      return { verb: 'supervise', level: 1, clock, share };
    case 150:
      return { verb: 'supervise', level: 2, clock, share };
    case 200:
      return { verb: 'supervise', level: 3, clock, share };
    case 'done':
      return { verb: 'urge', clock, repeat: true };
  }
}
