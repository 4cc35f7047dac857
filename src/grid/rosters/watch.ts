/**
 * Looks every minute, on every node, for shifts that nobody has and hand-overs that nobody took, and tells of each exactly once. The key of the
 * row that says so lets one node in; that node tells before it commits the row. After a crash between the two it is told again under the same
 * key, which an inbox takes once.
 */
import type { Kysely } from 'kysely';
import type { Schema } from '../../db/schema.ts';
import type { RosterWarningTable } from '../../db/tables/rosters.ts';
import type { DutyBook, StandIn } from '../duty.ts';
import type { Unit } from '../reference.ts';
import { untakenHandOvers } from './hand-overs.ts';

/** Ours: so long before a shift begins somebody can still be called in from home. One that arises later is told at once. */
export const HOLE_WARNING_MS = 2 * 3_600_000;
/** Ours: a crew that is a quarter of an hour late with taking over may not be there. */
export const HAND_OVER_GRACE_MS = 15 * 60_000;
/** A hand-over of longer ago helps nobody to act: after an outage of a day nobody is flooded with the past. */
const HAND_OVER_FORGOTTEN_MS = 24 * 3_600_000;
const CHECK_INTERVAL_MS = 60_000;

/** A place that is told; the people there are found by whoever delivers it. */
export type WarnedPlace = `unit:${string}` | `subdistrict:${string}` | 'district';

/** Codes and times only. */
export interface RosterWarning {
  readonly recipients: readonly WarnedPlace[];
  readonly notice: 'rosterHole' | 'handOverMissed';
  readonly about: Readonly<Record<string, string>>;
  /** The same warning has the same key: told again after a crash it is the same. */
  readonly key: string;
}

/** A piece of a unit's roster in which nobody is there. */
export interface Hole {
  readonly unit: string;
  readonly from: Date;
  readonly until: Date;
  readonly override: string | null;
  /** Who comes meanwhile; null: nobody. */
  readonly standIn: StandIn | null;
}

/** Holes that are open or begin before `untilMs`, soonest first. */
export function holesOf(book: DutyBook, units: Iterable<string>, fromMs: number, untilMs: number): Hole[] {
  const holes: Hole[] = [];
  for (const unit of units) {
    for (const shift of book.shifts(unit, fromMs, untilMs)) {
      if (shift.state !== 'off') continue;
      const standIn = book.comesFor(unit, Math.max(shift.fromMs, fromMs));
      holes.push({ unit, from: new Date(shift.fromMs), until: new Date(shift.toMs), override: shift.override, standIn });
    }
  }
  return holes.sort((a, b) => a.from.getTime() - b.from.getTime() || (a.unit < b.unit ? -1 : 1));
}

/** The unit and whoever stands above it: its subdistrict, or the district for a unit of the whole district. */
export function warnedPlaces(unit: Pick<Unit, 'code' | 'subdistrict' | 'scopeKind'>): readonly WarnedPlace[] {
  return [`unit:${unit.code}`, unit.scopeKind === 'district' ? 'district' : `subdistrict:${unit.subdistrict}`];
}

export interface RosterWatchDeps {
  readonly db: Kysely<Schema>;
  readonly district: number;
  readonly book: () => DutyBook;
  /** Makes the book the newest: no hole is told that another node has just filled. */
  readonly refresh: () => Promise<unknown>;
  readonly units: () => ReadonlyMap<string, Unit>;
  /** The database's time. */
  readonly now: () => Date;
  /** Tells the places; it may be called again with the same key after a crash between it and the commit. */
  readonly tell: (warning: RosterWarning) => Promise<unknown>;
  readonly onFault: (error: unknown) => void;
}

interface Wanted {
  readonly unit: Unit;
  readonly what: RosterWarningTable['what'];
  readonly ofAt: Date;
  readonly notice: RosterWarning['notice'];
  readonly about: Readonly<Record<string, string>>;
}

export class RosterWatch {
  private readonly deps: RosterWatchDeps;
  private timer: NodeJS.Timeout | null = null;
  private turn: Promise<unknown> = Promise.resolve();

  constructor(deps: RosterWatchDeps) {
    this.deps = deps;
  }

  /** Looks at once, and then every minute. */
  start(): void {
    const look = () => void this.check().catch(this.deps.onFault);
    this.timer = setInterval(look, CHECK_INTERVAL_MS);
    this.timer.unref();
    look();
  }

  /** Ends after the look that is under way. */
  async stop(): Promise<void> {
    if (this.timer !== null) clearInterval(this.timer);
    await this.turn.catch(() => {});
  }

  /** @returns how many were told by this node now. @throws if the database does not answer: the next look makes up for it. */
  check(): Promise<number> {
    const look = () => this.look();
    const done = this.turn.then(look, look);
    this.turn = done;
    return done;
  }

  private async look(): Promise<number> {
    await this.deps.refresh();
    const wanted = [...this.holes(), ...(await this.handOvers())];
    if (wanted.length === 0) return 0;
    const known = await this.known(wanted);
    let told = 0;
    for (const one of wanted) if (!known.has(keyOf(one)) && (await this.tellOnce(one))) told += 1;
    return told;
  }

  private holes(): Wanted[] {
    const units = this.deps.units();
    const nowMs = this.deps.now().getTime();
    return holesOf(this.deps.book(), units.keys(), nowMs, nowMs + HOLE_WARNING_MS + 1).map((hole) => ({
      unit: units.get(hole.unit)!,
      what: 'hole',
      ofAt: hole.from,
      notice: 'rosterHole',
      about: {
        unit: hole.unit,
        from: hole.from.toISOString(),
        until: hole.until.toISOString(),
        ...(hole.standIn === null ? {} : { standIn: hole.standIn.unit, standInDuty: hole.standIn.duty }),
      },
    }));
  }

  private async handOvers(): Promise<Wanted[]> {
    const { db, district, now, units } = this.deps;
    const nowMs = now().getTime();
    const untaken = await untakenHandOvers(db, district, new Date(nowMs - HAND_OVER_FORGOTTEN_MS), new Date(nowMs - HAND_OVER_GRACE_MS));
    return untaken.flatMap(({ id, unit: code, changeAt, toCrew }) => {
      const unit = units().get(code);
      if (unit === undefined) return [];
      const about = { unit: code, handOver: id, crew: toCrew, from: changeAt.toISOString() };
      return [{ unit, what: 'handOver' as const, ofAt: changeAt, notice: 'handOverMissed' as const, about }];
    });
  }

  private async known(wanted: readonly Wanted[]): Promise<ReadonlySet<string>> {
    const rows = await this.deps.db
      .selectFrom('roster_warning')
      .select(['unit', 'what', 'of_at'])
      .where('district', '=', this.deps.district)
      .where('of_at', '>=', new Date(Math.min(...wanted.map((one) => one.ofAt.getTime()))))
      .execute();
    return new Set(rows.map((row) => `${row.what} ${row.unit} ${row.of_at.toISOString()}`));
  }

  /** Another node that does the same waits here for the first, and then finds it done. */
  private tellOnce(one: Wanted): Promise<boolean> {
    const { db, district, tell } = this.deps;
    const recipients = warnedPlaces(one.unit);
    return db.transaction().execute(async (tx) => {
      const row = await tx
        .insertInto('roster_warning')
        .values({ district, unit: one.unit.code, what: one.what, of_at: one.ofAt, recipients: [...recipients] })
        .onConflict((on) => on.columns(['district', 'unit', 'what', 'of_at']).doNothing())
        .returning('unit')
        .executeTakeFirst();
      if (row === undefined) return false;
      await tell({ recipients, notice: one.notice, about: one.about, key: keyOf(one) });
      return true;
    });
  }
}

function keyOf({ unit, what, ofAt }: Wanted): string {
  return `${what} ${unit.code} ${ofAt.toISOString()}`;
}

/** Which holes were told, and when: by unit and start. */
export async function toldHoles(db: Kysely<Schema>, district: number, from: Date): Promise<ReadonlyMap<string, Date>> {
  const rows = await db
    .selectFrom('roster_warning')
    .select(['unit', 'of_at', 'at'])
    .where('district', '=', district)
    .where('what', '=', 'hole')
    .where('of_at', '>=', from)
    .execute();
  return new Map(rows.map((row) => [`${row.unit} ${row.of_at.toISOString()}`, row.at]));
}
