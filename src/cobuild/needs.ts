/** 需求清单 read: needs with their claims, in the scope of whoever asks. */
import { type Kysely, type Selectable, sql } from 'kysely';
import type { Schema } from '../db/schema.ts';
import type { ClaimTable, NeedTable } from '../db/tables/needs.ts';
import type { Actor } from '../identity/actor.ts';
import type { Link } from './chain/links.ts';
import type { ClaimState, NeedFigures } from './chain/need.ts';
import { readsWork, seesPlace } from './place-filter.ts';

export interface Need extends NeedFigures {
  readonly code: string;
  readonly committee: string;
  readonly place: string;
  readonly link: Link;
  readonly titleZh: string;
  readonly titleEn: string | null;
  readonly note: string | null;
  readonly unitZh: string;
  readonly unitEn: string | null;
  readonly publishedOn: string;
  readonly fromCategory: string | null;
  readonly incident: string | null;
  readonly conferredAt: string | null;
  readonly invitedAt: string | null;
  /** Account. */
  readonly publishedBy: string;
  readonly endedAt: string | null;
  readonly endReason: string | null;
  readonly version: number;
}

export interface Claim {
  readonly code: string;
  readonly need: string;
  readonly member: string;
  readonly quantity: number;
  readonly claimedOn: string;
  readonly due: string;
  readonly note: string | null;
  readonly delivery: string | null;
  readonly photos: readonly string[];
  readonly deliveredAt: string | null;
  readonly confirmedAt: string | null;
  readonly score: number | null;
  readonly reason: string | null;
  /** Under which it went to the incident, and its assignment there. */
  readonly unit: string | null;
  readonly assignment: string | null;
  readonly state: ClaimState;
  readonly version: number;
}

/** A claim with the name of the body that made it. */
export interface NamedClaim extends Claim {
  readonly orgZh: string;
  readonly orgEn: string;
}

export interface NeedWithClaims {
  readonly need: Need;
  /** Of the incident that it was made of. */
  readonly number: string | null;
  /** Oldest first. */
  readonly claims: readonly NamedClaim[];
}

export interface NeedQuery {
  readonly link?: Link | undefined;
  /** A place: those of it and inside it. */
  readonly place?: string | undefined;
  readonly committee?: string | undefined;
  readonly incident?: string | undefined;
  /** true: only those that are open; false: only those that have ended. */
  readonly open?: boolean | undefined;
  /** Only those of which this member claimed something. */
  readonly member?: string | undefined;
  /** `next` of the page before: day and code. */
  readonly after?: { readonly due: string; readonly code: string } | undefined;
  readonly limit: number;
}

/** By their last day. */
export async function listNeeds(
  db: Kysely<Schema>,
  actor: Actor,
  { link, place, committee, incident, open, member, after, limit }: NeedQuery,
): Promise<NeedWithClaims[]> {
  const { district } = actor;
  const rows = await db
    .selectFrom('need')
    .selectAll()
    .where('district', '=', district)
    .where(readsWork(actor, sql.ref('need.place')))
    .$if(link !== undefined, (q) => q.where('link', '=', link!))
    .$if(place !== undefined, (q) => q.where(sql<boolean>`starts_with(need.place, ${place})`))
    .$if(committee !== undefined, (q) => q.where('committee', '=', committee!))
    .$if(incident !== undefined, (q) => q.where('incident', '=', incident!))
    .$if(open !== undefined, (q) => q.where('state', open === true ? '=' : '<>', 'open'))
    .$if(member !== undefined, (q) =>
      q.where(sql<boolean>`exists (select from claim c where c.district = need.district and c.need = need.code and c.member = ${member})`),
    )
    .$if(after !== undefined, (q) => q.where(sql<boolean>`(need.due, need.code) > (${after?.due}::date, ${after?.code}::text)`))
    .orderBy('due')
    .orderBy('code')
    .limit(limit)
    .execute();
  return withClaims(db, district, rows.map(needFrom));
}

/** null if there is none. Whether the caller may see it is asked of its place. */
export async function findNeed(db: Kysely<Schema>, district: number, code: string): Promise<NeedWithClaims | null> {
  const row = await db.selectFrom('need').selectAll().where('district', '=', district).where('code', '=', code).executeTakeFirst();
  return row === undefined ? null : ((await withClaims(db, district, [needFrom(row)]))[0] ?? null);
}

async function withClaims(db: Kysely<Schema>, district: number, needs: readonly Need[]): Promise<NeedWithClaims[]> {
  if (needs.length === 0) return [];
  const codes = needs.map((need) => need.code);
  const claims = await readClaims(db, district, codes);
  const incidents = needs.flatMap((need) => need.incident ?? []);
  const numbers = await numbersOf(db, district, incidents);
  return needs.map((need) => ({
    need,
    number: need.incident === null ? null : (numbers.get(need.incident) ?? null),
    claims: claims.filter((claim) => claim.need === need.code),
  }));
}

async function numbersOf(db: Kysely<Schema>, district: number, incidents: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (incidents.length === 0) return new Map();
  const rows = await db
    .selectFrom('incident')
    .select(['id', 'number'])
    .where('district', '=', district)
    .where('id', 'in', [...incidents])
    .execute();
  return new Map(rows.map((row) => [row.id, row.number]));
}

/** Oldest first. */
export async function readClaims(db: Kysely<Schema>, district: number, needs: readonly string[]): Promise<NamedClaim[]> {
  if (needs.length === 0) return [];
  const rows = await db
    .selectFrom('claim')
    .innerJoin('member', (on) => on.onRef('member.district', '=', 'claim.district').onRef('member.code', '=', 'claim.member'))
    .selectAll('claim')
    .select(['member.org_zh', 'member.org_en'])
    .where('claim.district', '=', district)
    .where('claim.need', 'in', [...needs])
    .orderBy('claim.claimed_on')
    .orderBy('claim.code')
    .execute();
  return rows.map((row) => ({ ...claimFrom(row), orgZh: row.org_zh, orgEn: row.org_en }));
}

export interface LinkFigures {
  readonly link: Link;
  readonly needs: number;
  readonly open: number;
  /** Nobody has claimed anything of it. */
  readonly unclaimed: number;
  readonly fulfilled: number;
  readonly overdue: number;
  readonly claims: number;
  readonly confirmedClaims: number;
  /** Bodies that claimed something that holds. */
  readonly members: number;
}

/** Figures of each of the five links. @param today  China's day. */
export async function linkFigures(db: Kysely<Schema>, actor: Actor, today: string): Promise<LinkFigures[]> {
  const { rows } = await sql<LinkFigures>`
    with seen as (
      select * from need where district = ${actor.district} and ${seesPlace(actor, sql.ref('need.place'))} and state <> 'withdrawn'
    ), held as (
      select s.link, count(*)::int as claims, count(*) filter (where c.state = 'confirmed')::int as confirmed,
        count(distinct c.member)::int as members
      from seen s join claim c on c.district = s.district and c.need = s.code
      where c.state in ('claimed', 'delivered', 'confirmed') group by s.link
    )
    select s.link, count(*)::int as needs, count(*) filter (where s.state = 'open')::int as open,
      count(*) filter (where s.state = 'open' and s.claimed = 0)::int as unclaimed,
      count(*) filter (where s.state = 'fulfilled')::int as fulfilled,
      count(*) filter (where s.state = 'open' and s.due < ${today}::date)::int as overdue,
      coalesce(max(h.claims), 0)::int as claims, coalesce(max(h.confirmed), 0)::int as "confirmedClaims",
      coalesce(max(h.members), 0)::int as members
    from seen s left join held h on h.link = s.link group by s.link`.execute(db);
  return rows;
}

const iso = (at: Date | null) => at?.toISOString() ?? null;

export function needFrom(row: Selectable<NeedTable>): Need {
  return {
    code: row.code,
    committee: row.committee,
    place: row.place,
    link: row.link,
    titleZh: row.title_zh,
    titleEn: row.title_en,
    note: row.note,
    quantity: row.quantity,
    unitZh: row.unit_zh,
    unitEn: row.unit_en,
    publishedOn: row.published_on,
    due: row.due,
    fromCategory: row.from_category,
    incident: row.incident,
    claimed: row.claimed,
    confirmed: row.confirmed,
    conferredAt: iso(row.conferred_at),
    invitedAt: iso(row.invited_at),
    publishedBy: row.published_by,
    endedAt: iso(row.ended_at),
    endReason: row.end_reason,
    state: row.state,
    version: row.version,
  };
}

export function claimFrom(row: Selectable<ClaimTable>): Claim {
  return {
    code: row.code,
    need: row.need,
    member: row.member,
    quantity: row.quantity,
    claimedOn: row.claimed_on,
    due: row.due,
    note: row.note,
    delivery: row.delivery,
    photos: row.photos,
    deliveredAt: iso(row.delivered_at),
    confirmedAt: iso(row.confirmed_at),
    score: row.score,
    reason: row.reason,
    unit: row.unit,
    assignment: row.assignment,
    state: row.state,
    version: row.version,
  };
}
