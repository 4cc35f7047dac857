/** What a district allows residents without an account: switches, off until somebody who answers for it turns them on. */
import { type Kysely, sql } from 'kysely';
import { recordChange } from '../db/settings-change.ts';
import { bumpSettings } from '../db/settings-version.ts';
import type { Schema } from '../db/schema.ts';

export interface ResidentSwitches {
  /** Anybody may report without an account. */
  readonly mayReport: boolean;
  /** Whoever has the code sees one photo before and one after, once it is closed. Off: a photo of a street may show who happened to be there. */
  readonly seePhotos: boolean;
  /** Anybody may sign up to an activity that is open to everybody: whoever organises it gets a name and a phone. */
  readonly mayJoin: boolean;
}

const NAMES = ['mayReport', 'seePhotos', 'mayJoin'] as const satisfies readonly (keyof ResidentSwitches)[];

const OFF: ResidentSwitches = { mayReport: false, seePhotos: false, mayJoin: false };
/** Two people's edits come one after the other. */
const LOCK = 441802014;

export async function readSwitches(db: Kysely<Schema>, district: number): Promise<ResidentSwitches> {
  const row = await db
    .selectFrom('resident_setting')
    .select(['may_report', 'see_photos', 'may_join'])
    .where('district', '=', district)
    .executeTakeFirst();
  return row === undefined ? OFF : { mayReport: row.may_report, seePhotos: row.see_photos, mayJoin: row.may_join };
}

/** Same content, same text: who edits says what the edit was made on. */
export function basisOfSwitches({ mayReport, seePhotos, mayJoin }: ResidentSwitches): string {
  return `${mayReport ? 'report' : 'no-report'} ${seePhotos ? 'photos' : 'no-photos'} ${mayJoin ? 'join' : 'no-join'}`;
}

export type SavedSwitches =
  | { readonly ok: true; readonly switches: ResidentSwitches }
  | { readonly ok: false; readonly code: 'settings-changed' | 'nothing-changed' };

/** Writes what differs, with who changed it. @param basis  refuses with `settings-changed` if they are others by now. */
export function saveSwitches(
  db: Kysely<Schema>,
  district: number,
  edit: { readonly [Name in keyof ResidentSwitches]?: boolean | undefined },
  { account, basis }: { readonly account: string; readonly basis?: string | undefined },
): Promise<SavedSwitches> {
  return db.transaction().execute(async (tx): Promise<SavedSwitches> => {
    await sql`select pg_advisory_xact_lock(${LOCK})`.execute(tx);
    const before = await readSwitches(tx, district);
    if (basis !== undefined && basis !== basisOfSwitches(before)) return { ok: false, code: 'settings-changed' };
    const switches = {
      mayReport: edit.mayReport ?? before.mayReport,
      seePhotos: edit.seePhotos ?? before.seePhotos,
      mayJoin: edit.mayJoin ?? before.mayJoin,
    };
    const changed = NAMES.filter((name) => switches[name] !== before[name]);
    if (changed.length === 0) return { ok: false, code: 'nothing-changed' };
    const row = { may_report: switches.mayReport, see_photos: switches.seePhotos, may_join: switches.mayJoin };
    await tx
      .insertInto('resident_setting')
      .values({ district, ...row })
      .onConflict((on) => on.column('district').doUpdateSet(row))
      .execute();
    const version = await bumpSettings(tx, district);
    const only = (of: ResidentSwitches) => ({ residents: Object.fromEntries(changed.map((name) => [name, of[name]])) });
    await recordChange(tx, district, { account, subject: 'residents', version, before: only(before), after: only(switches) });
    return { ok: true, switches };
  });
}

/** For the demo world, where everything is to be tried: all on, unless somebody has chosen already. */
export async function switchOnForDemo(db: Kysely<Schema>, district: number): Promise<void> {
  await db
    .insertInto('resident_setting')
    .values({ district, may_report: true, see_photos: true, may_join: true })
    .onConflict((on) => on.column('district').doNothing())
    .execute();
}
