/** "Why this deadline", line by line, with the figures that the lines add up to. For people; pure. */
import { workdayLabel, isWorkingDay } from './chain/calendar.ts';
import { nextShare, timeAt, usedBy } from './chain/clocks.ts';
import type { Clock, Extension, Incident } from './chain/incident.ts';
import { countedBetween, type Rules } from './chain/levels.ts';
import { shareTells } from './chain/tells.ts';
import { SHARES, type Recipient, type Share } from './chain/told.ts';
import { linesOf, type ExplainedDay, type ExplainedLine, type ExplainedPause } from './explain-lines.ts';
import { dateOf, dayOf } from '../china-time.ts';

/** A year of suspension is not drawn day by day. */
const MOST_DAYS = 400;

export interface ExplainedRung {
  /** Per cent of the limit. */
  readonly share: Share;
  readonly at: string;
  /** It has spoken. */
  readonly done: boolean;
  readonly tells: readonly Recipient[];
  /** What the system does at that instant besides. */
  readonly then?: 'lapse' | 'answerVerification' | 'assignCheck';
}

export interface ExplainedClock {
  readonly clock: Clock['name'];
  readonly startedAt: string;
  /** Counted milliseconds, extensions included: used and left together. */
  readonly limitMs: number;
  readonly usedMs: number;
  /** Below zero once it is overdue. */
  readonly leftMs: number;
  readonly kind: Clock['kind'];
  readonly dueAt: string;
  readonly overdue: boolean;
  readonly lines: readonly ExplainedLine[];
  readonly rungs: readonly ExplainedRung[];
  readonly pauses: readonly ExplainedPause[];
  readonly extensions: readonly Extension[];
  /** Days from the start to the due time or to now; empty for a clock that counts day and night. */
  readonly days: readonly ExplainedDay[];
  /** What counts of a working day, minutes from midnight. */
  readonly hours: readonly { readonly fromMin: number; readonly toMin: number }[];
}

/** The running clocks, the step's first. */
export function explainDeadlines(incident: Incident, rules: Rules, now: Date): ExplainedClock[] {
  const { step, total } = incident.clocks;
  return [step, total].filter((c): c is Clock => c !== null).map((clock) => explained(incident, clock, rules, now));
}

function explained(incident: Incident, clock: Clock, rules: Rules, now: Date): ExplainedClock {
  const { name, startedAt, limitMs, kind, dueAt, extensions = [] } = clock;
  const usedMs = usedBy(rules, clock, now.getTime());
  const figures = {
    usedMs,
    leftMs: limitMs - usedMs,
    pauses: pausesOf(clock, rules, now),
    days: kind === 'working' ? daysBetween(rules, Date.parse(startedAt), Math.max(Date.parse(dueAt), now.getTime())) : [],
  };
  return {
    clock: name,
    startedAt,
    limitMs,
    kind,
    dueAt,
    overdue: Date.parse(dueAt) <= now.getTime(),
    extensions,
    ...figures,
    lines: linesOf(incident, clock, figures, rules, now),
    rungs: rungsOf(incident, clock, rules),
    hours: kind === 'working' ? rules.calendar.spans : [],
  };
}

function pausesOf({ pauses = [], kind }: Clock, rules: Rules, now: Date): ExplainedPause[] {
  return pauses.map(({ from, to, why }) => ({
    from,
    to,
    why,
    savedMs: countedBetween(rules, kind, Date.parse(from), to === null ? now.getTime() : Date.parse(to)),
  }));
}

/** Where the ladder speaks, and whom it tells if nobody hands the incident on before. */
function rungsOf(incident: Incident, clock: Clock, rules: Rules): ExplainedRung[] {
  if (clock.name === 'resume') return [];
  const then = clock.name === 'total' ? undefined : goesOnBy(incident);
  const next = nextShare(clock);
  const shares = then === undefined || then === 'lapse' ? SHARES : SHARES.filter((share) => share <= 100);
  return shares.map((share) => ({
    share,
    at: new Date(timeAt(rules, clock, Math.ceil((clock.limitMs * share) / 100))).toISOString(),
    done: next === 'done' || share < next,
    // Where the system goes on at the limit, nobody is told that it is over.
    tells: share === 100 && then !== undefined && then !== 'lapse' ? [] : shareTells(incident, share).told,
    ...(share === 100 && then !== undefined ? { then } : {}),
  }));
}

function goesOnBy({ state, assignments }: Incident): ExplainedRung['then'] {
  switch (state) {
    case 'verifying':
      return 'answerVerification';
    case 'disposed':
      return 'assignCheck';
    case 'responding':
      return assignments.some((a) => a.role === 'lead' && a.state === 'acknowledged') ? 'lapse' : undefined;
    default:
      return undefined;
  }
}

function daysBetween({ calendar }: Rules, fromMs: number, toMs: number): ExplainedDay[] {
  const days: ExplainedDay[] = [];
  const first = dayOf(fromMs);
  for (let day = first; day <= dayOf(toMs) && days.length < MOST_DAYS; day++) {
    const date = dateOf(day);
    days.push({ date, working: isWorkingDay(calendar, day), label: workdayLabel(calendar, date) });
  }
  return days;
}
