/** 班组: the crews of a unit. */
import { type Kysely, sql } from 'kysely';
import type { Schema } from '../../db/schema.ts';

export interface Crew {
  readonly unit: string;
  /** Within its unit. */
  readonly code: string;
  readonly nameZh: string;
  readonly nameEn: string;
  /** Personal data: for those who have to call. */
  readonly phone: string | null;
}

/**
 * Crews that are missing, by the number that the unit table has. Those that are there stay as they are. Crews of invented units are marked
 * as invented. Belongs into the transaction that writes units.
 */
export async function makeMissingCrews(tx: Kysely<Schema>, district: number): Promise<void> {
  await sql`
    insert into crew (district, unit, code, place, name_zh, name_en)
    select u.district, u.code, n::text, n,
           case when u.name_zh like '演示%' then '演示·' else '' end
             || case when n <= 10 then (array['一','二','三','四','五','六','七','八','九','十'])[n] else n::text end || '班',
           case when u.name_en like 'Demo%' then 'Demo crew ' else 'Crew ' end || n
    from unit u, generate_series(1, u.crews) n
    where u.district = ${district}
    on conflict do nothing`.execute(tx);
}

/** Those that take turns now, in their order: as many as the unit table has. */
export async function readCrews(db: Kysely<Schema>, district: number): Promise<ReadonlyMap<string, readonly Crew[]>> {
  const rows = await db
    .selectFrom('crew')
    .innerJoin('unit', (on) => on.onRef('unit.district', '=', 'crew.district').onRef('unit.code', '=', 'crew.unit'))
    .select(['crew.unit', 'crew.code', 'crew.name_zh', 'crew.name_en', 'crew.phone'])
    .where('crew.district', '=', district)
    .whereRef('crew.place', '<=', 'unit.crews')
    .orderBy('crew.unit')
    .orderBy('crew.place')
    .execute();
  const crews = new Map<string, Crew[]>();
  for (const { unit, code, name_zh, name_en, phone } of rows) {
    const crew = { unit, code, nameZh: name_zh, nameEn: name_en, phone };
    const others = crews.get(unit);
    if (others) others.push(crew);
    else crews.set(unit, [crew]);
  }
  return crews;
}

/** @returns false when the unit has no such crew. */
export async function renameCrew(tx: Kysely<Schema>, district: number, crew: Crew): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('crew')
    .set({ name_zh: crew.nameZh, name_en: crew.nameEn, phone: crew.phone })
    .where('district', '=', district)
    .where('unit', '=', crew.unit)
    .where('code', '=', crew.code)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}
