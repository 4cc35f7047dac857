/** What a member lent or claimed, at work at incidents: the member answers for it as a unit does for itself. */
import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Schema } from '../db/schema.ts';
import type { Incident } from '../dispatch/chain/incident.ts';
import { allowedVerbs } from '../dispatch/chain/permissions.ts';
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
    select incident, assignment, unit, of, code from (${joinedOf(district, member)}) joined where holds order by incident, code`.execute(
    db,
  );
  return rows;
}

/** One of the member, whatever became of it since: who asks again about what is over has an answer to get. */
export async function findAssist(db: Kysely<Schema>, district: number, member: string, assignment: string): Promise<Assist | null> {
  const { rows } = await sql<Assist>`
    select incident, assignment, unit, of, code from (${joinedOf(district, member)}) joined
    where assignment = ${assignment}::uuid order by holds desc, code limit 1`.execute(db);
  return rows[0] ?? null;
}

function joinedOf(district: number, member: string): RawBuilder<unknown> {
  return sql`
    select n.incident, c.assignment, c.unit, 'claim' as of, c.code, c.state = 'claimed' as holds
    from claim c join need n on n.district = c.district and n.code = c.need
    where c.district = ${district} and c.member = ${member} and c.assignment is not null and c.unit = c.member
    union all
    select b.incident, b.assignment, b.unit, 'booking', b.code, b.state = 'agreed'
    from booking b join shared_resource r on r.district = b.district and r.code = b.resource
    where b.district = ${district} and r.member = ${member} and b.assignment is not null`;
}

/** What a member may report of it. */
const GUEST_VERBS: ReadonlySet<string> = new Set(['acknowledge', 'depart', 'arrive', 'finish', 'decline']);

/**
 * As it stands at its incident, for the member.
 *
 * @param incident  as the member at it sees it. @param active  the member's term runs: only then it may do something.
 * @returns null when the incident does not know the assignment any more.
 */
export function assistAt({ assignment: own, ...assist }: Assist, incident: Incident, guest: Actor, active: boolean) {
  const assignment = incident.assignments.find((one) => one.id === own);
  if (assignment === undefined) return null;
  const { number, category, level, description, community: place, position } = incident;
  const { state, until } = assignment;
  const may = active ? allowedVerbs(incident, guest).filter((verb) => GUEST_VERBS.has(verb)) : [];
  const shown = { number, category, level, description, place, position: { lng: position.lng, lat: position.lat } };
  return { ...assist, assignment: own, ...shown, state, until, may };
}

/** The member at the incident: with the account of the person, and the scope of what it lent. */
export function asGuest({ account, district }: Actor, unit: string): Actor {
  return { account, district, role: 'unit', unit };
}
