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

/** Incidents with something joined that is not over. */
export async function joinedIncidents(db: Kysely<Schema>, district: number): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ incident: string }>`
    select incident from need where district = ${district} and state = 'open' and incident is not null
    union select incident from booking where district = ${district} and state in ('asked', 'agreed') and incident is not null`.execute(db);
  return new Set(rows.map((row) => row.incident));
}
