/** What a member lent or claimed, at work at incidents: the member answers for it as a unit does for itself. */
import { type Kysely, sql } from 'kysely';
import type { Schema } from '../db/schema.ts';
import type { Actor } from '../identity/actor.ts';

export interface Assist {
  readonly incident: string;
  readonly assignment: string;
  /** Under which it is there. */
  readonly unit: string;
  readonly of: 'claim' | 'booking';
  readonly code: string;
}

/** Those of one member that are not over. A body that is a responding unit of its own answers at that unit's devices. */
export async function assistsOf(db: Kysely<Schema>, district: number, member: string): Promise<Assist[]> {
  const { rows } = await sql<Assist>`
    select n.incident, c.assignment, c.unit, 'claim' as of, c.code
    from claim c join need n on n.district = c.district and n.code = c.need
    where c.district = ${district} and c.member = ${member} and c.state = 'claimed' and c.assignment is not null and c.unit = c.member
    union all
    select b.incident, b.assignment, b.unit, 'booking', b.code
    from booking b join shared_resource r on r.district = b.district and r.code = b.resource
    where b.district = ${district} and r.member = ${member} and b.state = 'agreed' and b.assignment is not null
    order by 1, 5`.execute(db);
  return rows;
}

/** The member at the incident: with the account of the person, and the scope of what it lent. */
export function asGuest({ account, district }: Actor, unit: string): Actor {
  return { account, district, role: 'unit', unit };
}
