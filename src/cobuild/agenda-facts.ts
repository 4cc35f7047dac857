/** What a conference should speak of, found in the dispatch chain and among needs: each a line as people say it. Gravest first. */
import { type Kysely, sql } from 'kysely';
import type { Schema } from '../db/schema.ts';
import type { Reference } from '../grid/reference.ts';
import type { AgendaFact } from './chain/agenda.ts';
import { dayAt, daysBetween } from './chain/days.ts';

/** More of one kind nobody speaks of in one meeting. */
const MOST = 20;

/** @param place  9 or 12 digits: what lies in it counts. */
export async function agendaFacts(
  db: Kysely<Schema>,
  district: number,
  place: string,
  { now, reference }: { readonly now: Date; readonly reference: Reference },
): Promise<AgendaFact[]> {
  return [
    ...(await overdueIncidents(db, district, place, now, reference)),
    ...(await equalRulings(db, district, place, reference)),
    ...(await unclaimedNeeds(db, district, place, now)),
  ];
}

/** Incidents that are over a limit now, longest first. */
export async function overdueIncidents(
  db: Kysely<Schema>,
  district: number,
  place: string,
  now: Date,
  reference: Reference,
): Promise<AgendaFact[]> {
  const { rows } = await sql<{ number: string; category: string; community: string; due: Date }>`
    select number, category, community, due_at as due from incident
    where district = ${district} and starts_with(community, ${place}) and ended_at is null and due_at <= ${now}::timestamptz and not drill
    order by due_at limit ${MOST}`.execute(db);
  return rows.map(({ number, category, community, due }) => {
    const name = reference.category(category);
    const days = Math.floor((now.getTime() - due.getTime()) / 86_400_000);
    const where = reference.communities.get(community)?.nameZh ?? community;
    return {
      kind: 'overdue',
      ref: number,
      zh: `${name?.nameZh ?? category}，${where}，超 ${days} 天`,
      en: `${name?.nameEn ?? category}, ${days} ${days === 1 ? 'day' : 'days'} over`,
    };
  });
}

/** Rules that three equal rulings propose and nobody has answered. */
export async function equalRulings(db: Kysely<Schema>, district: number, place: string, reference: Reference): Promise<AgendaFact[]> {
  const rows = await db
    .selectFrom('responsibility_proposal')
    .select(['id', 'category', 'community', 'unit'])
    .where('district', '=', district)
    .where('answer', 'is', null)
    .where(sql<boolean>`starts_with(community, ${place})`)
    .orderBy('at')
    .limit(MOST)
    .execute();
  return rows.map(({ id, category, community, unit }) => {
    const of = reference.category(category);
    const where = reference.communities.get(community)?.nameZh ?? community;
    const who = reference.units.get(unit);
    return {
      kind: 'ruling',
      ref: id,
      zh: `${where}“${of?.nameZh ?? category}”三次裁定都归${who?.nameZh ?? unit}，建议写入权责表`,
      en: `Three rulings gave ${of?.nameEn ?? category} to ${who?.nameEn ?? unit}: make it a rule`,
    };
  });
}

/** Needs with something left over: those handed to the conference first, then by what is late, then by their last day. */
export async function unclaimedNeeds(db: Kysely<Schema>, district: number, place: string, now: Date): Promise<AgendaFact[]> {
  const today = dayAt(now);
  const rows = await db
    .selectFrom('need')
    .select(['code', 'title_zh', 'title_en', 'quantity', 'claimed', 'unit_zh', 'unit_en', 'due'])
    .where('district', '=', district)
    .where('state', '=', 'open')
    .where(sql<boolean>`claimed < quantity and starts_with(place, ${place})`)
    .orderBy(sql`conferred_at is null`)
    .orderBy('due')
    .orderBy('code')
    .limit(MOST)
    .execute();
  return rows.map((need) => {
    const left = need.quantity - need.claimed;
    const over = daysBetween(need.due, today);
    return {
      kind: 'need',
      ref: need.code,
      zh: `${need.title_zh}，还差 ${left} ${need.unit_zh}${over > 0 ? `，已超期 ${over} 天` : ''}`,
      en: `${need.title_en ?? need.title_zh}: ${left} ${need.unit_en ?? need.unit_zh} missing${over > 0 ? `, ${over} days over` : ''}`,
    };
  });
}
