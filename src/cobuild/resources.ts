/** The register of what member units lend: read in the scope of whoever asks. */
import { type Kysely, type Selectable, sql } from 'kysely';
import type { Schema } from '../db/schema.ts';
import type { SharedResourceTable } from '../db/tables/resources.ts';
import type { Actor } from '../identity/actor.ts';
import type { Lent, ResourceKind } from './chain/booking.ts';
import { seesPlace } from './place-filter.ts';

export interface Resource extends Lent {
  readonly code: string;
  readonly member: string;
  readonly committee: string;
  readonly place: string;
  readonly kind: ResourceKind;
  readonly nameZh: string;
  readonly nameEn: string | null;
  readonly unitZh: string;
  readonly unitEn: string | null;
  readonly community: string;
  readonly position: { readonly lng: number; readonly lat: number };
  readonly callable: boolean;
  readonly standsForType: string | null;
  readonly conditionZh: string | null;
  readonly conditionEn: string | null;
  readonly version: number;
}

/** With the name of the body that lends it. */
export interface NamedResource extends Resource {
  readonly orgZh: string;
  readonly orgEn: string;
}

export interface ResourceQuery {
  readonly kind?: ResourceKind | undefined;
  readonly member?: string | undefined;
  readonly place?: string | undefined;
  /** true: only those that may be called to an incident. */
  readonly callable?: boolean | undefined;
}

function select(db: Kysely<Schema>, district: number) {
  return db
    .selectFrom('shared_resource as r')
    .innerJoin('member as m', (on) => on.onRef('m.district', '=', 'r.district').onRef('m.code', '=', 'r.member'))
    .selectAll('r')
    .select(['m.org_zh', 'm.org_en'])
    .where('r.district', '=', district);
}

/** Listed ones, by code. */
export async function listResources(
  db: Kysely<Schema>,
  actor: Actor,
  { kind, member, place, callable }: ResourceQuery,
): Promise<NamedResource[]> {
  const rows = await select(db, actor.district)
    .where('r.state', '=', 'listed')
    .where(seesPlace(actor, sql.ref('r.place')))
    .$if(kind !== undefined, (q) => q.where('r.kind', '=', kind!))
    .$if(member !== undefined, (q) => q.where('r.member', '=', member!))
    .$if(callable !== undefined, (q) => q.where('r.callable', '=', callable!))
    .$if(place !== undefined, (q) => q.where(sql<boolean>`starts_with(r.place, ${place})`))
    .orderBy('r.code')
    .execute();
  return rows.map(namedFrom);
}

/** What one member lends, by code. */
export async function listResourcesOf(db: Kysely<Schema>, district: number, member: string): Promise<NamedResource[]> {
  const rows = await select(db, district).where('r.member', '=', member).where('r.state', '=', 'listed').orderBy('r.code').execute();
  return rows.map(namedFrom);
}

export async function findResource(db: Kysely<Schema>, district: number, code: string): Promise<NamedResource | null> {
  const row = await select(db, district).where('r.code', '=', code).executeTakeFirst();
  return row === undefined ? null : namedFrom(row);
}

/** Locked to the end of the transaction: bookings of one resource come one after the other. */
export async function lockResource(tx: Kysely<Schema>, district: number, code: string): Promise<NamedResource | null> {
  const row = await select(tx, district).where('r.code', '=', code).forUpdate('r').executeTakeFirst();
  return row === undefined ? null : namedFrom(row);
}

function namedFrom(row: Selectable<SharedResourceTable> & { org_zh: string; org_en: string }): NamedResource {
  return { ...resourceFrom(row), orgZh: row.org_zh, orgEn: row.org_en };
}

export function resourceFrom(row: Selectable<SharedResourceTable>): Resource {
  return {
    code: row.code,
    member: row.member,
    committee: row.committee,
    place: row.place,
    kind: row.kind,
    nameZh: row.name_zh,
    nameEn: row.name_en,
    quantity: row.quantity,
    unitZh: row.unit_zh,
    unitEn: row.unit_en,
    hours: row.hours,
    noticeMinutes: row.notice_minutes,
    community: row.community,
    position: { lng: row.lng, lat: row.lat },
    callable: row.callable,
    standsForType: row.stands_for_type,
    conditionZh: row.condition_zh,
    conditionEn: row.condition_en,
    state: row.state,
    version: row.version,
  };
}
