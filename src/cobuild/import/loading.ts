/** What all tables share that come into the database as a file: how their days move, and the log of what they bring. */
import type { Kysely } from 'kysely';
import { startOfDay } from '../../china-time.ts';
import type { Schema } from '../../db/schema.ts';
import { addDays, type Day, dayIndex } from '../chain/days.ts';
import { loggedObjects, type NewMove } from '../log.ts';

export interface Loading {
  /** Whole days that all dates move. */
  readonly shiftDays: number;
  /** China's day of the loading. */
  readonly today: Day;
  readonly now: Date;
  /** Account that the log names. */
  readonly account: string;
}

/** Collects moves of one kind; each says that it came with a file. */
export function importLog({ account, now }: Loading, district: number, kind: string) {
  const moves: NewMove[] = [];
  const add = (object: string, version: number, verb: string, from: string, to: string, payload: object = {}) =>
    void moves.push({ district, kind, object, version, verb, from, to, actor: account, at: now, payload: { ...payload, imported: true } });
  return { moves, add };
}

/** The rows that the log does not know yet, and the log of what comes of them: a file adds, and never rewrites what happened. */
export async function newToLog<Row extends { readonly code: string }>(
  tx: Kysely<Schema>,
  district: number,
  kind: string,
  rows: readonly Row[],
  loading: Loading,
) {
  const known = await loggedObjects(tx, district, kind);
  return { fresh: rows.filter((row) => !known.has(row.code)), ...importLog(loading, district, kind) };
}

/** Committee → its place. */
export async function placesOfCommittees(tx: Kysely<Schema>, district: number): Promise<ReadonlyMap<string, string>> {
  const rows = await tx.selectFrom('committee').select(['code', 'place']).where('district', '=', district).execute();
  return new Map(rows.map((row) => [row.code, row.place]));
}

/** Four in the afternoon: the table has days only. */
const DELIVERED_AT_MS = 16 * 3_600_000;

/**
 * A table says that something was delivered, and not when: one to three days before today by the code alone, and not past its last day, so
 * that nothing that is fresh looks as if nobody had cared for weeks.
 */
export function deliveredAt(code: string, begun: Day, due: Day, today: Day): Date {
  let sum = 0;
  for (const char of code) sum = (sum * 31 + char.codePointAt(0)!) % 997;
  const recent = addDays(today, -1 - (sum % 3));
  const day = recent > due ? due : recent < begun ? begun : recent;
  return new Date(startOfDay(dayIndex(day)) + DELIVERED_AT_MS);
}
