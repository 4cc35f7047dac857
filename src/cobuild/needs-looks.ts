/**
 * What is due among needs, claims and bookings: what stands unclaimed or is late is told, claims that nobody delivered lapse, bookings that nobody
 * answered too, and those whose time is over are done. Limits run on the district's working calendar, as those of the dispatch chain do.
 */
import { sql } from 'kysely';
import { addWorking, workdayMs, type WorkingCalendar } from '../dispatch/chain/calendar.ts';
import { systemKey } from '../dispatch/idempotency.ts';
import { workingCalendar } from '../dispatch/rules.ts';
import { startOfDay } from '../china-time.ts';
import type { Reference } from '../grid/reference.ts';
import { systemActor } from '../identity/actor.ts';
import type { Asked, House } from './act.ts';
import { moveBooking, type BookingCommand } from './booking-desk.ts';
import { forgetPeople } from './activities.ts';
import { readBookings, type Booking } from './bookings.ts';
import { moveClaim } from './claim-desk.ts';
import { KEEP_PEOPLE_DAYS } from './chain/activity.ts';
import { dayIndex, dueAt, warnAt } from './chain/days.ts';
import { CONFIRM_WORKDAYS, LAPSE_WORKDAYS, leftOver, REMIND_DAYS, UNCLAIMED_SHARE } from './chain/need.ts';
import type { Telling, Told } from './chain/notices.ts';
import { inboxAbove, officeInbox } from './chain/scope.ts';
import { claimFrom, needFrom, type Claim, type Need } from './needs.ts';
import { tellingOf } from './need-rows.ts';
import type { Look } from './watch.ts';

const DAY_MS = 86_400_000;
const NEVER_WENT = '时间已过，没有用上 Its time passed before it was sent to the incident';

/** @param reference  for the calendar; the one that holds when it is looked. */
export function needsLooks(reference: () => Reference): readonly Look[] {
  const calendar = () => workingCalendar({ days: reference().calendar.days, hours: reference().calendar.hours });
  return [
    (house, now) => lookAtNeeds(house, now, calendar()),
    (house, now) => lookAtBookings(house, now),
    (house, now) => lookAtTasks(house, now, calendar()),
    async ({ db, district }, now) => {
      await forgetPeople(db, district, new Date(now.getTime() - KEEP_PEOPLE_DAYS * DAY_MS));
      return [];
    },
  ];
}

async function lookAtNeeds(house: House, now: Date, calendar: WorkingCalendar): Promise<Telling[]> {
  const { db, district } = house;
  const needs = (await db.selectFrom('need').selectAll().where('district', '=', district).where('state', '=', 'open').execute()).map(
    needFrom,
  );
  if (needs.length === 0) return [];
  const claims = await db
    .selectFrom('claim')
    .selectAll()
    .where('district', '=', district)
    .where('state', 'in', ['claimed', 'delivered'])
    .where(sql<boolean>`exists (select from need n where n.district = claim.district and n.code = claim.need and n.state = 'open')`)
    .execute();
  const byCode = new Map(needs.map((need) => [need.code, need]));
  const tells = needs.flatMap((need) => tellsOfNeed(need, now, calendar));
  for (const claim of claims.map(claimFrom)) {
    const need = byCode.get(claim.need);
    if (need === undefined) continue;
    if (lapses(claim, now, calendar)) await moveClaim(house, bySystem(house, claim, 'lapse'), claim.code, { verb: 'lapse' });
    else tells.push(...tellsOfClaim(need, claim, now, calendar));
  }
  return tells;
}

/** Something left over late in its time, and past its last day. An extension arms both anew: the day stands in the key. */
function tellsOfNeed(need: Need, now: Date, calendar: WorkingCalendar): Telling[] {
  const endMs = dueAt(calendar, need.due).getTime();
  const beginMs = startOfDay(dayIndex(need.publishedOn));
  const office: readonly Told[] = [officeInbox(need.place)];
  const left = leftOver(need);
  if (now.getTime() >= endMs)
    return [tellingOf(need, 'needOverdue', `${need.code} ${need.due}`, [...office, inboxAbove(need.place)], { left })];
  const late = now.getTime() >= beginMs + (endMs - beginMs) * UNCLAIMED_SHARE;
  return left > 0 && late ? [tellingOf(need, 'needUnclaimed', `${need.code} ${need.due}`, office, { left })] : [];
}

/** What is at an incident ends with its assignment there: it is at work, whatever its day. */
function lapses(claim: Claim, now: Date, calendar: WorkingCalendar): boolean {
  if (claim.state !== 'claimed' || claim.assignment !== null) return false;
  const endMs = dueAt(calendar, claim.due).getTime();
  return addWorking(calendar, endMs, LAPSE_WORKDAYS * workdayMs(calendar)) <= now.getTime();
}

function tellsOfClaim(need: Need, claim: Claim, now: Date, calendar: WorkingCalendar): Telling[] {
  const about = { claim: claim.code, member: claim.member, quantity: claim.quantity };
  const member: Told = `member:${claim.member}`;
  const office = officeInbox(need.place);
  if (claim.state === 'delivered') {
    const waits = addWorking(calendar, Date.parse(claim.deliveredAt!), CONFIRM_WORKDAYS * workdayMs(calendar)) <= now.getTime();
    const key = `${claim.code} ${claim.version}`;
    return waits ? [tellingOf(need, 'claimWaiting', key, [office, inboxAbove(need.place)], about)] : [];
  }
  const key = `${claim.code} ${claim.due}`;
  if (dueAt(calendar, claim.due) <= now) return [tellingOf(need, 'claimOverdue', key, [member, office], about)];
  return warnAt(calendar, claim.due, REMIND_DAYS) <= now ? [tellingOf(need, 'claimDue', key, [member], about)] : [];
}

async function lookAtBookings(house: House, now: Date): Promise<Telling[]> {
  const held = await readBookings(house.db, house.district, { states: ['asked', 'agreed'], until: now });
  for (const booking of held) {
    const over = booking.until <= now;
    const command: BookingCommand | null = booking.state === 'asked' ? { verb: 'lapse' } : over ? whenOver(booking) : null;
    if (command !== null) await moveBooking(house, bySystem(house, booking, command.verb), booking.code, command);
  }
  return [];
}

function whenOver({ incident, assignment }: Booking): BookingCommand | null {
  if (incident === null) return { verb: 'finish' };
  // What is at an incident ends with its assignment there.
  return assignment === null ? { verb: 'cancel', reason: NEVER_WENT } : null;
}

/** A project's task that somebody took on is due soon. */
async function lookAtTasks({ db, district }: House, now: Date, calendar: WorkingCalendar): Promise<Telling[]> {
  const tasks = await db
    .selectFrom('project_task as t')
    .innerJoin('project as p', (on) => on.onRef('p.district', '=', 't.district').onRef('p.code', '=', 't.project'))
    .select(['t.code', 't.project', 't.member', 't.due', 'p.place'])
    .where('t.district', '=', district)
    .where('t.state', '=', 'claimed')
    .execute();
  return tasks
    .filter((task) => task.member !== null && warnAt(calendar, task.due, REMIND_DAYS) <= now)
    .map(({ code, project, member, due, place }) => ({
      key: `taskDue ${code} ${due}`,
      recipients: [`member:${member!}`],
      notice: 'taskDue',
      about: { kind: 'project', code: project, place, task: code, dueOn: due },
    }));
}

function bySystem(house: House, { code, version }: { readonly code: string; readonly version: number }, verb: string): Asked {
  return { actor: systemActor(house.district), key: systemKey(code, version, verb), request: { code, version, verb } };
}
