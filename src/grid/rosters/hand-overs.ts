/** 交接班: what one crew leaves to the next, and that the next has taken it. */
import type { Kysely } from 'kysely';
import type { Schema } from '../../db/schema.ts';
import type { DutyBook } from '../duty.ts';
import { refused, type RosterAnswer } from './refusals.ts';
import { EARLY_MS } from './sign-on.ts';

/** Work that was unfinished at the change: codes only. */
export interface OpenWork {
  readonly incident: string;
  readonly number: string;
  readonly level: string;
  readonly assignment: string;
  readonly role: 'lead' | 'assist';
  readonly state: string;
}

export interface HandOver {
  readonly id: string;
  readonly unit: string;
  readonly changeAt: Date;
  readonly fromCrew: string;
  readonly toCrew: string;
  readonly note: string;
  readonly openWork: readonly OpenWork[];
  readonly by: string;
  readonly at: Date;
  readonly taken: { readonly by: string; readonly at: Date } | null;
}

export interface ShiftChange {
  readonly at: Date;
  readonly fromCrew: string;
  readonly toCrew: string;
}

/** A unit's last hand-overs, as a page shows them. */
const SHOWN = 20;

/**
 * The change at which a crew has something to hand over: that of its present duty within `EARLY_MS`, or one as long ago.
 *
 * @returns null when it is in the middle of its shift, long gone, or nobody comes after it.
 */
export function changeOf(book: DutyBook, unit: string, crew: string, nowMs: number): ShiftChange | null {
  const runEndsMs = book.runEnds(unit, crew, nowMs);
  const past = book.shifts(unit, nowMs - EARLY_MS, nowMs).filter((shift) => shift.crew === crew && shift.toMs <= nowMs);
  const atMs = runEndsMs ?? past.at(-1)?.toMs;
  if (atMs === undefined || atMs - nowMs > EARLY_MS) return null;
  const after = book.at(unit, atMs);
  const toCrew = after.crew ?? after.next?.crew ?? null;
  return toCrew === null || toCrew === crew ? null : { at: new Date(atMs), fromCrew: crew, toCrew };
}

export type NewHandOver = Pick<HandOver, 'id' | 'unit' | 'note' | 'by' | 'openWork'> & { readonly change: ShiftChange };

/** One for each change. Belongs into `Rosters.change`. */
export async function giveHandOver(tx: Kysely<Schema>, district: number, wanted: NewHandOver): Promise<RosterAnswer<HandOver>> {
  const { id, unit, note, by, openWork, change } = wanted;
  const same = await findHandOver(tx, district, id);
  if (same !== null) {
    return same.unit === unit && same.note === note && same.by === by ? { ok: true, value: same } : refused('idempotency-key-reused');
  }
  const row = await tx
    .insertInto('hand_over')
    .values({
      district,
      id,
      unit,
      change_at: change.at,
      from_crew: change.fromCrew,
      to_crew: change.toCrew,
      note,
      open_work: JSON.stringify(openWork),
      by,
    })
    .onConflict((on) => on.constraint('hand_over_change').doNothing())
    .returning('at')
    .executeTakeFirst();
  if (row === undefined) return refused('hand-over-already-given');
  return {
    ok: true,
    value: { id, unit, changeAt: change.at, fromCrew: change.fromCrew, toCrew: change.toCrew, note, openWork, by, at: row.at, taken: null },
  };
}

/** Once; for the same account again it is the same answer. Belongs into `Rosters.change`. */
export async function takeHandOver(tx: Kysely<Schema>, district: number, id: string, by: string): Promise<RosterAnswer<HandOver>> {
  const given = await findHandOver(tx, district, id);
  if (given === null) return refused('not-found');
  if (given.taken !== null) return given.taken.by === by ? { ok: true, value: given } : refused('hand-over-already-taken');
  const { at } = await tx.insertInto('hand_over_taken').values({ district, hand_over: id, by }).returning('at').executeTakeFirstOrThrow();
  return { ok: true, value: { ...given, taken: { by, at } } };
}

export async function findHandOver(db: Kysely<Schema>, district: number, id: string): Promise<HandOver | null> {
  const row = await selectHandOvers(db, district).where('h.id', '=', id).executeTakeFirst();
  return row === undefined ? null : handOverFrom(row);
}

/** Newest change first. */
export async function listHandOvers(db: Kysely<Schema>, district: number, unit: string): Promise<HandOver[]> {
  const rows = await selectHandOvers(db, district).where('h.unit', '=', unit).orderBy('h.change_at', 'desc').limit(SHOWN).execute();
  return rows.map(handOverFrom);
}

/** Given, not taken, and of a change between the two times. */
export async function untakenHandOvers(db: Kysely<Schema>, district: number, from: Date, until: Date): Promise<HandOver[]> {
  const rows = await selectHandOvers(db, district)
    .where('t.at', 'is', null)
    .where('h.change_at', '>', from)
    .where('h.change_at', '<=', until)
    .orderBy('h.change_at')
    .execute();
  return rows.map(handOverFrom);
}

function selectHandOvers(db: Kysely<Schema>, district: number) {
  return db
    .selectFrom('hand_over as h')
    .leftJoin('hand_over_taken as t', (on) => on.onRef('t.district', '=', 'h.district').onRef('t.hand_over', '=', 'h.id'))
    .select(['h.id', 'h.unit', 'h.change_at', 'h.from_crew', 'h.to_crew', 'h.note', 'h.open_work', 'h.by', 'h.at'])
    .select(['t.by as taken_by', 't.at as taken_at'])
    .where('h.district', '=', district);
}

type HandOverRow = Awaited<ReturnType<ReturnType<typeof selectHandOvers>['execute']>>[number];

function handOverFrom(row: HandOverRow): HandOver {
  return {
    id: row.id,
    unit: row.unit,
    changeAt: row.change_at,
    fromCrew: row.from_crew,
    toCrew: row.to_crew,
    note: row.note,
    openWork: row.open_work as readonly OpenWork[],
    by: row.by,
    at: row.at,
    taken: row.taken_at === null ? null : { by: row.taken_by!, at: row.taken_at },
  };
}
