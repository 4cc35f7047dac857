/** 挂账复核: a suspension is looked at again each calendar month, so that nothing lies forgotten behind a far date. Pure. */
import { workdayMs } from './calendar.ts';
import { iso } from './clocks.ts';
import type { Incident, Time } from './incident.ts';
import { dueAfter, type Rules } from './levels.ts';
import { CHINA_OFFSET_MS, shownInChina } from '../../china-time.ts';

/** Working days in which the subdistrict answers. Ours. */
const ANSWER_WORKDAYS = 3;

/** The same day and time some months later, in China's calendar; the month's last day where it has no such day. */
export function monthsAfter(time: Time, months: number): Time {
  const local = shownInChina(Date.parse(time));
  const first = new Date(local);
  first.setUTCDate(1);
  first.setUTCMonth(first.getUTCMonth() + months);
  const lastDay = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  first.setUTCDate(Math.min(local.getUTCDate(), lastDay));
  return iso(first.getTime() - CHINA_OFFSET_MS);
}

/** When the system asks for a review next, or supervises one that nobody answered; null where nothing is suspended. */
export function reviewDue({ state, stateSince, review }: Pick<Incident, 'state' | 'stateSince' | 'review'>): Time | null {
  if (state !== 'suspended') return null;
  if (isReviewOpen({ review }) && !review!.supervised) return review!.answerBy;
  return monthsAfter(stateSince, (review?.count ?? 0) + 1);
}

/** Somebody has to say why it stays suspended. */
export function isReviewOpen({ review }: Pick<Incident, 'review'>): boolean {
  return review !== null && review.answeredAt === null;
}

/** Until when a review that is asked for now is answered. */
export function answerBy(rules: Rules, now: Date): Time {
  return iso(dueAfter(rules, 'working', now.getTime(), ANSWER_WORKDAYS * workdayMs(rules.calendar)));
}
