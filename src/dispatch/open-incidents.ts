/** All open incidents, a page at a time, in the order in which they lie in the table. */
import type pg from 'pg';
import type { Incident } from './chain/incident.ts';
import { INCIDENT_COLUMNS, incidentFromRow, type IncidentRow } from './incident-row.ts';

/** Some 3 kB each: a page is decided in a few milliseconds, and holds nothing up. */
export const OPEN_PAGE = 200;

const PAGE = {
  name: 'open_incidents',
  text: `select ${INCIDENT_COLUMNS.join(', ')} from incident where district = $1 and ended_at is null and id > $2 order by id limit ${OPEN_PAGE}`,
};
const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';

/** Empty at the end. @param after  id of the last one of the page before; null for the first. */
export async function openIncidents(pool: pg.Pool, district: number, after: string | null): Promise<Incident[]> {
  const { rows } = await pool.query<IncidentRow>({ ...PAGE, values: [district, after ?? BEFORE_ALL] });
  return rows.map(incidentFromRow);
}
