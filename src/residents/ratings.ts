/** Ratings as rows: one for each go at an incident, changed only by the device that gave it. */
import { createHash } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import type { Schema } from '../db/schema.ts';
import { CHANGE_WITHIN_MS } from './progress.ts';

/** 3 满意, 2 一般, 1 没办好. */
export type Score = 1 | 2 | 3;

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

function digest(device: string): Buffer {
  return createHash('sha256').update(device.toLowerCase()).digest();
}
