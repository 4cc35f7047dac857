/** The district's limits as rows: read beside those that all districts share, changed together, with who changed them. */
import { createHash } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import { recordChange } from '../db/settings-change.ts';
import { bumpSettings } from '../db/settings-version.ts';
import type { Schema } from '../db/schema.ts';
import { LEVELS, type Level } from './chain/incident.ts';
import type { Limit, LimitedClock } from './chain/levels.ts';
import { LIMITED, type LevelRule, readLevelRules, readLimits } from './rules.ts';

const LIMITS_LOCK = 441802004;

export interface LimitRow extends Limit {
  readonly level: Level;
  readonly clock: LimitedClock;
}

export interface LevelRuleRow extends LevelRule {
  readonly level: Level;
}

/** What holds, and what would hold without the district's own rows. */
export interface LimitBook {
  readonly limits: readonly (LimitRow & { readonly shared: Limit })[];
  readonly levels: readonly (LevelRuleRow & { readonly shared: LevelRule })[];
}

/** Rows to change; the others stay. One that says what all districts share is no row of the district's own. */
export interface LimitEdit {
  readonly limits?: readonly LimitRow[] | undefined;
  readonly levels?: readonly LevelRuleRow[] | undefined;
}

/** In order of level and of the steps of an incident. */
export async function readLimitBook(db: Kysely<Schema>, district: number): Promise<LimitBook> {
  const [limits, shared] = [await readLimits(db, district), await readLimits(db)];
  const [levels, sharedLevels] = [await readLevelRules(db, district), await readLevelRules(db)];
  const rule = (rules: ReadonlyMap<Level, LevelRule>, level: Level): LevelRule => {
    const found = rules.get(level);
    if (found === undefined) throw new Error(`level_rule has no row for ${level}`);
    return found;
  };
  return {
    limits: LEVELS.flatMap((level) =>
      LIMITED.map((clock) => ({ level, clock, ...limits.get(`${level}:${clock}`)!, shared: shared.get(`${level}:${clock}`)! })),
    ),
    levels: LEVELS.map((level) => ({ level, ...rule(levels, level), shared: rule(sharedLevels, level) })),
  };
}

/** Same content, same text: who edits says what the edit was made on. */
export function basisOfLimits(book: LimitBook): string {
  return createHash('sha256').update(JSON.stringify(book)).digest('base64url').slice(0, 22);
}

export type SavedLimits =
  { readonly ok: true; readonly book: LimitBook } | { readonly ok: false; readonly code: 'settings-changed' | 'nothing-changed' };

/**
 * Writes what differs, all of it or nothing. They hold for clocks that start after it: a running clock keeps the limit that it started with.
 *
 * @param basis  refuses with `settings-changed` if the limits are others by now.
 */
export function saveLimits(
  db: Kysely<Schema>,
  district: number,
  edit: LimitEdit,
  { account, basis }: { readonly account: string; readonly basis?: string | undefined },
): Promise<SavedLimits> {
  return db.transaction().execute(async (tx): Promise<SavedLimits> => {
    await sql`select pg_advisory_xact_lock(${LIMITS_LOCK})`.execute(tx);
    const before = await readLimitBook(tx, district);
    if (basis !== undefined && basis !== basisOfLimits(before)) return { ok: false, code: 'settings-changed' };
    for (const row of edit.limits ?? []) await writeLimit(tx, district, row, before);
    for (const row of edit.levels ?? []) await writeLevel(tx, district, row, before);
    const book = await readLimitBook(tx, district);
    const changes = { before: difference(before, book), after: difference(book, before) };
    if (changes.after.limits.length + changes.after.levels.length === 0) return { ok: false, code: 'nothing-changed' };
    const version = await bumpSettings(tx, district);
    await recordChange(tx, district, { account, subject: 'limits', version, ...changes });
    return { ok: true, book };
  });
}

async function writeLimit(tx: Kysely<Schema>, district: number, row: LimitRow, before: LimitBook): Promise<void> {
  const { level, clock, value, unit, kind } = row;
  const shared = before.limits.find((l) => l.level === level && l.clock === clock)!.shared;
  if (shared.value === value && shared.unit === unit && shared.kind === kind) {
    const own = tx.deleteFrom('district_limit').where('district', '=', district).where('level', '=', level).where('clock', '=', clock);
    await own.execute();
    return;
  }
  await tx
    .insertInto('district_limit')
    .values({ district, level, clock, value, unit, kind })
    .onConflict((on) => on.columns(['district', 'level', 'clock']).doUpdateSet({ value, unit, kind }))
    .execute();
}

async function writeLevel(tx: Kysely<Schema>, district: number, row: LevelRuleRow, before: LimitBook): Promise<void> {
  const { level, extensions, suspendDays } = row;
  const shared = before.levels.find((l) => l.level === level)!.shared;
  if (shared.extensions === extensions && shared.suspendDays === suspendDays) {
    await tx.deleteFrom('district_level_rule').where('district', '=', district).where('level', '=', level).execute();
    return;
  }
  await tx
    .insertInto('district_level_rule')
    .values({ district, level, extensions, suspend_days: suspendDays })
    .onConflict((on) => on.columns(['district', 'level']).doUpdateSet({ extensions, suspend_days: suspendDays }))
    .execute();
}

/** Rows of the one that the other has not. */
function difference(of: LimitBook, than: LimitBook): { limits: LimitRow[]; levels: LevelRuleRow[] } {
  const without = <T extends { readonly shared: unknown }>({ shared: _, ...row }: T) => row;
  const missing = <T>(rows: readonly T[], others: readonly T[]): T[] => {
    const known = new Set(others.map((row) => JSON.stringify(row)));
    return rows.filter((row) => !known.has(JSON.stringify(row)));
  };
  return {
    limits: missing(of.limits.map(without), than.limits.map(without)),
    levels: missing(of.levels.map(without), than.levels.map(without)),
  };
}
