/**
 * What is due among people and papers: terms and agreements that end are ended, and told 30 days before; resolutions that are late and quarters
 * without a meeting are told. Days are counted by the district's calendar, so that nobody is warned on a holiday.
 */
import type { Kysely } from 'kysely';
import type { Schema } from '../db/schema.ts';
import { workingCalendar } from '../dispatch/rules.ts';
import { systemKey } from '../dispatch/idempotency.ts';
import type { WorkingCalendar } from '../dispatch/chain/calendar.ts';
import type { Reference } from '../grid/reference.ts';
import { systemActor } from '../identity/actor.ts';
import type { Asked, House } from './act.ts';
import { moveAgreement, tellOf as tellOfAgreement } from './agreement-desk.ts';
import { endingAgreements } from './agreements.ts';
import { AGREEMENT_WARNING_DAYS } from './chain/agreement.ts';
import { missingWarnings } from './chain/conference.ts';
import { addDays, dayAt, quarterOf, quarterSpan, warnAt } from './chain/days.ts';
import { TERM_WARNING_DAYS } from './chain/member.ts';
import type { Telling } from './chain/notices.ts';
import { DUE_WARNING_DAYS, isOverdue } from './chain/resolution.ts';
import { inboxAbove, officeInbox } from './chain/scope.ts';
import { moveMember, tellOf as tellOfMember } from './member-desk.ts';
import { listMembers } from './members.ts';
import { tellOf as tellOfResolution } from './resolution-desk.ts';
import { dueResolutions } from './resolutions.ts';
import type { Look } from './watch.ts';

/** A warning that falls on a holiday is told on the working day before: so far back a look may have to reach, days. */
const HOLIDAYS = 10;

/** The looks of this subject. @param reference  for the calendar; the one that holds when it is looked. */
export function peopleLooks(reference: () => Reference): readonly Look[] {
  const calendar = () => workingCalendar({ days: reference().calendar.days, hours: reference().calendar.hours });
  return [
    (house, now) => lookAtTerms(house, now, calendar()),
    (house, now) => lookAtAgreements(house, now, calendar()),
    (house, now) => lookAtResolutions(house, now, calendar()),
    (house, now) => lookAtQuarter(house, now),
  ];
}

async function lookAtTerms(house: House, now: Date, calendar: WorkingCalendar): Promise<Telling[]> {
  const today = dayAt(now);
  const system = systemActor(house.district);
  const members = await listMembers(house.db, house.district, system, { endingBy: addDays(today, TERM_WARNING_DAYS + HOLIDAYS) });
  const tells: Telling[] = [];
  for (const member of members) {
    const end = member.termEnd!;
    if (end < today) await moveMember(house, bySystem(house, 'member', member, 'expire'), member.code, { verb: 'expire' });
    else if (warnAt(calendar, end, TERM_WARNING_DAYS) <= now) {
      tells.push(
        keyedBy(end, tellOfMember(member, 'termEnding', [`member:${member.code}`, officeInbox(member.place), inboxAbove(member.place)])),
      );
    }
  }
  return tells;
}

async function lookAtAgreements(house: House, now: Date, calendar: WorkingCalendar): Promise<Telling[]> {
  const today = dayAt(now);
  const agreements = await endingAgreements(house.db, house.district, addDays(today, AGREEMENT_WARNING_DAYS + HOLIDAYS));
  const tells: Telling[] = [];
  for (const agreement of agreements) {
    const { code, until, place, member } = agreement;
    if (until < today) await moveAgreement(house, bySystem(house, 'agreement', agreement, 'expire'), code, { verb: 'expire' });
    else if (warnAt(calendar, until, AGREEMENT_WARNING_DAYS) <= now) {
      tells.push(keyedBy(until, tellOfAgreement(agreement, 'agreementEnding', [officeInbox(place), `member:${member}`])));
    }
  }
  return tells;
}

async function lookAtResolutions(house: House, now: Date, calendar: WorkingCalendar): Promise<Telling[]> {
  const today = dayAt(now);
  const resolutions = await dueResolutions(house.db, house.district, addDays(today, DUE_WARNING_DAYS + HOLIDAYS));
  return resolutions.flatMap((resolution): Telling[] => {
    const { dueOn, owner, place } = resolution;
    if (isOverdue(resolution, today)) {
      return [keyedBy(dueOn, tellOfResolution(resolution, 'resolutionOverdue', [owner, officeInbox(place), inboxAbove(place)]))];
    }
    return warnAt(calendar, dueOn, DUE_WARNING_DAYS) <= now ? [keyedBy(dueOn, tellOfResolution(resolution, 'resolutionDue', [owner]))] : [];
  });
}

/** Once when half of the quarter is over, and once more near its end: to the office and the one above. */
async function lookAtQuarter({ db, district }: House, now: Date): Promise<Telling[]> {
  const today = dayAt(now);
  const quarter = quarterOf(today);
  const due = missingWarnings(quarter, today);
  if (due.length === 0) return [];
  const { last } = quarterSpan(quarter);
  return (await committeesWithout(db, district, quarter)).flatMap(({ code, place }) =>
    due.map((left) => ({
      key: `conferenceMissing ${code} ${quarter} ${left}`,
      recipients: [officeInbox(place), inboxAbove(place)],
      notice: 'conferenceMissing' as const,
      about: { kind: 'committee', code, place, quarter, until: last },
    })),
  );
}

/** Committees that have neither held nor set their conference of the quarter. */
export async function committeesWithout(
  db: Kysely<Schema>,
  district: number,
  quarter: string,
): Promise<{ code: string; place: string; name_zh: string; name_en: string }[]> {
  return db
    .selectFrom('committee as c')
    .select(['c.code', 'c.place', 'c.name_zh', 'c.name_en'])
    .where('c.district', '=', district)
    .where('c.state', '=', 'active')
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('conference as k')
            .select('k.code')
            .whereRef('k.district', '=', 'c.district')
            .whereRef('k.committee', '=', 'c.code')
            .where('k.quarter', '=', quarter)
            .where('k.state', '!=', 'cancelled'),
        ),
      ),
    )
    .orderBy('c.place')
    .execute();
}

/** Every node makes the same key for the same version: it takes effect once. */
function bySystem({ district }: House, kind: string, { code, version }: { code: string; version: number }, verb: string): Asked {
  return { actor: systemActor(district), key: systemKey(`${kind}:${code}`, version, verb), request: { kind, code, version, verb } };
}

/** The warning is of that day: a term that was corrected meanwhile is no reason to warn again, another last day is. */
function keyedBy(day: string, telling: Telling): Telling {
  return { ...telling, key: `${telling.notice} ${telling.about['kind']} ${telling.about['code']} ${day}` };
}
