/** The quarter of the demo world, moved by whole days so that what was seen on 2026-11-20 is seen today. */
import { type Kysely, sql } from 'kysely';
import type { Schema } from '../db/schema.ts';
import { readDemoSheet } from '../grid/demo-files.ts';
import { inWords } from '../grid/import/findings.ts';
import { readRows } from '../grid/import/read-rows.ts';
import { dayAt, daysBetween } from './chain/days.ts';
import type { TableImport } from './import/importer.ts';
import type { Loading } from './import/loading.ts';
import { NEEDS_IMPORTS } from './import/needs-tables.ts';
import { PEOPLE_IMPORTS } from './import/people-tables.ts';
import { PROJECT_IMPORTS } from './import/project-tables.ts';

/** The day on which the tables in `data/seed` show the quarter. */
export const SEEN_ON = '2026-11-20';
const ACCOUNT = 'system';

/** In the order in which they need one another. Conferences come with the table of committees. */
const { conferences: _withCommittees, ...PEOPLE } = PEOPLE_IMPORTS;
const SEEDS = { ...PEOPLE, ...NEEDS_IMPORTS, ...PROJECT_IMPORTS };

/** Several nodes may start on one empty database: the second waits here and then finds it full. */
const LOCK = 441802020;

/**
 * Loads the quarter in one transaction. A database in which anything of 共建共治 has happened is left as it is, and so is one with another
 * district's committees.
 *
 * @returns false if there was nothing to do.
 */
export async function loadCobuild(db: Kysely<Schema>, district: number, now: Date): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(${LOCK})`.execute(tx);
    if (await tx.selectFrom('cobuild_move').select('seq').where('district', '=', district).limit(1).executeTakeFirst()) return false;
    if (!(await isDemoDistrict(tx, district))) return false;
    const today = dayAt(now);
    const loading: Loading = { shiftDays: daysBetween(SEEN_ON, today), today, now, account: ACCOUNT };
    for (const [name, table] of Object.entries(SEEDS)) await loadSeed(tx, district, name, table as TableImport<unknown>, loading);
    return true;
  });
}

async function isDemoDistrict(tx: Kysely<Schema>, district: number): Promise<boolean> {
  const { n } = await tx
    .selectFrom('member')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .where('district', '=', district)
    .where('person_zh', 'not like', '演示%')
    .executeTakeFirstOrThrow();
  const { all } = await tx
    .selectFrom('committee')
    .select((eb) => eb.fn.countAll<number>().as('all'))
    .where('district', '=', district)
    .executeTakeFirstOrThrow();
  return n === 0 && all > 0;
}

/** @throws Error naming the first bad row: the files ship with the product and are checked by its tests. */
export async function loadSeed<Row>(
  tx: Kysely<Schema>,
  district: number,
  name: string,
  table: TableImport<Row>,
  loading: Loading,
): Promise<void> {
  const { rows, findings } = readRows(await readDemoSheet(name), table.schema);
  const found = findings[0] ?? (await table.check(tx, district, rows, loading))[0];
  if (found !== undefined) throw new Error(`data/seed/${name}.csv: ${inWords(found, 'en')}`);
  await table.write(
    tx,
    district,
    rows.map((row) => row.value),
    loading,
  );
}
