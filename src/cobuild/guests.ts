/**
 * What joins an incident without being a responding unit: a shared resource, or a member's body that has none. It gets a row of its own in the
 * unit table when it first joins, so that name, place, hours, distance and ring work for it as for any unit.
 *
 * Its type may never lead and stands on no run card: nobody is sent because the register says that it could be lent.
 */
import type { Kysely } from 'kysely';
import { bumpSettings } from '../db/settings-version.ts';
import type { Schema } from '../db/schema.ts';
import type { Position } from '../dispatch/chain/incident.ts';
import { makeMissingCrews } from '../grid/rosters/crews.ts';
import { bumpRosters } from '../grid/rosters/rosters.ts';
import { GUEST_TYPE } from './chain/booking.ts';

export interface Guest {
  /** Of the resource or the member: its unit has the same. */
  readonly code: string;
  readonly nameZh: string;
  readonly nameEn: string;
  readonly community: string;
  readonly position: Pick<Position, 'lng' | 'lat'>;
  /** `HH:MM-HH:MM`. */
  readonly hours: string;
}

/** Makes the unit where there is none yet, and lets it keep the hours that are lent now. @returns whether it was written: nodes then read the units again. */
export function ensureGuest(db: Kysely<Schema>, district: number, guest: Guest): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    const known = await tx
      .selectFrom('unit')
      .select(['type', 'shift_pattern'])
      .where('district', '=', district)
      .where('code', '=', guest.code)
      .executeTakeFirst();
    const { code, nameZh, nameEn, community, position, hours } = guest;
    const pattern = `hours-${hours.replaceAll(':', '')}`;
    // A unit of another type is the district's own: its hours are in its rosters.
    if (known !== undefined && (known.type !== GUEST_TYPE || known.shift_pattern === pattern)) return false;
    await tx
      .insertInto('unit_type')
      .values({
        district,
        code: GUEST_TYPE,
        name_zh: '共建资源',
        name_en: 'Shared resource',
        duty_zh: '委员单位借出的场地、信息、人才和设备，只协办',
        duty_en: 'Venues, information, people and equipment lent by member units; assists only',
        may_lead: false,
      })
      .onConflict((on) => on.columns(['district', 'code']).doNothing())
      .execute();
    await tx
      .insertInto('shift_pattern')
      .values({
        district,
        code: pattern,
        name_zh: `每天 ${hours}`,
        name_en: `Daily ${hours}`,
        spans: [hours],
        days: 'daily',
        off_shift_zh: '不在开放时间',
        off_shift_en: 'outside its hours',
      })
      .onConflict((on) => on.columns(['district', 'code']).doNothing())
      .execute();
    const subdistrict = community.slice(0, 9);
    await tx
      .insertInto('unit')
      .values({
        district,
        code,
        name_zh: nameZh,
        name_en: nameEn,
        type: GUEST_TYPE,
        subdistrict,
        community,
        ...position,
        scope_kind: 'area',
        scope: [subdistrict],
        shift_pattern: pattern,
        crews: 1,
        // Nobody stands in for what is lent.
        stand_in_unit: code,
        stand_in_duty: 'secure-only',
      })
      .onConflict((on) => on.columns(['district', 'code']).doUpdateSet({ shift_pattern: pattern }))
      .execute();
    await makeMissingCrews(tx, district);
    await bumpRosters(tx, district);
    await bumpSettings(tx, district);
    return true;
  });
}
