/** Ratings as rows: one for each go at an incident, changed only by the device that gave it. */
import { createHash } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import type { Schema } from '../db/schema.ts';
import { CHANGE_WITHIN_MS } from './progress.ts';
import type { Rated, Score } from './satisfaction.ts';

export interface NewRating {
  readonly incident: string;
  readonly round: number;
  readonly score: Score;
  readonly comment: string | null;
  /** UUID that the device made and keeps: by it the same device is known again. */
  readonly device: string;
}

export interface KeptRating {
  readonly round: number;
  readonly score: Score;
  readonly comment: string | null;
  readonly at: Date;
  readonly changedAt: Date | null;
}

export type RatingAnswer =
  { readonly ok: true; readonly rating: KeptRating } | { readonly ok: false; readonly code: 'already-rated' | 'too-late' };

const COLUMNS = ['round', 'score', 'comment', 'at', 'changed_at as changedAt'] as const;
const CHANGEABLE = sql`interval '1 millisecond' * ${sql.lit(CHANGE_WITHIN_MS)}`;

/**
 * Keeps a rating. Of two residents that rate in the same moment one is taken and the other told so; the one that was taken may say
 * otherwise for a day, from the same device. Sending the same again changes nothing.
 */
export async function keepRating(db: Kysely<Schema>, district: number, given: NewRating): Promise<RatingAnswer> {
  const { incident, round, score, comment } = given;
  const device = digest(given.device);
  // The row is locked by the conflict before `where` is looked at: the second of two at once sees the first.
  const kept = await db
    .insertInto('rating')
    .values({ district, incident, round, score, comment, device, changed_at: null })
    .onConflict((on) =>
      on
        .columns(['district', 'incident', 'round'])
        .doUpdateSet({
          score,
          comment,
          changed_at: sql<Date | null>`case when rating.score = excluded.score and rating.comment is not distinct from excluded.comment then rating.changed_at else app_now() end`,
        })
        .where(sql<boolean>`rating.device = excluded.device and rating.at > app_now() - ${CHANGEABLE}`),
    )
    .returning(COLUMNS)
    .executeTakeFirst();
  if (kept !== undefined) return { ok: true, rating: kept };
  const there = await db
    .selectFrom('rating')
    .select('device')
    .where('district', '=', district)
    .where('incident', '=', incident)
    .where('round', '=', round)
    .executeTakeFirstOrThrow();
  return { ok: false, code: there.device.equals(device) ? 'too-late' : 'already-rated' };
}

/** Of one incident, newest go first. */
export function ratingsOf(db: Kysely<Schema>, district: number, incident: string): Promise<KeptRating[]> {
  return db
    .selectFrom('rating')
    .select(COLUMNS)
    .where('district', '=', district)
    .where('incident', '=', incident)
    .orderBy('round', 'desc')
    .execute();
}

export interface RatedIncident extends Rated {
  readonly category: string;
  readonly community: string;
  readonly subdistrict: string;
  readonly leadUnit: string | null;
  readonly at: Date;
}

/**
 * What was rated in a time, each incident as it was judged last, for the figures: `satisfactionOf` makes the rate of any part of it.
 *
 * @param until  exclusive.
 * @param area   9 digits of a subdistrict or 12 of a community; absent: the whole district.
 */
export async function ratedBetween(
  db: Kysely<Schema>,
  district: number,
  { from, until, area = '' }: { readonly from: Date; readonly until: Date; readonly area?: string },
): Promise<RatedIncident[]> {
  return db
    .selectFrom('rating as r')
    .innerJoin('incident as i', (join) => join.onRef('i.district', '=', 'r.district').onRef('i.id', '=', 'r.incident'))
    .select(['r.incident', 'r.score', 'r.at', 'i.category', 'i.community', 'i.subdistrict', 'i.lead_unit as leadUnit'])
    .distinctOn('r.incident')
    .where('r.district', '=', district)
    .where('r.at', '>=', from)
    .where('r.at', '<', until)
    .where('i.drill', '=', false)
    .where((eb) => eb(eb.fn<string>('left', ['i.community', eb.val(area.length)]), '=', area))
    .orderBy('r.incident')
    .orderBy('r.round', 'desc')
    .execute();
}

function digest(device: string): Buffer {
  return createHash('sha256').update(device.toLowerCase()).digest();
}
