/** 催办, 督办 and what is answered to them; also the ladder, which speaks in the same verbs. Pure. */
import type { Actor } from '../../identity/actor.ts';
import { recountedAssignments } from './assignments.ts';
import { afterRung, nextShare } from './clocks.ts';
import type { Command } from './commands.ts';
import { noSuchMove, said, type Facts, type Outcome } from './decision.ts';
import type { Clock, Incident, MovePayload } from './incident.ts';
import { answerBy, isReviewOpen, reviewDue } from './review.ts';
import type { By } from './states.ts';
import { recountedByCalendar } from './step-clocks.ts';
import { holderOf, placeOf, superiorOf } from './tells.ts';
import type { Recipient, Share } from './told.ts';

type Of<V extends Command['verb']> = Extract<Command, { verb: V }>;

export function urge(incident: Incident, command: Of<'urge'>, facts: Facts): Outcome {
  if ('review' in command) {
    return isDue(reviewDue(incident), facts) && !isReviewPending(incident)
      ? { to: incident.state, payload: { review: true, answerBy: answerBy(facts.rules, facts.now) } }
      : noSuchMove(incident.state, 'urge');
  }
  if ('share' in command) return ladder(incident, command.clock, command.share, { share: command.share }, facts);
  if ('repeat' in command) return ladder(incident, command.clock, 'done', { repeat: true }, facts);
  return { to: incident.state, payload: said(command) };
}

export function supervise(incident: Incident, command: Of<'supervise'>, actor: Actor, facts: Facts): Outcome {
  const payload: MovePayload = { ...said(command), supervise: command.level };
  if ('review' in command) {
    return isDue(reviewDue(incident), facts) && isReviewPending(incident)
      ? { to: incident.state, payload: { ...payload, review: true } }
      : noSuchMove(incident.state, 'supervise');
  }
  if ('share' in command) return ladder(incident, command.clock, command.share, { ...payload, share: command.share }, facts);
  const place = placeOf(actor);
  return { to: incident.state, payload: { ...payload, ...(place === null ? {} : { place }) } };
}

/** One rung of one clock, and only the one that is next: so each speaks once. */
function ladder(incident: Incident, which: 'step' | 'total', share: Share | 'done', payload: MovePayload, facts: Facts): Outcome {
  const clock = incident.clocks[which];
  if (clock === null || nextShare(clock) !== share || !isDue(clock.rungAt, facts)) {
    return noSuchMove(incident.state, share === 50 || share === 80 || share === 'done' ? 'urge' : 'supervise');
  }
  return { to: incident.state, payload: { ...payload, clock: which, [which]: afterRung(facts.rules, clock, facts.now) } };
}

const isDue = (time: string | null, { now }: Facts): boolean => time !== null && Date.parse(time) <= now.getTime();
const isReviewPending = (incident: Incident): boolean => isReviewOpen(incident) && !incident.review!.supervised;

/** A word to all, an answer to a 督办, or the answer to the review of a suspension; by the system: the clocks counted anew. */
export function comment(incident: Incident, command: Of<'comment'>, actor: Actor, facts: Facts): Outcome {
  if ('recount' in command) return recount(incident, facts);
  const { text, replyTo, review } = command;
  if (review === true) {
    if (incident.state !== 'suspended' || !isReviewOpen(incident)) return { code: 'no-review' };
    if (!ANSWERS_REVIEW.includes(actor.role as By)) return { code: 'not-yours', needs: ANSWERS_REVIEW };
  }
  if (replyTo !== undefined) {
    const supervision = incident.supervisions.find((s) => s.version === replyTo);
    if (supervision === undefined || supervision.repliedAt !== null) return { code: 'no-supervision', replyTo };
    if (supervision.by === actor.account) return { code: 'second-person-needed' };
    if (!mayReply(incident, actor)) return { code: 'not-yours', needs: repliers(incident) };
  }
  return {
    to: incident.state,
    payload: { text, ...(replyTo === undefined ? {} : { replyTo }), ...(review === undefined ? {} : { review }) },
  };
}

const ANSWERS_REVIEW: readonly By[] = ['subdistrict', 'district'];

/** A 督办 is answered by whoever holds the incident, or by a place above. */
export function mayReply(incident: Incident, actor: Actor): boolean {
  const place = placeOf(actor);
  return place !== null && above(incident).includes(place);
}

/** The holder, and who stands above, up to the district. */
function above(incident: Incident): readonly Recipient[] {
  const places: Recipient[] = [];
  for (let place = holderOf(incident); place !== null; place = place === 'district' ? null : superiorOf(place, incident))
    places.push(place);
  return places;
}

const ROLE_OF: readonly (readonly [prefix: string, role: By])[] = [
  ['cell:', 'gridWorker'],
  ['community:', 'community'],
  ['subdistrict:', 'subdistrict'],
  ['unit:', 'leadUnit'],
  ['district', 'district'],
];

function repliers(incident: Incident): readonly By[] {
  return above(incident).flatMap((place) => ROLE_OF.filter(([prefix]) => place.startsWith(prefix)).map(([, role]) => role));
}

const RECOUNTED = '工作日历有变，时限已按新日历重新算。The working calendar was changed: the deadlines are counted anew.';

/** Derives the clocks, and with them the units' own times, by the calendar of now. Suspended clocks are derived when they go on. */
function recount(incident: Incident, { rules, now }: Facts): Outcome {
  const { step, total } = recountedByCalendar(rules, incident, now);
  const clocks = {
    ...(differs(incident.clocks.step, step) ? { step } : {}),
    ...(differs(incident.clocks.total, total) ? { total } : {}),
  };
  if (Object.keys(clocks).length === 0) return { code: 'nothing-to-recount' };
  const before = new Map(incident.assignments.map((a) => [a.id, a.until]));
  const changed = recountedAssignments(incident, incident.level, step, rules).filter((c) => before.get(c.id) !== c.until);
  return { to: incident.state, payload: { text: RECOUNTED, ...clocks, ...(changed.length === 0 ? {} : { changed }) } };
}

function differs(before: Clock | null, after: Clock | null): boolean {
  return before?.dueAt !== after?.dueAt || before?.rungAt !== after?.rungAt || before?.limitMs !== after?.limitMs;
}
