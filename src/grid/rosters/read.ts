/** What is stored of a district's rosters, read at one moment; and the duty book made of it. */
import { type Kysely, sql } from 'kysely';
import type { Schema } from '../../db/schema.ts';
import { type DutyBook, type DutyOverride, makeDutyBook } from '../duty.ts';
import type { Reference } from '../reference.ts';
import { type Crew, readCrews } from './crews.ts';

/** Overrides that ended longer ago than this are history that no page asks for. */
const HISTORY_DAYS = 400;
/** Longer than a session lives, so that none that still counts is missed. */
const SIGNED_ON_HOURS = 24;

export interface Override {
  readonly id: string;
  readonly unit: string;
  readonly from: Date;
  readonly until: Date;
  /** null: nobody. */
  readonly crew: string | null;
  readonly reason: string;
  readonly swap: string | null;
  readonly by: string;
  readonly at: Date;
  /** From then on it does not count any more. */
  readonly ended: { readonly by: string; readonly at: Date } | null;
}

/** For which crew a device stands in the duty, by its session. */
export interface SignOn {
  readonly unit: string;
  /** null: signed off. */
  readonly crew: string | null;
  readonly at: Date;
  /** When the session runs out: nobody rings through it from then on. */
  readonly sessionEnds: Date;
}

export interface Stored {
  readonly version: number;
  readonly crews: ReadonlyMap<string, readonly Crew[]>;
  /** By unit, oldest first. */
  readonly overrides: ReadonlyMap<string, readonly Override[]>;
  /** By session: those that had not ended. */
  readonly signOns: ReadonlyMap<string, SignOn>;
  /** The same by unit. */
  readonly signOnsOf: ReadonlyMap<string, readonly SignOn[]>;
}

/** Inside a transaction of the caller, which gives the one moment. */
export async function readStored(tx: Kysely<Schema>, district: number): Promise<Stored> {
  const signOns = await readSignOns(tx, district);
  return {
    version: await readRosterVersion(tx, district),
    crews: await readCrews(tx, district),
    overrides: await readOverrides(tx, district),
    signOns,
    signOnsOf: byUnit(signOns.values()),
  };
}

/** 0 before the first change. */
export async function readRosterVersion(db: Kysely<Schema>, district: number): Promise<number> {
  const row = await db.selectFrom('roster_version').select('version').where('district', '=', district).executeTakeFirst();
  return row?.version ?? 0;
}

/** @param unit  absent: of all. */
export async function readOverrides(
  db: Kysely<Schema>,
  district: number,
  unit?: string,
): Promise<ReadonlyMap<string, readonly Override[]>> {
  const rows = await db
    .selectFrom('roster_override as o')
    .leftJoin('roster_override_end as e', (on) => on.onRef('e.district', '=', 'o.district').onRef('e.override', '=', 'o.id'))
    .select(['o.id', 'o.unit', 'o.starts_at', 'o.ends_at', 'o.crew', 'o.reason', 'o.swap', 'o.by', 'o.at'])
    .select(['e.by as ended_by', 'e.at as ended_at'])
    .where('o.district', '=', district)
    .where('o.ends_at', '>', sql<Date>`app_now() - make_interval(days => ${sql.lit(HISTORY_DAYS)})`)
    .$if(unit !== undefined, (q) => q.where('o.unit', '=', unit!))
    .orderBy('o.at')
    .orderBy('o.id')
    .execute();
  const overrides = new Map<string, Override[]>();
  for (const row of rows) {
    const override: Override = {
      id: row.id,
      unit: row.unit,
      from: row.starts_at,
      until: row.ends_at,
      crew: row.crew,
      reason: row.reason,
      swap: row.swap,
      by: row.by,
      at: row.at,
      ended: row.ended_at === null ? null : { by: row.ended_by!, at: row.ended_at },
    };
    const others = overrides.get(row.unit);
    if (others) others.push(override);
    else overrides.set(row.unit, [override]);
  }
  return overrides;
}

/** The last word of each session that is still open. */
async function readSignOns(db: Kysely<Schema>, district: number): Promise<ReadonlyMap<string, SignOn>> {
  const rows = await db
    .selectFrom('session_duty as d')
    .innerJoin('session as s', (on) => on.onRef('s.district', '=', 'd.district').onRef('s.id', '=', 'd.session'))
    .distinctOn('d.session')
    .select(['d.session', 'd.unit', 'd.crew', 'd.at', 's.expires_at'])
    .where('d.district', '=', district)
    .where('d.at', '>', sql<Date>`app_now() - make_interval(hours => ${sql.lit(SIGNED_ON_HOURS)})`)
    .where('s.ended_at', 'is', null)
    .where('s.expires_at', '>', sql<Date>`app_now()`)
    .orderBy('d.session')
    .orderBy('d.id', 'desc')
    .execute();
  return new Map(rows.map(({ session, unit, crew, at, expires_at }) => [session, { unit, crew, at, sessionEnds: expires_at }]));
}

function byUnit(signOns: Iterable<SignOn>): ReadonlyMap<string, readonly SignOn[]> {
  const units = new Map<string, SignOn[]>();
  for (const signOn of signOns) {
    const others = units.get(signOn.unit);
    if (others) others.push(signOn);
    else units.set(signOn.unit, [signOn]);
  }
  return units;
}

export type BookReference = Pick<Reference, 'units' | 'shiftPatterns' | 'calendar'>;

export function bookOf(reference: BookReference, stored: Pick<Stored, 'crews' | 'overrides'>): DutyBook {
  return makeDutyBook({
    units: reference.units,
    shiftPatterns: reference.shiftPatterns,
    days: reference.calendar.days,
    crews: new Map([...stored.crews].map(([unit, crews]) => [unit, crews.map((crew) => crew.code)])),
    overrides: new Map([...stored.overrides].map(([unit, overrides]) => [unit, overrides.flatMap(counting)])),
  });
}

/** The part of an override that counts: none where it was ended before it began. */
export function counting({ id, from, until, crew, ended }: Override): DutyOverride[] {
  const toMs = ended === null ? until.getTime() : Math.min(until.getTime(), ended.at.getTime());
  return toMs > from.getTime() ? [{ id, fromMs: from.getTime(), toMs, crew }] : [];
}
