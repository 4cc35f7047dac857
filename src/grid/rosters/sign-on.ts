/** Which device stands in the duty for which crew, and until when it rings. */
import type { Kysely } from 'kysely';
import type { Schema } from '../../db/schema.ts';
import type { DutyBook } from '../duty.ts';
import type { SignOn } from './read.ts';
import { refused, type RosterAnswer } from './refusals.ts';

/** Ours: so early the next crew may sign on; it then sees what is handed over before it is alone with it. */
export const EARLY_MS = 2 * 3_600_000;

/** A crew's duty at `atMs`, or the next within `EARLY_MS`: from when until when; null when it has none. */
export function runNear(
  book: DutyBook,
  unit: string,
  crew: string,
  atMs: number,
): { readonly fromMs: number; readonly endMs: number } | null {
  const shift = book.shifts(unit, atMs, atMs + EARLY_MS + 1).find((piece) => piece.crew === crew);
  if (shift === undefined) return null;
  return { fromMs: shift.fromMs, endMs: book.runEnds(unit, crew, Math.max(shift.fromMs, atMs)) ?? shift.toMs };
}

/**
 * When a device that was signed on stops ringing.
 *
 * Ours: a crew that nobody relieved rings on. Were its devices to fall silent at the stroke of the hour, an incident that comes before the next crew
 * has signed on would ring nowhere. Who signs off by hand is silent at once; who has left altogether (session ended or run out) relieves nobody.
 *
 * @param atUnit  the unit's devices; this one may be among them.
 * @returns epoch milliseconds; null: until somebody relieves it.
 */
export function shiftEndsOf(book: DutyBook, signOn: SignOn, atUnit: readonly SignOn[], nowMs: number): number | null {
  const { unit, crew, at } = signOn;
  if (crew === null) return at.getTime();
  const endMs = runNear(book, unit, crew, at.getTime())?.endMs ?? at.getTime();
  if (endMs > nowMs) return endMs;
  const onDuty = (other: SignOn) => other.crew !== null && (runNear(book, unit, other.crew, other.at.getTime())?.endMs ?? 0) > nowMs;
  return atUnit.some((other) => other.sessionEnds.getTime() > nowMs && onDuty(other)) ? endMs : null;
}

export interface SignOnRequest {
  readonly session: string;
  readonly account: string;
  readonly unit: string;
  readonly crew: string;
}

/** Signs a device on for a crew; for the same again it changes nothing. @returns until when. */
export async function signOnFor(
  tx: Kysely<Schema>,
  district: number,
  book: DutyBook,
  { session, account, unit, crew }: SignOnRequest,
  now: Date,
): Promise<RosterAnswer<{ until: Date }>> {
  const run = runNear(book, unit, crew, now.getTime());
  if (run === null) return refused('crew-not-on-duty');
  const until = new Date(run.endMs);
  const before = await lastOf(tx, district, session);
  if (before?.crew === crew && before.unit === unit && before.until?.getTime() === run.endMs) return { ok: true, value: { until } };
  await tx.insertInto('session_duty').values({ district, session, unit, crew, until, by: account }).execute();
  return { ok: true, value: { until } };
}

/** One that is not signed on stays so. */
export async function signOff(tx: Kysely<Schema>, district: number, session: string, account: string): Promise<RosterAnswer<null>> {
  const before = await lastOf(tx, district, session);
  if (before !== undefined && before.crew !== null) {
    await tx.insertInto('session_duty').values({ district, session, unit: before.unit, crew: null, until: null, by: account }).execute();
  }
  return { ok: true, value: null };
}

function lastOf(tx: Kysely<Schema>, district: number, session: string) {
  return tx
    .selectFrom('session_duty')
    .select(['unit', 'crew', 'until'])
    .where('district', '=', district)
    .where('session', '=', session)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
}
