/** One account for every place and body of the demo world, so that each page can be tried as the people who would use it. */
import { type Kysely, sql } from 'kysely';
import type { Schema } from '../db/schema.ts';

/**
 * Makes the accounts that are missing; those that are there stay as they are, with their password.
 *
 * @param passwordHash  one for all: hashing 1,200 passwords one by one would take half a minute.
 * @returns how many were made.
 */
export async function loadDemoAccounts(db: Kysely<Schema>, passwordHash: string): Promise<number> {
  const { numAffectedRows } = await sql`
    insert into account (district, account, role, name_zh, name_en, subdistrict, community, cell, unit, communities, password_hash)
    select district, name, role, name_zh, name_en, subdistrict, community, cell, unit, communities, ${passwordHash}
    from (
      select district, 'grid.' || code as name, 'gridWorker' as role, name_zh || '网格员' as name_zh,
             'Grid worker, ' || coalesce(name_en, 'cell ' || code) as name_en,
             left(code, 9) as subdistrict, community, code as cell, null as unit, null::text[] as communities from cell
      union all
      select district, 'community.' || code, 'community', name_zh, coalesce(name_en, 'Community ' || code),
             subdistrict, code, null, null, null from community
      union all
      select district, 'subdistrict.' || code, 'subdistrict', name_zh, name_en, code, null, null, null, null from subdistrict
      union all
      -- Two: a force close proposed by the one is confirmed by the other.
      select district, 'district.' || district || suffix, 'district', name_zh || label_zh, name_en || label_en, null, null, null, null, null
      from district, (values ('', '指挥中心', ' Command Centre'), ('.2', '指挥中心二席', ' Command Centre, second seat')) seat (suffix, label_zh, label_en)
      union all
      select district, 'unit.' || code, 'unit', name_zh, name_en, null, null, null, code, null from unit
      union all
      select district, 'leader.' || code, 'leader', person_zh, person_en, null, null, null, null, communities from leader
      union all
      select m.district, 'member.' || m.code, 'member', m.person_zh, m.person_en, null, null, null, null,
             array(select c.code from community c where c.district = m.district and m.committee_place = left(c.code, length(m.committee_place)) order by 1)
      from (select member.*, committee.place as committee_place from member
            join committee on committee.district = member.district and committee.code = member.committee) m
      union all
      select district, 'auditor', 'auditor', '演示·审计', 'Demo auditor', null, null, null, null, null from district
      union all
      select district, 'admin', 'admin', '演示·管理员', 'Demo administrator', null, null, null, null, null from district
    ) demo
    on conflict (district, account) do nothing`.execute(db);
  return Number(numAffectedRows ?? 0n);
}
