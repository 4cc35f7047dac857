/** Conferences (联席会商): their rows, and who said that they come. */
import { type Kysely, sql } from 'kysely';
import type { Schema } from '../db/schema.ts';
import type { Actor } from '../identity/actor.ts';
import type { AgendaItem, Conference, ConferenceState } from './chain/conference.ts';
import type { Quarter } from './chain/days.ts';
import { seesPlace } from './place-filter.ts';

function select(db: Kysely<Schema>, district: number) {
  return db
    .selectFrom('conference as k')
    .innerJoin('committee as c', (on) => on.onRef('c.district', '=', 'k.district').onRef('c.code', '=', 'k.committee'))
    .select(['k.code', 'k.version', 'k.state', 'k.committee', 'c.place', 'k.quarter', 'k.starts_at', 'k.venue_zh', 'k.venue_en'])
    .select(['k.agenda', 'k.minutes', 'k.attended'])
    .where('k.district', '=', district);
}

type Row = Awaited<ReturnType<ReturnType<typeof select>['execute']>>[number];

function conferenceFrom({ starts_at, venue_zh, venue_en, agenda, ...same }: Row): Conference {
  return { ...same, startsAt: starts_at, venueZh: venue_zh, venueEn: venue_en, agenda: agenda as AgendaItem[] };
}

export interface ConferenceQuery {
  readonly committee?: string | undefined;
  readonly quarter?: Quarter | undefined;
  readonly state?: ConferenceState | undefined;
}

/** Newest first. */
export async function listConferences(db: Kysely<Schema>, district: number, actor: Actor, query: ConferenceQuery): Promise<Conference[]> {
  const rows = await select(db, district)
    .where(seesPlace(actor, sql.ref('c.place')))
    .$if(query.committee !== undefined, (q) => q.where('k.committee', '=', query.committee!))
    .$if(query.quarter !== undefined, (q) => q.where('k.quarter', '=', query.quarter!))
    .$if(query.state !== undefined, (q) => q.where('k.state', '=', query.state!))
    .orderBy('k.starts_at', 'desc')
    .orderBy('k.code')
    .execute();
  return rows.map(conferenceFrom);
}

/** Of one committee, oldest first: whoever asks has the right to see it. */
export async function conferencesOf(db: Kysely<Schema>, district: number, committee: string): Promise<Conference[]> {
  const rows = await select(db, district).where('k.committee', '=', committee).orderBy('k.starts_at').execute();
  return rows.map(conferenceFrom);
}

export async function findConference(db: Kysely<Schema>, district: number, code: string): Promise<Conference | null> {
  const row = await select(db, district).where('k.code', '=', code).executeTakeFirst();
  return row === undefined ? null : conferenceFrom(row);
}

/** Locked to the end of the transaction. */
export async function lockConference(tx: Kysely<Schema>, district: number, code: string): Promise<Conference | null> {
  const row = await select(tx, district).where('k.code', '=', code).forUpdate('k').executeTakeFirst();
  return row === undefined ? null : conferenceFrom(row);
}

function columnsOf({ version, state, startsAt, venueZh, venueEn, agenda, minutes, attended }: Conference) {
  return {
    version,
    state,
    starts_at: startsAt,
    venue_zh: venueZh,
    venue_en: venueEn,
    agenda: JSON.stringify(agenda),
    minutes,
    attended: [...attended],
  };
}

/** @returns false when the quarter has its conference already. */
export async function insertConference(tx: Kysely<Schema>, district: number, conference: Conference): Promise<boolean> {
  const { code, committee, quarter } = conference;
  const row = await tx
    .insertInto('conference')
    .values({ district, code, committee, quarter, ...columnsOf(conference) })
    .onConflict((on) => on.doNothing())
    .returning('code')
    .executeTakeFirst();
  return row !== undefined;
}

export async function writeConference(tx: Kysely<Schema>, district: number, conference: Conference): Promise<void> {
  await tx
    .updateTable('conference')
    .set(columnsOf(conference))
    .where('district', '=', district)
    .where('code', '=', conference.code)
    .execute();
}

export interface Reply {
  readonly member: string;
  readonly coming: boolean;
  readonly note: string;
  readonly at: Date;
}

/** By member. */
export async function repliesTo(
  db: Kysely<Schema>,
  district: number,
  conferences: readonly string[],
): Promise<ReadonlyMap<string, Reply[]>> {
  if (conferences.length === 0) return new Map();
  const rows = await db
    .selectFrom('conference_reply')
    .select(['conference', 'member', 'coming', 'note', 'at'])
    .where('district', '=', district)
    .where('conference', 'in', conferences)
    .orderBy('member')
    .execute();
  return Map.groupBy(rows, (row) => row.conference);
}

/** Another answer takes the place of the one before; both are in the log. */
export async function writeReply(tx: Kysely<Schema>, district: number, conference: string, reply: Reply): Promise<void> {
  await tx
    .insertInto('conference_reply')
    .values({ district, conference, ...reply })
    .onConflict((on) =>
      on.columns(['district', 'conference', 'member']).doUpdateSet({ coming: reply.coming, note: reply.note, at: reply.at }),
    )
    .execute();
}

/** `fengcheng-union-2026q4`; after one that was cancelled `…-2`. The committee must be locked. */
export async function nextConferenceCode(tx: Kysely<Schema>, district: number, committee: string, quarter: Quarter): Promise<string> {
  const { n } = await tx
    .selectFrom('conference')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .where('district', '=', district)
    .where('committee', '=', committee)
    .where('quarter', '=', quarter)
    .executeTakeFirstOrThrow();
  const stem = `${committee}-${quarter.toLowerCase()}`;
  return n === 0 ? stem : `${stem}-${n + 1}`;
}
