/** What the system does when time has passed. Found again after a restart, because it is read from the incident alone. */
import type { Command } from './commands.ts';
import { currentAssignments, type Assignment, type Clock, type Incident, type Time } from './incident.ts';
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

const earliest = (times: readonly (Time | null | undefined)[]): Time | null =>
  times.reduce<Time | null>((min, t) => (t !== null && t !== undefined && (min === null || t < min) ? t : min), null);

/** When the system has to look at this incident next; null when never (it has ended). */
export function nextDue(incident: Incident): Time | null {
  if (isEnd(incident.state)) return null;
  if (nextByItself(incident) !== undefined) return incident.stateSince;
  const { step, total } = incident.clocks;
  return earliest([step?.rungAt, total?.rungAt, ...lapsing(incident).map((a) => a.until)]);
}

/**
 * The command that is due at `now`, or null when nothing is due yet.
 * A run card that finds no lead makes the desk `raise` instead, which ends the automatic part.
 */
export function dueCommand(incident: Incident, now: Date): Command | null {
  if (isEnd(incident.state)) return null;
  const byItself = nextByItself(incident);
  if (byItself !== undefined) return byItself === 'dispatch' ? { verb: 'dispatch', runCard: true } : { verb: byItself };
  const passed = (time: Time | null | undefined) => time !== null && time !== undefined && Date.parse(time) <= now.getTime();
  const late = lapsing(incident).find((a) => passed(a.until));
  if (late !== undefined) return { verb: 'lapse', assignment: late.id };
  const { step, total } = incident.clocks;
  if (step !== null && passed(step.rungAt)) return atStepDue(incident, step);
  if (total !== null && passed(total.rungAt)) return { verb: 'supervise', level: nextRung(total), clock: 'total' };
  return null;
}

/** Some states go on by themselves; in the others the ladder speaks. */
function atStepDue(incident: Incident, step: Clock): Command {
  switch (incident.state) {
    case 'verifying':
      return { verb: 'answerVerification', found: null };
    case 'suspended':
      return { verb: 'resume' };
    case 'disposed':
      return { verb: 'assignCheck' };
    default:
      return { verb: 'supervise', level: nextRung(step), clock: 'step' };
  }
}

function nextRung(clock: Clock): 1 | 2 | 3 {
  return clock.rung >= 2 ? 3 : ((clock.rung + 1) as 1 | 2);
}
