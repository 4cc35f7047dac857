/** The search as a condition and an order of the list of incidents: scope and filters are the list’s own. */
import { sql, type Expression, type Kysely, type RawBuilder, type SqlBool } from 'kysely';
import type { Schema } from '../../db/schema.ts';
import type { Incident, MovePayload } from '../chain/incident.ts';
import { saidIn } from './entry.ts';
import { queryOf } from './grams.ts';
import { excerptOf, termsOf } from './terms.ts';

/** Lexemes of what bears a term in its name; see `named.ts`. */
export type NamesOf = (term: string) => readonly string[];

export interface Search {
  /** `incident.id` is one of those that were found. */
  readonly condition: Expression<SqlBool>;
  /** How well: the more, the better. */
  readonly rank: RawBuilder<number>;
}

/** Reports that the index may not have yet: a second’s worth, and where it is far behind, so many of the newest. */
const MOST_UNWRITTEN = 2_000;

/** @returns null when there is nothing to look for, so nothing is found. */
export function searchFor(district: number, q: string, namesOf: NamesOf): Search | null {
  const terms = termsOf(q);
  const query = queryOf(terms, namesOf);
  if (query === null) return null;
  const condition = sql<SqlBool>`incident.id in (
    select e.incident from search_entry e where e.district = ${district} and e.words @@ ${query}::tsquery
    union all
    select i.id from (
      select m.incident from move m
      where m.district = ${district} and m.verb = 'report' and m.seq > coalesce((select c.seq from search_cursor c where c.district = ${district}), 0)
      order by m.seq desc limit ${MOST_UNWRITTEN}) unwritten
    join incident i on i.district = ${district} and i.id = unwritten.incident
    where not exists (select from unnest(${terms}::text[]) t
      where position(t in lower(i.description)) = 0 and not starts_with(i.number, t) and not starts_with(split_part(i.number, '-', 2), t)))`;
  const rank = sql<number>`coalesce((
    select ts_rank(e.words, ${query}::tsquery) from search_entry e where e.district = incident.district and e.incident = incident.id), 1)`;
  return { condition, rank };
}

/** The words around a hit that the row of a list does not show by itself. */
export interface Found {
  readonly in: 'description' | 'log';
  readonly text: string;
}

/** Where it was found, for one page: in the report’s words, else in what was said last. Those found by number or name alone have none. */
export async function foundIn(db: Kysely<Schema>, q: string, incidents: readonly Incident[]): Promise<ReadonlyMap<string, Found>> {
  const terms = termsOf(q);
  const found = new Map<string, Found>();
  for (const { id, description } of incidents) {
    const text = excerptOf(description, terms);
    if (text !== null) found.set(id, { in: 'description', text });
  }
  const others = incidents.filter(({ id }) => !found.has(id));
  if (others.length === 0) return found;
  const moves = await db
    .selectFrom('move')
    .select(['incident', 'payload'])
    .where('district', '=', others[0]!.district)
    .where('incident', '=', sql<string>`any(${others.map((i) => i.id)}::uuid[])`)
    .orderBy('version', 'desc')
    .execute();
  for (const { incident, payload } of moves) {
    if (found.has(incident)) continue;
    for (const said of saidIn(payload as MovePayload)) {
      const text = excerptOf(said, terms);
      if (text !== null) found.set(incident, { in: 'log', text });
    }
  }
  return found;
}
