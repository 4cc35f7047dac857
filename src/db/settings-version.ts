/**
 * One number a district: it goes up with every change of what nodes keep in memory (places, units, categories, responsibility, limits,
 * calendar), so that each node knows whether what it has is the newest. Rosters, which crews change all day, have `roster_version`.
 */
import { sql, type Kysely } from 'kysely';
import type { Schema } from './schema.ts';

/** Its payload is the district. */
export const SETTINGS_CHANNEL = 'fengming_settings';

/**
 * Belongs into the transaction that changes the rows: nodes are woken when it commits, and not at all when it is rolled back.
 * The row stays locked to the commit, so that changes of one district come one after the other.
 *
 * NOTIFY inside a transaction makes commits wait for each other; people change settings a few times a day, so here it may.
 *
 * @returns the new version.
 */
export async function bumpSettings(tx: Kysely<Schema>, district: number): Promise<number> {
  const { version } = await tx
    .insertInto('settings_version')
    .values({ district, version: 1 })
    .onConflict((on) => on.column('district').doUpdateSet({ version: sql<number>`settings_version.version + 1` }))
    .returning('version')
    .executeTakeFirstOrThrow();
  await sql`select pg_notify(${SETTINGS_CHANNEL}, ${String(district)})`.execute(tx);
  return version;
}

/** 0 before the first change. */
export async function readSettingsVersion(db: Kysely<Schema>, district: number): Promise<number> {
  const row = await db.selectFrom('settings_version').select('version').where('district', '=', district).executeTakeFirst();
  return row?.version ?? 0;
}
