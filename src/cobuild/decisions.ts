/** What waits for somebody to decide: late needs and tasks, quarters without a conference, late resolutions, terms and agreements that end. */
import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Schema } from '../db/schema.ts';
import type { Actor } from '../identity/actor.ts';
import { addDays, daysBetween, quarterOf } from './chain/days.ts';
import { standOf } from './chain/plan.ts';
import type { Decision } from './plan-wire.ts';
import { seesPlace } from './place-filter.ts';
import { maySeePlan, readPlans } from './plans.ts';

/** What ends so soon has to be spoken of now, days. [ours] As the warnings of terms and agreements. */
const SOON_DAYS = 30;
/** A need that nobody claimed is a matter for the conference when so many days are left. [ours] */
const UNCLAIMED_DAYS = 14;

/** Gravest kind first, worst first of each. @param today  China's day. */
export async function readDecisions(db: Kysely<Schema>, district: number, actor: Actor, today: string): Promise<Decision[]> {
  return [
    ...(await lateNeeds(db, district, actor, today)),
    ...(await latePlans(db, district, actor, today)),
    ...(await missingConferences(db, district, actor, today)),
    ...(await lateResolutions(db, district, actor, today)),
    ...(await endingPapers(db, district, actor, today)),
  ];
}

async function latePlans(db: Kysely<Schema>, district: number, actor: Actor, today: string): Promise<Decision[]> {
  const items = await readPlans(db, district);
  return items
    .filter((item) => item.level === 'task' && maySeePlan(actor, item))
    .map((item) => ({ item, stand: standOf(item, today) }))
    .filter(({ stand }) => stand.standing === 'late')
    .sort((a, b) => a.stand.gap - b.stand.gap || (a.item.code < b.item.code ? -1 : 1))
    .map(({ item, stand }) => ({
      kind: 'latePlan' as const,
      code: item.code,
      place: item.place,
      nameZh: item.nameZh,
      nameEn: item.nameEn,
      dueOn: item.ends,
      daysLate: daysBetween(item.ends, today),
      figure: -stand.gap,
    }));
}

async function lateNeeds(db: Kysely<Schema>, district: number, actor: Actor, today: string): Promise<Decision[]> {
  const rows = await db
    .selectFrom('need')
    .select(['code', 'place', 'title_zh', 'title_en', 'due', 'quantity', 'claimed'])
    .where('district', '=', district)
    .where('state', '=', 'open')
    .where(seesPlace(actor, sql.ref('need.place')))
    .where(sql<boolean>`due < ${today}::date or (claimed = 0 and due < ${addDays(today, UNCLAIMED_DAYS)}::date)`)
    .orderBy('due')
    .orderBy('code')
    .execute();
  const needs = rows.map(({ code, place, title_zh, title_en, due, quantity, claimed }) => ({
    kind: due < today ? ('lateNeed' as const) : ('unclaimedNeed' as const),
    code,
    place,
    nameZh: title_zh,
    nameEn: title_en ?? title_zh,
    dueOn: due,
    daysLate: daysBetween(due, today),
    figure: quantity - claimed,
  }));
  return [...needs.filter((need) => need.kind === 'lateNeed'), ...needs.filter((need) => need.kind !== 'lateNeed')];
}

/** Committees without a conference in this quarter: none set, or the one that was set is called off. */
function missingConferences(db: Kysely<Schema>, district: number, actor: Actor, today: string): Promise<Decision[]> {
  return decisions(
    db,
    today,
    sql`select 'missingConference' as kind, c.code, c.place, c.name_zh, c.name_en, null::date as due from committee c
      where c.district = ${district} and c.state = 'active' and ${seesPlace(actor, sql.ref('c.place'))}
        and not exists (select from conference f where f.district = c.district and f.committee = c.code and f.quarter = ${quarterOf(today)}
          and f.state <> 'cancelled')
      order by c.place`,
  );
}

function lateResolutions(db: Kysely<Schema>, district: number, actor: Actor, today: string): Promise<Decision[]> {
  return decisions(
    db,
    today,
    sql`select 'lateResolution' as kind, r.code, c.place, r.text as name_zh, r.text as name_en, r.due_on as due from resolution r
      join committee c on c.district = r.district and c.code = r.committee
      where r.district = ${district} and r.state = 'open' and r.due_on < ${today}::date and ${seesPlace(actor, sql.ref('c.place'))}
      order by r.due_on, r.code`,
  );
}

/** Terms and agreements that end within a month. Of a member its body is named, never the person. */
function endingPapers(db: Kysely<Schema>, district: number, actor: Actor, today: string): Promise<Decision[]> {
  const soon = addDays(today, SOON_DAYS);
  return decisions(
    db,
    today,
    sql`select 'endingTerm' as kind, m.code, c.place, m.org_zh as name_zh, m.org_en as name_en, m.term_end as due from member m
        join committee c on c.district = m.district and c.code = m.committee
        where m.district = ${district} and m.state = 'appointed' and m.term_end between ${today}::date and ${soon}::date
          and ${seesPlace(actor, sql.ref('c.place'))}
      union all
      select 'endingAgreement', a.code, c.place, m.org_zh, m.org_en, a.until_on from agreement a
        join committee c on c.district = a.district and c.code = a.committee
        join member m on m.district = a.district and m.code = a.member
        where a.district = ${district} and a.state = 'active' and a.until_on between ${today}::date and ${soon}::date
          and ${seesPlace(actor, sql.ref('c.place'))}
      order by due, code`,
  );
}

interface Row {
  readonly kind: Decision['kind'];
  readonly code: string;
  readonly place: string;
  readonly name_zh: string;
  readonly name_en: string;
  readonly due: string | null;
}

async function decisions(db: Kysely<Schema>, today: string, query: RawBuilder<unknown>): Promise<Decision[]> {
  const { rows } = await (query as RawBuilder<Row>).execute(db);
  return rows.map(({ kind, code, place, name_zh, name_en, due }) => ({
    kind,
    code,
    place,
    nameZh: name_zh,
    nameEn: name_en,
    dueOn: due,
    daysLate: due === null ? 0 : daysBetween(due, today),
    figure: null,
  }));
}
