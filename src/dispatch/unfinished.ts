/** What a unit has not finished: read when it hands over, not for every move. */
import { type Kysely, sql, type SqlBool } from 'kysely';
import type { Schema } from '../db/schema.ts';
import type { Assignment, Incident } from './chain/incident.ts';
import { OPEN_ASSIGNMENT } from './chain/states.ts';
import { INCIDENT_COLUMNS, incidentFromRow } from './incident-row.ts';

/** More than a crew can hand over; the gravest come first. */
const MOST = 200;

export interface Unfinished {
  readonly incident: string;
  readonly number: string;
  readonly level: Incident['level'];
  readonly assignment: string;
  readonly role: Assignment['role'];
  readonly state: Assignment['state'];
  readonly drill: boolean;
}

/** Codes only, by level, then oldest first. */
export async function unfinishedOf(db: Kysely<Schema>, district: number, unit: string): Promise<Unfinished[]> {
  const rows = await db
    .selectFrom('incident')
    .select(INCIDENT_COLUMNS)
    .where('district', '=', district)
    .where('ended_at', 'is', null)
    .where(sql<SqlBool>`${unit} = any(units)`)
    // Before the limit: what the unit has done its part of is no work of it, however much there is.
    .where(
      sql<SqlBool>`exists (select from json_array_elements(doc -> 'assignments') a
        where a ->> 'unit' = ${unit} and a ->> 'state' = any(${[...OPEN_ASSIGNMENT]}::text[]))`,
    )
    .orderBy('level')
    .orderBy('reported_at')
    .orderBy('id')
    .limit(MOST)
    .execute();
  return rows
    .map(incidentFromRow)
    .flatMap(({ id, number, level, drill, assignments }) =>
      assignments
        .filter((a) => a.unit === unit && OPEN_ASSIGNMENT.has(a.state))
        .map((a) => ({ incident: id, number, level, assignment: a.id, role: a.role, state: a.state, drill })),
    );
}
