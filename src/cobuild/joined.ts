/** What is joined to incidents: claims of needs that were made of one, and bookings for one. */
import { type Kysely, sql } from 'kysely';
import type { Schema } from '../db/schema.ts';
import type { ClaimState } from './chain/need.ts';

export interface JoinedClaim {
  readonly code: string;
  readonly need: string;
  readonly member: string;
  /** The responding unit that the member's body also is. */
  readonly memberUnit: string | null;
  readonly assignment: string | null;
  readonly state: ClaimState;
  readonly version: number;
}

/** Claims that are open, of open needs of this incident. Oldest first. */
export async function readJoinedClaims(db: Kysely<Schema>, district: number, incident: string): Promise<JoinedClaim[]> {
  const { rows } = await sql<JoinedClaim>`
    select c.code, c.need, c.member, m.unit as "memberUnit", c.assignment, c.state, c.version
    from need n join claim c on c.district = n.district and c.need = n.code
      join member m on m.district = c.district and m.code = c.member
    where n.district = ${district} and n.incident = ${incident}::uuid and n.state = 'open' and c.state in ('claimed', 'delivered')
    order by c.claimed_on, c.code`.execute(db);
  return rows;
}

/**
 * Incidents at which something may have to be done: what holds goes there or ends with them, and what is over may have left somebody behind at one
 * that goes on.
 */
export async function joinedIncidents(db: Kysely<Schema>, district: number): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ incident: string }>`
    with joined as (
      select incident, state = 'open' as holds from need where district = ${district} and incident is not null
      union select incident, state in ('asked', 'agreed') from booking where district = ${district} and incident is not null
    )
    select distinct j.incident from joined j
    where j.holds or exists (select from incident i where i.district = ${district} and i.id = j.incident and i.ended_at is null)`.execute(
    db,
  );
  return new Set(rows.map((row) => row.incident));
}

/** Assignments that the system made at an incident: those of claims and bookings that joined it. Nobody else's are its to end. */
export async function sentBySystem(db: Kysely<Schema>, district: number, incident: string): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ id: string }>`
    select changed ->> 'id' as id from move m cross join lateral json_array_elements(m.payload -> 'changed') changed
    where m.district = ${district} and m.incident = ${incident}::uuid and m.verb = 'addUnit' and m.actor = 'system'`.execute(db);
  return new Set(rows.map((row) => row.id));
}
